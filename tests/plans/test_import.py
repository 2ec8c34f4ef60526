"""Actions that come in from a workbook: read within bounds, shown, written on confirmation."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from plans import reading
from plans.importing import (
    AlreadyApplied,
    HasProblems,
    PlanChangedMeanwhile,
    apply_import,
    preview_import,
)
from plans.models import Action, ActionImport
from plans.retention import delete_imports
from plans.sheets import plan_sheets
from plans.tracking import change_action
from plans.workbooks import xlsx
from territories.enums import MemberState
from tests.accounts.factories import UserFactory
from tests.plans.factories import NOON, ActionFactory, PlanFactory, StepFactory
from tests.territories.factories import MemberFactory

THEMES = {"achats": "Achats et location", "parc": "Parc"}


def book(*rows, title="Actions", above=0) -> bytes:
    """Return a workbook whose first row is the header."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for _ in range(above):
        sheet.append(["Commune de Valmont"])
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def preview(plan, by, content) -> ActionImport:
    return preview_import(
        plan=plan, content=content, file_name="actions.xlsx", themes=THEMES, by=by, at=NOON
    )


def counts(run) -> tuple:
    return run.created, run.updated, run.unchanged


def problems(run) -> list[tuple]:
    return [(p["line"], p["column"], p["value"]) for p in run.problems]


def test_new_actions_are_shown_then_written_with_their_steps(plan, alice, bob):
    run = preview(
        plan,
        alice,
        book(
            ["Titre", "Thème", "Statut", "Responsable", "Échéance", "Budget prévu", "Étapes"],
            [
                "Acheter d’occasion",
                "achats et LOCATION",
                "Planifiée",
                "bob martin",
                date(2027, 1, 31),
                "1 200,50",
                "Un\nDeux",
            ],
            ["Réparer", None, None, "Un prestataire", "15/02/2027", 30, None],
        ),
    )
    assert (counts(run), Action.objects.count()) == ((2, 0, 0), 0)

    apply_import(action_import=run, by=alice, at=NOON)

    first, second = Action.objects.all()
    assert (first.title, first.theme_code, first.status, first.owner) == (
        "Acheter d’occasion",
        "achats",
        "planned",
        bob,
    )
    assert (first.due_on, first.budget_planned) == (date(2027, 1, 31), Decimal("1200.50"))
    assert [step.text for step in first.steps.all()] == ["Un", "Deux"]
    assert (second.owner, second.owner_name, second.status) == (None, "Un prestataire", "to_define")
    assert (second.due_on, second.history.get().event) == (date(2027, 2, 15), "imported")


@pytest.mark.parametrize(
    ("cell", "euros"),
    [
        ("1.200", "1200"),
        ("1.200,50 €", "1200.50"),
        ("environ 300", "300"),
        ("12.5", "12.50"),
        (1.2, "1.20"),
        (1200, "1200"),
    ],
)
def test_a_budget_is_read_as_in_the_questionnaire_and_a_number_as_it_is(cell, euros, plan, alice):
    run = preview(plan, alice, book(["Titre", "Budget prévu"], ["Réparer", cell]))

    apply_import(action_import=run, by=alice, at=NOON)

    assert Action.objects.get().budget_planned == Decimal(euros)


def test_what_goes_out_comes_back_unchanged(plan, alice):
    action = ActionFactory(
        plan=plan,
        title="=1+1",
        description="@SUM(A1)",
        theme_code="parc",
        owner=alice,
        due_on=date(2027, 6, 30),
        budget_planned=Decimal("1200.50"),
        status="in_progress",
        effort="low",
        cost="none",
        reen_objective=2,
    )
    StepFactory(action=action)
    ActionFactory(plan=plan, owner_name="Services", priority="high")

    run = preview(plan, alice, xlsx(plan_sheets(plan, THEMES), title="Plan"))

    assert (counts(run), run.problems, run.rows) == ((0, 0, 2), [], [])


@pytest.fixture
def past(plan, alice):
    """An action of a theme that is no longer published, of somebody who left the team."""
    marc = UserFactory(first_name="Marc", email="marc@valmont.example")
    MemberFactory(user=marc, collectivite=plan.collectivite, state=MemberState.LEFT)
    return ActionFactory(plan=plan, number=1, title="Réparer", theme_code="ancien", owner=marc)


