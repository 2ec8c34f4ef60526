"""Which good practices a collectivité has, as bits: one for each question of an edition.

Two numbers on a closed assessment say, for the question of each position, whether it concerned the collectivité (asked,
scored, not « non concerné ») and whether it got the best answer. 35,000 of them are counted in a few hundredths of a second,
where 4.5 million answers would be read. Why not a table of counts: docs/decisions/0006-bits-of-practices.md.
"""

from collections.abc import Iterable, Mapping

from questions import scoring
from questions.enums import AnswerState
from questions.scoring import Answers, QuestionFacts


def positions(keys: Iterable[int]) -> dict[int, int]:
    """Return the position of each question of an edition, by its key: a published edition never changes."""
    return {key: position for position, key in enumerate(sorted(keys))}


def concerned(visible: Iterable[QuestionFacts], answers: Answers) -> frozenset[str]:
    """Return the codes of the questions that are asked, scored, and not answered « non concerné »."""
    return frozenset(
        facts.code
        for facts in visible
        if scoring.best_points(facts) > 0 and not _is_not_applicable(answers.get(facts.code))
    )


def practised(visible: Iterable[QuestionFacts], answers: Answers) -> frozenset[str]:
    """Return the codes of the questions that got their best answer."""
    return frozenset(
        facts.code for facts in visible if scoring.share(facts, answers.get(facts.code)) == 1
    )


def pack(codes: Iterable[str], places: Mapping[str, int]) -> bytes:
    """Return the bits of these codes; `places` tells the position of each code of the edition."""
    bits = 0
    for code in codes:
        bits |= 1 << places[code]
    return bits.to_bytes((len(places) + 7) // 8, "little")


def unpack(packed: bytes | None) -> int:
    return int.from_bytes(packed or b"", "little")


def tally(rows: Iterable[int], width: int) -> list[int]:
    """Return how many rows have each bit, for `width` bits.

    Counts stand upright: the n-th plane holds the n-th binary digit of every count, so that a row is added to all of
    them by two operations or so, however many questions there are.
    """
    planes: list[int] = []
    for carry in rows:
        level = 0
        while carry:
            if level == len(planes):
                planes.append(0)
            planes[level], carry = planes[level] ^ carry, planes[level] & carry
            level += 1
    return [
        sum((plane >> position & 1) << level for level, plane in enumerate(planes))
        for position in range(width)
    ]


def _is_not_applicable(answer) -> bool:
    return answer is not None and answer.state == AnswerState.NOT_APPLICABLE
