"""The tokens of an OPSN: listed, made, revoked. A secret is shown once, on the answer that made it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from supervision.models import ApiToken
from supervision.token_forms import TokenForm
from supervision.tokens import create_token, revoke_token
from supervision.views.access import for_managers
from territories.affiliation import AffiliationError
from territories.rules import manages_opsn


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def tokens(request):
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        opsn = request.territory.opsn
        try:
            _, secret = create_token(
                opsn=opsn, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except AffiliationError as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    rows = ApiToken.objects.filter(opsn=request.territory.opsn).select_related("created_by")
    makers = {token.created_by for token in rows if token.created_by}
    context = {
        "tokens": rows,
        "managers": [maker for maker in makers if manages_opsn(maker, request.territory.opsn)],
        "form": form,
        "secret": secret,
        "now": timezone.now(),
    }
    return render(request, "opsn/tokens.html", context)


@require_POST
@for_managers
def revoke(request, pk):
    token = get_object_or_404(ApiToken, pk=pk, opsn=request.territory.opsn)
    try:
        revoke_token(token=token, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Le jeton « {token} » n’ouvre plus rien.")
    return redirect("supervision:tokens")
