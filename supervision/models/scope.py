"""Which rows belong to an OPSN: what its members may see."""

from territories.models import OpsnMember
from territories.scoping import TenantQuerySet


def opsns_of(user):
    """The active OPSN of which the person is a member."""
    rows = OpsnMember._base_manager.filter(user_id=user.pk, opsn__active=True)
    return rows.values("opsn")


class OfOpsnQuerySet(TenantQuerySet):
    def visible_to(self, user) -> "OfOpsnQuerySet":
        if user.follows_every_collectivite:
            return self
        return self.filter(opsn__in=opsns_of(user))
