"""The filters and the order of the table of collectivités, read from the address; the exports take the same."""

from datetime import date, datetime
from functools import cached_property

from django import forms
from django.db.models import F, Q, QuerySet

from questions.enums import Letter, Level
from questions.wording import french_date
from supervision.enums import Attention, Stage
from supervision.following import STAGE_RANK, needing, of_letter, with_progress
from supervision.territory import Territory
from territories.affiliation import AffiliationError
from territories.enums import STRATA, CollectiviteKind
from territories.models import Collectivite, OpsnMember
from territories.search import normalise_name

ALL = ("", "Toutes")
# In the address, and the column that it sorts by; unknown values always come last.
ORDERS = {
    "nom": "search_name",
    "type": "kind",
    "population": "population",
    "epci": "epci__search_name",
    "etape": "stage_rank",
    "progression": "progress",
    "indice": "index",
    "activite": "last_activity",
}
DEFAULT_ORDER = "nom"


class WrongFilters(AffiliationError):
    sentence = (
        "Un filtre demandé n’existe pas ou plus : choisissez-en un autre ou retirez-le, puis recommencez. "
        "Rien n’a été fait."
    )


class TerritoryFilters(forms.Form):
    """Those that the table and the figures share; in the address, so that a view can be sent to a colleague."""

    type = forms.ChoiceField(
        label="Type", required=False, choices=[("", "Tous"), *CollectiviteKind.choices]
    )
    strate = forms.TypedChoiceField(
        label="Population",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[ALL, *STRATA],
    )
    epci = forms.ModelChoiceField(
        label="Intercommunalité",
        required=False,
        queryset=Collectivite.objects.none(),
        empty_label="Toutes",
    )
    conseiller = forms.ModelChoiceField(
        label="Conseiller référent",
        required=False,
        queryset=OpsnMember._base_manager.none(),
        empty_label="Tous",
    )

    def __init__(self, data, territory: Territory):
        super().__init__(data, auto_id="filtre_%s")
        self.territory = territory
        if territory.opsn is None:  # a list of 1,255 EPCI helps nobody; « q » finds them
            del self.fields["epci"], self.fields["conseiller"]
            return
        rows = territory.collectivites()
        self.fields["epci"].queryset = Collectivite.objects.filter(
            pk__in=rows.exclude(epci=None).values("epci")
        )
        advisers = OpsnMember.objects.filter(opsn=territory.opsn).select_related("user")
        self.fields["conseiller"].queryset = advisers
        self.fields["conseiller"].label_from_instance = lambda member: str(member.user)

    @cached_property
    def chosen(self) -> dict:
        """The filters that are set and valid. A wrong one is as if it were not there: screens say so, and acts `check`."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    @property
    def is_active(self) -> bool:
        return any(self._is_filter(name) for name in self.chosen)

    @property
    def level(self) -> Level:
        return Level(self.chosen.get("niveau", Level.ONE))

    @property
    def warning(self) -> str:
        """Return the sentence that names those that are set and not valid."""
        labels = ", ".join(self.fields[name].label for name in self.errors)
        return f"{labels} : la valeur demandée n’est pas valable, ou ne l’est plus. Ce qui suit n’en tient pas compte."

    def check(self) -> None:
        """Raise WrongFilters rather than let something be done to more than was asked."""
        if self.errors:
            raise WrongFilters

    @property
    def query(self) -> str:
        """Return the filters as the end of an address, nothing else that it may hold."""
        kept = self.data.copy()
        for name in set(kept) - set(self.fields):
            del kept[name]
        for name in [name for name, value in kept.items() if not value]:
            del kept[name]
        return kept.urlencode()

    def in_words(self) -> list[str]:
        """Return « Étape : niveau 1 clos », one for each filter; the level first, where there are two, even when it is not asked."""
        words = [f"Niveau {self.level}"] if "niveau" in self.fields else []
        for name, value in self.chosen.items():
            if self._is_filter(name):
                words.append(f"{self.fields[name].label} : {self._shown(name, value)}")
        return words

    def _is_filter(self, name: str) -> bool:
        """Tell whether a field leaves rows out: not the level, nor what is hidden, as an order is."""
        return name != "niveau" and not self.fields[name].widget.is_hidden

    def _shown(self, name: str, value) -> str:
        if isinstance(value, date):
            return french_date(value)
        if hasattr(value, "pk"):
            return self.fields[name].label_from_instance(value)
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)


class CollectiviteFilters(TerritoryFilters):
    q = forms.CharField(
        label="Nom ou code",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    etape = forms.ChoiceField(label="Étape", required=False, choices=[ALL, *Stage.choices])
    attention = forms.ChoiceField(
        label="À relancer",
        required=False,
        choices=[ALL, ("bloquee", "Bloquées"), ("silencieuse", "Silencieuses")],
    )
    lettre = forms.ChoiceField(
        label="Lettre",
        required=False,
        choices=[ALL, *((name, f"{name} : {label}") for name, label in Letter.choices)],
    )
    tri = forms.CharField(label="Ordre", required=False, widget=forms.HiddenInput)

    field_order = ["q", "etape", "attention", "lettre", "type", "strate", "epci", "conseiller"]

    def rows(self, *, at: datetime) -> QuerySet[Collectivite]:
        """Return the filtered and sorted collectivités, each with what `with_progress` adds."""
        chosen = self.chosen
        rows = with_progress(self.territory.collectivites())
        if query := normalise_name(chosen.get("q", "")):
            code = query.replace(" ", "").upper()
            rows = rows.filter(
                Q(search_name__contains=query)
                | Q(epci__search_name__contains=query)
                | Q(code_insee=code)
                | Q(siren=code)
                | Q(postal_codes__contains=code)
            )
        if "etape" in chosen:
            rows = rows.filter(stage=chosen["etape"])
        if "attention" in chosen:
            rows = needing(rows, Attention(chosen["attention"]), at=at)
        if "lettre" in chosen:
            rows = of_letter(rows, chosen["lettre"])
        if "type" in chosen:
            rows = rows.filter(kind=chosen["type"])
        if "strate" in chosen:
            rows = rows.filter(of_stratum(chosen["strate"]))
        if "epci" in chosen:
            rows = rows.filter(epci=chosen["epci"])
        if "conseiller" in chosen:
            rows = rows.filter(assignment__adviser=chosen["conseiller"])
        return self._sorted(rows)

    @property
    def order(self) -> tuple[str, bool]:
        """Return the name of the order and whether it is downward."""
        asked = self.chosen.get("tri", "")
        name = asked.lstrip("-")
        return (name, asked.startswith("-")) if name in ORDERS else (DEFAULT_ORDER, False)

    def _sorted(self, rows: QuerySet) -> QuerySet:
        name, downward = self.order
        column = F(ORDERS[name])
        if name == "etape":
            rows = rows.annotate(stage_rank=STAGE_RANK)
        rows = rows.select_related("epci", "departement", "assignment__adviser__user")
        if name == DEFAULT_ORDER:  # by its index: a name is never unknown
            return rows.order_by("-search_name" if downward else "search_name", "pk")
        by = column.desc(nulls_last=True) if downward else column.asc(nulls_last=True)
        return rows.order_by(by, "search_name", "pk")


def of_stratum(bound: int, prefix: str = "") -> Q:
    """Return the condition on the population of a collectivité, reached by `prefix`."""
    bounds = [lower for lower, _ in STRATA]
    upper = next((lower for lower in bounds if lower > bound), None)
    inside = Q(**{f"{prefix}population__gte": bound})
    return inside & Q(**{f"{prefix}population__lt": upper}) if upper else inside
