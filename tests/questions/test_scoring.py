"""The index, as a table and as properties. No database."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questions.conditions import Profile, visible
from questions.enums import AnswerState, Letter, QuestionKind
from questions.loading import read_themes
from questions.scoring import (
    AnswerFacts,
    OptionFacts,
    QuestionFacts,
    Score,
    letter,
    losses,
    score,
    score_by_theme,
    share,
    stored,
)

YES = AnswerFacts(choice="oui")
NO = AnswerFacts(choice="non")
UNKNOWN = AnswerFacts(state=AnswerState.UNKNOWN)
NOT_APPLICABLE = AnswerFacts(state=AnswerState.NOT_APPLICABLE)

VILLAGE = Profile("commune", 300)
TOWN = Profile("commune", 12_000)
EPCI = Profile("cc", 60_000)


def options(**points) -> tuple[OptionFacts, ...]:
    return tuple(OptionFacts(code, Decimal(p)) for code, p in points.items())


def bands(*rows) -> tuple[OptionFacts, ...]:
    return tuple(
        OptionFacts(f"b{n}", Decimal(p), None if low is None else Decimal(low))
        for n, (low, p) in enumerate(rows)
    )


ONE_OF = QuestionFacts(
    "A", kind=QuestionKind.ONE_OF, options=options(jamais=0, parfois=1, toujours=4)
)
SEVERAL = QuestionFacts("A", kind=QuestionKind.SEVERAL_OF, options=options(a=1, b=1, c=2, d=-1))
AGE = QuestionFacts("A", kind=QuestionKind.NUMBER, options=bands((None, 0), (4, 1), (6, 2)))
SHARE = QuestionFacts("A", kind=QuestionKind.PERCENT, options=bands((0, 0), ("12.5", 1), (50, 2)))


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (QuestionFacts("A"), YES, 1),
        (QuestionFacts("A"), NO, 0),
        (QuestionFacts("A"), UNKNOWN, 0),
        (QuestionFacts("A"), None, 0),
        (ONE_OF, AnswerFacts(choice="toujours"), 1),
        (ONE_OF, AnswerFacts(choice="parfois"), Fraction(1, 4)),
        (ONE_OF, AnswerFacts(choice="disparue"), 0),
        (SEVERAL, AnswerFacts(choices=("a",)), Fraction(1, 2)),
        (SEVERAL, AnswerFacts(choices=("a", "b")), 1),
        (SEVERAL, AnswerFacts(choices=("a", "b", "c")), 1),
        (SEVERAL, AnswerFacts(choices=("d",)), 0),
        (SEVERAL, AnswerFacts(), 0),
        (AGE, AnswerFacts(number=Decimal("3.99")), 0),
        (AGE, AnswerFacts(number=Decimal("4")), Fraction(1, 2)),
        (AGE, AnswerFacts(number=Decimal("100")), 1),
        (AGE, AnswerFacts(number=Decimal("-5")), 0),
        (SHARE, AnswerFacts(number=Decimal("12.5")), Fraction(1, 2)),
        (SHARE, AnswerFacts(number=Decimal("-1")), 0),
        (SHARE, AnswerFacts(), 0),
    ],
)
def test_an_answer_earns_its_part_of_the_best(question, answer, expected):
    assert share(question, answer) == expected


@pytest.mark.parametrize("kind", [QuestionKind.TEXT, QuestionKind.DATE, QuestionKind.NUMBER])
def test_a_question_without_scale_is_worth_nothing(kind):
    question = QuestionFacts("A", kind=kind, weight=3)

    assert score([question], {"A": AnswerFacts()}) == Score()


@pytest.mark.parametrize(
    ("weights", "yes", "expected"),
    [
        ([1], 1, 100),
        ([1, 1], 1, 50),
        ([1, 1, 1], 1, 33),
        ([1, 1, 1], 2, 67),
        ([1] * 8, 1, 13),  # 12.5 goes up
        ([1] * 200, 1, 1),  # 0.5 goes up
        ([3, 1], 1, 75),
    ],
)
def test_the_index_is_a_whole_percent_rounded_half_up(weights, yes, expected):
    questions = [QuestionFacts(str(n), weight=w) for n, w in enumerate(weights)]
    answers = {q.code: YES if n < yes else NO for n, q in enumerate(questions)}

    assert score(questions, answers).index == expected


def test_there_is_no_index_when_nothing_is_concerned():
    assert score([QuestionFacts("A")], {"A": NOT_APPLICABLE}).index is None
    assert letter(None) is None


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (100, "A"),
        (80, "A"),
        (79, "B"),
        (60, "B"),
        (59, "C"),
        (40, "C"),
        (39, "D"),
        (20, "D"),
        (19, "E"),
        (0, "E"),
    ],
)
def test_letters_begin_at_80_60_40_and_20(index, expected):
    assert letter(index) == expected


def test_themes_add_up_to_the_whole():
    questions = [
        QuestionFacts("A", "x", weight=2),
        QuestionFacts("B", "y"),
        QuestionFacts("C", "y"),
    ]
    answers = {"A": YES, "B": NO, "C": YES}

    by_theme = score_by_theme(questions, answers)

    assert by_theme == {"x": Score(Fraction(2), Fraction(2)), "y": Score(Fraction(1), Fraction(2))}
    assert sum(by_theme.values(), Score()) == score(questions, answers)


def test_only_what_was_answered_is_said_to_cost_points():
    questions = [
        QuestionFacts(code, weight=w) for code, w in (("A", 3), ("B", 1), ("C", 1), ("D", 1))
    ]
    answers = {"A": NO, "B": YES, "C": UNKNOWN, "D": NOT_APPLICABLE}

    assert losses(questions, answers) == {"A": 60}


def test_stored_points_have_four_decimals_rounded_half_up():
    assert stored(Fraction(1, 3)) == Decimal("0.3333")
    assert stored(Fraction(1, 20_000)) == Decimal("0.0001")


# --- Properties

KINDS_WITH_OPTIONS = [k for k in QuestionKind if k not in (QuestionKind.TEXT, QuestionKind.DATE)]
points = st.decimals(0, 10, places=2)


@st.composite
def questions(draw, code: str) -> QuestionFacts:
    kind = draw(st.sampled_from(KINDS_WITH_OPTIONS))
    rows = draw(st.lists(points, min_size=2, max_size=4))
    return QuestionFacts(
        code,
        theme=draw(st.sampled_from("xyz")),
        kind=kind,
        weight=draw(st.integers(0, 5)),
        options=tuple(OptionFacts(f"o{n}", p, Decimal(10 * n)) for n, p in enumerate(rows)),
    )


@st.composite
def answers_to(draw, question: QuestionFacts) -> AnswerFacts | None:
    if draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from([None, UNKNOWN, NOT_APPLICABLE]))
    if question.kind == QuestionKind.YES_NO:
        return draw(st.sampled_from([YES, NO]))
    codes = [option.code for option in question.options]
    if question.kind == QuestionKind.ONE_OF:
        return AnswerFacts(choice=draw(st.sampled_from(codes)))
    if question.kind == QuestionKind.SEVERAL_OF:
        return AnswerFacts(choices=tuple(draw(st.sets(st.sampled_from(codes)))))
    return AnswerFacts(number=draw(st.decimals(-10, 60, places=2)))


@st.composite
def sheets(draw, min_size=1):
    asked = [draw(questions(f"Q{n}")) for n in range(draw(st.integers(min_size, 8)))]
    given_answers = {question.code: draw(answers_to(question)) for question in asked}
    return asked, {code: answer for code, answer in given_answers.items() if answer}


@given(sheets())
def test_an_index_stays_between_0_and_100(sheet):
    asked, answers = sheet

    result = score(asked, answers)

    assert 0 <= result.points <= result.possible
    assert result.index is None or 0 <= result.index <= 100


@given(sheets(), st.data())
def test_a_better_answer_never_lowers_the_index(sheet, data):
    asked, answers = sheet
    question = data.draw(st.sampled_from(asked))
    better = data.draw(answers_to(question))
    before = answers.get(question.code)
    assume(better is not None and NOT_APPLICABLE not in (before, better))
    assume(share(question, better) >= share(question, before))

    after = score(asked, {**answers, question.code: better})

    assert after.points >= score(asked, answers).points
    assert (after.index or 0) >= (score(asked, answers).index or 0)


@given(sheets(), st.data())
def test_saying_not_concerned_never_lowers_the_index_of_what_earned_nothing(sheet, data):
    asked, answers = sheet
    question = data.draw(st.sampled_from(asked))
    assume(share(question, answers.get(question.code)) == 0)
    before = score(asked, answers)

    after = score(asked, {**answers, question.code: NOT_APPLICABLE})

    assert after.index is None or after.index >= before.index


@given(sheets())
def test_a_hidden_question_never_counts(sheet):
    asked, answers = sheet
    hidden = QuestionFacts("H", weight=5, condition_code="ABSENT", condition_answers={"oui"})
    elsewhere = QuestionFacts("I", weight=5, applies_to_kinds=frozenset({"metropole"}))
    too_small = QuestionFacts("J", weight=5, min_population=301)
    extra = {"H": YES, "I": NO, "J": NO}

    seen = visible([*asked, hidden, elsewhere, too_small], VILLAGE, {**answers, **extra})

    assert score(seen, {**answers, **extra}) == score(asked, answers)


@given(sheets())
def test_losses_and_the_index_make_a_hundred_when_all_is_known(sheet):
    asked, answers = sheet
    known = {
        code: answer
        for code, answer in answers.items()
        if answer.state in (AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE)
    }
    asked = [question for question in asked if question.code in known]
    result = score(asked, known)
    assume(result.possible)

    lost = sum(losses(asked, known).values())

    assert lost + 100 * result.points / result.possible == 100


def yes_until(asked, wanted: Letter) -> dict[str, AnswerFacts]:
    """Answer « oui » one question after the other until the letter is reached."""
    answers = {question.code: NO for question in asked}
    for question in asked:
        if letter(score(asked, answers).index) == wanted:
            break
        answers[question.code] = YES
    return answers


@pytest.mark.parametrize("wanted", list(Letter))
@settings(max_examples=20)  # thirty sums in fractions, five letters
@given(weights=st.lists(st.integers(1, 5), min_size=30, max_size=60))
def test_every_letter_can_be_reached_with_thirty_questions(wanted, weights):
    asked = [QuestionFacts(str(n), weight=weight) for n, weight in enumerate(weights)]

    assert letter(score(asked, yes_until(asked, wanted)).index) == wanted


@pytest.mark.parametrize("wanted", list(Letter))
@pytest.mark.parametrize("profile", [VILLAGE, TOWN, EPCI], ids=["village", "town", "epci"])
def test_every_letter_can_be_reached_at_level_one_by(profile, wanted):
    content = [
        QuestionFacts(question["code"], theme["code"], weight=question["weight"])
        for theme in read_themes(1)
        for question in theme["questions"]
    ]
    asked = visible(content, profile, {})

    assert len(asked) == 30
    assert letter(score(asked, yes_until(asked, wanted)).index) == wanted


def test_points_are_exact_whatever_their_order():
    third = replace(ONE_OF, options=options(a=1, b=3), weight=1)
    asked = [replace(third, code=str(n)) for n in range(3)]

    result = score(asked, {question.code: AnswerFacts(choice="a") for question in asked})

    assert result.points == 1
