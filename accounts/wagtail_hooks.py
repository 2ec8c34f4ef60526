"""What the app takes away from the back office: an account with a history is never deleted."""

from django.contrib import messages
from django.db import router
from django.db.models.deletion import Collector, ProtectedError
from django.shortcuts import redirect
from wagtail import hooks

from accounts.models import User

REFUSAL = "Ce compte a un historique : il ne se supprime pas. Désactivez-le."


@hooks.register("before_delete_user")
def refuse_to_delete_a_history(request, user):
    if not has_history(user):
        return None
    messages.error(request, REFUSAL)
    return redirect("wagtailusers_users:edit", user.pk)


@hooks.register("before_bulk_action")
def refuse_to_delete_histories(request, action, objects, view):
    people = [row for row in objects if isinstance(row, User)]
    if action != "delete" or not any(map(has_history, people)):
        return None
    messages.error(request, REFUSAL)
    return redirect("wagtailusers_users:index")


def has_history(user: User) -> bool:
    """Tell whether the database would refuse: memberships, invitations, answers name her."""
    try:
        Collector(using=router.db_for_write(User), origin=user).collect([user])
    except ProtectedError:
        return True
    return False
