"""What holds for every kind of question and for conditions within conditions. No database."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from questions.conditions import Profile, answered_codes, applies, visible
from questions.enums import AnswerState, ProfileFact, QuestionKind, YesNo
from questions.progress import progress
from questions.scoring import BANDED, AnswerFacts, OptionFacts, QuestionFacts, score
from territories.enums import CollectiviteKind

CHOSEN = (QuestionKind.ONE_OF, QuestionKind.SEVERAL_OF)
UNKNOWN = AnswerFacts(state=AnswerState.UNKNOWN)
NOT_APPLICABLE = AnswerFacts(state=AnswerState.NOT_APPLICABLE)
facts = st.sampled_from(ProfileFact.values)
kinds = st.sampled_from(CollectiviteKind.values)
populations = st.one_of(st.none(), st.integers(0, 200_000))


@st.composite
def questions_after(draw, before: list[QuestionFacts], code: str) -> QuestionFacts:
    """Any kind, with a condition on one of those before it, or none."""
    kind = draw(st.sampled_from(QuestionKind.values))
    points = draw(st.lists(st.decimals(0, 10, places=2), min_size=2, max_size=4))
    has_options = kind in (*CHOSEN, *BANDED)
    bounds = [None, *(Decimal(10 * n) for n in range(1, len(points)))]
    options = tuple(
        OptionFacts(f"o{n}", p, bounds[n] if kind in BANDED else None) for n, p in enumerate(points)
    )
    mother = draw(st.sampled_from([None, *before]))
    return QuestionFacts(
        code,
        theme=draw(st.sampled_from("xyz")),
        kind=kind,
        weight=draw(st.integers(0, 3)),
        options=options if has_options else (),
        condition_code=mother.code if mother else "",
        condition_answers=draw(st.frozensets(st.sampled_from(codes_of(mother)), min_size=1))
        if mother
        else frozenset(),
        applies_to_kinds=draw(st.frozensets(kinds, max_size=3)),
        applies_to_facts=draw(st.frozensets(facts, max_size=2)),
        min_population=draw(populations),
        max_population=draw(populations),
    )


def codes_of(question: QuestionFacts | None) -> list[str]:
    if question is None or not question.options:
        return list(YesNo.values)
    return [option.code for option in question.options]


@st.composite
def answers_to(draw, question: QuestionFacts) -> AnswerFacts:
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from([UNKNOWN, NOT_APPLICABLE]))
    if question.kind in BANDED:
        return AnswerFacts(number=draw(st.decimals(-10, 60, places=2)))
    codes = st.sampled_from(codes_of(question))
    if question.kind == QuestionKind.SEVERAL_OF:
        return AnswerFacts(choices=tuple(draw(st.sets(codes))))
    if question.kind in (QuestionKind.YES_NO, QuestionKind.ONE_OF):
        return AnswerFacts(choice=draw(codes))
    return AnswerFacts()


@st.composite
def evaluations(draw):
    """A questionnaire, answers to some of it (asked or not), and a profile."""
    asked: list[QuestionFacts] = []
    for n in range(draw(st.integers(1, 9))):
        asked.append(draw(questions_after(asked, f"Q{n}")))
    answered = [question for question in asked if draw(st.booleans())]
    answers = {question.code: draw(answers_to(question)) for question in answered}
    profile = Profile(draw(kinds), draw(populations), draw(st.frozensets(facts)))
    return asked, answers, profile


def is_asked(question, by_code, answers, profile) -> bool:
    """Tell the same as `visible`, as one would say it aloud."""
    if not applies(question, profile):
        return False
    if not question.condition_code:
        return True
    mother = by_code[question.condition_code]
    said = answered_codes(mother, answers.get(mother.code))
    return is_asked(mother, by_code, answers, profile) and bool(said & question.condition_answers)


@given(evaluations())
def test_a_question_is_asked_when_all_those_above_it_are_and_were_answered_so(evaluation):
    questions, answers, profile = evaluation
    by_code = {question.code: question for question in questions}

    seen = visible(questions, profile, answers)

    assert list(seen) == [q for q in questions if is_asked(q, by_code, answers, profile)]


@given(evaluations(), st.randoms())
def test_what_is_asked_does_not_depend_on_the_order_of_the_questions(evaluation, random):
    questions, answers, profile = evaluation
    shuffled = random.sample(questions, len(questions))

    assert set(visible(shuffled, profile, answers)) == set(visible(questions, profile, answers))


@given(evaluations())
def test_a_hidden_answer_never_counts(evaluation):
    questions, answers, profile = evaluation
    seen = visible(questions, profile, answers)
    shown = {question.code: answers[question.code] for question in seen if question.code in answers}

    assert score(seen, answers) == score(seen, shown)
    assert progress(seen, answers) == progress(seen, shown)
    assert visible(questions, profile, shown) == seen


@given(evaluations(), st.data())
def test_what_was_hidden_counts_as_before_when_it_is_shown_again(evaluation, data):
    questions, answers, profile = evaluation
    before = score(visible(questions, profile, answers), answers)
    changed = data.draw(st.sampled_from(questions))
    other = {**answers, changed.code: data.draw(answers_to(changed))}
    score(visible(questions, profile, other), other)

    back = {code: answer for code, answer in other.items() if code != changed.code}
    back |= {changed.code: answers[changed.code]} if changed.code in answers else {}

    assert score(visible(questions, profile, back), back) == before


@given(evaluations(), facts)
def test_a_fact_that_is_denied_shows_nothing_more(evaluation, fact):
    questions, answers, profile = evaluation
    denied = Profile(profile.kind, profile.population, profile.without | {fact})

    assert set(visible(questions, denied, answers)) <= set(visible(questions, profile, answers))


@given(evaluations())
def test_the_index_of_any_questionnaire_stays_between_0_and_100(evaluation):
    questions, answers, profile = evaluation

    result = score(visible(questions, profile, answers), answers)

    assert 0 <= result.points <= result.possible
    assert result.index is None or 0 <= result.index <= 100


@given(evaluations(), st.data())
def test_a_loop_of_conditions_asks_nothing_of_it_and_ends(evaluation, data):
    questions, answers, profile = evaluation
    loop = [
        QuestionFacts("L1", condition_code="L2", condition_answers=frozenset({"oui"})),
        QuestionFacts("L2", condition_code="L1", condition_answers=frozenset({"oui"})),
        QuestionFacts("L3", condition_code="L1", condition_answers=frozenset({"oui"})),
    ]
    yes = {question.code: AnswerFacts(choice="oui") for question in loop}
    mixed = data.draw(st.permutations([*questions, *loop]))

    seen = visible(mixed, profile, {**answers, **yes})

    assert not {"L1", "L2", "L3"} & {question.code for question in seen}
