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
    return bits.to_bytes(_size(len(places)), "little")


class Tally:
    """What many collectivités do, of one edition: their bits one row after the other, `concerned` then `practised`.

    They are read by columns: the n-th bytes of all the rows make one long number, where one bit of eight is that of a
    question. A question then costs a few operations, however many rows there are.
    """

    def __init__(self, packed: bytes, questions: int):
        self._half = _size(questions)
        width = 2 * self._half
        self._columns = [int.from_bytes(packed[n::width], "little") for n in range(width)]
        self._ones = int.from_bytes(b"\x01" * (len(packed) // width), "little")

    def count(self, *places: int) -> tuple[int, int]:
        """Return how many one at least of these questions concerns, and how many of them have the best answer to all that do."""
        concerned = lacking = 0
        for place in places:
            byte, bit = divmod(place, 8)
            hers = self._columns[byte] >> bit & self._ones
            has = self._columns[self._half + byte] >> bit
            concerned |= hers
            lacking |= hers ^ (hers & has)
        return concerned.bit_count(), (concerned ^ lacking).bit_count()


def _size(questions: int) -> int:
    """Return how many bytes hold one bit for each question."""
    return (questions + 7) // 8


def _is_not_applicable(answer) -> bool:
    return answer is not None and answer.state == AnswerState.NOT_APPLICABLE
