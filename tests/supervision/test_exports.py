"""What leaves the territory: its rows, all of them and no other."""

import csv
import html
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from questions.models import Assessment
from supervision.enums import ExportKind, FigureView
from supervision.exporting import (
    FileKind,
    export_figures,
    export_open_data,
    export_territory,
)
from supervision.exporting_report import export_report
from supervision.filtering import CollectiviteFilters
from supervision.models import OpenDataRelease
from supervision.periods import ProgressFilters
from supervision.selecting import FigureFilters
from supervision.territory import Territory
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import answer
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

EXPORTS = "/opsn/exports/"
WORKBOOK = f"{EXPORTS}territoire/classeur/"
CSV = f"{EXPORTS}territoire/csv/"
CONTACTS = f"{EXPORTS}territoire/contacts/"
KINDS = [WORKBOOK, f"{EXPORTS}territoire/ods/", CSV, CONTACTS]


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


def book_of(response):
    return load_workbook(io.BytesIO(bytes_of(response)))


def rows_of(book, title) -> list[dict]:
    head, *rows = book[title].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def csv_rows(response, name) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(bytes_of(response))) as archive:
        text = archive.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def answered(commune, alice, assess):
    """Alice answered two of three questions."""
    assessment = assess(commune)
    answer(assessment, by=alice, ACH1="oui", PAR1="non")
    return assessment


class TestActions:
    def test_the_actions_of_the_territory_are_there_and_no_other(
        self, client_of, omar, commune, other_commune
    ):
        ActionFactory(plan=PlanFactory(collectivite=commune), title="=1+1")
        ActionFactory(plan=PlanFactory(collectivite=other_commune), title="Ailleurs")

        sheet = book_of(client_of(omar).post(WORKBOOK))["Actions"]

        (row,) = sheet.iter_rows(min_row=2)
        assert (row[2].value, row[4].value, row[4].data_type) == (
            "Valmont-sur-Claire", "=1+1", "s",
        )  # fmt: skip


class TestOds:
    def test_a_small_territory_leaves_as_ods(self, client_of, omar, answered):
        response = client_of(omar).post(f"{EXPORTS}territoire/ods/")

        book = CalamineWorkbook.from_filelike(io.BytesIO(bytes_of(response)))
        assert book.sheet_names[1] == "Collectivités"
        head, row = book.get_sheet_by_name("Collectivités").to_python()
        assert dict(zip(head, row, strict=True))["Nom"] == "Valmont-sur-Claire"
        assert ".ods" in response["Content-Disposition"]

    def test_a_large_one_is_led_to_the_others(self, client_of, omar, opsn, monkeypatch):
        monkeypatch.setattr("supervision.exporting.ODS_COLLECTIVITES", 1)
        for number in range(2):
            CollectiviteFactory(name=f"Village {number}", opsn=opsn)
        browser = client_of(omar)

        page = browser.post(f"{EXPORTS}territoire/ods/", follow=True).content.decode()

        assert "trop grand pour un fichier ods" in page
        assert "En .ods" not in page


