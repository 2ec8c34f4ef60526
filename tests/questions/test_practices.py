"""Which practices a collectivité has, as bits, and how many have each."""

from hypothesis import given
from hypothesis import strategies as st

from questions.enums import AnswerState
from questions.practices import Tally, concerned, pack, positions, practised
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts

YES_NO = QuestionFacts("ACH1")
TEXT = QuestionFacts("ACH2", kind="text")
ONE_OF = QuestionFacts(
    "ACH3", kind="one_of", options=(OptionFacts("jamais", 0), OptionFacts("toujours", 2))
)


PLACES = {f"Q{n}": n for n in range(12)}
ROWS = st.lists(st.dictionaries(st.sampled_from(sorted(PLACES)), st.booleans()), max_size=60)
"""For each collectivité, the questions that concern it, and whether it has their best answer."""


def tally_of(rows) -> Tally:
    bits = [(pack(row, PLACES), pack((c for c in row if row[c]), PLACES)) for row in rows]
    return Tally(b"".join(concerns + does for concerns, does in bits), len(PLACES))


@given(ROWS)
def test_a_tally_is_how_many_a_question_concerns_and_how_many_have_its_best_answer(rows):
    tally = tally_of(rows)

    for code, place in PLACES.items():
        hers = [row[code] for row in rows if code in row]
        assert tally.count(place) == (len(hers), sum(hers))


@given(ROWS, st.sets(st.sampled_from(sorted(PLACES))))
def test_several_questions_are_done_when_all_those_that_concern_one_are(rows, codes):
    hers = [[row[code] for code in codes if code in row] for row in rows]
    concerned_by_one = [does for does in hers if does]

    counts = tally_of(rows).count(*(PLACES[code] for code in codes))

    assert counts == (len(concerned_by_one), sum(map(all, concerned_by_one)))


def test_positions_follow_the_keys():
    assert positions([30, 10, 20]) == {10: 0, 20: 1, 30: 2}


def test_a_practice_is_the_best_answer_and_nothing_less():
    answers = {
        "ACH1": AnswerFacts(choice="oui"),
        "ACH2": AnswerFacts(),
        "ACH3": AnswerFacts(choice="jamais"),
    }

    assert practised([YES_NO, TEXT, ONE_OF], answers) == {"ACH1"}


def test_what_does_not_concern_a_collectivite_or_is_not_scored_is_not_counted():
    answers = {
        "ACH1": AnswerFacts(state=AnswerState.NOT_APPLICABLE),
        "ACH2": AnswerFacts(),
        "ACH3": AnswerFacts(state=AnswerState.UNKNOWN),
    }

    assert concerned([YES_NO, TEXT, ONE_OF], answers) == {"ACH3"}
