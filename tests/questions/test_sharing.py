"""Who takes what: a theme or a question in the hands of somebody of the team."""

import pytest
from django.urls import reverse

from questions.answering import AssessmentClosed
from questions.enums import AssessmentState
from questions.models import Answer, Question, Share, Theme
from questions.sharing import share, take_back
from questions.team import NotInTheTeam, team_of
from territories.enums import MemberRole, MemberState
from territories.models import CollectiviteMember
from tests.questions.factories import MORNING, accompanied, answer
from tests.territories.factories import CollectiviteFactory


def theme(code="achats") -> Theme:
    return Theme.objects.get(code=code)


def question(code="ACH1") -> Question:
    return Question.objects.get(code=code)


def sharing(assessment) -> str:
    return reverse("questions:sharing", args=[assessment.pk])


def of_theme(assessment, code="achats") -> str:
    return reverse("questions:share_theme", args=[assessment.pk, code])


def of_question(assessment, code="ACH1") -> str:
    return reverse("questions:share_question", args=[assessment.pk, question(code).pk])


def close(assessment) -> None:
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()


def test_a_theme_is_given_to_a_colleague_who_gets_a_mail(together, alice, bob, client_of, mails):
    with mails:
        client_of(alice).post(of_theme(together), {"person": bob.pk})

    (mail,) = mails.sent
    given = Share.objects.get()
    assert (given.theme, given.question, given.person, given.shared_by) == (
        theme(),
        None,
        bob,
        alice,
    )
    assert mail.to == [bob.email]
    assert (
        mail.subject
        == "Alice Martin vous confie le thème «\u00a0Achats\u00a0» – Valmont-sur-Claire"
    )
    assert reverse("questions:my_questions") in mail.body
    assert f"/espace/evaluations/{together.pk}/themes/achats/" in mail.body
    assert mail.alternatives[0][1] == "text/html"


def test_one_question_is_given_to_the_adviser(together, alice, omar, client_of, mails):
    with mails:
        client_of(alice).post(of_question(together), {"person": omar.pk})

    (mail,) = mails.sent
    assert Share.objects.get().question == question()
    assert mail.to == [omar.email]
    assert f"#q{question().pk}" in mail.body


def test_the_same_share_twice_is_one_and_tells_once(together, alice, bob, client_of, mails):
    """The same form sent twice."""
    client = client_of(alice)

    with mails:
        for _ in range(2):
            client.post(of_theme(together), {"person": bob.pk})

    assert Share.objects.count() == 1
    assert mails.to == [bob.email]


def test_another_person_takes_over(together, alice, bob, omar):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    share(assessment=together, theme=theme(), person=omar, by=bob, at=MORNING)

    given = Share.objects.get()
    assert (given.person, given.shared_by) == (omar, bob)


def test_a_share_is_taken_back(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)

    client_of(alice).post(of_theme(together), {"person": ""})

    assert not Share.objects.exists()


def test_taking_back_a_theme_leaves_its_questions_where_they_are(together, alice, bob):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    share(assessment=together, question=question(), person=bob, by=alice, at=MORNING)

    take_back(assessment=together, theme=theme())

    assert Share.objects.get().question == question()


def test_what_one_takes_for_oneself_sends_no_mail(together, alice, client_of, mails):
    with mails:
        client_of(alice).post(of_theme(together), {"person": alice.pk})

    assert mails.sent == []
    assert Share.objects.get().person == alice


@pytest.mark.parametrize("who", ["lea", "chloe", "sonia", "paul", "lone", "nadia"])
def test_nothing_is_given_to_who_does_not_answer(request, together, alice, client_of, who):
    """The id of somebody else in the body."""
    person = request.getfixturevalue(who)

    response = client_of(alice).post(of_theme(together), {"person": person.pk}, follow=True)

    html = response.content.decode()
    assert not Share.objects.exists()
    assert "Choisissez une personne de l’équipe" in html
    assert person.email not in html