class TestWorkbook:
    def test_each_sheet_holds_the_territory(self, client_of, omar, answered, commune):
        book = book_of(client_of(omar).post(WORKBOOK))

        assert book.sheetnames == [
            "Lisez-moi", "Collectivités", "Indices", "Par thème", "Réponses", "Actions",
        ]  # fmt: skip
        (row,) = rows_of(book, "Collectivités")
        assert (row["Nom"], row["Étape"], row["Questions traitées"], row["Indice"]) == (
            "Valmont-sur-Claire",
            "niveau 1 commencé",
            2,
            33,
        )
        assert [(r["Thème"], r["Indice du thème"]) for r in rows_of(book, "Par thème")] == [
            ("Achats", 50),
            ("Parc", 0),
        ]
        assert [(r["Code de la question"], r["Réponse"]) for r in rows_of(book, "Réponses")] == [
            ("ACH1", "Oui"),
            ("PAR1", "Non"),
        ]
        (index,) = rows_of(book, "Indices")
        assert (index["Collectivité"], index["État"]) == ("Valmont-sur-Claire", "en cours")

    def test_read_me_says_the_date_the_filters_and_the_definitions(self, client_of, omar, commune):
        book = book_of(client_of(omar).post(WORKBOOK, {"etape": "non-inscrite"}))

        told = dict(list(book["Lisez-moi"].iter_rows(values_only=True)))
        assert told["Territoire"] == "OPSN du Nord"
        assert told["Filtres"] == "Étape : pas encore inscrite"
        assert told["Collectivités"] == 1
        assert told["Fichier fait le"]
        assert "points obtenus" in told["Indice"]

    def test_the_filters_are_those_of_the_screen(self, client_of, omar, answered, villages):
        villages(2)

        book = book_of(client_of(omar).post(WORKBOOK, {"q": "village", "tri": "-nom"}))

        assert [row["Nom"] for row in rows_of(book, "Collectivités")] == ["Village 1", "Village 0"]
        assert rows_of(book, "Réponses") == []

    def test_a_provisional_assessment_is_in_no_sheet(self, client_of, omar, commune, paul, assess):
        assessment = assess(commune, provisional_for=paul)
        answer(assessment, by=paul, ACH1="oui")

        book = book_of(client_of(omar).post(WORKBOOK))

        for title in ("Indices", "Par thème", "Réponses"):
            assert rows_of(book, title) == []

    def test_an_answer_that_is_not_asked_any_more_is_left_out(self, client_of, omar, answered):
        question = answered.questionnaire.themes.get(code="parc").questions.get()
        type(question)._base_manager.filter(pk=question.pk).update(min_population=10_000)

        book = book_of(client_of(omar).post(WORKBOOK))

        assert [row["Code de la question"] for row in rows_of(book, "Réponses")] == ["ACH1"]

    def test_with_too_many_answers_they_go_to_the_csv_and_it_is_said(
        self, client_of, omar, answered, monkeypatch
    ):
        monkeypatch.setattr("supervision.exports.territory.MAX_ANSWERS_IN_WORKBOOK", 1)
        browser = client_of(omar)

        book = book_of(browser.post(WORKBOOK))

        assert "Réponses" not in book.sheetnames
        assert (
            "fichiers csv" in dict(list(book["Lisez-moi"].iter_rows(values_only=True)))["Réponses"]
        )
        assert len(csv_rows(browser.post(CSV), "reponses")) == 2


class TestOthers:
    def test_the_csv_files_say_the_same(self, client_of, omar, answered):
        (row,) = csv_rows(client_of(omar).post(CSV), "collectivites")

        assert (row["Nom"], row["Indice"]) == ("Valmont-sur-Claire", "33")

    def test_contacts_are_the_active_members_and_official_addresses(
        self, client_of, omar, commune, alice, paul, opsn
    ):
        CollectiviteFactory(name="Zuydcoote", opsn=opsn, official_email="mairie@zuydcoote.example")

        rows = rows_of(book_of(client_of(omar).post(CONTACTS)), "Contacts")

        assert [(r["Collectivité"], r["Courriel"] or r["Courriel officiel"]) for r in rows] == [
            ("Valmont-sur-Claire", "alice@valmont.example"),
            ("Zuydcoote", "mairie@zuydcoote.example"),
        ]

    def test_an_unknown_file_does_not_exist(self, client_of, omar):
        assert client_of(omar).post(f"{EXPORTS}territoire/tout/").status_code == 404


@pytest.mark.parametrize("address", KINDS)
class TestScope:
    @pytest.mark.parametrize("name", ["alice", "chloe", "paul", "lone", "editor"])
    def test_others_are_refused(self, request, client_of, answered, address, name):
        response = client_of(request.getfixturevalue(name)).post(address)

        assert response.status_code == 404
        assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()

    def test_a_visitor_logs_in_first(self, client_of, answered, address):
        assert client_of().post(address).url.startswith("/compte/connexion/")

    def test_a_deactivated_opsn_takes_nothing(self, client_of, omar, opsn, answered, address):
        opsn.active = False
        opsn.save()

        assert client_of(omar).post(address).status_code == 404

    def test_a_get_makes_no_file(self, client_of, omar, answered, address):
        assert client_of(omar).get(address).status_code == 405

    def test_it_holds_nothing_of_another_territory(
        self, client_of, sonia, answered, other_commune, chloe, address
    ):
        response = client_of(sonia).post(address, {"q": ""})

        content = bytes_of(response)
        text = text_of(content)
        assert "Épine" in text
        for marker in ("Valmont", "alice", "Alice", "OPSN du Nord"):
            assert marker not in text
            assert marker not in str(response.headers)

    def test_the_national_team_takes_one_opsn_or_the_country(
        self, client_of, nadia, answered, other_commune, other_opsn, address
    ):
        browser = client_of(nadia)
        country = text_of(bytes_of(browser.post(address)))
        browser.post("/opsn/choisir/", {"opsn": other_opsn.pk})

        one = text_of(bytes_of(browser.post(address)))

        assert "Valmont" in country
        assert "Épine" in country
        assert "Valmont" not in one

    def test_moving_a_commune_moves_it_at_the_next_export(
        self, client_of, omar, other_opsn, answered, commune, address
    ):
        commune.opsn = other_opsn
        commune.save()

        assert "Valmont" not in text_of(bytes_of(client_of(omar).post(address)))

    def test_the_journal_tells_who_in_whose_name_and_with_which_filters(
        self, client_of, omar, opsn, answered, address
    ):
        client_of(omar).post(address, {"etape": "commence"})

        entry = AuditEntry.objects.get(action=AuditAction.TERRITORY_EXPORTED)
        assert (entry.actor, entry.opsn, entry.collectivite) == (omar, opsn, None)
        assert "niveau 1 commencé" in entry.ground


