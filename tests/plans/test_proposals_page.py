import pytest
from django.urls import reverse

from plans.models import Action, Plan, SetAside
from questions.closing import close_assessment
from questions.models import Assessment, Measure
from questions.results import results_of
from tests.plans.factories import ActionFactory, PlanFactory, answered_commune
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    MeasureFactory,
    QuestionFactory,
    answer,
)


def address(name, commune, *args) -> str:
    return reverse(f"plans:{name}", args=[commune.pk, *args])


@pytest.fixture
def assessment(commune, alice):
    return answered_commune(commune, alice, ACH1="non", ACH2="non", ACH3="oui")


def shown(response) -> list[str]:
    return [row.measure.code for row in response.context["rows"]]


def test_the_page_says_why_each_measure_is_proposed_and_what_it_brings(
    commune, alice, assessment, client_of
):
    response = client_of(alice).get(address("proposals", commune))

    rows = {row.measure.code: row for row in response.context["rows"]}
    assert set(rows) == {"M-ACH1", "M-ACH2"}
    assert [(r.question.code, r.said) for r in rows["M-ACH2"].reasons] == [("ACH2", "Non")]
    assert rows["M-ACH1"].brings == "+ 33 points"
    assert "Question ACH1 ?" in response.content.decode()


def test_who_only_reads_has_no_box_to_tick(commune, alice, lea, client_of):
    answered_commune(commune, alice, **{f"ACH{n}": "non" for n in range(8)})
    boxes = 'type="checkbox"'

    pages = [client_of(person).get(address("proposals", commune)) for person in (alice, lea)]

    assert [page.content.decode().count(boxes) for page in pages] == [8, 0]
    assert "Ajouter" not in pages[1].content.decode()


@pytest.mark.parametrize(
    ("unknown", "words"),
    [
        (["ACH2"], "1 «\u00a0Ne sait pas\u00a0» à revoir</a>\u00a0: il n’appelle pas de mesure"),
        (
            ["ACH2", "ACH3"],
            "2 «\u00a0Ne sait pas\u00a0» à revoir</a>\u00a0: ils n’appellent pas de mesure",
        ),
    ],
)
def test_a_do_not_know_is_to_look_up_before_it_calls_for_a_measure(
    unknown, words, commune, alice, client_of
):
    assessment = answered_commune(commune, alice, ACH1="non", **dict.fromkeys(unknown, "nsp"))

    response = client_of(alice).get(address("proposals", commune))

    assert shown(response) == ["M-ACH1"]
    assert reverse("questions:unknown", args=[assessment.pk]) in response.content.decode()
    assert words in response.content.decode()


def test_without_a_do_not_know_nothing_is_to_look_up(commune, alice, assessment, client_of):
    response = client_of(alice).get(address("proposals", commune))

    assert "Ne sait pas" not in response.content.decode()


def test_the_measures_and_their_order_are_those_of_the_results(commune, alice, client_of):
    answers = {"ACH1": "non", "ACH2": "nsp", "ACH3": "non", "ACH4": "oui", "ACH5": "non"}
    answered_commune(commune, alice, **answers)
    Measure.objects.filter(code="M-ACH1").update(gain="high", effort="high")
    Measure.objects.filter(code="M-ACH3").update(gain="low", cost="high")
    Measure.objects.filter(code="M-ACH5").update(gain="low")

    proposed = shown(client_of(alice).get(address("proposals", commune)))

    results = results_of(Assessment.objects.get())
    assert proposed == ["M-ACH5", "M-ACH3", "M-ACH1"]
    assert [proposal.measure.code for proposal in results.all_proposals] == proposed


def test_six_come_first_and_the_rest_is_folded(commune, alice, client_of):
    answered_commune(commune, alice, **{f"ACH{n}": "non" for n in range(8)})

    response = client_of(alice).get(address("proposals", commune))

    assert (len(response.context["first"]), len(response.context["rest"])) == (6, 2)
    assert "Voir les 2 autres mesures" in response.content.decode()


def test_one_measure_beyond_the_first_six_is_one(commune, alice, client_of):
    answered_commune(commune, alice, **{f"ACH{n}": "non" for n in range(7)})

    page = client_of(alice).get(address("proposals", commune)).content.decode()

    assert "Voir l’autre mesure" in page


