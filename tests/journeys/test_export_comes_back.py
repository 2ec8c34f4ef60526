"""The export of a territory, sent back as a list of its collectivités, changes nothing, and the page says so."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from imports.enums import Outcome, RunState
from imports.models import ImportRun
from questions.storage import private_storage
from supervision.models import TerritoryExport
from territories.models import Collectivite
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory, answer
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db

EXPORT = "/opsn/exports/territoire/"


@pytest.fixture
def territory(opsn, alice, commune):
    """Communes with lost-zero codes, a name that looks like a formula, an EPCI, answers; another OPSN beside."""
    oise = DepartementFactory(code="60", name="Oise")
    ain = DepartementFactory(code="01", name="Ain")
    opsn.departements.add(oise, ain, commune.departement)
    epci = CollectiviteFactory(name="CC du Clermontois", kind="cc", opsn=opsn, departement=oise)
    CollectiviteFactory(
        name="L’Abergement",
        code_insee="01001",
        opsn=opsn,
        departement=ain,
        epci=epci,
        population=12,
    )
    CollectiviteFactory(name="=1+1", code_insee="60002", opsn=opsn, departement=oise, epci=epci)
    CollectiviteFactory(name="-Saint’", code_insee="60003", opsn=opsn, departement=oise)
    CollectiviteFactory(name="Ailleurs", code_insee="60004", departement=oise)
    edition = QuestionnaireFactory(content={"achats": ["ACH1"]})
    answer(AssessmentFactory(collectivite=commune, questionnaire=edition), by=alice, ACH1="oui")
    return opsn


def sent_back(browser, name: str, content: bytes) -> tuple[ImportRun, str]:
    file = SimpleUploadedFile(name, content)
    page = browser.post("/opsn/imports/deposer/collectivites/", {"file": file}, follow=True)
    return ImportRun.objects.get(), page.content.decode()


def everything_said_of_them() -> list[dict]:
    return list(Collectivite.objects.order_by("pk").values())


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("how", ["at once", "in the background"])
@pytest.mark.parametrize("kind", ["classeur", "ods", "csv"])
def test_an_export_sent_back_changes_nothing_and_says_so(
    client_of, omar, territory, kind, how, monkeypatch
):
    if how == "in the background":
        monkeypatch.setattr("supervision.views.exports.IN_BACKGROUND", 0)
    browser, before = client_of(omar), everything_said_of_them()
    response = browser.post(f"{EXPORT}{kind}/")
    if how == "in the background":
        response = browser.get(f"{response.url}fichier/")
    content, name = (
        body(response),
        "territoire.xlsx" if kind == "classeur" else f"territoire.{kind}",
    )
    if kind == "csv":
        content = zipfile.ZipFile(io.BytesIO(content)).read("collectivites.csv")

    run, page = sent_back(browser, name, content)

    assert run.counts == {Outcome.UNCHANGED: territory.collectivites.count()}
    assert run.state == RunState.APPLIED
    assert "Rien à changer" in page
    assert everything_said_of_them() == before
    if kind != "csv":
        assert run.sheet == "Collectivités"
    for export in TerritoryExport.objects.all():
        private_storage().delete(export.file.name)
