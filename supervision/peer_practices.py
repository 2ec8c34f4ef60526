"""« 62 % des communes comme la vôtre l’ont fait », for each question and measure that concerns a collectivité.

The group is that of the same kind and stratum in the whole country: two such groups share nobody, so none can be
subtracted from another. A share is told when at least five that the reader does not know by name are concerned; that of a
measure, when it may be told of each question that leads to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import User
from questions.models import Assessment, Measure, Question
from questions.models.counted import CURRENT
from questions.practices import Tally, positions
from supervision.cohorts import MINIMUM_OTHERS
from supervision.histograms import percent
from supervision.packing import Packed
from supervision.peers import kind_and_size, known_to

# Beyond these a percent would tell what (nearly) every member does, or does not.
ALMOST_ALL, ALMOST_NONE = 90, 10
MOST_DO = 50
TO_DO_SHOWN = 5

Places = Mapping[int, Mapping[str, int]]
"""By edition, the position of the bit of each question, by its code."""


@dataclass(frozen=True)
class Share:
    """A question or a measure; `own`: whether she does it, None when it does not concern her."""

    code: str
    title: str
    theme: str
    own: bool | None
    percent: int | None
    """Of those concerned; None when too few are."""

    @property
    def words(self) -> str:
        if self.percent is None:
            return "trop peu de réponses pour comparer"
        if self.percent > ALMOST_ALL:
            return f"plus de {ALMOST_ALL} %"
        if self.percent < ALMOST_NONE:
            return f"moins de {ALMOST_NONE} %"
        return f"{self.percent} %"


@dataclass(frozen=True)
class PeerPractices:
    label: str
    """« communes de 500 à 999 habitants »."""
    questions: list[Share]
    measures: list[Share]

    @property
    def to_do(self) -> list[Share]:
        """What she does not do and most of the others do, the most usual first."""
        usual = [s for s in self.questions if s.own is False and (s.percent or 0) > MOST_DO]
        return sorted(usual, key=lambda share: (-share.percent, share.code))[:TO_DO_SHOWN]


def peer_practices(assessment: Assessment, reader: User) -> PeerPractices:
    """Compare the practices of an assessment that the reader was allowed to find. Five queries."""
    questions = Question.objects.filter(theme__questionnaire__level=assessment.level)
    questions = list(
        questions.select_related("theme")
        .order_by("theme__order", "order", "pk")
        .only("code", "text", "theme__title", "theme__questionnaire")
    )
    edition = assessment.questionnaire_id
    mine = [q for q in questions if q.theme.questionnaire_id == edition]
    places = _places(questions)
    bits = bytes(assessment.concerned or b"") + bytes(assessment.practised or b"")
    similar = Assessment._base_manager.filter(_similar(assessment))
    group = _Group(
        own=Tally(bits, len(mine)),
        edition=edition,
        everybody=_tallies(similar, places),
        known=_tallies(similar.filter(known_to(reader)), places),
        places=places,
    )
    return PeerPractices(
        label=kind_and_size(assessment.cohort_kind, assessment.cohort_stratum),
        questions=[
            group.share(question.code, question.text, question.theme.title, {question.code})
            for question in mine
            if group.concerns(question.code)
        ],
        measures=_measures(group, mine),
    )


@dataclass(frozen=True)
class _Group:
    """The similar ones, by edition, and among them those that the reader knows by name."""

    own: Tally
    edition: int
    everybody: Mapping[int, Tally]
    known: Mapping[int, Tally]
    places: Places

    def share(self, code: str, title: str, theme: str, leading: set[str]) -> Share:
        """Return who does what these questions, or those of them that concern one, ask for.

        Told when each question that concerns somebody may be told by itself: one that concerns a few would show in the
        difference of what is told with it and without it.
        """
        concerned, done = self._count(self.everybody, leading)
        own = self.own.count(*self._bits(self.edition, leading))
        is_told = concerned and all(self._concerns_enough(c) for c in leading if self.concerns(c))
        return Share(
            code,
            title,
            theme,
            bool(own[1]) if own[0] else None,
            percent(done, concerned) if is_told else None,
        )

    def _concerns_enough(self, code: str) -> bool:
        """Tell whether a question concerns at least five that the reader does not know."""
        concerned, known = (self._count(rows, {code})[0] for rows in (self.everybody, self.known))
        return concerned - known >= MINIMUM_OTHERS

    def concerns(self, code: str) -> bool:
        """Tell whether a question concerns somebody."""
        return self._count(self.everybody, {code})[0] > 0

    def _count(self, tallies: Mapping[int, Tally], codes: set[str]) -> tuple[int, int]:
        counts = [tally.count(*self._bits(edition, codes)) for edition, tally in tallies.items()]
        return sum(concerned for concerned, _ in counts), sum(done for _, done in counts)

    def _bits(self, edition: int, codes: set[str]) -> list[int]:
        places = self.places[edition]
        return [places[code] for code in codes if code in places]


def _similar(assessment: Assessment) -> Q:
    return Q(
        CURRENT,
        level=assessment.level,
        cohort_kind=assessment.cohort_kind,
        cohort_stratum=assessment.cohort_stratum,
    )


def _tallies(rows: QuerySet[Assessment], places: Places) -> dict[int, Tally]:
    rows = rows.order_by().values_list("questionnaire")
    return {
        edition: Tally(bytes.fromhex(bits), len(places[edition]))
        for edition, bits in rows.annotate(bits=Packed("concerned", "practised"))
        if bits
    }


def _places(questions: Iterable[Question]) -> Places:
    codes: dict[int, dict[int, str]] = {}
    for question in questions:
        codes.setdefault(question.theme.questionnaire_id, {})[question.pk] = question.code
    return {
        edition: {by_key[key]: place for key, place in positions(by_key).items()}
        for edition, by_key in codes.items()
    }


def _measures(group: _Group, mine: list[Question]) -> list[Share]:
    """A measure is done when every question that leads to it, and concerns one, has its best answer."""
    links = Question.measures.through.objects.filter(
        question__in=[question.pk for question in mine], measure__live=True
    )
    leading: dict[int, set[str]] = {}
    for measure, code in links.values_list("measure", "question__code"):
        leading.setdefault(measure, set()).add(code)
    return [
        group.share(measure.code, measure.title, "", leading[measure.pk])
        for measure in Measure.objects.filter(pk__in=leading).only("code", "title")
    ]
