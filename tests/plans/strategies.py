"""Random editions, answers and measures, on plain values."""

from decimal import Decimal

from hypothesis import strategies as st

from plans.proposals import MeasureFacts
from plans.simulation import Simulation
from questions.conditions import Profile
from questions.enums import AnswerState, Cost, Priority, QuestionKind, ThreeSteps
from questions.scoring import AnswerFacts, OptionFacts, QuestionFacts

VILLAGE = Profile("commune", 850)


@st.composite
def questions(draw, code: str, earlier: tuple[str, ...] = ()):
    kind = draw(
        st.sampled_from(
            [
                QuestionKind.YES_NO,
                QuestionKind.YES_NO,
                QuestionKind.ONE_OF,
                QuestionKind.SEVERAL_OF,
                QuestionKind.NUMBER,
            ]
        )
    )
    points = draw(st.lists(st.integers(0, 4), min_size=2, max_size=4))
    options = tuple(
        OptionFacts(f"o{n}", Decimal(p), None if n == 0 else Decimal(10 * n))
        for n, p in enumerate(points)
    )
    asker = draw(st.sampled_from(["", "", "", *earlier]))
    return QuestionFacts(
        code=code,
        theme=draw(st.sampled_from(["achats", "parc", "usages"])),
        kind=kind,
        weight=draw(st.integers(0, 3)),
        options=() if kind == QuestionKind.YES_NO else options,
        condition_code=asker,
        condition_answers=frozenset({"oui", "o1", "o2"}) if asker else frozenset(),
    )


@st.composite
def answers_to(draw, question: QuestionFacts):
    state = draw(
        st.sampled_from(
            [*[AnswerState.ANSWERED] * 3, AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE]
        )
    )
    if state != AnswerState.ANSWERED:
        return AnswerFacts(state=state)
    if question.kind == QuestionKind.YES_NO:
        return AnswerFacts(choice=draw(st.sampled_from(["oui", "non", "non"])))
    if question.kind == QuestionKind.NUMBER:
        return AnswerFacts(number=Decimal(draw(st.integers(-5, 50))))
    codes = [option.code for option in question.options]
    if question.kind == QuestionKind.ONE_OF:
        return AnswerFacts(choice=draw(st.sampled_from(codes)))
    return AnswerFacts(choices=tuple(draw(st.lists(st.sampled_from(codes), unique=True))))


@st.composite
def simulations(draw) -> Simulation:
    asked, answers = [], {}
    for number in range(draw(st.integers(1, 9))):
        code = f"Q{number}"
        question = draw(questions(code, tuple(q.code for q in asked)))
        asked.append(question)
        if draw(st.integers(0, 5)):
            answers[code] = draw(answers_to(question))
    return Simulation(tuple(asked), VILLAGE, answers)


@st.composite
def measures_for(draw, simulation: Simulation) -> list[MeasureFacts]:
    codes = [question.code for question in simulation.questions]
    return [
        MeasureFacts(
            code=f"M{number}",
            title=f"Mesure {number}",
            effort=draw(st.sampled_from(ThreeSteps.values)),
            gain=draw(st.sampled_from(ThreeSteps.values)),
            cost=draw(st.sampled_from(Cost.values)),
            priority=draw(st.sampled_from(Priority.values)),
            questions=tuple(
                draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
            ),
        )
        for number in range(draw(st.integers(0, 8)))
    ]