def test_one_measure_alone_is_not_the_first_of_several(commune, alice, client_of):
    answered_commune(commune, alice, ACH1="non")

    page = client_of(alice).get(address("proposals", commune)).content.decode()

    assert "<strong>1 mesure</strong>." in page
    assert "Les premières" not in page


def test_filters_stand_in_the_address(commune, alice, assessment, client_of):
    client = client_of(alice)

    assert shown(client.get(address("proposals", commune), {"theme": "achats"})) != []
    assert shown(client.get(address("proposals", commune), {"cout": "high"})) == []
    assert shown(client.get(address("proposals", commune), {"effort": "n’importe quoi"})) != []


def test_without_answers_the_page_says_what_to_do(commune, alice, client_of):
    response = client_of(alice).get(address("proposals", commune))

    assert "Il manque vos réponses" in response.content.decode()


def test_what_is_in_the_plan_or_set_aside_is_no_longer_proposed(
    commune, alice, assessment, client_of
):
    client = client_of(alice)
    client.post(address("adopt", commune), {"measure": ["M-ACH1"]})
    client.post(address("set_aside", commune, "M-ACH2"), {"reason": "Trop tôt."})

    response = client.get(address("proposals", commune))

    assert shown(response) == []
    assert "Trop tôt." in response.content.decode()


def test_nothing_is_told_of_what_similar_collectivites_answered(
    commune, alice, assessment, client_of
):
    """A share of ten, of which the reader follows nine, tells what the tenth does: docs/decisions/0007-groups-of-five.md."""
    page = client_of(alice).get(address("proposals", commune)).context["rows"]
    for _ in range(10):
        similar = AssessmentFactory(questionnaire=assessment.questionnaire)
        answer(similar, by=alice, ACH1="non", ACH2="oui", ACH3="oui")
        close_assessment(assessment=similar, by=alice, at=MORNING)

    response = client_of(alice).get(address("proposals", commune))

    assert response.context["rows"] == page
    assert "semblables" not in response.content.decode()


def test_measures_are_adopted_several_at_once(commune, alice, assessment, client_of):
    response = client_of(alice).post(address("adopt", commune), {"measure": ["M-ACH1", "M-ACH2"]})

    assert response["Location"] == address("table", commune)
    actions = {a.measure.code: a.question_code for a in Action.objects.select_related("measure")}
    assert actions == {"M-ACH1": "ACH1", "M-ACH2": "ACH2"}


def test_all_the_measures_are_adopted_at_once(commune, alice, assessment, client_of):
    client = client_of(alice)
    client.post(address("set_aside", commune, "M-ACH2"), {"reason": "Trop tôt."})

    client.post(address("adopt", commune), {"toutes": "1"})

    assert [action.measure.code for action in Action.objects.all()] == ["M-ACH1"]


def test_the_same_form_sent_twice_adds_once(commune, alice, assessment, client_of):
    for _ in range(2):
        client_of(alice).post(address("adopt", commune), {"measure": ["M-ACH1"]})

    assert Action.objects.count() == 1


@pytest.mark.parametrize("codes", [[], ["INCONNUE"]])
def test_adopting_nothing_says_so(codes, commune, alice, assessment, client_of):
    response = client_of(alice).post(address("adopt", commune), {"measure": codes}, follow=True)

    assert "Cochez au moins une mesure." in response.content.decode()
    assert not Plan.objects.exists()


def test_a_retired_measure_is_neither_proposed_nor_adopted(commune, alice, assessment, client_of):
    Measure.objects.update(live=False)
    client = client_of(alice)

    assert shown(client.get(address("proposals", commune))) == []
    client.post(address("adopt", commune), {"measure": ["M-ACH1"]})
    assert not Action.objects.exists()


def test_an_opsn_proposes_and_does_not_adopt(commune, omar, assessment, client_of):
    client_of(omar).post(address("adopt", commune), {"measure": ["M-ACH1"]})

    action = Action.objects.get()
    assert (action.standing, action.proposed_by_opsn) == ("proposed", commune.opsn)


