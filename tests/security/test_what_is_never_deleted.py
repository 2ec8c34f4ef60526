"""What has answers stays, whichever screen is asked; old results do not move."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from accounts.models import User
from questions.models import Answer, Assessment, Question, Questionnaire
from territories.models import Collectivite
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(commune, bob):
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    answer(assessment, by=bob, ACH1="oui")
    assessment.refresh_from_db()
    return assessment


def test_the_account_of_who_answered_is_not_deleted_from_the_back_office(
    client_of, root, bob, answered
):
    response = client_of(root).post(
        reverse("wagtailusers_users:delete", args=[bob.pk]), follow=True
    )

    assert "a un historique" in response.content.decode()
    assert User.objects.filter(pk=bob.pk).exists()
    assert Answer.objects.get().author == bob


def test_nor_many_accounts_at_once(client_of, root, bob, answered):
    path = reverse("wagtail_bulk_action", args=["accounts", "user", "delete"])

    response = client_of(root).post(f"{path}?id={bob.pk}", follow=True)

    assert "a un historique" in response.content.decode()
    assert User.objects.filter(pk=bob.pk).exists()


def test_an_account_that_did_nothing_is_deleted(client_of, root, lone):
    client_of(root).post(reverse("wagtailusers_users:delete", args=[lone.pk]))

    assert not User.objects.filter(pk=lone.pk).exists()


@pytest.mark.parametrize("what", [Question, Questionnaire, Collectivite])
def test_the_database_holds_what_an_answer_stands_on(answered, what):
    with pytest.raises(ProtectedError):
        what._base_manager.filter(
            pk__in={
                Question: [answered.answers.get().question_id],
                Questionnaire: [answered.questionnaire_id],
                Collectivite: [answered.collectivite_id],
            }[what]
        ).delete()

    assert Assessment.objects.get().index == 100


@pytest.mark.parametrize("what", ["question", "questionnaire", "theme"])
@pytest.mark.parametrize("by", ["root", "nadia", "editor"])
def test_no_screen_of_the_back_office_deletes_a_part_of_a_published_edition(
    request, client_of, answered, what, by
):
    question = answered.answers.get().question
    rows = {
        "question": question,
        "questionnaire": answered.questionnaire,
        "theme": question.theme,
    }
    row = rows[what]
    browser = client_of(request.getfixturevalue(by), raise_request_exception=False)

    response = browser.post(reverse(f"wagtailsnippets_questions_{what}:delete", args=[str(row.pk)]))

    assert response.status_code in (200, 302, 403, 404)
    assert type(row)._base_manager.filter(pk=row.pk).exists()
    assert Answer.objects.count() == 1
