"""A colleague opens the link of an invitation: the page first, then a button."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from territories.affiliation import AffiliationError, AlreadyMember
from territories.current import choose_collectivite
from territories.invitations import InvitationClosed, accept_invitation, find_invitation


@never_cache
@login_not_required
@require_safe
def invitation(request, token):
    try:
        found = find_invitation(token, at=timezone.now())
    except InvitationClosed as error:
        return render(request, "territories/invitation_closed.html", {"error": error}, status=410)
    user = request.user
    context = {
        "invitation": found,
        "token": token,
        "is_hers": user.is_authenticated and user.email.lower() == found.email.lower(),
        "account_query": urlencode({"next": request.path, "email": found.email}),
    }
    return render(request, "territories/invitation.html", context)


@require_POST
def accept(request, token):
    try:
        member = accept_invitation(token=token, by=request.user, at=timezone.now())
    except AlreadyMember as error:
        messages.info(request, str(error))
    except AffiliationError as error:
        return render(request, "territories/invitation_closed.html", {"error": error}, status=410)
    else:
        choose_collectivite(request, member)
        messages.success(
            request, f"Vous faites maintenant partie de l’équipe de {member.collectivite}."
        )
    return redirect(settings.LOGIN_REDIRECT_URL)
