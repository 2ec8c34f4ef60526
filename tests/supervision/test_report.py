"""The report of a territory for its council, and the screen and file of progress."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from questions.models import Questionnaire
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import MORNING
from tests.supervision.strategies import close_all, editions
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

PROGRESS = "/opsn/chiffres/progres/"
XLSX = "/opsn/chiffres/progres/fichier/xlsx/"
REPORT = "/opsn/chiffres/rapport/"
WORD = "/opsn/chiffres/rapport/word/"
YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "PAR2": "oui", "USA1": "oui"}
NO = dict.fromkeys(YES, "non") | {"PAR1": "jamais"}


@pytest.fixture
def moved(opsn, commune):
    """Alice's commune went from 0 to 100."""
    cache.clear()
    past = [{"edition": "2026", "answers": NO}, {"edition": "2027", "answers": YES}]
    close_all([commune], [past], editions())
    return commune


def content(response) -> io.BytesIO:
    return io.BytesIO(
        b"".join(response.streaming_content if response.streaming else [response.content])
    )


class TestProgress:
    def test_the_screen_says_who_moved_and_by_how_much(self, client_of, omar, moved):
        page = client_of(omar).get(PROGRESS).content.decode()

        assert "+100" in page
        assert "Valmont-sur-Claire" in page
        assert "des questions ont changé" in page

    def test_it_is_sorted_by_name_or_by_difference(self, client_of, omar, opsn, moved):
        steady = CollectiviteFactory(name="Amble", opsn=opsn)
        by_name = {q.edition: q for q in Questionnaire.objects.all()}
        past = [{"edition": "2026", "answers": NO}, {"edition": "2027", "answers": NO}]
        close_all([steady], [past], by_name)
        browser = client_of(omar)

        def names(order):
            rows = browser.get(PROGRESS, {"tri": order}).context["moves"]
            return [row.name for row in rows]

        assert names("") == names("x") == ["Amble", "Valmont-sur-Claire"]
        assert names("-ecart") == ["Valmont-sur-Claire", "Amble"]

    def test_without_two_evaluations_it_says_what_is_missing(self, client_of, omar, commune):
        assert "Rien à comparer" in client_of(omar).get(PROGRESS).content.decode()

    def test_its_file_has_the_same_values_and_the_journal_tells(self, client_of, omar, moved):
        response = client_of(omar).post(XLSX, {"type": "commune"})

        book = load_workbook(content(response))
        (_, row) = book["Collectivités"].iter_rows(values_only=True)
        valmont = (moved.code_insee, moved.siren or None, "Valmont-sur-Claire")
        assert (*row[:3], row[3], row[5], row[7]) == (*valmont, 0, 100, 100)
        assert [x[0] for x in book["Thèmes"].iter_rows(values_only=True)] == [
            "Thème",
            "Achats",
            "Parc",
        ]
        entry = AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).get()
        assert entry.ground == "Chiffres : progrès ; Niveau 1 ; Type : commune"

    def test_a_csv_leaves_too_and_another_kind_does_not_exist(self, client_of, omar, moved):
        browser = client_of(omar)

        assert browser.post(XLSX.replace("xlsx", "csv")).status_code == 200
        assert browser.post(XLSX.replace("xlsx", "pdf")).status_code == 404
        assert browser.get(XLSX).status_code == 405

    @pytest.mark.parametrize("count", [1, 3])
    def test_queries_do_not_grow_with_rows(
        self, client_of, omar, opsn, count, django_assert_max_num_queries
    ):
        past = [{"edition": "2026", "answers": NO}, {"edition": "2027", "answers": YES}]
        communes = [CollectiviteFactory(opsn=opsn) for _ in range(count)]
        close_all(communes, [past] * count, editions())
        browser = client_of(omar)
        browser.get(PROGRESS)  # the verdict on the editions is kept

        with django_assert_max_num_queries(20):
            browser.get(PROGRESS)


class TestReport:
    def test_it_tells_participation_indices_progress_and_what_to_help(
        self, client_of, omar, opsn, moved
    ):
        CollectiviteFactory(opsn=opsn)

        response = client_of(omar).post(WORD)

        document = Document(content(response))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert "1 collectivités sur 2" not in text
        assert "1 collectivité sur 2 a clos au moins une évaluation, soit 50 %." in text.replace(
            "\u00a0", " "
        )
        assert "de 0 à 100 (+100)" in text
        assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"] == [
            "Participation",
            "Les indices",
            "Les progrès",
            "Sur quoi aider",
        ]
        assert AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()

    def test_of_an_empty_territory_too(self, client_of, omar, opsn):
        document = Document(content(client_of(omar).post(WORD)))

        assert "Aucune évaluation n’est encore close." in [p.text for p in document.paragraphs]

    def test_a_name_that_word_does_not_take_is_cleaned(self, client_of, omar, opsn, moved):
        opsn.name = "OPSN\x0b <du> & Nord"
        opsn.save()

        document = Document(content(client_of(omar).post(WORD)))

        assert "<du> & Nord" in document.paragraphs[0].text

    def test_the_page_says_the_same_to_print(self, client_of, omar, moved):
        page = client_of(omar).get(REPORT).content.decode()

        assert "Rapport pour le conseil" in page
        assert "de 0 à 100 en moyenne (+100)" in page

    def test_with_an_end_it_tells_what_was_known_that_day(
        self, client_of, omar, opsn, moved, monkeypatch
    ):
        """Valmont was at 0 then, and is at 100 today."""
        now = MORNING + timedelta(days=730)
        monkeypatch.setattr(timezone, "now", lambda: now)
        browser, end = client_of(omar), MORNING.date() + timedelta(days=30)

        page = browser.get(REPORT, {"au": end})
        document = Document(content(browser.post(WORD, {"au": end})))

        html = page.content.decode().replace("\u00a0", " ")
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        overview = browser.get("/opsn/chiffres/", {"jusqu": end}).context["overview"]
        assert page.context["report"].overview == overview
        assert overview.indices.counts == {0: 1}
        assert (
            "OPSN du Nord, au 24 décembre 2026. La participation est celle du 23 novembre 2028."
            in html
        )
        assert "numérique, au 24/12/2026." in text
        assert "La participation est celle du 23/11/2028." in text
        assert "L’indice moyen est de 0 sur 100" in text

    @pytest.mark.parametrize("query", [{}, {"au": "2060-12-31"}])
    def test_otherwise_it_is_of_today(self, query, client_of, omar, moved):
        report = client_of(omar).get(REPORT, query).context["report"]

        assert report.on == report.made_on == timezone.localdate()
        assert report.overview.indices.counts == {100: 1}

    def test_it_takes_a_post_and_the_page_a_get(self, client_of, omar):
        browser = client_of(omar)

        assert browser.get(WORD).status_code == 405
        assert browser.post(REPORT).status_code == 405

    @pytest.mark.parametrize("name", ["alice", "lone"])
    @pytest.mark.parametrize("address", [PROGRESS, REPORT])
    def test_for_others_it_does_not_exist(self, request, client_of, commune, name, address):
        browser = client_of(request.getfixturevalue(name))

        assert browser.get(address).status_code == 404
        assert browser.post(WORD).status_code == 404
        assert browser.post(XLSX).status_code == 404

    def test_it_costs_no_more_than_a_screen(
        self, client_of, omar, moved, django_assert_max_num_queries
    ):
        browser = client_of(omar)
        browser.get(REPORT)

        with django_assert_max_num_queries(25):
            browser.get(REPORT)
