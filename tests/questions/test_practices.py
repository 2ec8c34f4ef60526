"""Which practices a collectivité has, as bits, and how many have each."""

from hypothesis import given
from hypothesis import strategies as st

from questions.enums import AnswerState
from questions.practices import concerned, pack, positions, practised, tally, unpack
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts

YES_NO = QuestionFacts("ACH1")
TEXT = QuestionFacts("ACH2", kind="text")
ONE_OF = QuestionFacts(
    "ACH3", kind="one_of", options=(OptionFacts("jamais", 0), OptionFacts("toujours", 2))
)


@given(st.lists(st.integers(min_value=0, max_value=2**12 - 1), max_size=60))
def test_a_tally_is_how_many_rows_have_each_bit(rows):
    expected = [sum(row >> position & 1 for row in rows) for position in range(12)]

    assert tally(rows, 12) == expected


@given(st.sets(st.sampled_from([f"Q{n}" for n in range(20)])))
def test_what_is_packed_is_unpacked(codes):
    places = {f"Q{n}": n for n in range(20)}

    bits = unpack(pack(codes, places))

    assert {code for code, place in places.items() if bits >> place & 1} == codes


def test_nothing_packed_is_no_practice():
    assert unpack(None) == 0


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
