"""One action: read, written, moved, said something about."""

import re
from datetime import date

import pytest
from django.urls import reverse

from plans.measuring import tick_step
from plans.models import Action, ActionNote, Indicator
from plans.tracking import add_note
from territories.enums import MemberState
from territories.models import CollectiviteMember
from tests.plans.factories import (
    NOON,
    ActionFactory,
    IndicatorFactory,
    StepFactory,
    answered_commune,
)

POSTS = {
    "status": {"status": "done", "version": 1},
    "note": {"text": "Bonjour"},
    "accept": {},
    "decline": {},
    "keep": {},
    "tick": {},
    "answers": {"vu": ""},
    "edit": {"title": "Volé", "status": "done", "priority": "low", "version": 1},
    "steps": {"text": "Volée"},
    "new_indicator": {"label": "Volé"},
}
AS_BROWSERS_SEND = "D’abord.\r\n\r\nPuis."
ONLY_POST = ["status", "note", "accept", "decline", "keep", "tick"]


def url(name, *args) -> str:
    return reverse(f"plans:{name}", args=args)


def body(**values) -> dict:
    return {
        "title": "Acheter d’occasion",
        "status": "planned",
        "priority": "high",
        "version": 1,
        **values,
    }


def test_the_page_tells_who_when_how_much_and_from_where(action, alice, client_of):
    Action.objects.filter(pk=action.pk).update(
        owner=alice,
        elected_referent="Mme le maire",
        starts_on=date(2027, 1, 1),
        due_on=date(2027, 6, 30),
        budget_planned=1200,
        budget_spent=1300,
        reen_objective=1,
    )

    page = client_of(alice).get(url("action", action.pk)).content.decode()

    for words in (
        "Alice Martin",
        "Mme le maire",
        "1er janvier 2027",
        "30 juin 2027",
        "1\u202f200\u00a0€",
        "budget dépassé",
        "Commande publique",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("starts_on", "due_on", "words"),
    [
        (None, None, "à fixer"),
        (date(2027, 5, 3), None, "à partir du 3 mai 2027"),
        (None, date(2027, 6, 30), "avant le 30 juin 2027"),
        (date(2027, 5, 3), date(2027, 6, 30), "du 3 mai 2027 au 30 juin 2027"),
    ],
)
def test_dates_are_said_with_what_is_known(starts_on, due_on, words, action, alice, client_of):
    Action.objects.filter(pk=action.pk).update(starts_on=starts_on, due_on=due_on)

    page = client_of(alice).get(url("action", action.pk)).content.decode()

    assert f"<dt>Dates</dt><dd>{words}</dd>" in page


@pytest.mark.parametrize("person", ["chloe", "sonia", "paul", "lone", "editor"])
@pytest.mark.parametrize("name", ["action", "history", "edit", "steps", "answers", "new_indicator"])
def test_nobody_else_opens_it(name, person, action, client_of, request):
    response = client_of(request.getfixturevalue(person)).get(url(name, action.pk))

    assert response.status_code == 404
    assert action.title not in response.content.decode()


@pytest.mark.parametrize("person", ["lea", "chloe", "sonia", "nadia", "paul", "lone"])
@pytest.mark.parametrize("name", POSTS)
def test_acts_refuse_who_does_not_write(name, person, action, client_of, request):
    client = client_of(request.getfixturevalue(person))

    assert client.post(url(name, action.pk), POSTS[name]).status_code == 404
    action.refresh_from_db()
    assert (action.title, action.version, action.notes.count()) == ("Acheter d’occasion", 1, 0)


@pytest.mark.parametrize("person", ["alice", "omar"])
def test_the_plan_of_a_commune_that_merged_is_read_and_not_written(
    person, action, client_of, request
):
    commune = action.plan.collectivite
    commune.retired_at = date(2027, 1, 1)
    commune.save()
    browser = client_of(request.getfixturevalue(person))

    assert browser.get(url("action", action.pk)).status_code == 200
    assert browser.post(url("status", action.pk), POSTS["status"]).status_code == 404
    assert browser.post(url("note", action.pk), POSTS["note"]).status_code == 404
    assert not ActionNote.objects.exists()


