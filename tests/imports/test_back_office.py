"""What the national team finds in the back office: the imports, and the buttons that lead to them."""

import io

import pytest
from openpyxl import load_workbook

from imports.models import ImportRun
from tests.imports.factories import start_list
from tests.questions.factories import AssessmentFactory, QuestionnaireFactory
from tests.territories.factories import OpsnFactory

pytestmark = pytest.mark.django_db

REGISTER = "/admin/imports/"
SNIPPETS = "/admin/snippets/questions/questionnaire/"


@pytest.fixture
def run(opsn, omar, communes):
    return start_list([["60057", "", "", "", ""]], opsn=opsn, by=omar)


def test_imports_are_listed_with_a_link_to_their_page(client_of, nadia, run):
    page = client_of(nadia).get(REGISTER, {"q": "liste"}).content.decode()

    assert "liste.csv" in page
    assert "OPSN du Nord" in page
    assert f"/opsn/imports/{run.pk}/" in page


@pytest.mark.parametrize("page", [REGISTER, "/admin/"])
def test_the_grids_of_evaluations_whose_pages_are_not_theirs_are_not_listed(
    client_of, nadia, run, page
):
    ImportRun.objects.create(
        kind="answers", assessment=AssessmentFactory(), file_name="grille.xlsx", digest="", size=0
    )

    listed = client_of(nadia).get(page).content.decode()

    assert "liste.csv" in listed
    assert "grille.xlsx" not in listed


def test_nothing_is_created_changed_or_deleted_there(client_of, nadia, run):
    browser = client_of(nadia)

    for action in ("create/", f"edit/{run.pk}/", f"delete/{run.pk}/"):
        assert browser.get(f"{REGISTER}{action}").status_code in (302, 403, 404)


@pytest.mark.parametrize("person", ["editor", "omar", "alice"])
def test_nobody_else_sees_them(client_of, request, run, person):
    response = client_of(request.getfixturevalue(person)).get(REGISTER)

    assert response.status_code in (302, 403)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client_of, nadia, opsn, omar, communes, rows, django_assert_max_num_queries
):
    for number in range(rows):
        start_list([["60057", f"Nom {number}", "", "", ""]], opsn=opsn, by=omar)

    with django_assert_max_num_queries(34):
        client_of(nadia).get(REGISTER)


def test_the_home_tells_the_last_imports(client_of, nadia, editor, run):
    assert "Derniers imports" in client_of(nadia).get("/admin/").content.decode()
    assert "Derniers imports" not in client_of(editor).get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("register", "kinds"),
    [
        ("territoires/opsn/", ["opsns"]),
        ("territoires/collectivites/", ["epcis", "communes", "former_communes"]),
    ],
)
def test_the_registers_lead_to_the_imports(client_of, nadia, register, kinds):
    page = client_of(nadia).get(f"/admin/{register}").content.decode()

    for kind in kinds:
        assert f"/opsn/imports/deposer/{kind}/" in page


def test_an_edition_is_taken_out_and_brought_in_from_its_list(client_of, nadia, editor):
    edition = QuestionnaireFactory()

    page = client_of(nadia).get(SNIPPETS).content.decode()

    assert f"/opsn/imports/questionnaires/{edition.pk}.xlsx" in page
    assert "/opsn/imports/deposer/edition/" in page
    assert "deposer/edition" not in client_of(editor).get(SNIPPETS).content.decode()


def test_a_register_goes_out_as_a_workbook_where_text_is_text(client_of, nadia):
    OpsnFactory(name="=1+1")

    answer = client_of(nadia).get("/admin/territoires/opsn/", {"export": "xlsx"})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)] == [
        ("=1+1", "s")
    ]


def test_a_register_does_not_go_out_as_csv(client_of, nadia):
    answer = client_of(nadia).get("/admin/territoires/opsn/", {"export": "csv"})

    assert answer["Content-Type"].startswith("text/html")