def test_a_retired_theme_and_an_owner_who_left_come_back_unchanged(plan, alice, past):
    run = preview(plan, alice, xlsx(plan_sheets(plan, THEMES), title="Plan"))

    assert (counts(run), run.problems, run.rows) == ((0, 0, 1), [], [])


def test_an_owner_who_has_a_namesake_in_the_team_stays_the_owner(plan, alice, bob):
    namesake = UserFactory(first_name="Bob", email="bob.martin@valmont.example")
    MemberFactory(user=namesake, collectivite=plan.collectivite)
    ActionFactory(plan=plan, owner=bob)
    ActionFactory(plan=plan, owner=namesake)
    ActionFactory(plan=plan, owner_name="Bob Martin")

    run = preview(plan, alice, xlsx(plan_sheets(plan, THEMES), title="Plan"))

    assert (counts(run), run.rows) == ((0, 0, 3), [])


def test_they_are_kept_when_another_cell_changes_and_the_title_alone_names_the_action(
    plan, alice, past
):
    head = ["Titre", "Thème", "Responsable", "Priorité"]
    run = preview(plan, alice, book(head, ["Réparer", "ancien", "Marc Martin", "haute"]))

    apply_import(action_import=run, by=alice, at=NOON)

    action = Action.objects.get()
    assert (action.theme_code, action.owner, action.priority) == ("ancien", past.owner, "high")


def test_they_are_not_given_to_another_action(plan, alice, past):
    head = ["Titre", "Thème", "Responsable"]
    run = preview(
        plan, alice, book(head, ["Donner", "ancien", None], ["Trier", None, "Marc Martin"])
    )

    assert problems(run) == [(2, "Thème", "ancien")]
    assert run.rows[0]["values"]["owner"] is None


def test_paragraphs_come_in_with_the_line_ends_of_the_site(plan, alice):
    content = book(["Titre", "Description"], ["Réparer", "D’abord.\r\n\r\nPuis."])

    apply_import(action_import=preview(plan, alice, content), by=alice, at=NOON)

    assert Action.objects.get().description == "D’abord.\n\nPuis."


def test_the_same_file_twice_changes_nothing_the_second_time(plan, alice):
    content = book(["Titre", "Priorité"], ["Réparer", "Haute"], ["Donner", "basse"])
    apply_import(action_import=preview(plan, alice, content), by=alice, at=NOON)

    again = preview(plan, alice, content)

    assert counts(again) == (0, 0, 2)


def test_one_changed_cell_is_one_change(plan, alice):
    ActionFactory(plan=plan, number=1, title="Réparer")
    ActionFactory(plan=plan, number=2, title="Donner")

    run = preview(
        plan, alice, book(["Référence", "Titre"], ["A1", "Réparer mieux"], ["a2", "Donner"])
    )
    apply_import(action_import=run, by=alice, at=NOON)

    assert counts(run) == (0, 1, 1)
    assert run.rows[0]["changes"] == {"titre": ["Réparer", "Réparer mieux"]}
    assert list(Action.objects.values_list("title", "version")) == [
        ("Réparer mieux", 2),
        ("Donner", 1),
    ]


def test_every_wrong_cell_is_named_and_nothing_is_written(plan, alice):
    run = preview(
        plan,
        alice,
        book(
            [
                "Référence",
                "Titre",
                "Thème",
                "Statut",
                "Début",
                "Échéance",
                "Budget prévu",
                "Objectif REEN",
            ],
            ["A99", "Une", "Inconnu", "fini", None, "demain", "beaucoup", 7],
            [None, None, "Parc", None, None, None, None, None],
            [None, "Deux", None, None, "01/02/2027", "01/01/2027", -5, None],
            [None, "Bonne", None, None, None, None, None, None],
            [None, "bonne", None, None, None, None, None, None],
        ),
    )

    assert problems(run) == [
        (2, "Référence", "A99"),
        (2, "Thème", "Inconnu"),
        (2, "Objectif REEN", "7"),
        (2, "Statut", "fini"),
        (2, "Échéance", "demain"),
        (2, "Budget prévu", "beaucoup"),
        (3, "Titre", ""),
        (4, "Budget prévu", "-5"),
        (4, "Échéance", "2027-01-01"),
        (6, "Titre", "bonne"),
    ]
    with pytest.raises(HasProblems):
        apply_import(action_import=run, by=alice, at=NOON)
    assert not Action.objects.exists()


