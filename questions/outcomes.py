"""What the answers of an assessment lead to, beside its index: key figures, footprint, obligations."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from questions.addresses import question_address
from questions.enums import Level, ProfileFact
from questions.factors import day_of, factors_of, plain
from questions.figures import AGENTS, ELUS, Figure, figures
from questions.footprint import Footprint, Line, footprint
from questions.models import Assessment, EmissionFactor, FactorSet
from questions.obligations import (
    TOTAL_POPULATION,
    Nature,
    Obligations,
    Reading,
    Status,
    read_obligations,
    readings,
)
from questions.portrait import Portrait, portrait_of
from questions.sheets import AnswerSheet, answer_sheet

PROFILE_FACTS = {AGENTS: "Le nombre d’agents", ELUS: "Le nombre d’élus"}
PROFILE_FACTS |= {fact.value: fact.label for fact in ProfileFact}
OUR_FACTS = {
    "habitants": "La population",
    TOTAL_POPULATION: "La population totale, celle que publie l’INSEE ; nous ne connaissons que la population municipale, toute proche du seuil",
}


@dataclass(frozen=True)
class Need:
    """What has to be told first, and where; no address when it is not told here."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A family in a chart: kg CO2e a year, and percents of the widest."""

    label: str
    value: object
    low: float
    central: float
    high: float


@dataclass(frozen=True)
class Outcomes:
    assessment: Assessment
    sheet: AnswerSheet
    on: date

    @property
    def is_level_two(self) -> bool:
        return self.assessment.level == Level.TWO

    @cached_property
    def portrait(self) -> Portrait:
        return portrait_of(self.assessment, self.sheet)

    @cached_property
    def law(self) -> Obligations:
        return read_obligations()

    @cached_property
    def figures(self) -> list[Figure]:
        """Only level 2 asks for figures."""
        return figures(self.portrait, self.law.rates_of(self.on.year)) if self.is_level_two else []

    @property
    def known_figures(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.value is not None]

    @cached_property
    def factors(self) -> FactorSet | None:
        return factors_of(self.assessment) if self.is_level_two else None

    @cached_property
    def factor_rows(self) -> list[EmissionFactor]:
        return list(self.factors.rows.all()) if self.factors else []

    @cached_property
    def footprint(self) -> Footprint | None:
        if self.factors is None:
            return None
        factors = map(plain, self.factor_rows)
        return footprint(self.portrait, factors, self.factors.electricity)

    @property
    def bars(self) -> list[Bar]:
        lines = self.footprint.lines if self.footprint else ()
        widest = max((line.total.high for line in lines), default=0)
        return [_bar(line, widest) for line in lines]

    @cached_property
    def readings(self) -> list[Reading]:
        return readings(self.portrait, self.law, self.on)

    @property
    def duties(self) -> list[Reading]:
        """Those that apply, what remains to be done first."""
        order = list(Status)
        rows = [row for row in self.readings if row.applies and row.status]
        return sorted(rows, key=lambda row: order.index(row.status))

    @property
    def counts(self) -> list[tuple[int, str]]:
        """Return how many duties have each status, and its words in that number."""
        found = Counter(row.status for row in self.duties)
        return [
            (found[status], status.counted(found[status])) for status in Status if found[status]
        ]

    @property
    def undecided(self) -> list[Reading]:
        return [row for row in self.readings if row.applies is None]

    @property
    def to_know(self) -> list[Reading]:
        """Rules and rights that apply, and what is not in force for certain."""
        return [row for row in self.readings if row.applies and row.duty.nature != Nature.DUTY]

    @property
    def foreign(self) -> list[Reading]:
        return [row for row in self.readings if row.applies is False]

    def needs(self, codes: Iterable[str]) -> list[Need]:
        """Return what is missing, by code of question or of fact, in words and with its address."""
        return [self._need(code) for code in codes]

    def _need(self, code: str) -> Need:
        if question := self.sheet.questions.get(code):
            return Need(question.text, question_address(self.assessment, question))
        if code in PROFILE_FACTS and self.is_level_two:
            return Need(
                PROFILE_FACTS[code], reverse("questions:profile", args=[self.assessment.pk])
            )
        facts = PROFILE_FACTS | OUR_FACTS
        return Need(facts.get(code, f"La question {code}, absente de cette édition"))


def outcomes_of(assessment: Assessment, sheet: AnswerSheet | None = None) -> Outcomes:
    """Read what follows from an assessment that the caller was allowed to find."""
    return Outcomes(assessment, sheet or answer_sheet(assessment), day_of(assessment))


def _bar(line: Line, widest) -> Bar:
    low, central, high = (
        float(100 * kg / widest) if widest else 0.0
        for kg in (line.total.low, line.total.central, line.total.high)
    )
    return Bar(line.label, line.total.central, low, central, high)