@pytest.mark.parametrize("name", sorted(set(POSTS) - {"note"}))
def test_an_opsn_writes_notes_and_nothing_else(name, action, omar, client_of):
    assert client_of(omar).post(url(name, action.pk), POSTS[name]).status_code == 404


@pytest.mark.parametrize("name", ONLY_POST)
def test_acts_refuse_get(name, action, alice, client_of):
    assert client_of(alice).get(url(name, action.pk)).status_code == 405


def test_an_own_action_is_written(commune, alice, client_of):
    response = client_of(alice).post(
        url("new", commune.pk),
        body(
            title="Réparer",
            owner=alice.pk,
            starts_on="2027-01-01",
            due_on="30/06/2027",
            budget_planned="1 200,50 €",
        ),
    )

    action = Action.objects.get()
    assert response["Location"] == url("action", action.pk)
    assert (action.owner, action.due_on, str(action.budget_planned)) == (
        alice,
        date(2027, 6, 30),
        "1200.50",
    )


@pytest.mark.parametrize(
    ("written", "euros"), [("1.200", "1200.00"), ("12,5", "12.50"), ("12.5", "12.50")]
)
def test_a_budget_is_read_as_in_the_questionnaire(written, euros, commune, alice, client_of):
    client_of(alice).post(url("new", commune.pk), body(budget_planned=written))

    assert str(Action.objects.get().budget_planned) == euros


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"title": " "}, "title", "Donnez un titre"),
        ({"starts_on": "2027-02-01", "due_on": "2027-01-01"}, "due_on", "avant le début"),
        ({"owner_name": "Un prestataire", "owner": "ALICE"}, "owner_name", "pas les deux"),
        ({"owner": "CHLOE"}, "owner", "pas"),
        ({"budget_planned": "beaucoup"}, "budget_planned", "Écrivez un nombre"),
        ({"budget_spent": "-1"}, "budget_spent", "0"),
        ({"due_on": "demain"}, "due_on", "Écrivez une date"),
        ({"theme_code": "inconnu"}, "theme_code", "pas"),
        ({"status": "volé"}, "status", "pas"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_kept(
    values, field, sentence, commune, alice, chloe, client_of
):
    people = {"ALICE": alice.pk, "CHLOE": chloe.pk}
    values = {name: people.get(value, value) for name, value in values.items()}

    response = client_of(alice).post(url("new", commune.pk), body(**values))

    assert response.status_code == 200
    assert any(sentence in error for error in response.context["form"].errors[field])
    assert not Action.objects.exists()


def test_the_opsn_writes_a_proposal_that_the_commune_accepts(commune, omar, alice, client_of):
    client_of(omar).post(
        url("new", commune.pk), {"title": "Marché groupé", "status": "done", "standing": "adopted"}
    )
    action = Action.objects.get()
    assert (action.standing, action.status) == ("proposed", "to_define")
    assert "OPSN du Nord" in client_of(alice).get(url("action", action.pk)).content.decode()

    client_of(alice).post(url("accept", action.pk))

    action.refresh_from_db()
    assert action.standing == "adopted"


def test_a_proposal_is_declined_with_a_word(commune, plan, opsn, alice, omar, client_of):
    action = ActionFactory(plan=plan, proposed=True, proposed_by_opsn=opsn)

    client_of(alice).post(url("decline", action.pk), {"reason": "Pas cette année."})

    page = client_of(omar).get(url("action", action.pk)).content.decode()
    assert "n’a pas été retenue" in page
    assert "Pas cette année." in page


def test_deciding_twice_says_so(plan, alice, client_of):
    action = ActionFactory(plan=plan, proposed=True)
    client = client_of(alice)
    client.post(url("accept", action.pk))

    response = client.post(url("decline", action.pk), follow=True)

    assert "déjà reçu une réponse" in response.content.decode()


def test_an_action_is_changed(action, alice, client_of):
    client_of(alice).post(url("edit", action.pk), body(title="Acheter mieux"))

    action.refresh_from_db()
    assert (action.title, action.status, action.version) == ("Acheter mieux", "planned", 2)


def test_an_action_saved_untouched_is_unchanged_though_browsers_end_lines_their_way(
    action, alice, client_of
):
    Action.objects.filter(pk=action.pk).update(description="D’abord.\n\nPuis.", status="planned")

    client_of(alice).post(
        url("edit", action.pk), body(description=AS_BROWSERS_SEND, priority="medium")
    )

    action.refresh_from_db()
    assert (action.version, action.history.count()) == (1, 0)


@pytest.mark.parametrize("person", ["alice", "omar"])
def test_a_description_is_kept_with_plain_line_ends(person, commune, client_of, request):
    client = client_of(request.getfixturevalue(person))

    client.post(url("new", commune.pk), body(description=AS_BROWSERS_SEND))

    assert Action.objects.get().description == "D’abord.\n\nPuis."


def test_what_two_people_write_at_once_is_shown_to_the_second_and_nothing_is_lost(
    action, alice, bob, client_of
):
    client_of(alice).post(url("edit", action.pk), body(title="Le titre d’Alice"))

    response = client_of(bob).post(url("edit", action.pk), body(title="Le titre de Bob"))

    page = response.content.decode()
    assert response.status_code == 409
    assert "Le titre d’Alice" in page
    assert "Le titre de Bob" in page
    action.refresh_from_db()
    assert action.title == "Le titre d’Alice"

    again = response.context["form"]["version"].value()
    client_of(bob).post(url("edit", action.pk), body(title="Le titre de Bob", version=again))
    action.refresh_from_db()
    assert action.title == "Le titre de Bob"


@pytest.mark.parametrize("erased", [False, True])  # as the durations of retention do
def test_an_owner_who_left_stays_until_somebody_else_is_chosen(
    erased, action, alice, bob, client_of
):
    Action.objects.filter(pk=action.pk).update(owner=bob)
    CollectiviteMember.objects.filter(user=bob).update(state=MemberState.LEFT)
    if erased:
        CollectiviteMember.objects.filter(user=bob).delete()
    client = client_of(alice)

    page = client.get(url("action", action.pk)).content.decode()
    form = client.get(url("edit", action.pk)).context["form"]
    client.post(url("edit", action.pk), body(owner=bob.pk))

    assert "n’est plus dans l’équipe" in page
    assert (bob.pk, "Bob Martin (n’est plus dans l’équipe)") in form.fields["owner"].choices
    action.refresh_from_db()
    assert action.owner == bob


def test_a_measure_retired_since_is_told(commune, alice, client_of):
    answered_commune(commune, alice, ACH1="non")
    client = client_of(alice)
    client.post(url("adopt", commune.pk), {"measure": ["M-ACH1"]})
    action = Action.objects.get()
    type(action.measure).objects.update(live=False)

    assert "n’est plus proposée" in client.get(url("action", action.pk)).content.decode()


# --- Status, in place and by several


def test_the_status_is_changed_in_place_and_the_filters_stay(action, alice, client_of):
    response = client_of(alice).post(
        url("status", action.pk),
        {"status": "planned", "version": 1, "filtres": "statut=to_define&modifier=3&page=2"},
    )

    assert (
        response["Location"]
        == f"{url('table', action.plan.collectivite_id)}?statut=to_define&page=2"
    )
    action.refresh_from_db()
    assert action.status == "planned"


@pytest.mark.parametrize("query", ["//evil.example", "https://evil.example", "\r\nX: y"])
def test_the_way_back_stays_on_the_plan(query, action, alice, client_of):
    response = client_of(alice).post(
        url("status", action.pk), {"status": "planned", "version": 1, "filtres": query}
    )

    assert response["Location"].startswith(url("table", action.plan.collectivite_id))


def test_the_second_who_moves_a_card_is_told(action, alice, bob, client_of):
    commune = action.plan.collectivite_id
    card = {"action": f"{action.pk}:1", "vue": "etats"}
    client_of(alice).post(url("several", commune), {**card, "status": "planned"})

    response = client_of(bob).post(
        url("several", commune), {**card, "status": "dropped"}, follow=True
    )

    assert "Quelqu’un a modifié cette action" in response.content.decode()
    assert response.redirect_chain[-1][0] == url("board", commune)
    action.refresh_from_db()
    assert action.status == "planned"


def test_several_actions_change_at_once(plan, alice, bob, client_of):
    actions = [ActionFactory(plan=plan, owner_name="Services") for _ in range(3)]
    ticked = [f"{a.pk}:1" for a in actions[:2]]

    client_of(alice).post(
        url("several", plan.collectivite_id),
        {"action": ticked, "status": "planned", "owner": bob.pk, "due_on": "2027-01-31"},
    )

    rows = list(Action.objects.values_list("status", "owner", "owner_name", "due_on"))
    changed = ("planned", bob.pk, "", date(2027, 1, 31))
    assert rows == [changed, changed, ("to_define", None, "Services", None)]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"status": "planned"},
        {"action": "x:y", "status": "planned"},
        {"action": "1:99999999999999999999", "status": "planned"},
        {"action": "ACTION:1"},
        {"action": "ACTION:1", "status": "volé"},
        {"action": "ACTION:1", "due_on": "demain"},
    ],
)
def test_a_form_that_says_nothing_changes_nothing(sent, action, alice, client_of):
    sent = {name: value.replace("ACTION", str(action.pk)) for name, value in sent.items()}

    response = client_of(alice).post(url("several", action.plan.collectivite_id), sent, follow=True)

    assert "Cochez au moins une action" in response.content.decode()
    action.refresh_from_db()
    assert action.version == 1


