"""A campaign: whom it asks, from when to when, and what it gave."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from questions.models import Questionnaire
from questions.typed import FIRST_DAY, LAST_DAY
from supervision.models.scope import OfOpsnQuerySet, opsns_of
from territories.models import Collectivite, Opsn


class CampaignQuerySet(OfOpsnQuerySet):
    def visible_to(self, user) -> "CampaignQuerySet":
        """Those of her OPSN, and the national ones that ask collectivités it follows."""
        if user.follows_every_collectivite:
            return self
        hers = opsns_of(user)
        return self.filter(Q(opsn__in=hers) | Q(_asks(opsn__in=hers), opsn=None))

    def shown_to(self, opsn: Opsn | None) -> "CampaignQuerySet":
        """Those of an OPSN and the national ones that ask collectivités it follows; of None, the national ones."""
        if opsn is None:
            return self.of(None)
        return self.filter(Q(opsn=opsn) | Q(_asks(opsn=opsn), opsn=None))

    def of(self, opsn: Opsn | None) -> "CampaignQuerySet":
        """Those of an OPSN; of None, the national ones."""
        return self.filter(opsn=opsn)

    def before(self, campaign: "Campaign") -> "CampaignQuerySet":
        """Those of the same team and level that began earlier, the last one first."""
        rows = self.filter(
            opsn=campaign.opsn_id,
            questionnaire__level=campaign.questionnaire.level,
            starts_on__lt=campaign.starts_on,
        )
        return rows.order_by("-starts_on", "-pk")


def _asks(**of_opsn) -> Exists:
    """Return the condition that a campaign asks one of these collectivités at least."""
    return Exists(Collectivite.objects.filter(campaigns=OuterRef("pk"), retired_at=None, **of_opsn))


class Campaign(models.Model):
    """A time when an OPSN, or the national team, asks the same collectivités to answer the same edition."""

    opsn = models.ForeignKey(
        Opsn, models.PROTECT, blank=True, null=True, related_name="campaigns", verbose_name="OPSN"
    )
    title = models.CharField("titre", max_length=120)
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="+", verbose_name="questionnaire"
    )
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    text = models.TextField("message", max_length=2000)
    audience = models.CharField("qui", max_length=300, blank=True)
    collectivites = models.ManyToManyField(
        Collectivite, related_name="campaigns", verbose_name="collectivités"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField("ouverte le", default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, blank=True, null=True, related_name="+"
    )
    closed_at = models.DateTimeField("clôturée le", blank=True, null=True)
    final = models.JSONField("participation à la clôture", blank=True, null=True)

    objects = CampaignQuerySet.as_scoped_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "campagne"
        verbose_name_plural = "campagnes"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_campaign_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin vient avant le début : corrigez l’une des deux dates.",
            ),
            models.CheckConstraint(
                name="a_campaign_is_in_days_of_our_time",
                condition=Q(starts_on__gte=FIRST_DAY, ends_on__lte=LAST_DAY),
                violation_error_message=f"Donnez des dates entre {FIRST_DAY:%d/%m/%Y} et {LAST_DAY:%d/%m/%Y}.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None
