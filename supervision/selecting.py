"""What the figures are about: which collectivités, which of their assessments, and the filters that say so.

Who is followed, by which OPSN and which adviser, is read as it is today; kind, stratum, EPCI, département and région of a
figure are those frozen at closing. Provisional, open and archived assessments are in no figure (`questions.counting`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from questions.enums import EditionState, Level
from questions.forms import DayField
from questions.models import Assessment, Questionnaire
from questions.models.counted import CURRENT
from supervision.filtering import ALL, TerritoryFilters, of_stratum
from supervision.territory import Territory
from territories.models import Collectivite, Departement, Opsn, OpsnMember
from territories.search import normalise_name

FROZEN = {
    "kind": "cohort_kind",
    "stratum": "cohort_stratum",
    "epci": "cohort_epci",
    "departement": "cohort_departement",
    "region": "cohort_region",
}


@dataclass(frozen=True)
class Selection:
    """A territory is what its reader may see: rows are read by the base manager, within it."""

    territory: Territory
    level: int = Level.ONE
    kind: str | None = None
    stratum: int | None = None
    epci: Collectivite | None = None
    departement: str | None = None
    region: str | None = None
    opsn: Opsn | None = None
    """One among those of the territory, which is then the country."""
    adviser: OpsnMember | None = None
    edition: str | None = None
    since: date | None = None
    until: date | None = None

    def collectivites(self) -> QuerySet[Collectivite]:
        """Return those of today, by what they are today."""
        return Collectivite.objects.filter(self.today())

    def today(self, prefix: str = "") -> Q:
        """Return the condition on a collectivité, reached by `prefix`."""
        wanted = self._followed(prefix)
        if self.kind:
            wanted &= Q(**{f"{prefix}kind": self.kind})
        if self.stratum is not None:
            wanted &= of_stratum(self.stratum, prefix)
        if self.epci:
            wanted &= Q(**{f"{prefix}epci": self.epci})
        if self.departement:
            wanted &= Q(**{f"{prefix}departement": self.departement})
        if self.region:
            wanted &= Q(**{f"{prefix}departement__region": self.region})
        return wanted

    def assessments(self) -> QuerySet[Assessment]:
        """Return one for each collectivité: its last known value, or the last of an edition or a period."""
        rows = Assessment._base_manager.filter(self._followed("collectivite__"), self._frozen())
        if self.edition:
            rows = rows.filter(self._last_of_edition(), questionnaire__edition=self.edition)
        elif not self._is_dated:
            return rows.filter(CURRENT)
        return rows.filter(self.dated())

    @property
    def _is_dated(self) -> bool:
        return bool(self.since or self.until)

    @property
    def _end(self) -> datetime:
        """Return the midnight that ends the period."""
        return _midnight(self.until + timedelta(days=1))

    def _last_of_edition(self) -> Q:
        """Return the condition that none of the same edition came after it; at the end of the period, if there is one."""
        if not self.until:
            return Q(last_of_edition=True)
        later = Assessment._base_manager.filter(
            questionnaire=OuterRef("questionnaire"),
            collectivite=OuterRef("collectivite"),
            counted_from__gte=OuterRef("counted_until"),  # NULL, so none, while nothing replaced it
            counted_from__lt=self._end,
        )
        return ~Exists(later)

    def _followed(self, prefix: str) -> Q:
        wanted = self.territory.today(prefix)
        if self.opsn:
            wanted &= Q(**{f"{prefix}opsn": self.opsn})
        if self.adviser:
            wanted &= Q(**{f"{prefix}assignment__adviser": self.adviser})
        return wanted

    def _frozen(self) -> Q:
        columns = {FROZEN[name]: getattr(self, name) for name in FROZEN}
        return Q(
            level=self.level,
            **{name: value for name, value in columns.items() if value is not None},
        )

    def dated(self, prefix: str = "") -> Q:
        """Return what counted at the end of the period, of what was closed in it, as a condition on an assessment."""
        counted_from, counted_until = f"{prefix}counted_from", f"{prefix}counted_until"
        wanted = Q(**{f"{counted_from}__isnull": False})
        if self.since:
            wanted &= Q(**{f"{counted_from}__gte": _midnight(self.since)})
        if self.until:
            wanted &= Q(**{f"{counted_from}__lt": self._end})
            if not self.edition:
                wanted &= Q(**{counted_until: None}) | Q(**{f"{counted_until}__gte": self._end})
        elif not self.edition:
            wanted &= Q(**{counted_until: None})
        return wanted


class FigureFilters(TerritoryFilters):
    """Those of the figures. The days of progress wait in the address, hidden, for the screens where they choose something."""

    region = forms.ChoiceField(label="Région", required=False)
    opsn = forms.ModelChoiceField(
        label="OPSN", required=False, queryset=Opsn.objects.none(), empty_label="Tous"
    )
    departement = forms.ChoiceField(label="Département", required=False)
    niveau = forms.TypedChoiceField(
        label="Niveau",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(level.value, f"Niveau {level.value}") for level in Level],
    )
    edition = forms.ChoiceField(label="Édition", required=False)
    depuis = DayField(
        label="Closes depuis le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    jusqu = DayField(
        label="Closes jusqu’au",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    du = DayField(label="Progrès du", required=False, widget=forms.HiddenInput)
    au = DayField(label="Progrès au", required=False, widget=forms.HiddenInput)

    DATES = ("edition", "depuis", "jusqu", "du", "au")
    PERIOD = ("depuis", "jusqu")

    def __init__(self, data, territory: Territory):
        super().__init__(data, territory)
        departements = Departement.objects.select_related("region")
        if territory.opsn:
            departements = departements.filter(
                pk__in=territory.collectivites().order_by().values("departement")
            )
            del self.fields["region"], self.fields["opsn"]
        else:
            regions = {row.region_id: row.region.name for row in departements}
            by_name = sorted(regions.items(), key=lambda row: normalise_name(row[1]))
            self.fields["region"].choices = [ALL, *by_name]
            self.fields["opsn"].queryset = Opsn.objects.all()
        self.fields["departement"].choices = [("", "Tous"), *((d.pk, str(d)) for d in departements)]
        # Read once, and only where the field is shown or set.
        self.fields["edition"].choices = cache(_editions)

    def clean(self):
        cleaned = super().clean()
        first, last = (cleaned.get(name) for name in self.PERIOD)
        if first and last and last < first:
            self.add_error(self.PERIOD[1], "Cette date vient avant celle du début : échangez-les.")
        return cleaned

    def selection(self) -> Selection:
        chosen = self.chosen
        return Selection(
            territory=self.territory,
            level=self.level,
            kind=chosen.get("type"),
            stratum=chosen.get("strate"),
            epci=chosen.get("epci"),
            departement=chosen.get("departement"),
            region=chosen.get("region"),
            opsn=chosen.get("opsn"),
            adviser=chosen.get("conseiller"),
            edition=chosen.get("edition"),
            since=chosen.get("depuis"),
            until=chosen.get("jusqu"),
        )

    @property
    def is_dated(self) -> bool:
        """Tell whether they choose among what was closed, to which participation is blind."""
        selection = self.selection()
        return bool(selection.edition or selection.since or selection.until)

    @property
    def waiting(self) -> list[str]:
        """Return the labels of the dates that are set and choose nothing on this screen."""
        fields = [self.fields[name] for name in self.DATES if name in self.chosen]
        return [field.label for field in fields if field.widget.is_hidden]


def _editions() -> list[tuple[str, str]]:
    rows = Questionnaire.objects.exclude(state=EditionState.DRAFT).order_by("-edition")
    return [ALL, *((name, name) for name in rows.values_list("edition", flat=True).distinct())]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