def test_an_action_of_another_commune_among_those_ticked_is_left_alone(
    action, elsewhere, alice, client_of
):
    ticked = [f"{action.pk}:1", f"{elsewhere.pk}:1"]

    response = client_of(alice).post(
        url("several", action.plan.collectivite_id),
        {"action": ticked, "status": "done"},
        follow=True,
    )

    elsewhere.refresh_from_db()
    assert elsewhere.status == "to_define"
    assert elsewhere.title not in response.content.decode()


def test_a_date_before_the_start_of_one_of_several_is_refused_for_all(plan, alice, client_of):
    early = ActionFactory(plan=plan)
    late = ActionFactory(plan=plan, starts_on=date(2028, 1, 1))

    response = client_of(alice).post(
        url("several", plan.collectivite_id),
        {"action": [f"{early.pk}:1", f"{late.pk}:1"], "due_on": "2027-01-01"},
        follow=True,
    )

    assert response.status_code == 200
    assert "avant le début" in response.content.decode()
    assert not Action.objects.exclude(due_on=None).exists()


@pytest.mark.parametrize("person", ["lea", "omar", "chloe", "nadia"])
def test_several_refuses_who_does_not_write(person, action, client_of, request):
    response = client_of(request.getfixturevalue(person)).post(
        url("several", action.plan.collectivite_id), {"action": f"{action.pk}:1", "status": "done"}
    )

    assert response.status_code == 404


