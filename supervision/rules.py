"""May this person do this in the console? What she may see is `Territory`."""

from accounts.models import User
from supervision.models import SavedView
from supervision.territory import Territory
from territories import rules as territories_rules
from territories.models import Collectivite, Opsn


def can_open_console(user: User, opsn: Opsn | None) -> bool:
    """Members of an active OPSN, and the national team for one OPSN or the whole country."""
    return user.is_authenticated and territories_rules.acts_for(user, opsn)


def can_manage(user: User, territory: Territory) -> bool:
    """The team and the profile of the OPSN, and letting a collectivité go: a responsable, or the national team."""
    return territory.opsn is not None and territories_rules.manages_opsn(user, territory.opsn)


def can_forget(user: User, saved: SavedView) -> bool:
    """Her own view; what a colleague shares, who may have left: a responsable, or the national team."""
    rows = SavedView.objects.visible_to(user).with_may_forget(user)
    return user.is_active and rows.filter(pk=saved.pk, may_forget=True).exists()


def can_follow(user: User, collectivite: Collectivite) -> bool:
    """Notes, adviser, relaunches: its OPSN or the national team; not its own members."""
    if not user.is_active:
        return False
    return user.follows_every_collectivite or territories_rules.is_of_its_opsn(user, collectivite)


def can_extract_open_data(user: User) -> bool:
    return user.is_active and user.follows_every_collectivite