def text_of(content: bytes) -> str:
    """Return all that a zip (xlsx is one) holds, properties included."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
    return html.unescape("\n".join(parts))


HOSTILE = ["=1+1", "==2", "+33 6 00", "-5", "@SUM(A1)", "\tx", "#N/A", "bad\x0bchar"]


@pytest.mark.parametrize("typed", HOSTILE)
class TestFormulas:
    def test_a_text_is_a_text_in_the_workbook(self, client_of, omar, commune, alice, typed):
        alice.function = typed
        alice.save()

        sheet = book_of(client_of(omar).post(CONTACTS))["Contacts"]

        cell = sheet.cell(row=2, column=6)
        assert cell.data_type == "s"
        assert cell.value == typed.replace("\x0b", "")

    def test_and_does_nothing_in_the_csv(self, client_of, omar, answered, commune, typed):
        commune.name = typed
        commune.save()

        (row,) = csv_rows(client_of(omar).post(CSV), "collectivites")

        risky = typed.startswith(("=", "+", "-", "@", "\t"))
        assert row["Nom"] == (f"'{typed}" if risky else typed)


def test_the_page_says_how_many_and_keeps_the_filters(client_of, omar, commune, villages):
    villages(2)

    page = client_of(omar).get(EXPORTS, {"q": "village"}).content.decode()

    assert "2 collectivités\xa0: Nom ou code : village" in page
    assert '<input type="hidden" name="q" value="village">' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_a_file_does_not_grow(
    client_of, omar, villages, alice, assess, rows, django_assert_max_num_queries
):
    for village in villages(rows):
        answer(assess(village), by=alice, ACH1="oui", ACH2="nsp", PAR1="non")
    assert Assessment.objects.count() == rows
    browser = client_of(omar)
    browser.get(EXPORTS)

    with django_assert_max_num_queries(26):
        bytes_of(browser.post(WORKBOOK))


class TestNames:
    """A file bears the day of France, which begins before that of UTC."""

    LATE = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    DAY = date(2026, 11, 24)

    def test_those_of_a_territory(self, opsn, omar):
        here, data = Territory(opsn), QueryDict("")
        who = {"by": omar, "at": self.LATE}

        made = (
            export_territory(kind=ExportKind.CSV, filters=CollectiviteFilters(data, here), **who),
            export_figures(
                view=FigureView.HEAT_MAP,
                kind=FileKind.CSV,
                filters=FigureFilters(data, here),
                **who,
            ),
            export_report(filters=ProgressFilters(data, here), **who),
        )

        assert [export.name for export in made] == [
            f"eco-clic-opsn-du-nord-csv-{self.DAY}.zip",
            f"eco-clic-opsn-du-nord-chiffres-carte-de-chaleur-{self.DAY}.zip",
            f"eco-clic-opsn-du-nord-rapport-{self.DAY}.docx",
        ]

    def test_those_of_the_open_data(self, nadia, client):
        made = export_open_data(by=nadia, at=self.LATE)
        release = OpenDataRelease.objects.create(published_at=self.LATE)
        given = client.get("/donnees-ouvertes/indices.csv")

        assert made.name == f"eco-clic-open-data-{self.DAY}.zip"
        assert f"eco-clic-donnees-ouvertes-{self.DAY}.csv" in given["Content-Disposition"]
        assert str(release) == "24/11/2026"
