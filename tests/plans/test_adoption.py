import pytest

from plans.adoption import (
    AlreadyDecided,
    AlreadyInPlan,
    accept_proposal,
    add_own_action,
    adopt_measures,
    decline_proposal,
    open_plan,
    plan_of,
    propose_action,
    propose_again,
    propose_measures,
    set_aside,
)
from plans.enums import Standing
from plans.models import Action, Plan, SetAside
from questions.models import MeasureIndicator
from tests.plans.factories import NOON, ActionFactory
from tests.questions.factories import MeasureFactory


@pytest.fixture
def measure(db):
    measure = MeasureFactory(code="M-ACH1", title="Acheter d’occasion", reen_objective=1)
    measure.indicators = [MeasureIndicator(label="Part d’occasion", unit="%")]
    measure.save()
    return measure


def adopt(commune, by, *measures):
    codes = {measure.pk: "ACH1" for measure in measures}
    return adopt_measures(
        collectivite=commune, measures=measures, question_codes=codes, by=by, at=NOON
    )


def test_an_adopted_measure_becomes_an_action_with_its_steps_and_indicators(
    commune, alice, measure
):
    (action,) = adopt(commune, alice, measure)

    assert action.plan == plan_of(commune)
    assert (action.reference, action.title, action.question_code) == ("A1", measure.title, "ACH1")
    assert (action.theme_code, action.reen_objective, action.effort) == ("achats", 1, "low")
    assert [step.text for step in action.steps.all()] == [
        "Faire une liste.",
        "La montrer au conseil.",
    ]
    assert [str(indicator) for indicator in action.indicators.all()] == ["Part d’occasion (%)"]
    assert [row.author for row in action.history.all()] == [alice]


def test_the_paragraphs_of_a_measure_written_in_the_back_office_come_with_plain_line_ends(
    commune, alice, measure
):
    measure.why = "D’abord.\r\n\r\nPuis."

    (action,) = adopt(commune, alice, measure)

    assert action.description == "D’abord.\n\nPuis."


def test_a_measure_is_adopted_once(commune, alice, bob, measure):
    adopt(commune, alice, measure)

    assert adopt(commune, bob, measure) == []
    assert Action.objects.count() == 1


def test_two_people_who_begin_the_plan_get_the_same_one(commune, alice, bob):
    first = open_plan(collectivite=commune, by=alice, at=NOON)

    assert open_plan(collectivite=commune, by=bob, at=NOON) == first
    assert Plan.objects.count() == 1


def test_a_measure_is_set_aside_with_its_reason_and_comes_back(commune, alice, measure):
    set_aside(collectivite=commune, measure=measure, reason="Déjà essayé.", by=alice, at=NOON)
    row = set_aside(collectivite=commune, measure=measure, reason="Trop cher.", by=alice, at=NOON)
    assert (row.reason, SetAside.objects.count()) == ("Trop cher.", 1)

    propose_again(collectivite=commune, measure=measure)

    assert not SetAside.objects.exists()


def test_adopting_a_measure_that_was_set_aside_takes_it_back(commune, alice, measure):
    set_aside(collectivite=commune, measure=measure, reason="Trop cher.", by=alice, at=NOON)

    adopt(commune, alice, measure)

    assert not SetAside.objects.exists()


def test_a_measure_in_the_plan_is_not_set_aside(commune, alice, measure):
    adopt(commune, alice, measure)

    with pytest.raises(AlreadyInPlan):
        set_aside(collectivite=commune, measure=measure, reason="Non.", by=alice, at=NOON)


def test_setting_aside_what_the_opsn_proposed_declines_it_with_the_reason(
    commune, opsn, omar, alice, measure
):
    (proposed,) = propose_measures(
        collectivite=commune, opsn=opsn, measures=[measure], question_codes={}, by=omar, at=NOON
    )

    set_aside(collectivite=commune, measure=measure, reason="Trop cher.", by=alice, at=NOON)

    proposed.refresh_from_db()
    assert proposed.standing == Standing.DECLINED
    assert [(note.text, note.author) for note in proposed.notes.all()] == [("Trop cher.", alice)]
    assert SetAside.objects.get().reason == "Trop cher."


def test_accepting_what_was_set_aside_before_takes_it_back(commune, opsn, omar, alice, measure):
    set_aside(collectivite=commune, measure=measure, reason="Trop cher.", by=alice, at=NOON)
    (proposed,) = propose_measures(
        collectivite=commune, opsn=opsn, measures=[measure], question_codes={}, by=omar, at=NOON
    )

    accept_proposal(action=proposed, by=alice, at=NOON)

    assert not SetAside.objects.exists()


def test_accepting_an_idea_without_measure_leaves_what_is_set_aside(
    commune, opsn, omar, alice, measure
):
    set_aside(collectivite=commune, measure=measure, reason="Trop cher.", by=alice, at=NOON)
    idea = propose_action(
        collectivite=commune, opsn=opsn, values={"title": "Marché groupé"}, by=omar, at=NOON
    )

    accept_proposal(action=idea, by=alice, at=NOON)

    assert SetAside.objects.get().measure == measure


def test_an_own_action_begins_the_plan(commune, alice):
    action = add_own_action(
        collectivite=commune, values={"title": "Réparer les vidéoprojecteurs"}, by=alice, at=NOON
    )

    assert (action.standing, action.measure, action.created_by) == (Standing.ADOPTED, None, alice)


def test_what_an_opsn_proposes_stands_apart_until_the_commune_accepts(commune, opsn, omar, alice):
    action = propose_action(
        collectivite=commune, opsn=opsn, values={"title": "Marché groupé"}, by=omar, at=NOON
    )
    assert not Action.objects.adopted().exists()

    accept_proposal(action=action, by=alice, at=NOON)

    assert list(Action.objects.adopted()) == [action]
    events = [(row.event, row.author.first_name) for row in action.history.order_by("pk")]
    assert events == [("proposed", "Omar"), ("accepted", "Alice")]


def test_adopting_a_measure_that_the_opsn_proposed_accepts_it(commune, opsn, omar, alice, measure):
    (proposed,) = propose_measures(
        collectivite=commune, opsn=opsn, measures=[measure], question_codes={}, by=omar, at=NOON
    )

    assert adopt(commune, alice, measure) == [proposed]
    proposed.refresh_from_db()
    assert (proposed.standing, proposed.proposed_by_opsn) == (Standing.ADOPTED, opsn)


def test_an_opsn_does_not_propose_what_is_in_the_plan(commune, opsn, omar, alice, measure):
    adopt(commune, alice, measure)

    proposed = propose_measures(
        collectivite=commune, opsn=opsn, measures=[measure], question_codes={}, by=omar, at=NOON
    )

    assert proposed == []


def test_a_proposal_is_declined_with_a_reason_and_may_come_again(
    commune, opsn, omar, alice, measure
):
    call = {"collectivite": commune, "opsn": opsn, "question_codes": {}, "by": omar, "at": NOON}
    (proposed,) = propose_measures(measures=[measure], **call)

    decline_proposal(action=proposed, reason="Pas cette année.", by=alice, at=NOON)

    assert [note.text for note in proposed.notes.all()] == ["Pas cette année."]
    assert len(propose_measures(measures=[measure], **call)) == 1


@pytest.mark.parametrize("act", [accept_proposal, lambda **kw: decline_proposal(reason="", **kw)])
def test_a_proposal_is_decided_once(act, plan, alice):
    action = ActionFactory(plan=plan, proposed=True)
    accept_proposal(action=action, by=alice, at=NOON)

    with pytest.raises(AlreadyDecided):
        act(action=action, by=alice, at=NOON)