# --- Notes, steps, indicators


def test_a_note_is_escaped_and_that_of_an_opsn_says_so(action, alice, omar, client_of):
    client_of(omar).post(url("note", action.pk), {"text": "<script>alert(1)</script>"})

    page = client_of(alice).get(url("action", action.pk)).content.decode()

    assert ActionNote.objects.get().for_opsn == action.plan.collectivite.opsn
    assert "&lt;script&gt;" in page
    assert '<span class="badge badge--info">OPSN du Nord</span>' in page


def test_a_note_is_kept_with_plain_line_ends(action, alice, client_of):
    client_of(alice).post(url("note", action.pk), {"text": AS_BROWSERS_SEND})

    assert action.notes.get().text == "D’abord.\n\nPuis."


@pytest.mark.parametrize(
    ("count", "words"),
    [(6, "Voir la note précédente<"), (7, "Voir les 2 notes précédentes<")],
)
def test_older_notes_are_counted(count, words, action, alice, client_of):
    for number in range(count):
        add_note(action=action, text=f"Note {number}", by=alice, at=NOON)

    page = client_of(alice).get(url("action", action.pk)).content.decode()

    assert words in page


def test_an_empty_note_is_told(action, alice, client_of):
    response = client_of(alice).post(url("note", action.pk), {"text": " "})

    assert "Écrivez la note avant de l’ajouter." in response.content.decode()
    assert not ActionNote.objects.exists()


