"""Headers of every response that no other middleware sets, and the page of a refusal that has none."""

from django.conf import settings
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

ADMIN_PREFIX = "/admin/"
# Of one person even before she is logged in: her address, her code, the link of her mail.
ACCOUNT_PREFIX = "/compte/"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeadersMiddleware:
    """Private pages are never stored, browser features are off, the admin has its own CSP.

    A view that says `public` answers everybody the same (/theme.css): it stays in the browser for its time.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.admin_policy = "; ".join(
            f"{name} {' '.join(values)}"
            for name, values in settings.ADMIN_CONTENT_SECURITY_POLICY.items()
        )

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(ADMIN_PREFIX):
            response.setdefault("Content-Security-Policy", self.admin_policy)
        is_public = "public" in response.get("Cache-Control", "")
        if _is_of_one_person(request) and not is_public:
            response["Cache-Control"] = "private, no-store"
        return response


def _is_of_one_person(request) -> bool:
    if request.path.startswith(ACCOUNT_PREFIX):
        return True
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


class MethodNotAllowedMiddleware:
    """Give a page to who opens the address that only receives a form: Django answers 405 with nothing in it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method != "GET" or not isinstance(response, HttpResponseNotAllowed):
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page
