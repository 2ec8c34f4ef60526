"""A person whose request waits asks for a code at the official address of her collectivité, and types it."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from territories import official_code as codes
from territories.affiliation import AffiliationError
from territories.enums import MemberState
from territories.forms import OfficialCodeForm


def for_those_who_wait(view):
    """Give the view her own request, of the collectivité in use; to others the page does not exist."""

    @wraps(view)
    def wrapped(request):
        member = request.membership
        if member is None or member.state != MemberState.PENDING:
            raise Http404
        return view(request, member)

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_wait
def official_code(request, member):
    form = OfficialCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            codes.enter_code(member=member, code=code, by=request.user, at=timezone.now())
        except AffiliationError as error:
            form.add_error("code", str(error))
        else:
            messages.success(
                request, f"Vous représentez {member.collectivite} : vous en êtes le référent."
            )
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {
        "form": form,
        "collectivite": member.collectivite,
        "possible": codes.can_send_code(member),
        "address": codes.masked_address(member.collectivite),
        "days": codes.VALIDITY.days,
    }
    return render(request, "territories/official_code.html", context)


@require_POST
@for_those_who_wait
def send_official_code(request, member):
    try:
        codes.send_code(member=member, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.warning(request, str(error))
    else:
        messages.success(
            request, "Le code est parti. Demandez-le à qui lit la boîte de la collectivité."
        )
    return redirect("territories:official_code")