def test_steps_are_ticked_added_moved_and_removed(action, alice, client_of):
    first, second = StepFactory(action=action, text="Un"), StepFactory(action=action, text="Deux")
    client = client_of(alice)

    client.post(url("tick", action.pk), {"step": [second.pk]})
    client.post(url("steps", action.pk), {"text": "Trois"})
    client.post(url("move_step", action.pk, second.pk))
    client.post(url("remove_step", action.pk, first.pk))

    steps = [(step.text, step.done_by) for step in action.steps.all()]
    assert steps == [("Deux", alice), ("Trois", None)]


def test_the_boxes_that_were_changed_are_saved_and_those_of_a_colleague_stay(
    action, alice, bob, client_of
):
    by_bob, by_alice, redone, undone_by_bob = (StepFactory(action=action) for _ in range(4))
    for step in (redone, undone_by_bob):
        tick_step(step=step, done=True, by=alice, at=NOON)
    page = client_of(alice).get(url("action", action.pk)).content.decode()
    shown_done = [int(pk) for pk in re.findall(r'name="done" value="(\d+)"', page)]
    tick_step(step=by_bob, done=True, by=bob, at=NOON)
    tick_step(step=undone_by_bob, done=False, by=bob, at=NOON)

    client_of(alice).post(
        url("tick", action.pk), {"step": [by_alice.pk, undone_by_bob.pk], "done": shown_done}
    )

    assert shown_done == [redone.pk, undone_by_bob.pk]
    assert [step.done_by for step in action.steps.all()] == [bob, alice, None, None]


@pytest.mark.parametrize(
    ("name", "here"),
    [
        ("edit", "Modifier"),
        ("history", "Historique"),
        ("steps", "Étapes"),
        ("new_indicator", "Nouvel indicateur"),
    ],
)
def test_a_page_below_an_action_says_where_it_is(name, here, action, alice, client_of):
    page = client_of(alice).get(url(name, action.pk)).content.decode()

    assert f'<a href="{url("action", action.pk)}">{action.reference}</a>' in page
    assert f'<li aria-current="page">{here}</li>' in page


def test_the_page_of_an_indicator_says_where_it_is(action, alice, client_of):
    indicator = IndicatorFactory(action=action)

    page = client_of(alice).get(url("indicator", indicator.pk)).content.decode()

    assert f'<li aria-current="page">{indicator.label}</li>' in page


@pytest.mark.parametrize("name", ["move_step", "remove_step"])
def test_a_step_of_another_action_does_not_exist_here(name, action, elsewhere, alice, client_of):
    theirs = StepFactory(action=elsewhere)

    assert client_of(alice).post(url(name, action.pk, theirs.pk)).status_code == 404
    assert client_of(alice).get(url(name, action.pk, theirs.pk)).status_code == 405


