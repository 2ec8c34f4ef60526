"""The themes that collectivités asked their adviser to review, in his console."""

import pytest

from questions.enums import AssessmentState, Level
from questions.models import Theme
from questions.reviewing import submit_theme
from tests.questions.factories import MORNING, QuestionnaireFactory, accompanied
from tests.territories.factories import MemberFactory

pytestmark = pytest.mark.django_db

PAGE = "/opsn/relectures/"
HOME = "/opsn/"


@pytest.fixture
def ask():
    """Return a function that asks for the review of the theme of a commune's level 2."""
    edition = QuestionnaireFactory(level=Level.TWO, content={"achats": ["ACH1"]})

    def submitted(commune):
        assessment = accompanied(edition, commune)
        by = MemberFactory(collectivite=commune).user
        theme = Theme.objects.get(questionnaire=edition)
        submit_theme(assessment=assessment, theme=theme, by=by, at=MORNING)
        return assessment

    return submitted


@pytest.mark.parametrize("address", [PAGE, HOME])
@pytest.mark.parametrize("who", ["omar", "nadia"])
def test_a_theme_to_review_is_listed_and_leads_to_its_page(
    request, client_of, commune, ask, who, address
):
    assessment = ask(commune)

    html = client_of(request.getfixturevalue(who)).get(address).content.decode()

    assert "Valmont-sur-Claire\u00a0: Achats" in html
    assert f"/espace/evaluations/{assessment.pk}/themes/achats/" in html


@pytest.mark.parametrize("address", [PAGE, HOME])
def test_that_of_another_territory_is_not(client_of, sonia, commune, ask, address):
    ask(commune)

    assert "Valmont" not in client_of(sonia).get(address).content.decode()


@pytest.mark.parametrize("who", ["alice", "chloe", "paul", "lone", "editor"])
def test_nobody_else_opens_the_list(request, client_of, commune, ask, who):
    ask(commune)
    response = client_of(request.getfixturevalue(who)).get(PAGE)

    assert response.status_code == 404
    assert "Valmont-sur-Claire\u00a0: Achats" not in response.content.decode()


def test_a_closed_assessment_waits_no_more(client_of, omar, commune, ask):
    assessment = ask(commune)
    assessment.state, assessment.closed_at = AssessmentState.CLOSED, MORNING
    assessment.save()

    assert "Rien à relire" in client_of(omar).get(PAGE).content.decode()


def test_a_commune_that_moved_takes_its_reviews_along(client_of, omar, sonia, commune, ask):
    ask(commune)
    commune.opsn = sonia.opsn_memberships.get().opsn
    commune.save()

    assert "Valmont" not in client_of(omar).get(PAGE).content.decode()
    assert "Valmont" in client_of(sonia).get(PAGE).content.decode()


def test_the_list_refuses_post(client_of, omar, opsn):
    assert client_of(omar).post(PAGE).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    client_of, omar, villages, ask, rows, django_assert_max_num_queries
):
    for village in villages(rows):
        ask(village)
    browser = client_of(omar)
    browser.get(HOME)

    with django_assert_max_num_queries(9):
        assert browser.get(PAGE).content.decode().count("\u00a0: Achats") == rows
