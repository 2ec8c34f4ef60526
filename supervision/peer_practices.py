"""« 62 % des communes comme la vôtre l’ont fait », for each question and measure that concerns a collectivité.

The group is that of the same kind and stratum in the whole country: two such groups share nobody, so none can be
subtracted from another. A share is told when at least five that the reader may not read by herself are concerned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from questions.models import Assessment, Measure, Question
from questions.models.counted import CURRENT
from questions.practices import positions, tally, unpack
from supervision.cohorts import MINIMUM_OTHERS
from supervision.histograms import percent
from supervision.peers import kind_and_size

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


@dataclass(frozen=True)
class _Row:
    """What one similar collectivité does; `is_known`: the reader may read it by herself."""

    edition: int
    concerned: int
    practised: int
    is_known: bool


def peer_practices(assessment: Assessment) -> PeerPractices:
    """Compare the practices of an assessment that the reader was allowed to find. Five queries."""
    rows = list(_similar(assessment))
    questions = Question.objects.filter(theme__questionnaire__level=assessment.level)
    questions = list(
        questions.select_related("theme")
        .order_by("theme__order", "order", "pk")
        .only("code", "text", "theme__title", "theme__questionnaire")
    )
    places = _places(questions)
    own = _Row(
        assessment.questionnaire_id,
        unpack(assessment.concerned),
        unpack(assessment.practised),
        is_known=True,
    )
    mine = [q for q in questions if q.theme.questionnaire_id == own.edition]
    return PeerPractices(
        label=kind_and_size(assessment.cohort_kind, assessment.cohort_stratum),
        questions=_questions(own, rows, places, mine),
        measures=_measures(own, rows, places, mine),
    )


def _similar(assessment: Assessment) -> Iterable[_Row]:
    similar = Q(
        CURRENT,
        level=assessment.level,
        cohort_kind=assessment.cohort_kind,
        cohort_stratum=assessment.cohort_stratum,
    )
    known = set(Assessment.objects.filter(similar).order_by().values_list("pk", flat=True))
    rows = Assessment._base_manager.filter(similar).order_by()
    bits = rows.values_list("pk", "questionnaire", "concerned", "practised")
    for pk, edition, concerned, practised in bits.iterator(chunk_size=5_000):
        yield _Row(edition, unpack(concerned), unpack(practised), pk in known)


def _places(questions: Iterable[Question]) -> Places:
    codes: dict[int, dict[int, str]] = {}
    for question in questions:
        codes.setdefault(question.theme.questionnaire_id, {})[question.pk] = question.code
    return {
        edition: {by_key[key]: place for key, place in positions(by_key).items()}
        for edition, by_key in codes.items()
    }


def _questions(own: _Row, rows: list[_Row], places: Places, mine: list[Question]) -> list[Share]:
    concerned, unknown, practised = {}, {}, {}
    for edition, by_code in places.items():
        hers = [row for row in rows if row.edition == edition]
        for sums, bits in (
            (concerned, (row.concerned for row in hers)),
            (unknown, (row.concerned for row in hers if not row.is_known)),
            (practised, (row.practised for row in hers)),
        ):
            counts = tally(bits, len(by_code))
            for code, place in by_code.items():
                sums[code] = sums.get(code, 0) + counts[place]
    return [
        Share(
            question.code,
            question.text,
            question.theme.title,
            _does(own, 1 << places[own.edition][question.code]),
            _percent(practised[question.code], concerned[question.code], unknown[question.code]),
        )
        for question in mine
        if concerned[question.code]
    ]


def _measures(own: _Row, rows: list[_Row], places: Places, mine: list[Question]) -> list[Share]:
    """A measure is done when every question that leads to it, and concerns one, has its best answer."""
    links = Question.measures.through.objects.filter(
        question__in=[question.pk for question in mine], measure__live=True
    )
    leading: dict[int, set[str]] = {}
    for measure, code in links.values_list("measure", "question__code"):
        leading.setdefault(measure, set()).add(code)
    shares = []
    for measure in Measure.objects.filter(pk__in=leading).only("code", "title"):
        masks = {
            edition: sum(
                1 << place for code, place in by_code.items() if code in leading[measure.pk]
            )
            for edition, by_code in places.items()
        }
        concerned = [row for row in rows if row.concerned & masks[row.edition]]
        done = sum(bool(_does(row, masks[row.edition])) for row in concerned)
        unknown = sum(not row.is_known for row in concerned)
        share = _percent(done, len(concerned), unknown)
        shares.append(Share(measure.code, measure.title, "", _does(own, masks[own.edition]), share))
    return shares


def _does(row: _Row, mask: int) -> bool | None:
    wanted = row.concerned & mask
    return row.practised & wanted == wanted if wanted else None


def _percent(done: int, concerned: int, unknown: int) -> int | None:
    return percent(done, concerned) if unknown >= MINIMUM_OTHERS else None
