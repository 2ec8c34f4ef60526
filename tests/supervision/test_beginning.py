"""An adviser opens and begins the level 2 of a collectivité, in its name and visibly."""

import pytest

from questions.enums import AssessmentState, Channel, Level
from questions.models import Answer, Assessment
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offering(opsn):
    opsn.offers_level_two = True
    opsn.save()
    return opsn


@pytest.fixture
def edition_two(db):
    return QuestionnaireFactory(level=Level.TWO, content={"achats": ["ACH1", "ACH9"]})


def page(collectivite) -> str:
    return f"/opsn/collectivites/{collectivite.pk}/niveau-2/"


def fiche(client, collectivite) -> str:
    return client.get(f"/opsn/collectivites/{collectivite.pk}/").content.decode()


@pytest.mark.usefixtures("offering", "edition_two")
def test_an_adviser_opens_and_begins_in_one_go(
    client_of, omar, alice, commune, assess, mailoutbox, django_capture_on_commit_callbacks
):
    one = assess(commune, closed=True)
    one.state = AssessmentState.OPEN
    one.save()
    answer(one, by=alice, ACH1="non")
    client = client_of(omar)
    assert f'{page(commune)}">Commencer le niveau 2 en son nom' in fiche(client, commune)
    assert "Ouvrir et commencer le niveau 2" in client.get(page(commune)).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(page(commune))

    two = Assessment.objects.get(level=Level.TWO)
    assert response.url == f"/espace/evaluations/{two.pk}/"
    assert (two.collectivite, two.opened_by, two.is_open) == (commune, omar, True)
    assert Answer.objects.get(assessment=two).channel == Channel.CARRIED_OVER
    assert [alice.email] in [mail.to for mail in mailoutbox]
    told = AuditEntry.objects.filter(collectivite=commune, actor=omar).order_by("pk")
    assert [entry.action for entry in told] == [
        AuditAction.LEVEL_TWO_OPENED,
        AuditAction.ASSESSMENT_OPENED,
    ]


@pytest.mark.usefixtures("offering", "edition_two")
def test_twice_is_once_and_then_she_goes_on(client_of, omar, commune):
    client = client_of(omar)

    for _ in range(2):
        client.post(page(commune))

    two = Assessment.objects.get()
    assert client.get(page(commune)).url == f"/espace/evaluations/{two.pk}/"
    assert "Continuer le niveau 2 en son nom" in fiche(client, commune)
    assert AuditEntry.objects.count() == 2


def refused(client, commune, sentence) -> bool:
    """Tell whether each page says why, and nothing is begun."""
    pages = [fiche(client, commune), client.get(page(commune)).content.decode()]
    pages.append(client.post(page(commune), follow=True).content.decode())
    assert "en son nom</a>" not in pages[0]
    return all(sentence in text for text in pages) and not Assessment.objects.exists()


@pytest.mark.usefixtures("edition_two")
def test_an_opsn_without_the_competence_is_told_why(client_of, omar, commune):
    assert refused(client_of(omar), commune, "s’ouvre avec un OPSN qui en a pris la compétence")
    commune.refresh_from_db()
    assert commune.level_two_opened_at is None


@pytest.mark.usefixtures("offering", "edition_two")
def test_the_national_team_is_told_who_begins(client_of, nadia, commune):
    assert refused(client_of(nadia), commune, "ou par un conseiller de l’OPSN qui la suit")


@pytest.mark.usefixtures("offering")
def test_without_a_published_questionnaire_nothing_is_opened_either(client_of, omar, commune):
    response = client_of(omar).post(page(commune), follow=True)

    commune.refresh_from_db()
    assert "Le questionnaire n’est pas encore publié" in response.content.decode()
    assert commune.level_two_opened_at is None


@pytest.mark.usefixtures("offering", "edition_two")
def test_a_closed_one_is_begun_again(client_of, omar, commune, edition_two):
    AssessmentFactory(collectivite=commune, questionnaire=edition_two, level=Level.TWO, closed=True)
    client = client_of(omar)
    assert "Commencer le niveau 2 en son nom" in fiche(client, commune)

    client.post(page(commune))

    assert Assessment.objects.open().get().collectivite == commune


@pytest.mark.usefixtures("offering", "edition_two")
@pytest.mark.parametrize("who", ["alice", "chloe", "sonia"])
def test_nobody_else_reaches_it(request, client_of, commune, who):
    client = client_of(request.getfixturevalue(who))

    assert client.get(page(commune)).status_code == 404
    assert client.post(page(commune)).status_code == 404
    assert not Assessment.objects.exists()
