"""The weekly mail: who wants it, and how one stops it in one click."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from plans.digest import choose_digest, user_of_token, wants_digest
from plans.forms import DigestForm


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request):
    form = DigestForm(request.POST or None, initial={"wanted": wants_digest(request.user)})
    if request.method == "POST":
        choose_digest(user=request.user, wanted="wanted" in request.POST)
        messages.success(request, "Votre choix est enregistré.")
        return redirect("plans:reminders")
    return render(request, "plans/reminders.html", {"form": form})


@csrf_exempt  # mail readers post here themselves (RFC 8058); the signed link is the right
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    """Stop the weekly mail. A GET only asks: mail scanners open every link."""
    user = user_of_token(token)
    if user is None:
        raise Http404
    if request.method == "POST":
        choose_digest(user=user, wanted=False)
    done = request.method == "POST"
    return render(request, "plans/unsubscribe.html", {"done": done})
