"""Which duties bind a collectivité, which are met according to its answers, and what is missing to tell.

The duties are data (`content/obligations.yaml`, where their shape is told); the rest is pure functions on plain values. What
is not known never makes a duty apply, nor be met: it is said to be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path

from questions.content_files import read_yaml
from questions.enums import AnswerState, ProfileFact
from questions.portrait import Given, Portrait
from questions.wording import french_number, with_unit
from territories.enums import CollectiviteKind

CONTENT = Path(__file__).parent / "content" / "obligations.yaml"
AGENTS = "agents"
TOTAL_POPULATION = "population totale"
"""Missing with the codes of questions: a fact of the profile, and one that we never ask."""
OVER_MUNICIPAL = Decimal("1.05")
"""The texts count the total population, which exceeds by some percent the municipal one that we hold (CGCT, R. 2151-1)."""


class Nature(StrEnum):
    """As the content writes it."""

    DUTY = "duty"
    RULE = "rule"
    RIGHT = "right"
    WATCH = "watch"

    @property
    def label(self) -> str:
        words = {"duty": "obligation", "rule": "règle", "right": "droit", "watch": "à surveiller"}
        return words[self.value]


class Status(StrEnum):
    """What the answers say of a duty that applies, in words; what remains to be done first."""

    UNMET = "non remplie"
    MISSING = "réponse manquante"
    LEVEL_TWO = "question du niveau 2"
    UNTOLD = "à vérifier vous-même"
    MET = "remplie"

    def counted(self, count: int) -> str:
        """Return the words that follow a number of duties: « 3 non remplies »."""
        return SEVERAL.get(self, self.value) if count > 1 else self.value


SEVERAL = {
    Status.UNMET: "non remplies",
    Status.MISSING: "réponses manquantes",
    Status.LEVEL_TWO: "questions du niveau 2",
    Status.MET: "remplies",
}
TONES = {Status.UNMET: "error", Status.MISSING: "warning", Status.MET: "ok"}
"""Of the badge of a status; the others only inform."""
NOT_CONCERNED = Status.UNTOLD, "La réponse est « Non concerné ».", ()


@dataclass(frozen=True)
class Rule:
    """All that is set must hold; bounds in inhabitants and agents, facts among ProfileFact."""

    kinds: tuple[str, ...] = ()
    population_above: int | None = None
    population_from: int | None = None
    agents_from: int | None = None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Test:
    """How an answer says that a duty is met; one of the last four is set (`content/obligations.yaml`)."""

    question: str
    besides: str = ""
    per: str = ""
    rate: str = ""
    answers: tuple[str, ...] = ()
    at_least: int | None = None
    since: tuple[int, int] | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.per, self.question) if self.per else (self.question,)


@dataclass(frozen=True)
class Duty:
    code: str
    title: str
    text: str
    nature: Nature
    reference: str
    url: str
    site: str
    verified_on: date
    who: str
    applies: tuple[Rule, ...]
    met_by: tuple[Test, ...]
    sanction: str = ""
    sanction_url: str = ""


@dataclass(frozen=True)
class Obligations:
    rates: Mapping[str, Mapping[int, int]]
    duties: tuple[Duty, ...]

    def rate(self, name: str, year: int) -> Decimal | None:
        """Return a legal share in percent, the last that came into force by that year."""
        years = [since for since in self.rates[name] if since <= year]
        return Decimal(self.rates[name][max(years)]) if years else None

    def rates_of(self, year: int) -> dict[str, Decimal]:
        found = {name: self.rate(name, year) for name in self.rates}
        return {name: rate for name, rate in found.items() if rate is not None}


@dataclass(frozen=True)
class Criterion:
    """A threshold in words, and the value of the collectivité; `holds` is None when that is not known."""

    holds: bool | None
    asked: str
    own: str
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.asked} : {self.own or 'non renseigné'}"


@dataclass(frozen=True)
class Reading:
    """A duty, read for one collectivité.

    `missing` holds codes of questions, of facts, or AGENTS; for a duty that is not met, the question that says so.
    """

    duty: Duty
    applies: bool | None
    criteria: tuple[Criterion, ...] = ()
    status: Status | None = None
    words: str = ""
    missing: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.status.value if self.status else self.duty.nature.label

    @property
    def tone(self) -> str:
        if self.duty.nature == Nature.WATCH:
            return "warning"
        return TONES.get(self.status, "info")

    @property
    def is_met(self) -> bool:
        return self.status == Status.MET


@cache
def read_obligations() -> Obligations:
    data = read_yaml(CONTENT)
    return Obligations(data["rates"], tuple(_duty(row) for row in data["duties"]))


def readings(portrait: Portrait, obligations: Obligations, on: date) -> list[Reading]:
    """Read every duty for a collectivité, as on a day; in the order of the content."""
    return [reading(duty, portrait, obligations, on) for duty in obligations.duties]


def reading(duty: Duty, portrait: Portrait, obligations: Obligations, on: date) -> Reading:
    applies, criteria = applicability(duty, portrait)
    missing = tuple(c.missing for c in criteria if c.missing) if applies is None else ()
    if not applies or duty.nature != Nature.DUTY:
        return Reading(duty, applies, criteria, missing=missing)
    return Reading(duty, applies, criteria, *fulfilment(duty, portrait, obligations, on))


def applicability(duty: Duty, portrait: Portrait) -> tuple[bool | None, tuple[Criterion, ...]]:
    """Tell whether a duty binds, None when a fact is missing, with the criteria of the rule that comes closest."""
    tried = [tuple(_criteria(rule, portrait)) for rule in duty.applies]
    verdicts = [(_all(criteria), criteria) for criteria in tried]
    for wanted in (True, None):
        for verdict, criteria in verdicts:
            if verdict is wanted:
                return verdict, criteria
    return False, max(tried, key=lambda criteria: sum(c.holds is not False for c in criteria))


def fulfilment(
    duty: Duty, portrait: Portrait, obligations: Obligations, on: date
) -> tuple[Status, str, tuple[str, ...]]:
    """Return what the answers say of a duty that applies: a status, words, and what is missing."""
    if not duty.met_by:
        return Status.UNTOLD, "Aucune question ne permet de le dire.", ()
    test = next((t for t in duty.met_by if all(c in portrait.conditions for c in t.codes)), None)
    if test is None:
        return Status.LEVEL_TWO, "Les réponses du niveau 2 le diront.", ()
    if missing := tuple(dict.fromkeys(filter(None, map(portrait.lacking, test.codes)))):
        return Status.MISSING, "Répondre à :", missing
    if test.per:
        return *_share(test, portrait, obligations.rate(test.rate, on.year)), ()
    answer = portrait.given(test.question)
    if answer is None:
        return _hidden(test, portrait)
    if answer.state == AnswerState.NOT_APPLICABLE:
        return NOT_CONCERNED
    met, words = _outcome(test, answer, on)
    return (Status.MET if met else Status.UNMET), words, ()


def _hidden(test: Test, portrait: Portrait) -> tuple[Status, str, tuple[str, ...]]:
    """A question that an earlier answer closes says no; one that the profile leaves out says nothing."""
    if closing := portrait.closed_by(test.question):
        if portrait.given(closing).state == AnswerState.NOT_APPLICABLE:
            return NOT_CONCERNED
        return Status.UNMET, "D’après la réponse à :", (closing,)
    return Status.UNTOLD, "La question n’est pas posée à ce profil.", ()


def _outcome(test: Test, answer: Given, on: date) -> tuple[bool, str]:
    if test.answers:
        return not answer.codes.isdisjoint(test.answers), ""
    if test.since:
        return _declared(answer.date, test.since, on)
    number = answer.number or Decimal(0)
    return number >= test.at_least, f"{french_number(number)}, pour {test.at_least} au moins"


def _share(test: Test, portrait: Portrait, rate: Decimal | None) -> tuple[Status, str]:
    part, whole = portrait.count(test.question), portrait.count(test.per)
    if part > whole:
        return Status.UNMET, "Les réponses se contredisent : la partie dépasse le tout."
    if not whole:
        return Status.MET, "Rien à compter cette année."
    share = 100 * part / whole
    words = f"{french_number(round(share, 1))} %, pour {rate} % au moins"
    if share >= (rate or 0):
        return Status.MET, words
    if test.besides:
        return Status.UNTOLD, f"{words}\u202f; {test.besides}"
    return Status.UNMET, words


def _declared(done: date | None, deadline: tuple[int, int], on: date) -> tuple[bool, str]:
    """A yearly declaration holds until the next deadline: it was made in the year of the last one, or since."""
    year = on.year if (on.month, on.day) > deadline else on.year - 1
    words = f"date attendue : depuis le 1er janvier {year}"
    return done is not None and done >= date(year, 1, 1), words


def _criteria(rule: Rule, portrait: Portrait):
    if rule.kinds and portrait.kind not in rule.kinds:
        yield Criterion(False, "type de collectivité", CollectiviteKind(portrait.kind).label)
    if rule.population_above is not None:
        words = f"plus de {_count(rule.population_above)} habitants"
        yield _inhabitants(portrait.population, rule.population_above + 1, words)
    if rule.population_from is not None:
        words = f"au moins {_count(rule.population_from)} habitants"
        yield _inhabitants(portrait.population, rule.population_from, words)
    if rule.agents_from is not None:
        words = f"au moins {_count(rule.agents_from)} agents"
        yield _bound(portrait.agents, rule.agents_from, words, AGENTS)
    for fact in rule.facts:
        stated = portrait.facts.get(fact)
        own = {True: "oui", False: "non"}.get(stated, "")
        words = f"« {ProfileFact(fact).label} »"
        yield Criterion(stated, words, own, missing="" if stated is not None else fact)


def _inhabitants(own: int | None, minimum: int, words: str) -> Criterion:
    """A municipal population just under the bound does not tell on which side the total one is."""
    bound = _bound(own, minimum, words, "habitants")
    if bound.holds is False and own * OVER_MUNICIPAL >= minimum:
        return replace(bound, holds=None, missing=TOTAL_POPULATION)
    return bound


def _bound(own: int | None, minimum: int, words: str, unit: str) -> Criterion:
    if own is None:
        return Criterion(None, words, "", missing=unit)
    return Criterion(own >= minimum, words, with_unit(Decimal(own), unit))


def _all(criteria: tuple[Criterion, ...]) -> bool | None:
    verdicts = [criterion.holds for criterion in criteria]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _count(number: int) -> str:
    return french_number(Decimal(number))


def _duty(row: dict) -> Duty:
    rules = tuple(
        Rule(**{name: _tuple(value) for name, value in rule.items()}) for rule in row["applies"]
    )
    tests = tuple(
        Test(**{name: _tuple(value) for name, value in test.items()}) for test in row["met_by"]
    )
    texts = {
        name: value.strip() if isinstance(value, str) else value for name, value in row.items()
    }
    return Duty(**texts | {"applies": rules, "met_by": tests, "nature": Nature(row["nature"])})


def _tuple(value):
    return tuple(value) if isinstance(value, list) else value