def test_an_import_is_applied_once(plan, alice):
    run = preview(plan, alice, book(["Titre", "Statut"], ["Réparer", None]))
    apply_import(action_import=run, by=alice, at=NOON)

    with pytest.raises(AlreadyApplied):
        apply_import(action_import=run, by=alice, at=NOON)

    assert Action.objects.count() == 1


def test_a_plan_that_changed_since_the_preview_is_left_whole(plan, alice, bob):
    action = ActionFactory(plan=plan, number=1, title="Réparer")
    run = preview(
        plan, alice, book(["Référence", "Titre"], [None, "Nouvelle"], ["A1", "Réparer mieux"])
    )
    change_action(action=action, version=1, values={"partners": "OPSN"}, by=bob, at=NOON)

    with pytest.raises(PlanChangedMeanwhile):
        apply_import(action_import=run, by=alice, at=NOON)

    assert list(Action.objects.values_list("title", flat=True)) == ["Réparer"]


def test_an_action_created_since_the_preview_is_not_created_again(plan, alice):
    run = preview(plan, alice, book(["Titre", "Statut"], ["Réparer", None]))
    ActionFactory(plan=plan, title="réparer")

    with pytest.raises(PlanChangedMeanwhile):
        apply_import(action_import=run, by=alice, at=NOON)


def test_an_action_of_another_plan_is_not_known_here(plan, elsewhere, alice):
    run = preview(plan, alice, book(["Référence", "Titre"], [elsewhere.reference, "Volée"]))

    assert problems(run) == [(2, "Référence", elsewhere.reference)]


def test_the_header_may_stand_lower_and_on_another_sheet():
    workbook = Workbook()
    workbook.active.append(["Lisez-moi"])
    sheet = workbook.create_sheet("Liste")
    for row in (["Valmont"], [], ["TITRE", "statut", "Autre"], ["Réparer", None, "x"], []):
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)

    found = reading.read_actions(out.getvalue())

    assert (found.name, [row.line for row in found.rows]) == ("Liste", [4])
    assert found.rows[0].cells == {"titre": "Réparer", "statut": None}


# --- Files that are not what they say, or too much


