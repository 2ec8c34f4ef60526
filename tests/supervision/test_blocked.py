"""Who is stuck: since when, at which question, with how many « ne sait pas », and what was done about it."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from supervision.blocked import BlockedFilters, blocked_page
from supervision.models import Assignment, Relaunch, VisitNote
from supervision.territory import Territory
from territories.models import OpsnMember
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

PAGE = "/opsn/bloquees/"
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def stuck(edition):
    """Return an assessment begun, and left, thirty days ago: `stuck(commune, ACH1="oui")`."""

    def make(commune, *, at=LONG_AGO, **answers):
        assessment = AssessmentFactory(
            collectivite=commune, questionnaire=edition, opened_at=at, asked=3
        )
        if answers:
            answer(assessment, at=at, **answers)
        return assessment

    return make


def lines(opsn, **data) -> list:
    query = QueryDict(mutable=True)
    query.update(data)
    rows = BlockedFilters(query, Territory(opsn)).rows(at=timezone.now())
    return blocked_page(rows.values_list("pk", flat=True), today=timezone.localdate())


def test_it_says_at_which_question_one_stopped_and_what_is_not_known(opsn, commune, stuck):
    stuck(commune, ACH1="nsp")

    (line,) = lines(opsn)

    assert (line.question.code, line.assessment.unknown, line.assessment.last) == (
        "ACH2",
        1,
        LONG_AGO,
    )


def test_when_all_is_answered_there_is_only_to_close(opsn, commune, stuck):
    stuck(commune, ACH1="oui", ACH2="oui", PAR1="oui")

    assert lines(opsn)[0].question is None


def test_a_carried_answer_is_the_one_to_confirm(opsn, commune, stuck):
    assessment = stuck(commune, ACH1="oui", ACH2="oui", PAR1="oui")
    assessment.answers.filter(question__code="PAR1").update(to_confirm=True)

    (line,) = lines(opsn)

    assert (line.question.code, line.waits_to_be_confirmed) == ("PAR1", True)


def test_the_delay_is_chosen(opsn, commune, stuck):
    stuck(commune, at=timezone.now() - timedelta(days=10))

    assert len(lines(opsn)) == 0
    assert len(lines(opsn, depuis="7")) == 1
    assert len(lines(opsn, depuis="60")) == 0


def test_closed_provisional_and_those_of_elsewhere_are_not_there(
    opsn, commune, other_commune, paul, stuck, assess
):
    stuck(other_commune)
    assess(commune, closed=True)
    assess(commune, provisional_for=paul, opened_at=LONG_AGO)

    assert lines(opsn) == []


def test_an_adviser_sees_his_own(opsn, commune, omar, villages, stuck):
    other = villages(1)[0]
    stuck(commune)
    stuck(other)
    member = OpsnMember.objects.get(user=omar)
    Assignment.objects.create(collectivite=commune, adviser=member)

    assert [x.assessment.collectivite for x in lines(opsn, conseiller=member.pk)] == [commune]


def test_the_last_relaunch_and_the_next_visit_stand_beside(opsn, commune, omar, stuck):
    stuck(commune)
    today = timezone.localdate()
    for days in (40, 20):
        Relaunch.objects.create(
            collectivite=commune, opsn=opsn, day=today - timedelta(days=days), text="x"
        )
    for days in (-5, 9, 3):
        VisitNote.objects.create(
            collectivite=commune, opsn=opsn, author=omar, text="x",
            visited_on=today - timedelta(days=10), next_visit_on=today + timedelta(days=days),
        )  # fmt: skip

    (line,) = lines(opsn)

    assert line.assessment.relaunched_on == today - timedelta(days=20)
    assert line.assessment.next_visit_on == today + timedelta(days=3)


class TestPage:
    def test_one_reads_it_and_goes_to_relaunch(self, client_of, omar, commune, stuck):
        stuck(commune, ACH1="oui")

        page = client_of(omar).get(PAGE).content.decode()

        assert "Question ACH2 ?" in page
        assert 'formaction="/opsn/collectivites/relancer/"' in page

    def test_after_the_relaunch_one_comes_back_to_it(
        self, client_of, omar, commune, alice, stuck, mails
    ):
        stuck(commune, ACH1="oui")
        browser = client_of(omar)
        here = f"{PAGE}?depuis=7"
        assert f'name="retour" value="{here}"' in browser.get(here).content.decode()

        with mails:
            data = {"c": commune.pk, "text": "Venez", "etape": "envoyer", "retour": here}
            response = browser.post("/opsn/collectivites/relancer/", data)

        assert response.url == here

    def test_the_home_page_leads_to_it_even_with_nobody(self, client_of, omar, commune):
        assert f'href="{PAGE}"' in client_of(omar).get("/opsn/").content.decode()

    def test_with_nobody_it_says_so(self, client_of, omar, commune):
        assert "Personne n’est bloqué" in client_of(omar).get(PAGE).content.decode()

    def test_it_only_reads(self, client_of, omar):
        assert client_of(omar).post(PAGE).status_code == 405

    @pytest.mark.parametrize("name", ["alice", "lone"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, name):
        assert client_of(request.getfixturevalue(name)).get(PAGE).status_code == 404

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("level", [1, 2])
    def test_queries_do_not_grow_with_rows(
        self, client_of, omar, opsn, count, level, django_assert_max_num_queries
    ):
        edition = QuestionnaireFactory(level=level, content={"parc": ["PAR8", "PAR9"]})
        for _ in range(count):
            commune = CollectiviteFactory(opsn=opsn)
            AssessmentFactory(
                collectivite=commune, questionnaire=edition, level=level, opened_at=LONG_AGO
            )
        browser = client_of(omar)
        browser.get(PAGE)

        with django_assert_max_num_queries(20):
            page = browser.get(PAGE, {"niveau": level})
        assert len(page.context["lines"]) == count
