from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import ProfileForm

# How long the longest of the limits on attempts lasts (ACCOUNT_RATE_LIMITS).
PAUSE_MINUTES = 10


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Vos informations sont enregistrées.")
        return redirect("account_profile")
    return render(request, "accounts/profile.html", {"form": form})


@login_not_required
@require_safe
def back_office_login(request):
    """Send people from Wagtail's own login, which knows no second factor, to ours."""
    query = urlencode({"next": request.GET["next"]}) if "next" in request.GET else ""
    return redirect(f"{reverse('account_login')}?{query}".rstrip("?"))


@login_not_required
def back_office_password_reset(request, rest=""):
    """Send people from Wagtail's own password reset to ours, which tells nobody who has an account."""
    return redirect("account_reset_password")


def too_many_requests(request):
    """Answer 429 with the pause to make in `Retry-After`, in seconds."""
    return _later(request, 429)


def mail_not_sent(request):
    """Answer 503, with what to do next: the account of who was signing up may exist already."""
    return _later(request, 503)


def _later(request, status: int):
    response = render(request, f"{status}.html", status=status)
    response["Retry-After"] = str(PAUSE_MINUTES * 60)
    return response
