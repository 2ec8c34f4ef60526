"""What the matrix asks of campaigns and tokens: those of N's OPSN."""

from datetime import date, timedelta

from django.utils import timezone

from questions.models import Questionnaire
from supervision.models import ApiToken, Campaign


def following_of(alpha, *, by, marker) -> dict:
    campaign = Campaign.objects.create(
        opsn=alpha.opsn,
        title=f"Campagne {marker}",
        questionnaire=Questionnaire.objects.current(1),
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1),
        text=marker,
        created_by=by,
    )
    campaign.collectivites.add(alpha)
    end = timezone.now() + timedelta(days=30)
    token = ApiToken.objects.create(
        opsn=alpha.opsn, name=marker, digest="jeton", created_by=by, expires_at=end
    )
    return {"campaign": campaign, "api_token": token}


def campaign(world) -> dict:
    return {"pk": world.objects["campaign"].pk}


ARGUMENTS = {
    "supervision:campaign": campaign,
    "supervision:close_campaign": campaign,
    "supervision:revoke_token": lambda world: {"pk": world.objects["api_token"].pk},
    "supervision:progress_file": lambda world: {"kind": "xlsx"},
}
BODIES = {}