def test_the_act_refuses_a_stranger_by_itself(together, alice, chloe):
    with pytest.raises(NotInTheTeam):
        share(assessment=together, theme=theme(), person=chloe, by=alice, at=MORNING)


@pytest.mark.parametrize("who", ["lea", "nadia", "chloe", "sonia", "paul", "lone"])
def test_who_does_not_answer_gives_nothing(request, together, bob, client_of, who):
    client = client_of(request.getfixturevalue(who))

    for address in (of_theme(together), of_question(together)):
        assert client.post(address, {"person": bob.pk}).status_code == 404
    assert not Share.objects.exists()


def test_the_adviser_gives_a_theme(together, omar, bob, client_of):
    client_of(omar).post(of_theme(together), {"person": bob.pk})

    assert Share.objects.get().shared_by == omar


def test_giving_refuses_get(together, alice, client_of):
    client = client_of(alice)

    assert client.get(of_theme(together)).status_code == 405
    assert client.get(of_question(together)).status_code == 405


def test_a_closed_assessment_is_shared_no_more(together, alice, bob, client_of):
    close(together)

    response = client_of(alice).post(of_theme(together), {"person": bob.pk}, follow=True)

    assert "Cette évaluation est clôturée" in response.content.decode()
    assert not Share.objects.exists()
    with pytest.raises(AssessmentClosed):
        take_back(assessment=together, theme=theme())


def test_level_one_has_no_team(assessment, alice, bob, client_of):
    client = client_of(alice)

    assert client.get(sharing(assessment)).status_code == 404
    assert client.post(of_theme(assessment), {"person": bob.pk}).status_code == 404


def test_a_question_of_another_edition_is_not_given(together, assessment, alice, bob, client_of):
    stranger = Question.objects.get(code="ACH1", theme__questionnaire=assessment.questionnaire)
    url = reverse("questions:share_question", args=[together.pk, stranger.pk])

    assert client_of(alice).post(url, {"person": bob.pk}).status_code == 404


def test_the_page_says_who_has_what_and_who_left(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    client = client_of(alice)
    assert "n’est plus dans l’équipe" not in client.get(sharing(together)).content.decode()

    CollectiviteMember.objects.filter(user=bob).update(state=MemberState.LEFT)

    html = client.get(sharing(together)).content.decode()
    assert "Bob Martin n’est plus dans l’équipe\u00a0: confiez sa part à quelqu’un d’autre." in html


def test_who_becomes_a_reader_is_said_to_have_left_her_part(together, alice, bob, client_of):
    share(assessment=together, question=question(), person=bob, by=alice, at=MORNING)
    CollectiviteMember.objects.filter(user=bob).update(role=MemberRole.LECTEUR)

    html = client_of(alice).get(sharing(together)).content.decode()

    assert "Bob Martin n’est plus dans l’équipe" in html


@pytest.mark.parametrize("who", ["lea", "nadia"])
def test_who_reads_sees_who_has_what_and_no_form(request, together, alice, bob, client_of, who):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)

    html = client_of(request.getfixturevalue(who)).get(sharing(together)).content.decode()

    assert "Bob Martin" in html
    assert "Confier<" not in html


# --- The team


def test_the_team_is_the_members_then_the_advisers(together, alice, bob, lea, paul, omar):
    team = team_of(together)

    assert [(mate.user, mate.is_adviser, mate.answers) for mate in team] == [
        (alice, False, True),
        (bob, False, True),
        (lea, False, False),
        (omar, True, True),
    ]
    assert str(team[-1]) == "Omar Martin, conseiller, OPSN du Nord"


@pytest.mark.parametrize("field", ["active", "offers_level_two"])
def test_an_opsn_that_does_not_accompany_gives_no_adviser(together, alice, omar, opsn, field):
    setattr(opsn, field, False)
    opsn.save()
    together.refresh_from_db()

    assert [mate.user for mate in team_of(together)] == [alice]