def zipped(**entries) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def with_entry(content: bytes, name: str, data: bytes) -> bytes:
    """Return a workbook with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, data if entry.filename == name else old.read(entry))
    return out.getvalue()


GOOD = book(["Titre", "Statut"], ["Réparer", None])
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "est vide"),
        (b"x" * (reading.MAX_BYTES + 1), "dépasse 2 Mo"),
        (b"Titre;Statut\nA;B\n", "n’est pas un classeur .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "mot de passe"),
        (GOOD[: len(GOOD) // 2], "abîmé"),
        (zipped(bonjour_xml="<a/>"), "n’est pas un classeur .xlsx"),
        (zipped(xl__workbook_xml="<a"), "abîmé"),
        (
            zipped(**{"xl__workbook_xml": "<a/>", **{f"f{n}_xml": "" for n in range(201)}}),
            "trop gros",
        ),
        (zipped(xl__workbook_xml=" " * (reading.MAX_UNPACKED + 1)), "trop gros"),
        (with_entry(GOOD, SHEET, BOMB), "définitions"),
        (with_entry(GOOD, SHEET, OUTSIDE), "définitions"),
        (with_entry(GOOD, SHEET, b"<worksheet"), "abîmé"),
        (book(["Nom", "État"], ["Réparer", None]), "Aucune feuille"),
        (book(["Titre", "Titre", "Statut"], ["A", "B", None]), "deux fois"),
        (book(["Titre", "Statut"], ["x" * 6_001, None]), "trop long"),
        (book(["Titre", "Statut"], *[[f"Action {n}", None] for n in range(1_001)]), "plus de 1000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(reading.Unreadable, match=sentence):
        reading.read_actions(content)


def test_a_stray_cell_at_the_end_of_the_sheet_costs_nothing():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Titre</t></is></c>'
        b'<c r="B1" t="inlineStr"><is><t>Statut</t></is></c></row>'
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>R</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )

    found = reading.read_actions(with_entry(GOOD, SHEET, sheet))

    assert [row.cells["titre"] for row in found.rows] == ["R"]


def test_a_sheet_that_declares_one_row_is_read_whole():
    content = book(["Titre", "Statut"], *[[f"Action {n}", None] for n in range(5)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)
    lying = sheet.replace(b'ref="A1:B6"', b'ref="A1"')
    assert lying != sheet

    assert len(reading.read_actions(with_entry(content, SHEET, lying)).rows) == 5


# --- The screens


def send(client, commune, content, name="actions.xlsx", follow=True):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("plans:import", args=[commune.pk]), {"file": file}, follow=follow)


def test_a_file_is_sent_shown_and_confirmed(commune, alice, client_of):
    client = client_of(alice)

    shown = send(client, commune, GOOD)
    assert "1 action à créer, 0 à modifier, 0 sans changement" in shown.content.decode()
    assert not Action.objects.exists()
    done = client.post(shown.redirect_chain[-1][0], follow=True)

    assert "Les actions du fichier sont dans le plan." in done.content.decode()
    assert Action.objects.get().title == "Réparer"
    assert "déjà fait" in client.post(shown.redirect_chain[-1][0], follow=True).content.decode()


def test_a_file_that_creates_nothing_says_so_in_the_singular(commune, plan, alice, client_of):
    ActionFactory(plan=plan, title="Réparer")

    shown = send(client_of(alice), commune, GOOD)

    assert "0 action à créer, 0 à modifier, 1 sans changement" in shown.content.decode()


def test_wrong_cells_are_listed_without_a_button(commune, alice, client_of):
    shown = send(client_of(alice), commune, book(["Titre", "Thème"], ["<b>A</b>", "<i>X</i>"]))

    page = shown.content.decode()
    assert "ligne 2, colonne «\u00a0Thème\u00a0», «\u00a0&lt;i&gt;X&lt;/i&gt;\u00a0»" in page
    assert "Mettre à jour le plan" not in page


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"Titre", "n’est pas un classeur"), (b"", "est vide")]
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(
    content, sentence, commune, alice, client_of
):
    response = send(client_of(alice), commune, content)

    assert sentence in response.content.decode()
    assert not ActionImport.objects.exists()


def test_a_form_without_file_is_told(commune, alice, client_of):
    response = client_of(alice).post(reverse("plans:import", args=[commune.pk]))

    assert "Choisissez un fichier." in response.content.decode()


@pytest.mark.parametrize("person", ["lea", "omar", "nadia", "chloe", "lone"])
def test_only_writers_import(person, commune, client_of, request):
    client = client_of(request.getfixturevalue(person))

    assert send(client, commune, GOOD).status_code == 404
    assert not ActionImport.objects.exists()


def test_a_preview_is_for_who_sent_the_file(commune, plan, alice, bob, chloe, client_of):
    run = preview(plan, alice, GOOD)
    address = reverse("plans:preview", args=[commune.pk, run.pk])

    for person in (bob, chloe):
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).post(address).status_code == 404
    assert not Action.objects.exists()


def test_a_preview_of_another_plan_is_not_found_under_this_one(
    commune, other_commune, plan, alice, client_of
):
    theirs = preview(PlanFactory(collectivite=other_commune), alice, GOOD)

    assert (
        client_of(alice).post(reverse("plans:preview", args=[commune.pk, theirs.pk])).status_code
        == 404
    )


def test_sending_refuses_get(commune, alice, client_of):
    assert client_of(alice).get(reverse("plans:import", args=[commune.pk])).status_code == 405


def test_previews_are_deleted_after_a_month(plan, alice):
    preview(plan, alice, GOOD)
    assert delete_imports(at=NOON + timedelta(days=29), dry=False) == 0
    assert delete_imports(at=NOON + timedelta(days=31), dry=False) == 1
