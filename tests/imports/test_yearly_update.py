"""The communes that merged, as INSEE lists them: what they answered and decided stays, and is read from their successor."""

import pytest
from django.utils import timezone

from imports import running
from imports.reference import DATA, read_rows
from imports.undoing import undo
from plans.models import Action
from questions.models import Answer, Assessment
from territories.models import Collectivite, FormerCommune
from tests.accounts.factories import UserFactory
from tests.imports.factories import start_list
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

HEADER = ["ancien_code", "ancien_nom", "nature", "code_insee_actuel", "nom_actuel"]
# Ribécourt-Dreslincourt took 60202 in, as the real file says.
OLD, NEW = "60202", "60537"


def former_communes_of(departement: str) -> list[list[str]]:
    rows = read_rows(DATA / "former_communes.csv.gz")
    return [
        [row["code"], row["name"], "", row["code_insee"], ""]
        for row in rows
        if row["code"].startswith(departement) and row["code_insee"].startswith(departement)
    ]


def update(rows, by):
    run = start_list(rows, kind="former_communes", header=HEADER, opsn=None, by=by)
    if run.changes:
        running.apply(run=run, digest=run.digest, by=by, at=timezone.now())
        run.refresh_from_db()
    return run


@pytest.fixture
def rows():
    """The real list of the Oise."""
    return former_communes_of("60")


@pytest.fixture
def successor(rows, oise, opsn):
    """Every commune of the Oise that another merged into; one of them is followed by Omar's OPSN."""
    for code in sorted({row[3] for row in rows} - {NEW}):
        CollectiviteFactory(code_insee=code, name=f"Commune {code}")
    return CollectiviteFactory(code_insee=NEW, name="Ribécourt-Dreslincourt", opsn=opsn)


@pytest.fixture
def merged(successor):
    """Last year it was a commune: an assessment, one answer, a plan with one action."""
    commune = CollectiviteFactory(code_insee=OLD, name="Dreslincourt")
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    answer(assessment, ACH1="oui")
    ActionFactory(plan=PlanFactory(collectivite=commune), title="Nommer un élu référent")
    return commune


@pytest.fixture
def mayor(successor):
    """A member of the commune that took the other in."""
    return MemberFactory(collectivite=successor, role="referent").user


def test_the_list_of_insee_loses_nothing_and_changes_nothing_the_second_time(merged, rows, nadia):
    kept = (Assessment.objects.get(), Answer.objects.get(), Action.objects.get())

    run = update(rows, nadia)

    merged.refresh_from_db()
    assert run.counts == {"created": len(rows)}
    assert (merged.successor.code_insee, merged.retired_at is not None) == (NEW, True)
    assert (Assessment.objects.get(), Answer.objects.get(), Action.objects.get()) == kept
    assert FormerCommune.objects.count() == len(rows)
    assert update(rows, nadia).counts == {"unchanged": len(rows)}


def test_the_successor_reads_what_was_answered_and_decided(merged, rows, nadia, mayor, client_of):
    update(rows, nadia)
    browser = client_of(mayor)

    history = browser.get("/espace/evaluations/").content.decode()

    assert "par Dreslincourt" in history
    assert f"/espace/plan/{merged.pk}/" in history
    assert (
        browser.get(f"/espace/evaluations/{Assessment.objects.get().pk}/resultats/").status_code
        == 200
    )
    assert "Nommer un élu référent" in browser.get(f"/espace/plan/{merged.pk}/").content.decode()


def test_but_changes_nothing_of_it(merged, rows, nadia, mayor, client_of):
    update(rows, nadia)
    action = Action.objects.get()

    answer_page = client_of(mayor).get(f"/espace/plan/actions/{action.pk}/modifier/")

    assert answer_page.status_code == 404


def test_its_opsn_reads_it_from_the_page_of_the_successor(
    merged, successor, rows, nadia, omar, client_of
):
    update(rows, nadia)
    browser = client_of(omar)

    page = browser.get(f"/opsn/collectivites/{successor.pk}/").content.decode()

    assert "Dreslincourt" in page
    assert f"/espace/plan/{merged.pk}/" in page
    assert (
        browser.get(f"/espace/evaluations/{Assessment.objects.get().pk}/resultats/").status_code
        == 200
    )


def test_nobody_reads_it_before_the_merge_or_from_elsewhere(
    merged, successor, rows, nadia, mayor, omar, chloe, sonia, client_of
):
    addresses = [
        f"/espace/evaluations/{Assessment.objects.get().pk}/resultats/",
        f"/espace/plan/{merged.pk}/",
    ]
    before = [client_of(user).get(url).status_code for user in (mayor, omar) for url in addresses]

    update(rows, nadia)

    assert before == [404] * 4
    for user in (chloe, sonia, UserFactory()):
        assert [client_of(user).get(url).status_code for url in addresses] == [404, 404]


def test_a_commune_that_merges_again_leads_to_the_one_of_today(merged, successor, rows, nadia):
    update(rows, nadia)
    last = Collectivite.objects.exclude(code_insee__in=[OLD, NEW]).first()

    run = update([[NEW, "Ribécourt-Dreslincourt", "", last.code_insee, ""]], nadia)

    merged.refresh_from_db()
    assert merged.successor == last
    undo(run=run, by=nadia, at=timezone.now())
    merged.refresh_from_db()
    assert merged.successor == successor