def test_a_collectivite_without_opsn_has_no_adviser(together, alice, omar):
    together.collectivite.opsn = None
    together.collectivite.save()

    assert [mate.user for mate in team_of(together)] == [alice]


# --- My questions


def mine(client) -> str:
    return client.get(reverse("questions:my_questions")).content.decode()


def test_my_questions_are_those_of_my_themes_without_an_answer_first(
    together, alice, bob, client_of
):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    answer(together, by=alice, ACH1="oui")

    html = mine(client_of(bob))

    assert "1 sans réponse" in html
    assert html.index("Question ACH2 ?") < html.index("1 avec une réponse")
    assert html.index("1 avec une réponse") < html.index("Question ACH1 ?")
    assert "Question PAR1 ?" not in html


def test_my_questions_tell_those_to_confirm_apart(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    answer(together, by=alice, ACH1="oui")
    Answer.objects.update(to_confirm=True)

    html = mine(client_of(bob))

    assert "<h3>1 sans réponse, 1 à confirmer</h3>" in html
    assert "Question ACH1 ?" in html


def test_a_question_given_apart_leaves_the_part_of_its_theme(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    share(assessment=together, question=question(), person=alice, by=bob, at=MORNING)

    assert "Question ACH1 ?" not in mine(client_of(bob))
    assert "Question ACH1 ?" in mine(client_of(alice))


def test_nobody_sees_the_part_of_another(together, together_elsewhere, alice, chloe, client_of):
    share(assessment=together_elsewhere, theme=theme(), person=chloe, by=chloe, at=MORNING)

    html = mine(client_of(alice))

    assert "Personne ne vous a rien confié" in html
    assert "Épine" not in html


def test_who_left_has_no_part_any_more(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    CollectiviteMember.objects.filter(user=bob).update(state=MemberState.LEFT)

    html = mine(client_of(bob))

    assert "Personne ne vous a rien confié" in html
    assert "Valmont" not in html


def test_a_closed_assessment_asks_nothing_more(together, alice, bob, client_of):
    share(assessment=together, theme=theme(), person=bob, by=alice, at=MORNING)
    close(together)

    assert "Personne ne vous a rien confié" in mine(client_of(bob))


def test_my_questions_refuse_post(alice, client_of):
    assert client_of(alice).post(reverse("questions:my_questions")).status_code == 405


def give(assessment, alice, bob, count):
    for code in ("ACH1", "ACH2", "PAR1")[:count]:
        share(assessment=assessment, question=question(code), person=bob, by=alice, at=MORNING)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_shares_costs_the_same(
    together, alice, bob, client_of, django_assert_max_num_queries, count
):
    give(together, alice, bob, count)
    client = client_of(alice)
    client.get("/compte/")

    with django_assert_max_num_queries(20):
        assert client.get(sharing(together)).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_my_questions_cost_the_same_whatever_the_communes(
    team_edition, opsn, omar, client_of, django_assert_max_num_queries, count
):
    for _ in range(count):
        assessment = accompanied(team_edition, CollectiviteFactory(opsn=opsn))
        share(assessment=assessment, theme=theme(), person=omar, by=omar, at=MORNING)
    client = client_of(omar)
    client.get("/compte/")

    with django_assert_max_num_queries(14):
        html = mine(client)
    assert html.count("2 sans réponse") == count


def test_an_adviser_sees_his_part_of_each_commune(
    team_edition, together, omar, other_commune, opsn, alice, client_of
):
    other_commune.opsn = opsn
    other_commune.save()
    other = accompanied(team_edition, other_commune)
    for assessment in (together, other):
        share(assessment=assessment, theme=theme(), person=omar, by=omar, at=MORNING)

    html = mine(client_of(omar))

    assert "Valmont-sur-Claire" in html
    assert "L’Épine &amp; Cœur" in html
