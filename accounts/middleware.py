"""What a session must have before it goes further."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, middleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.rules import (
    can_open_back_office,
    has_second_factor,
    is_guarded,
    needs_second_factor,
)

BACK_OFFICE = "/admin/"
DESK = "/espace/"
LAST_SEEN = "last_seen"
# A session is written at most once a minute for this.
LAST_SEEN_STEP_SECONDS = 60

# What they may ask before their second factor is there.
ENROLMENT = {
    "mfa_activate_totp",
    "account_reauthenticate",
    "account_logout",
}


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Ask for a session; say of a form that came without one that it is to be sent again."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request,
            "Session terminée : reconnectez-vous. Ce qui était enregistré est gardé, mais pas ce que vous venez d’envoyer.",
        )
        return redirect_to_login(page_to_come_back_to(request))


def page_to_come_back_to(request) -> str:
    """Return the path to see after login: the page that held the form, because what receives a form may have no page."""
    if request.method != "POST":
        return request.get_full_path()
    page = request.headers.get("Referer", "")
    parts = urlsplit(page)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return path if is_ours and url_has_allowed_host_and_scheme(path, None) else DESK


class ViewGate:
    """Base of middlewares that look at who asks for which view; public views are for everybody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, args, kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        return self.look(request)

    def look(self, request):
        raise NotImplementedError


class IdleLogoutMiddleware(ViewGate):
    """End the session of the national team and of OPSN after STAFF_IDLE_SECONDS without a request."""

    def look(self, request):
        if not is_guarded(request.user):
            return None
        now = int(timezone.now().timestamp())
        idle = now - request.session.get(LAST_SEEN, now)
        if idle > settings.STAFF_IDLE_SECONDS:
            logout(request)
            messages.info(request, "La session a été fermée après un temps sans activité.")
            return redirect_to_login(page_to_come_back_to(request))
        if idle > LAST_SEEN_STEP_SECONDS or LAST_SEEN not in request.session:
            request.session[LAST_SEEN] = now
        return None


class SecondFactorMiddleware(ViewGate):
    """Show the national team and OPSN nothing but the enrolment page until a second factor is verified."""

    def look(self, request):
        if (
            needs_second_factor(request.user)
            and request.resolver_match.url_name not in ENROLMENT
            and not has_second_factor(request.user)
        ):
            return redirect("mfa_activate_totp")
        return None


class BackOfficeMiddleware(ViewGate):
    """Answer 403 to who may not open the back office: Wagtail and the login page would send her to and fro."""

    def look(self, request):
        if request.path.startswith(BACK_OFFICE) and not can_open_back_office(request.user):
            raise PermissionDenied
        return
