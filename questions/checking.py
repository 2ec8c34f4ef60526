"""What an editor must mend before a draft can be published, in sentences."""

from collections.abc import Iterable, Mapping

from questions.enums import CHOSEN, QuestionKind, YesNo
from questions.models import Question, Questionnaire
from questions.plausibility import hard_bounds
from questions.scoring import BANDED, best_points
from questions.sheets import codes, question_facts
from territories.enums import CollectiviteKind

NO_POINTS = "aucune réponse ne rapporte de points. Donnez-en, ou mettez son poids à 0."


def reasons_not_to_publish(draft: Questionnaire) -> list[str]:
    """Return, in sentences, what an editor must mend first; empty when the draft can be published."""
    themes = list(draft.themes.prefetch_related("questions__options"))
    questions = [question for theme in themes for question in theme.questions.all()]
    if not questions:
        return ["Cette édition n’a encore aucune question."]
    found = [question.code for question in questions]
    by_code = dict(zip(found, questions, strict=True))
    reasons = [
        f"Le code {code} est porté par plusieurs questions."
        for code in sorted({code for code in found if found.count(code) > 1})
    ]
    reasons += [
        f"Le thème « {theme.title} » n’a aucune question."
        for theme in themes
        if not theme.questions.all()
    ]
    for row in [*themes, *questions]:
        if not row.live or row.has_unpublished_changes:
            reasons.append(f"« {row} » a des changements en brouillon : publiez-les d’abord.")
        if row.expire_at:
            reasons.append(f"« {row} » a une date de dépublication : retirez-la.")
    for question in questions:
        told = [*_answers(question), *_bands(question), *_bounds(question)]
        told += [*_whole(question, by_code), *_condition(question, by_code)]
        reasons += [f"{question.code} : {reason}" for reason in told]
    return reasons


def _answers(question: Question) -> Iterable[str]:
    options = question.options.all()
    if question.kind in CHOSEN and len(options) < 2:
        yield "proposez au moins deux réponses."
    elif question.weight and best_points(question_facts(question, options)) <= 0:
        yield NO_POINTS
    if question.weight and not question.principle:
        yield "il manque le principe, montré sur un « non »."


def _bands(question: Question) -> Iterable[str]:
    """Every figure falls in one band, that can be reached, and an editor says where the bounds come from."""
    options = list(question.options.all()) if question.kind in BANDED else []
    if not options:
        return
    bounds = [option.lower_bound for option in options if option.lower_bound is not None]
    bottom = len(options) - len(bounds)
    if bottom != 1:
        yield "une seule tranche, la plus basse, est sans borne : les autres disent à partir de combien."
    if len(set(bounds)) < len(bounds):
        yield "deux tranches commencent au même nombre."
    lowest, highest = hard_bounds(question)
    if highest is not None and any(bound > highest for bound in bounds):
        yield "une tranche commence au-dessus du maximum : personne ne peut y tomber."
    if lowest is not None and any(bound <= lowest for bound in bounds):
        yield "une tranche commence au minimum ou plus bas : personne ne peut tomber dans celle d’en dessous."
    if question.weight and not question.bands_reason:
        yield "dites pourquoi ces tranches, avec leur source."


def _bounds(question: Question) -> Iterable[str]:
    lowest, highest = hard_bounds(question)
    for plausible in (question.plausible_minimum, question.plausible_maximum):
        below = None not in (plausible, lowest) and plausible < lowest
        above = None not in (plausible, highest) and plausible > highest
        if below or above:
            yield "ce qui est vraisemblable sort de ce qui est possible : revoyez ces bornes."
            return


def _whole(question: Question, by_code: Mapping[str, Question]) -> Iterable[str]:
    """A part has a whole, of the same kind and unit, or another share to make 100 % with."""
    if not question.whole:
        return
    if question.kind not in BANDED:
        yield "seul un chiffre fait partie d’un tout."
    elif question.kind == QuestionKind.PERCENT:
        shares = [
            row.code
            for row in by_code.values()
            if row.kind == QuestionKind.PERCENT and row.whole == question.whole
        ]
        if len(shares) < 2:
            yield f"elle est seule à se partager « {question.whole} » : écrivez-le aussi sur les autres parts."
    elif question.whole not in by_code:
        yield f"elle fait partie de {question.whole}, qui n’est pas dans l’édition."
    elif question.whole == question.code:
        yield "elle fait partie d’elle-même."
    elif _measure(question) != _measure(by_code[question.whole]):
        yield f"elle ne se compte pas comme {question.whole}, dont elle fait partie : donnez-leur la même unité."


def _measure(question: Question) -> tuple[str, str]:
    return question.kind, question.unit


def _condition(question: Question, by_code: Mapping[str, Question]) -> Iterable[str]:
    """Refuse a condition on nothing, on an answer not offered, one that comes back, and one that nobody meets."""
    mother = question.condition_code
    if not mother:
        return
    chain = [question]
    while code := chain[-1].condition_code:
        if code not in by_code:
            yield f"sa condition cite {code}, qui n’est pas dans l’édition."
            return
        if by_code[code] in chain:
            yield "sa condition revient sur elle-même."
            return
        chain.append(by_code[code])
    expected = codes(question.condition_answers)
    if not expected:
        yield f"dites pour quelles réponses à {mother}."
    for code in sorted(expected - _offered(by_code[mother])):
        yield f"sa condition attend « {code} », que {mother} ne propose pas."
    if stranger := _asked_of_others(chain):
        yield f"personne ne la voit : {stranger.code}, dont elle dépend, est posée à d’autres collectivités."


def _offered(question: Question) -> frozenset[str]:
    if question.kind == QuestionKind.YES_NO:
        return frozenset(YesNo.values)
    return frozenset(option.code for option in question.options.all())


def _asked_of_others(chain: list[Question]) -> Question | None:
    """Return the first question of a chain that no collectivité concerned by the ones before it is asked.

    Facts part nobody: all those that questions ask for can be true together.
    """
    kinds, lowest, highest = frozenset(CollectiviteKind.values), 0, float("inf")
    for question in chain:
        kinds &= codes(question.applies_to_kinds) or kinds
        lowest = max(lowest, question.min_population or 0)
        if question.max_population is not None:
            highest = min(highest, question.max_population)
        if not kinds or lowest > highest:
            return question
    return None
