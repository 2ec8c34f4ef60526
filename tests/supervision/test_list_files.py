"""Who is stuck, and the country by région and OPSN, as files: what the screen shows, with its filters and definitions."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import AssessmentFactory, answer
from tests.supervision.closing import YES, closed
from tests.supervision.strategies import editions
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

BLOCKED = "/opsn/bloquees/fichier/"
COUNTRY = "/opsn/chiffres/pays/fichier/"
LONG_AGO = timezone.now() - timedelta(days=30)


@pytest.fixture
def stuck(edition):
    def make(commune, **answers):
        assessment = AssessmentFactory(
            collectivite=commune, questionnaire=edition, opened_at=LONG_AGO, asked=3
        )
        if answers:
            answer(assessment, at=LONG_AGO, **answers)

    return make


def read(response) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def names(response) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist()


class TestBlocked:
    def test_the_file_holds_the_lines_that_the_filters_keep(
        self, client_of, omar, opsn, commune, other_commune, stuck
    ):
        large = CollectiviteFactory(name="=Grande", population=30_000, opsn=opsn)
        for row in (commune, other_commune, large):
            stuck(row, ACH1="oui")

        sheets = read(client_of(omar).post(f"{BLOCKED}xlsx/", {"strate": 20_000}))

        (line,) = sheets["Bloquées"][1:]
        assert line[2] == "=Grande"
        assert line[4:6] == ("ACH2", "Question ACH2 ?")
        words = dict(row[:2] for row in sheets["Lisez-moi"])
        assert words["Filtres"] == "Niveau 1 ; Population : 20 000 à 49 999 habitants"
        assert "Arrêtée à" in words
        entry = AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).latest("at")
        assert (entry.actor, entry.opsn) == (omar, opsn)
        assert entry.ground.startswith("Qui est bloqué")

    def test_nobody_else_s_is_there(self, client_of, omar, commune, other_commune, stuck):
        stuck(commune)
        stuck(other_commune)

        lines = read(client_of(omar).post(f"{BLOCKED}xlsx/"))["Bloquées"]

        assert [line[2] for line in lines[1:]] == [commune.name]

    def test_it_is_a_csv_too_and_the_screen_offers_both(self, client_of, omar, commune, stuck):
        stuck(commune)
        browser = client_of(omar)

        page = browser.get("/opsn/bloquees/", {"type": "commune"}).content.decode()

        assert f'action="{BLOCKED}xlsx/"' in page
        assert f'formaction="{BLOCKED}csv/"' in page
        assert '<input type="hidden" name="type" value="commune">' in page
        assert names(browser.post(f"{BLOCKED}csv/")) == ["lisez-moi.csv", "bloquees.csv"]

    def test_it_leaves_by_post_only_and_for_the_console_only(self, client_of, omar, alice):
        assert client_of(omar).get(f"{BLOCKED}xlsx/").status_code == 405
        assert client_of(omar).post(f"{BLOCKED}pdf/").status_code == 404
        assert client_of(alice).post(f"{BLOCKED}xlsx/").status_code == 404

    def test_one_line_or_three_are_read_by_as_many_queries(
        self, client_of, omar, opsn, commune, stuck, django_assert_max_num_queries
    ):
        for row in (commune, CollectiviteFactory(opsn=opsn), CollectiviteFactory(opsn=opsn)):
            stuck(row)
        browser = client_of(omar)
        browser.get("/opsn/bloquees/")

        with django_assert_max_num_queries(22):
            browser.post(f"{BLOCKED}xlsx/")


class TestCountry:
    def test_the_file_has_the_lines_of_the_screen(self, client_of, nadia, alice, commune):
        closed(commune, editions(), ("2027", YES))

        sheets = read(client_of(nadia).post(f"{COUNTRY}xlsx/", {"niveau": 1, "type": "commune"}))

        assert sheets["Régions"][1:] == [
            ("Hauts-de-France", 1, 1, 1, 100, 1, 100, 100),
            ("Ensemble", 1, 1, 1, 100, 1, 100, 100),
        ]
        assert sheets["OPSN"][1] == ("OPSN du Nord", 1, 1, 1, 100, 1, 100, 100)
        words = dict(row[:2] for row in sheets["Lisez-moi"])
        assert (words["Territoire"], words["Filtres"]) == (
            "France entière",
            "Niveau 1 ; Type : commune",
        )
        entry = AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).latest("at")
        assert (entry.actor, entry.opsn) == (nadia, None)

    def test_it_is_a_csv_too_and_the_screen_offers_both(self, client_of, nadia, commune):
        browser = client_of(nadia)

        page = browser.get("/opsn/chiffres/pays/", {"niveau": 2}).content.decode()

        assert f'action="{COUNTRY}xlsx/"' in page
        assert '<input type="hidden" name="niveau" value="2">' in page
        assert names(browser.post(f"{COUNTRY}csv/")) == ["lisez-moi.csv", "regions.csv", "opsn.csv"]

    def test_it_leaves_by_post_only(self, client_of, nadia):
        assert client_of(nadia).get(f"{COUNTRY}xlsx/").status_code == 405
        assert client_of(nadia).post(f"{COUNTRY}pdf/").status_code == 404

    @pytest.mark.parametrize("name", ["omar", "alice", "editor", "lone"])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, name):
        browser = client_of(request.getfixturevalue(name))

        assert browser.post(f"{COUNTRY}xlsx/").status_code == 404

    def test_nor_for_the_national_team_that_works_for_one_opsn(self, client_of, nadia, opsn):
        browser = client_of(nadia)
        browser.post("/opsn/choisir/", {"opsn": opsn.pk})

        assert browser.post(f"{COUNTRY}xlsx/").status_code == 404
