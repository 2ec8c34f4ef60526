"""What the matrix asks of campaigns, tokens and prepared exports: those of N's OPSN, and an export of N's own."""

from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from questions.models import Questionnaire
from supervision.enums import ExportKind, ExportState
from supervision.models import ApiToken, Campaign, TerritoryExport


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
    export = TerritoryExport(
        opsn=alpha.opsn, asked_by=by, kind=ExportKind.CSV, words=marker,
        state=ExportState.READY, expires_at=end,
    )  # fmt: skip
    export.file.save("exports/matrice", ContentFile(marker.encode()))
    return {"campaign": campaign, "api_token": token, "prepared": export}


def campaign(world) -> dict:
    return {"pk": world.objects["campaign"].pk}


def prepared(world) -> dict:
    return {"pk": world.objects["prepared"].pk}


ARGUMENTS = {
    **{f"supervision:{name}": prepared for name in ("prepared", "prepared_file", "prepare_again")},
    "supervision:campaign": campaign,
    "supervision:close_campaign": campaign,
    "supervision:campaign_file": lambda world: campaign(world) | {"kind": "xlsx"},
    "supervision:revoke_token": lambda world: {"pk": world.objects["api_token"].pk},
    "supervision:progress_file": lambda world: {"kind": "xlsx"},
    "supervision:blocked_file": lambda world: {"kind": "xlsx"},
    "supervision:country_file": lambda world: {"kind": "xlsx"},
    "comparison:communes_file": lambda world: {"kind": "xlsx"},
}
BODIES = {}