@pytest.mark.parametrize(
    ("person", "heading"),
    [
        ("alice", "Idées de votre OPSN, à décider"),
        ("lea", "Idées de votre OPSN, à décider"),
        ("omar", "Vos idées, que la commune n’a pas encore décidées"),
    ],
)
@pytest.mark.parametrize("answered", [True, False])
def test_what_the_opsn_proposes_of_its_own_waits_on_the_page(
    answered, person, heading, commune, omar, client_of, request
):
    if answered:
        answered_commune(commune, request.getfixturevalue("alice"), ACH1="non", ACH2="non")
    client_of(omar).post(
        address("new", commune),
        {"title": "Visiter le dépôt", "status": "todo", "priority": "high", "version": 0},
    )
    action = Action.objects.get()

    page = client_of(request.getfixturevalue(person)).get(address("proposals", commune))

    assert page.context["ideas"] == [action]
    assert heading in page.content.decode()
    assert reverse("plans:action", args=[action.pk]) in page.content.decode()


def test_an_idea_that_is_decided_or_is_a_measure_of_the_list_waits_no_more(
    commune, alice, omar, assessment, client_of
):
    client_of(omar).post(address("adopt", commune), {"measure": ["M-ACH1"]})
    plan = Plan.objects.get()
    decided = ActionFactory(plan=plan, number=99, proposed=True, proposed_by_opsn=commune.opsn)
    browser = client_of(alice)
    assert browser.get(address("proposals", commune)).context["ideas"] == [decided]

    browser.post(reverse("plans:accept", args=[decided.pk]))

    page = browser.get(address("proposals", commune))
    assert page.context["ideas"] == []
    assert "Idées de votre OPSN" not in page.content.decode()
    assert "M-ACH1" in shown(page)


def test_a_measure_is_set_aside_with_a_reason_only(commune, alice, assessment, client_of):
    client = client_of(alice)

    refused = client.post(address("set_aside", commune, "M-ACH1"), {"reason": " "})
    client.post(address("set_aside", commune, "M-ACH1"), {"reason": "<b>Trop</b> cher"})

    assert refused.status_code == 200
    assert SetAside.objects.get().reason == "<b>Trop</b> cher"
    assert (
        "&lt;b&gt;Trop&lt;/b&gt; cher" in client.get(address("proposals", commune)).content.decode()
    )
    client.post(address("propose_again", commune, "M-ACH1"))
    assert not SetAside.objects.exists()


def test_setting_aside_what_is_in_the_plan_is_refused(commune, alice, assessment, client_of):
    client = client_of(alice)
    client.post(address("adopt", commune), {"measure": ["M-ACH1"]})

    response = client.post(address("set_aside", commune, "M-ACH1"), {"reason": "Non."}, follow=True)

    assert "déjà dans le plan" in response.content.decode()


@pytest.mark.parametrize("name", ["adopt", "propose_again", "set_target"])
def test_acts_refuse_get(name, commune, alice, assessment, client_of):
    args = ["M-ACH1"] if name == "propose_again" else []

    assert client_of(alice).get(address(name, commune, *args)).status_code == 405


@pytest.mark.parametrize("person", ["lea", "chloe", "sonia", "nadia", "paul", "lone"])
@pytest.mark.parametrize("name", ["adopt", "set_aside", "propose_again", "set_target"])
def test_acts_refuse_who_does_not_write(
    name, person, commune, alice, assessment, client_of, request
):
    args = ["M-ACH1"] if name in {"set_aside", "propose_again"} else []
    user = request.getfixturevalue(person)
    body = {"measure": ["M-ACH1"], "reason": "Non.", "indice": "60"}

    assert client_of(user).post(address(name, commune, *args), body).status_code == 404
    assert not Plan.objects.exists()


def test_the_opsn_sets_nothing_aside_and_fixes_no_target(commune, omar, assessment, client_of):
    client = client_of(omar)

    assert client.post(address("set_aside", commune, "M-ACH1"), {"reason": "x"}).status_code == 404
    assert client.post(address("set_target", commune), {"indice": "60"}).status_code == 404


# --- Target


