"""What leaves a plan: workbook, ods, Word, printed page. Opened and read."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document
from odf.opendocument import load as load_ods
from odf.table import Table, TableCell, TableRow
from openpyxl import load_workbook

from plans.models import IndicatorValue
from plans.views.leaving import DOCX, ODS, XLSX
from territories.models import AuditEntry
from tests.plans.factories import (
    JUST_AFTER_MIDNIGHT,
    NOON,
    ActionFactory,
    IndicatorFactory,
    PlanFactory,
    StepFactory,
    answered_commune,
)

KINDS = {"xlsx": XLSX, "ods": ODS, "docx": DOCX}
DANGEROUS = ["=1+1", "==1", "+33 1 23", "-5", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.fixture
def full_plan(commune, alice):
    plan = PlanFactory(collectivite=commune, target_index=60)
    action = ActionFactory(
        plan=plan,
        number=1,
        title="Acheter d’occasion, « dès l’été »",
        description="D’abord les écrans.\n\nPuis les unités centrales.",
        theme_code="achats",
        reen_objective=1,
        owner=alice,
        elected_referent="Mme Œuvrard",
        partners="OPSN & voisins",
        starts_on=date(2027, 1, 1),
        due_on=date(2027, 6, 30),
        status="in_progress",
        priority="high",
        budget_planned=Decimal("1200.50"),
        budget_spent=Decimal(300),
    )
    StepFactory(action=action, text="Lister", done_at=NOON)
    StepFactory(action=action, text="Commander")
    indicator = IndicatorFactory(action=action, baseline=10, target=80)
    IndicatorValue.objects.create(indicator=indicator, on=date(2027, 2, 1), value=25)
    ActionFactory(plan=plan, number=2, title="Sans thème ni date")
    ActionFactory(plan=plan, number=3, title="Proposée seulement", proposed=True)
    return plan


def export(client, commune, kind):
    return client.post(reverse(f"plans:export_{kind}", args=[commune.pk]))


def rows_of(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_workbook_has_the_actions_and_the_indicators(commune, alice, full_plan, client_of):
    answered_commune(commune, alice, ACH1="non")

    response = export(client_of(alice), commune, "xlsx")

    book = load_workbook(io.BytesIO(response.content))
    assert book.sheetnames == ["Actions", "Indicateurs"]
    head, first, second = rows_of(book["Actions"])
    action = dict(zip(head, first, strict=True))
    assert (action["Référence"], action["Thème"], action["Responsable"]) == (
        "A1",
        "Achats",
        "Alice Martin",
    )
    assert (action["Échéance"].date(), action["Budget prévu"]) == (date(2027, 6, 30), 1200.5)
    assert (action["Statut"], action["Étapes"]) == ("en cours", "Lister\nCommander")
    assert second[1] == "Sans thème ni date"
    assert rows_of(book["Indicateurs"])[1][2:] == [
        "Part des agents informés",
        "%",
        10,
        80,
        book["Indicateurs"]["G2"].value,
        25,
    ]
    assert book["Indicateurs"]["G2"].value.date() == date(2027, 2, 1)


def test_the_ods_says_the_same(commune, alice, full_plan, client_of):
    content = export(client_of(alice), commune, "ods").content

    tables = load_ods(io.BytesIO(content)).spreadsheet.getElementsByType(Table)
    cells = tables[0].getElementsByType(TableRow)[1].getElementsByType(TableCell)
    assert [table.getAttribute("name") for table in tables] == ["Actions", "Indicateurs"]
    assert str(cells[1]) == "Acheter d’occasion, « dès l’été »"
    assert cells[11].getAttribute("datevalue") == "2027-06-30"
    assert cells[15].getAttribute("value") == "1200.50"


def test_the_word_document_has_real_headings_the_index_the_budget_and_the_calendar(
    commune, alice, full_plan, client_of
):
    answered_commune(commune, alice, ACH1="non", ACH2="oui")

    content = export(client_of(alice), commune, "docx").content

    document = Document(io.BytesIO(content))
    headings = [
        (p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]
    assert headings == [
        ("Heading 1", "Où en est la collectivité"),
        ("Heading 1", "Achats"),
        ("Heading 2", "A1 – Acheter d’occasion, « dès l’été »"),
        ("Heading 1", "Sans thème"),
        ("Heading 2", "A2 – Sans thème ni date"),
        ("Heading 1", "Budget"),
        ("Heading 1", "Calendrier"),
    ]
    text = "\n".join(p.text for p in document.paragraphs)
    assert "L’indice est aujourd’hui de 50 sur 100" in text
    assert "La collectivité vise 60." in text
    tables = [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]
    assert tables[0] == [
        ["Thème", "Aujourd’hui", "Plan mené"],
        ["Achats", "50", "50"],
        ["Ensemble", "50", "50"],
    ]
    assert ["2027", "1\u202f200,5\u00a0€", "300\u00a0€"] in tables[-2]
    assert tables[-1][1] == [
        "A1 – Acheter d’occasion, « dès l’été »",
        "T1 2027",
        "T2 2027",
        "Alice Martin",
    ]
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert "NUMPAGES" in footer
    assert document.core_properties.author == "Éco-clic"


def test_the_paragraphs_typed_on_the_site_are_paragraphs_in_word(commune, alice, client_of):
    client = client_of(alice)
    typed = "D’abord les écrans.\r\nTous.\r\n\r\nPuis les unités centrales."
    values = {"title": "Réparer", "status": "planned", "priority": "high", "description": typed}
    client.post(reverse("plans:new", args=[commune.pk]), values)

    content = export(client, commune, "docx").content

    texts = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    start = texts.index("A1 – Réparer") + 1
    assert texts[start : start + 2] == ["D’abord les écrans.\nTous.", "Puis les unités centrales."]


def test_a_step_ticked_just_after_midnight_is_of_the_new_day(plan, alice, client_of):
    StepFactory(action=ActionFactory(plan=plan), text="Lister", done_at=JUST_AFTER_MIDNIGHT)

    content = export(client_of(alice), plan.collectivite, "docx").content

    texts = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    assert "Lister (fait le 01/12/2026)" in texts


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_plan_is_a_document_all_the_same(kind, commune, alice, client_of):
    response = export(client_of(alice), commune, kind)

    assert (response.status_code, response["Content-Type"]) == (200, KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("person", ["alice", "bob", "lea", "omar", "nadia"])
def test_who_reads_the_plan_takes_it_away_and_the_journal_says_so(
    kind, person, commune, full_plan, elsewhere, client_of, request
):
    user = request.getfixturevalue(person)

    response = export(client_of(user), commune, kind)

    assert (
        response["Content-Disposition"] == f'attachment; filename="plan-valmont-sur-claire.{kind}"'
    )
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.collectivite, entry.ground) == (
        user,
        commune,
        f"plan d’action, {kind}",
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("person", ["chloe", "sonia", "paul", "lone", "editor"])
def test_nobody_else_takes_it_away(kind, person, commune, full_plan, client_of, request):
    assert export(client_of(request.getfixturevalue(person)), commune, kind).status_code == 404
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_asked_by_post(kind, commune, alice, client_of):
    response = client_of(alice).get(reverse(f"plans:export_{kind}", args=[commune.pk]))

    assert response.status_code == 405


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_stays_a_text_whatever_it_begins_with(text, plan, alice, client_of):
    ActionFactory(plan=plan, title=text, description=text, partners=text, owner_name=text)

    content = export(client_of(alice), plan.collectivite, "xlsx").content

    row = load_workbook(io.BytesIO(content))["Actions"][2]
    texts = [cell for cell in row if cell.column_letter in "BCHJ"]
    assert [cell.data_type for cell in texts] == ["s"] * 4
    assert {cell.value.strip() for cell in texts} == {text.strip()}


@pytest.mark.parametrize("kind", KINDS)
def test_characters_that_no_document_can_hold_are_left_out(kind, plan, alice, client_of):
    ActionFactory(plan=plan, title="Cloche\x07 et 🌳\uffff", description="a\x0bb")

    assert export(client_of(alice), plan.collectivite, kind).status_code == 200


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_number_of_queries_does_not_follow_the_number_of_actions(
    kind, plan, alice, client_of, django_assert_max_num_queries
):
    client = client_of(alice)

    def fill():
        action = ActionFactory(plan=plan, owner=alice)
        StepFactory(action=action)
        IndicatorFactory(action=action)

    fill()
    export(client, plan.collectivite, kind)
    with django_assert_max_num_queries(20) as one:
        export(client, plan.collectivite, kind)
    fill()
    fill()

    with django_assert_max_num_queries(20) as three:
        export(client, plan.collectivite, kind)

    assert len(three) == len(one)
