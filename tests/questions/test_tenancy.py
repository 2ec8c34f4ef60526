"""What is of another collectivité does not exist, by any address and any method."""

import pytest
from django.urls import reverse

from questions.enums import AssessmentState
from questions.models import Answer, Assessment, Question
from territories.models import AuditEntry
from tests.questions.factories import (
    AssessmentFactory,
    QuestionFactory,
    QuestionnaireFactory,
    answer,
)

READ = ["resume", "theme", "explain", "unknown", "results", "evolution"]
WRITTEN = ["theme", "answer", "close", "reopen"]
EXPORTED = ["export_xlsx", "export_csv"]
OUTSIDERS = ["chloe", "sonia", "paul", "lone", "editor"]
READERS = ["lea", "omar", "nadia"]


def address(name: str, assessment) -> str:
    question = Question.objects.get(code="ACH1")
    extra = {"theme": ["achats"], "explain": [question.pk], "answer": [question.pk]}
    return reverse(f"questions:{name}", args=[assessment.pk, *extra.get(name, [])])


def body() -> dict:
    return {f"q{Question.objects.get(code='ACH1').pk}-state": "non"}


@pytest.fixture
def answered(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="oui", PAR1="oui")
    return assessment


def untouched(assessment) -> bool:
    assessment.refresh_from_db()
    answers = set(Answer.objects.values_list("choice", "version"))
    return (
        assessment.state == AssessmentState.OPEN
        and answers == {("oui", 1)}
        and Assessment.objects.count() == 1
        and AuditEntry.objects.count() == 0
    )


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_reads_nothing(request, answered, client_of, who, name):
    client = client_of(request.getfixturevalue(who))

    response = client.get(address(name, answered))

    assert response.status_code == 404
    assert "Valmont" not in response.content.decode()


@pytest.mark.parametrize("name", WRITTEN + EXPORTED)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_outsider_changes_and_takes_nothing(request, answered, client_of, who, name):
    client = client_of(request.getfixturevalue(who))

    response = client.post(address(name, answered), body())

    assert response.status_code == 404
    assert untouched(answered)


@pytest.mark.parametrize("name", sorted({*READ, *WRITTEN, *EXPORTED}))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_sent_to_the_login_page(answered, client_of, name, method):
    response = getattr(client_of(), method)(address(name, answered), body())

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))
    assert untouched(answered)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("who", READERS)
def test_who_only_reads_changes_nothing(request, answered, client_of, who, name):
    client = client_of(request.getfixturevalue(who))

    response = client.post(address(name, answered), body())

    assert response.status_code == 404
    assert untouched(answered)


@pytest.mark.parametrize("name", [n for n in READ if n != "resume"])
@pytest.mark.parametrize("who", ["alice", "bob", *READERS])
def test_those_who_may_read_do(request, answered, client_of, who, name):
    assert client_of(request.getfixturevalue(who)).get(address(name, answered)).status_code == 200


@pytest.mark.parametrize("name", ["answer", "reopen", *EXPORTED])
def test_what_acts_refuses_get(answered, alice, client_of, name):
    assert client_of(alice).get(address(name, answered)).status_code == 405


@pytest.mark.parametrize("name", ["results", "evolution", "unknown", "explain", "resume"])
def test_what_shows_refuses_post(answered, alice, client_of, name):
    assert client_of(alice).post(address(name, answered)).status_code == 405


@pytest.mark.parametrize("name", [*READ, *EXPORTED])
def test_a_provisional_one_does_not_exist_for_its_own_commune(
    edition, commune, paul, alice, client_of, name
):
    provisional = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul
    )
    method = "post" if name in EXPORTED else "get"

    assert getattr(client_of(alice), method)(address(name, provisional)).status_code == 404


def test_a_body_that_names_others_changes_nothing_of_theirs(
    assessment, foreign_assessment, alice, chloe, client_of
):
    answer(foreign_assessment, by=chloe, ACH1="oui")
    extra = {
        "assessment": foreign_assessment.pk,
        "collectivite": foreign_assessment.collectivite_id,
        "author": chloe.pk,
        "state": "closed",
        "to_confirm": "on",
    }

    client_of(alice).post(address("answer", assessment), body() | extra)

    assert Answer.objects.get(assessment=foreign_assessment).choice == "oui"
    mine = Answer.objects.get(assessment=assessment)
    assert (mine.choice, mine.author, mine.to_confirm) == ("non", alice, False)


def test_a_question_of_another_edition_does_not_exist_here(assessment, alice, client_of):
    other = QuestionnaireFactory(edition="2031", state="draft")
    stranger = QuestionFactory(theme__questionnaire=other)
    client = client_of(alice)

    for name, method in (("answer", "post"), ("explain", "get")):
        url = reverse(f"questions:{name}", args=[assessment.pk, stranger.pk])
        data = {f"q{stranger.pk}-state": "oui"}
        assert getattr(client, method)(url, data).status_code == 404
    client.post(address("theme", assessment), {f"q{stranger.pk}-state": "oui"})
    assert Answer.objects.count() == 0


def test_beginning_opens_for_ones_own_collectivite_whatever_is_posted(
    edition, commune, other_commune, alice, client_of
):
    client_of(alice).post(reverse("questions:begin"), {"collectivite": other_commune.pk})

    assert Assessment.objects.get().collectivite == commune


def test_who_has_left_is_refused_at_the_next_request(answered, bob, client_of):
    client = client_of(bob)
    assert client.get(address("results", answered)).status_code == 200

    bob.memberships.update(state="left")

    assert client.get(address("results", answered)).status_code == 404