def test_the_target_page_proposes_the_least_effort_and_simulates_what_is_ticked(
    commune, alice, assessment, client_of
):
    client = client_of(alice)

    aim = client.get(address("target", commune), {"lettre": "B"}).context["aim"]
    other = client.get(
        address("target", commune), {"indice": "60", "choix": "1", "m": ["M-ACH1", "M-ACH2"]}
    ).context["aim"]

    assert (aim.target, aim.index, aim.reached, len(aim.ticked)) == (60, 67, True, 1)
    assert (other.index, len(other.ticked), str(other.letter)) == (100, 2, "A")


def test_the_target_page_says_what_each_measure_brings(commune, alice, assessment, client_of):
    page = client_of(alice).get(address("target", commune))

    assert [choice.brings for choice in page.context["aim"].choices] == ["+ 33 points"] * 2
    assert page.content.decode().count("+ 33 points") == 2


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        (["M-ACH1"], "Ajouter au plan cette mesure<"),
        (["M-ACH1", "M-ACH2"], "Ajouter au plan ces 2 mesures<"),
    ],
)
def test_what_is_ticked_is_counted(ticked, words, commune, alice, assessment, client_of):
    response = client_of(alice).get(address("target", commune), {"choix": "1", "m": ticked})

    assert words in response.content.decode()


def test_the_only_measure_of_a_way_that_falls_short_is_one(commune, alice, client_of):
    answered_commune(commune, alice, ACH1="non", ACH2="non")
    client_of(alice).post(address("set_aside", commune, "M-ACH2"), {"reason": "Trop tôt."})

    page = client_of(alice).get(address("target", commune), {"indice": "90"}).content.decode()

    assert "voici celle qui mène le plus haut, à 50" in page


def test_nothing_ticked_simulates_the_plan_alone(commune, alice, assessment, client_of):
    ActionFactory(plan=PlanFactory(collectivite=commune))

    aim = client_of(alice).get(address("target", commune), {"choix": "1"}).context["aim"]

    assert (aim.index, aim.ticked) == (33, [])


def test_a_measure_of_somebody_else_or_unknown_simulates_nothing(
    commune, alice, assessment, client_of
):
    response = client_of(alice).get(address("target", commune), {"choix": "1", "m": ["X", "'"]})

    assert response.context["aim"].index == 33


@pytest.mark.parametrize("value", ["0", "101", "abc", "-5"])
def test_a_target_that_makes_no_sense_is_told(value, commune, alice, assessment, client_of):
    response = client_of(alice).get(address("target", commune), {"indice": value})

    assert response.context["form"].errors
    assert (
        client_of(alice).post(address("set_target", commune), {"indice": value}).status_code == 404
    )


def test_the_commune_fixes_its_target(commune, alice, assessment, client_of):
    client = client_of(alice)

    client.post(address("set_target", commune), {"indice": "60"})

    assert Plan.objects.get().target_index == 60
    assert client.get(address("target", commune)).context["aim"].target == 60


@pytest.mark.parametrize("name", ["proposals", "target"])
@pytest.mark.parametrize("person", ["chloe", "sonia", "paul", "lone", "editor"])
def test_other_people_do_not_read_them(name, person, commune, assessment, client_of, request):
    response = client_of(request.getfixturevalue(person)).get(address(name, commune))

    assert response.status_code == 404


@pytest.mark.parametrize("name", ["proposals", "target"])
def test_the_number_of_queries_does_not_follow_the_number_of_measures(
    name, commune, other_commune, alice, client_of, django_assert_max_num_queries
):
    client = client_of(alice)
    answered_commune(commune, alice, ACH1="non")
    client.get(address(name, commune))
    with django_assert_max_num_queries(20) as one:
        client.get(address(name, commune))
    theme = commune.assessments.get().questionnaire.themes.get()
    for code in ("ACH2", "ACH3"):
        QuestionFactory(theme=theme, code=code, measures=[MeasureFactory(code=f"M-{code}")])
        answer(commune.assessments.get(), by=alice, **{code: "non"})

    with django_assert_max_num_queries(20) as three:
        response = client.get(address(name, commune))

    assert response.status_code == 200
    assert len(three) == len(one)


def test_a_lecteur_reads_proposals_without_buttons(commune, lea, assessment, client_of):
    page = client_of(lea).get(address("proposals", commune)).content.decode()

    assert "M-ACH1" in page
    assert "Ajouter au plan" not in page
