"""The screens: each works, refuses the wrong method and the wrong person, and handles the odd state."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from imports import running
from imports.enums import RunState
from imports.models import ImportRun
from tests.imports.factories import HEADER, csv_file, start_list

pytestmark = pytest.mark.django_db
BASE = "/opsn/imports/"
ROWS = [["60057", "", "", "", "mairie@beauvais.example"], ["6O395", "=1+1", "", "", ""]]
POSTED = ["colonnes", "choix", "confirmer", "abandonner"]
READ = ["", "refusees.xlsx"]


@pytest.fixture
def run(opsn, omar, communes):
    return start_list(ROWS, opsn=opsn, by=omar)


@pytest.fixture
def browser(client_of, omar):
    return client_of(omar)


def address(run, name=""):
    return f"{BASE}{run.pk}/{name}" + ("" if name in READ else "/")


def send(browser, content=None, kind="collectivites", **data):
    file = SimpleUploadedFile(
        "liste.csv", content if content is not None else csv_file([HEADER, *ROWS])
    )
    return browser.post(f"{BASE}deposer/{kind}/", {"file": file, **data})


def test_a_file_is_sent_read_confirmed_and_undone(browser, communes, opsn):
    response = send(browser)
    run = ImportRun.objects.get()
    assert response.url == address(run)
    page = browser.get(response.url).content.decode()
    assert "Beauvais" in page
    assert "mairie@beauvais.example" in page
    assert "la lettre O" in page

    browser.post(address(run, "confirmer"), {"digest": run.digest})
    assert opsn.collectivites.count() == 1
    assert "Annuler cet import" in browser.get(address(run)).content.decode()
    assert "1 ligne retrouve" in browser.get(address(run, "annuler")).content.decode()

    browser.post(address(run, "annuler"))
    run.refresh_from_db()
    assert (run.state, opsn.collectivites.count()) == (RunState.UNDONE, 0)
    assert (
        "import ne peut plus" in browser.get(address(run, "annuler"), follow=True).content.decode()
    )


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(browser, oise):
    page = send(browser, b"").url

    assert "Ce fichier est vide." in browser.get(page).content.decode()


def test_no_file_and_a_heavy_file_are_refused_by_the_form(browser, oise):
    assert browser.post(f"{BASE}deposer/collectivites/", {}).status_code == 422
    assert send(browser, b"a" * (10 * 1024**2 + 1)).status_code == 422
    assert not ImportRun.objects.exists()


def test_lines_are_filtered_and_what_they_hold_is_shown_as_text(browser, opsn, omar, communes):
    run = start_list(
        [*ROWS, ["60395", "<script>alert(1)</script>", "", "", ""]], opsn=opsn, by=omar
    )

    rejected = browser.get(address(run), {"etat": "rejected"}).content.decode()
    warned = browser.get(address(run), {"etat": "warning"}).content.decode()
    named = browser.get(address(run), {"q": "beauv"}).content.decode()

    assert "6O395" in rejected
    assert "mairie@beauvais" not in rejected
    assert "&lt;script&gt;alert" in warned
    assert "<script>alert" not in warned
    assert "mairie@beauvais" in named
    assert "6O395" not in named


def test_columns_are_corrected_on_the_page(browser, run):
    fields = {f"c{column['index']}": column["field"] for column in run.columns}

    browser.post(address(run, "colonnes"), fields | {"c4": ""})

    run.refresh_from_db()
    assert run.corrections == {"e mail": ""}
    assert run.columns[4]["field"] == ""


def test_a_correction_that_leaves_nothing_to_read_is_said(browser, run):
    page = browser.post(address(run, "colonnes"), {"c1": "name", "c3": "population"}, follow=True)

    assert "Il manque une colonne" in page.content.decode()
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def test_the_refused_lines_are_one_link_away(browser, run):
    page = browser.get(address(run)).content.decode()

    assert '<a href="?etat=rejected#lignes">refusée</a>' in page


def test_all_or_nothing_is_offered_only_where_it_is_a_choice(client_of, nadia):
    browser = client_of(nadia)

    assert "all_or_nothing" in browser.get(f"{BASE}deposer/communes/").content.decode()
    assert "all_or_nothing" not in browser.get(f"{BASE}deposer/edition/").content.decode()


def test_a_file_without_its_column_is_an_alert_with_two_ways_out(browser, opsn, omar, oise):
    run = start_list([["Méru"]], opsn=opsn, by=omar, header=["Nom"])

    page = browser.get(address(run)).content.decode()
    browser.post(address(run, "abandonner"))

    assert "alert--warning" in page
    assert f'href="{BASE}deposer/collectivites/"' in page
    assert f'action="{address(run, "abandonner")}"' in page
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_an_ambiguous_row_is_chosen_on_the_page(browser, omar, opsn, communes):
    run = start_list([["Méru", ""]], opsn=opsn, by=omar, header=["Nom", "CP"])
    assert "À préciser" in browser.get(address(run)).content.decode()

    browser.post(address(run, "choix"), {"l2": communes["meru"].pk})

    run.refresh_from_db()
    assert run.counts == {"attached": 1}


def test_and_the_choice_is_taken_back_there(browser, omar, opsn, communes):
    run = start_list([["Méru", ""]], opsn=opsn, by=omar, header=["Nom", "CP"])
    browser.post(address(run, "choix"), {"l2": communes["meru"].pk})
    assert "Revenir sur les choix déjà faits (1)" in browser.get(address(run)).content.decode()

    browser.post(address(run, "choix"), {"again": "on"})

    run.refresh_from_db()
    assert (run.choices, run.counts) == ({}, {"ambiguous": 1})


def test_a_running_import_shows_its_bar_and_can_be_stopped(browser, run):
    ImportRun.objects.update(state=RunState.RUNNING, heartbeat=timezone.now(), progress=40)
    page = browser.get(address(run)).content.decode()
    assert "data-live" in page
    assert "40&nbsp;%" in page

    browser.post(address(run, "abandonner"))

    run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_the_refused_rows_come_with_their_problem_and_as_text(browser, run):
    response = browser.get(address(run, "refusees.xlsx"))
    sheet = load_workbook(io.BytesIO(response.content)).active

    rows = [[cell.value for cell in row] for row in sheet.rows]
    assert rows[0] == [*HEADER, "Problème"]
    assert rows[1][:2] == ["6O395", "=1+1"]
    assert "Aucune commune" in rows[1][5]
    assert sheet["B2"].data_type == "s"
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("wrong", "left", "link"),
    [
        (1, "la ligne refusée ou à préciser.", "Télécharger la ligne à corriger"),
        (2, "les 2 lignes refusées ou à préciser.", "Télécharger les 2 lignes à corriger"),
    ],
)
def test_one_refused_row_is_said_in_the_singular(browser, opsn, omar, communes, wrong, left, link):
    run = start_list([ROWS[0], *[["6O395", "", "", "", ""]] * wrong], opsn=opsn, by=omar)

    page = browser.get(address(run)).content.decode()

    assert left in page
    assert link in page


def test_the_refused_rows_can_be_corrected_and_sent_again(browser, run, opsn, omar):
    book = load_workbook(io.BytesIO(browser.get(address(run, "refusees.xlsx")).content))
    book.active["A2"] = "60395"
    out = io.BytesIO()
    book.save(out)

    again = running.start(
        kind="collectivites",
        content=out.getvalue(),
        file_name="a.xlsx",
        opsn=opsn,
        by=omar,
        at=timezone.now(),
    )

    assert again.counts == {"attached": 1}


@pytest.mark.parametrize("kind", ["collectivites", "contacts"])
def test_a_template_is_offered_and_its_examples_are_not_imported(browser, opsn, omar, oise, kind):
    content = browser.get(f"{BASE}modeles/{kind}.xlsx").content
    book = load_workbook(io.BytesIO(content))

    assert book.sheetnames == ["Liste", "Explications"]
    again = running.start(
        kind=kind, content=content, file_name="a.xlsx", opsn=opsn, by=omar, at=timezone.now()
    )
    assert again.refusal == "Il n’y a aucune ligne sous les titres."


def test_the_national_team_sees_and_brings_the_lists_of_the_country(client_of, nadia):
    page = client_of(nadia).get(BASE).content.decode()

    assert "Communes de France" in page
    assert "Collectivités de l’OPSN" not in page
    assert client_of(nadia).get(f"{BASE}deposer/communes/").status_code == 200


@pytest.mark.parametrize("kind", ["communes", "opsns", "n-importe-quoi"])
def test_omar_is_not_offered_the_lists_of_the_country(browser, oise, kind):
    assert browser.get(f"{BASE}deposer/{kind}/").status_code == 404
    assert browser.get(f"{BASE}modeles/{kind}.xlsx").status_code == 404


def test_what_was_to_do_is_said_as_done_once_the_import_is_written(browser, opsn, omar, communes):
    run = start_list([["60057", "", "", "", ""], ["60395", "", "", "", ""]], opsn=opsn, by=omar)
    before = browser.get(address(run)).content.decode()

    browser.post(address(run, "confirmer"), {"digest": run.digest})

    after = browser.get(address(run)).content.decode()
    assert "<strong>2</strong> à rattacher" in before
    assert "<strong>2</strong> rattachées" in after
    assert ">Rattachée</span>" in after
    assert "à rattacher" not in after.lower()
    undo = browser.get(address(run, "annuler")).content.decode()
    assert "2 lignes retrouvent leurs valeurs" in undo


@pytest.mark.parametrize("name", POSTED)
def test_acts_refuse_get(browser, run, name):
    assert browser.get(address(run, name)).status_code == 405


@pytest.mark.parametrize("name", READ)
def test_pages_refuse_post(browser, run, name):
    assert browser.post(address(run, name)).status_code == 405


@pytest.mark.parametrize("who", ["alice", "lone", "sonia", "editor"])
def test_others_are_told_that_nothing_is_there(client_of, run, request, who):
    browser = client_of(request.getfixturevalue(who))

    for name in READ:
        assert browser.get(address(run, name)).status_code in (404, 302)
    for name in [*POSTED, "annuler"]:
        assert browser.post(address(run, name), {"digest": run.digest}).status_code in (404, 302)
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def test_a_visitor_is_sent_to_the_login_page(client_of, run):
    assert "/connexion/" in client_of().get(address(run)).url


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_asks_the_same_number_of_queries(
    client_of, omar, opsn, communes, count, django_assert_max_num_queries
):
    for _ in range(count):
        start_list(ROWS, opsn=opsn, by=omar)
    browser = client_of(omar)
    browser.get(BASE)

    with django_assert_max_num_queries(22):
        browser.get(BASE)
