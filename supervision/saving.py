"""A screen of the figures is kept under a name, for oneself or for the team."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from supervision import rules
from supervision.enums import FigureView
from supervision.models import SavedView
from supervision.territory import Territory
from territories.affiliation import AffiliationError, NotEntitled


class NameTaken(AffiliationError):
    sentence = "Vous avez déjà une vue de ce nom : choisissez-en un autre, ou supprimez l’ancienne."


def save_view(
    *,
    territory: Territory,
    view: FigureView,
    name: str,
    query: str,
    is_shared: bool,
    by: User,
    at: datetime,
) -> SavedView:
    """Keep the filters, not the figures. Raises NotEntitled, NameTaken."""
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                opsn=territory.opsn,
                author=by,
                view=view,
                name=name,
                query=query,
                is_shared=is_shared,
                created_at=at,
            )
    except IntegrityError as error:  # one_saved_view_per_name
        raise NameTaken from error


def views_of(territory: Territory, user: User) -> list[SavedView]:
    """Return the views kept of a territory that she sees, each with `may_forget`. One query."""
    rows = SavedView.objects.filter(opsn=territory.opsn).with_may_forget(user)
    return list(rows.select_related("author"))


def forget_view(*, saved: SavedView, by: User) -> None:
    """Delete a view. Raises NotEntitled."""
    if not rules.can_forget(by, saved):
        raise NotEntitled
    saved.delete()