def test_an_indicator_is_added_aimed_measured_and_removed(action, alice, client_of):
    client = client_of(alice)
    client.post(
        url("new_indicator", action.pk), {"label": "Âge moyen", "unit": "ans", "baseline": "4,5"}
    )
    indicator = Indicator.objects.get()

    client.post(url("aim", indicator.pk), {"baseline": "4,5", "target": "6"})
    client.post(url("record", indicator.pk), {"on": "2027-01-31", "value": "5,25"})
    page = client.get(url("indicator", indicator.pk)).content.decode()

    assert "5,25" in page
    assert "<polyline" in page
    client.post(url("remove_indicator", indicator.pk))
    assert not Indicator.objects.exists()


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("record", {"on": "", "value": "1"}),
        ("record", {"on": "2027-01-01", "value": "x"}),
        ("aim", {"target": "x"}),
    ],
)
def test_what_is_wrong_about_an_indicator_is_told(name, sent, action, alice, client_of):
    indicator = IndicatorFactory(action=action)

    response = client_of(alice).post(url(name, indicator.pk), sent)

    assert response.status_code == 200
    assert "Quelque chose est à corriger" in response.content.decode()


@pytest.mark.parametrize("name", ["record", "aim", "remove_indicator"])
def test_indicators_are_for_writers_and_by_post(
    name, action, elsewhere, alice, lea, omar, client_of
):
    indicator, theirs = IndicatorFactory(action=action), IndicatorFactory(action=elsewhere)
    sent = {"on": "2027-01-01", "value": "1", "baseline": "1"}

    assert client_of(alice).get(url(name, indicator.pk)).status_code == 405
    for person, row in ((lea, indicator), (omar, indicator), (alice, theirs)):
        assert client_of(person).post(url(name, row.pk), sent).status_code == 404
    assert client_of(alice).get(url("indicator", theirs.pk)).status_code == 404
    assert Indicator.objects.count() == 2


# --- Loop


def test_a_done_action_leads_to_the_new_answer_and_writes_it_on_confirmation(
    commune, alice, client_of
):
    assessment = answered_commune(commune, alice, ACH1="non", ACH2="oui")
    client = client_of(alice)
    client.post(url("adopt", commune.pk), {"measure": ["M-ACH1"]})
    action = Action.objects.get()
    client.post(url("status", action.pk), {"status": "done", "version": 1})

    page = client.get(url("answers", action.pk))
    assert "L’indice passerait de 50 à <strong>100</strong>" in page.content.decode()
    client.post(url("answers", action.pk), {"vu": page.context["closing"].seen})

    assessment.refresh_from_db()
    assert assessment.index == 100
    assert client.get(url("answers", action.pk)).status_code == 302


def test_a_confirmation_of_something_else_writes_nothing(commune, alice, client_of):
    assessment = answered_commune(commune, alice, ACH1="non")
    client = client_of(alice)
    client.post(url("adopt", commune.pk), {"measure": ["M-ACH1"]})
    action = Action.objects.get()
    client.post(url("status", action.pk), {"status": "done", "version": 1})

    response = client.post(url("answers", action.pk), {"vu": "999;ACH1:7"}, follow=True)

    assert "ont changé depuis" in response.content.decode()
    assessment.refresh_from_db()
    assert assessment.index == 0


def test_the_page_of_an_action_asks_few_questions_of_the_database(
    action, alice, client_of, django_assert_max_num_queries
):
    client = client_of(alice)
    client.get(url("action", action.pk))
    for _ in range(3):
        StepFactory(action=action)
        ActionNote.objects.create(action=action, text="Note", author=alice)
    for n in range(3):
        IndicatorFactory(action=action, label=f"Indicateur {n}")

    with django_assert_max_num_queries(20):
        client.get(url("action", action.pk))
