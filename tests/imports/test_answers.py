"""The grid of an evaluation: it leaves, comes back, is previewed, then written; what changed meanwhile is kept and said."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from imports import running
from imports.enums import Outcome, RunState
from imports.models import ImportRun
from imports.running import NotEntitled, PreviewOutdated
from questions.enums import AssessmentState, Channel, Level
from questions.grid import TITLES, grid
from questions.models import Answer, AnswerHistory
from questions.sheets import answer_sheet
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer

pytestmark = pytest.mark.django_db

NOON = MORNING + timedelta(hours=3)
ANSWER = list(TITLES).index("answer") + 1
COMMENT = list(TITLES).index("comment") + 1


@pytest.fixture
def second(commune):
    edition = QuestionnaireFactory(
        level=Level.TWO,
        content={
            "achats": [
                {"code": "ACH1", "allows_not_applicable": True},
                {"code": "ACH2", "kind": "one_of", "options": {"jamais": 0, "souvent": 2}},
                {"code": "ACH3", "kind": "several_of", "options": {"neuf": 0, "occasion": 1}},
            ],
            "parc": [
                {"code": "PAR8", "kind": "number", "unit": "appareils", "weight": 0, "plausible_maximum": 400},
                {"code": "PAR9", "kind": "percent", "weight": 0},
                {"code": "RES8N", "kind": "name", "weight": 0},
                {"code": "GOV6D", "kind": "date", "weight": 0},
            ],
        },
    )  # fmt: skip
    return AssessmentFactory(questionnaire=edition, collectivite=commune, level=Level.TWO)


def filled(assessment, answers: dict[str, str], comments: dict[str, str] | None = None) -> bytes:
    """Return the grid of an evaluation with these answers typed in."""
    book = load_workbook(io.BytesIO(grid(answer_sheet(assessment))))
    page = book["Réponses"]
    for row in range(2, page.max_row + 1):
        code = page.cell(row, 1).value
        if code in answers:
            page.cell(row, ANSWER).value = answers[code]
        if code in (comments or {}):
            page.cell(row, COMMENT).value = comments[code]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring(assessment, content: bytes, by, at=NOON, name="grille.xlsx") -> ImportRun:
    return running.start(
        kind="answers",
        content=content,
        file_name=name,
        opsn=None,
        assessment=assessment,
        by=by,
        at=at,
    )


def confirm(run, by, at=NOON) -> None:
    running.apply(run=run, digest=run.digest, by=by, at=at)


def told(run) -> dict[str, list[str]]:
    lines = running.read_lines(run)
    return {line.name[:5].strip(): [p.sentence for p in line.problems] for line in lines}


def test_the_grid_has_a_row_for_each_visible_question_with_its_list_and_its_version(second, alice):
    answer(second, by=alice, ACH1="oui")
    Answer.objects.update(comment="=1+1")

    book = load_workbook(io.BytesIO(grid(answer_sheet(second))))
    page = book["Réponses"]
    rows = [[cell.value or "" for cell in row] for row in page.iter_rows(min_row=2)]
    first = dict(zip(TITLES, rows[0], strict=True))
    offered = {str(v.sqref): v.formula1 for v in page.data_validations.dataValidation}
    assert [row[0] for row in rows] == ["ACH1", "ACH2", "ACH3", "PAR8", "PAR9", "RES8N", "GOV6D"]
    assert first["offered"] == "Oui ; Non ; Non concerné ; Ne sait pas"
    assert (first["answer"], first["comment"], first["version"]) == ("Oui", "=1+1", "1")
    assert page.cell(2, COMMENT).data_type == "s"
    assert page.column_dimensions["J"].hidden
    assert book["Listes"].sheet_state == "hidden"
    assert set(offered) == {"H2", "H3"}
    assert [c.value for c in book["Listes"]["A"]] == ["Oui", "Non", "Non concerné", "Ne sait pas"]


def test_a_grid_filled_in_is_previewed_then_written_by_the_channel_of_imports(second, alice):
    content = filled(
        second,
        {
            "ACH1": "Non concerné",
            "ACH2": "souvent",
            "ACH3": "Neuf ; Occasion",
            "PAR8": "environ 12",
            "PAR9": "12,5 %",
            "RES8N": "Mme Durand",
            "GOV6D": "01/02/2026",
        },
        {"ACH2": "Depuis 2024"},
    )

    run = bring(second, content, alice)
    assert (run.state, run.counts) == (RunState.PREVIEWED, {Outcome.CREATED: 7})
    assert not Answer.objects.exists()

    confirm(run, alice)
    rows = {row.question.code: row for row in Answer.objects.all()}
    assert rows["ACH1"].state == "not_applicable"
    assert (rows["ACH2"].choice, rows["ACH2"].comment) == ("souvent", "Depuis 2024")
    assert rows["ACH3"].choices == ["neuf", "occasion"]
    assert (rows["PAR8"].number, float(rows["PAR9"].number)) == (12, 12.5)
    assert (rows["RES8N"].text, f"{rows['GOV6D'].date}") == ("Mme Durand", "2026-02-01")
    assert {row.channel for row in rows.values()} == {Channel.IMPORT}
    assert {row.author for row in rows.values()} == {alice}
    second.refresh_from_db()
    assert second.answered == 7
    entry = AuditEntry.objects.get(action=AuditAction.IMPORT_APPLIED)
    assert (entry.collectivite, entry.actor) == (second.collectivite, alice)


def test_the_grid_that_left_brought_back_as_it_is_changes_nothing(second, alice):
    answer(second, by=alice, ACH1="oui", ACH2="souvent")
    confirm(bring(second, filled(second, {"PAR8": "1200", "PAR9": "3", "GOV6D": "2026-02-01", "ACH3": "Occasion"}), alice), alice)  # fmt: skip
    count = AnswerHistory.objects.count()

    run = bring(second, filled(second, {}), alice)

    assert (run.state, run.counts) == (RunState.APPLIED, {Outcome.UNCHANGED: 7})
    assert AnswerHistory.objects.count() == count


def test_an_empty_cell_erases_nothing_and_a_comment_alone_is_taken(second, alice):
    answer(second, by=alice, ACH1="oui", ACH2="souvent")

    run = bring(second, filled(second, {"ACH1": "", "ACH2": ""}, {"ACH2": "Vu."}), alice)
    confirm(run, alice)

    rows = {row.question.code: (row.choice, row.comment) for row in Answer.objects.all()}
    assert rows == {"ACH1": ("oui", ""), "ACH2": ("souvent", "Vu.")}


def test_what_somebody_answered_since_is_kept_and_said(second, alice, bob):
    answer(second, by=alice, ACH1="oui")
    content = filled(second, {"ACH1": "Non", "ACH2": "Jamais"})
    answer(second, by=bob, at=NOON, ACH1="nc")

    run = bring(second, content, alice)

    assert run.counts == {Outcome.REJECTED: 1, Outcome.CREATED: 1, Outcome.UNCHANGED: 5}
    sentence = running.read_lines(run)[0].problems[0].sentence
    assert sentence.startswith(f"{bob} a répondu « Non concerné »")
    confirm(run, alice)
    assert Answer.objects.get(question__code="ACH1").state == "not_applicable"
    assert Answer.objects.get(question__code="ACH2").choice == "jamais"


def test_an_answer_given_between_the_preview_and_the_confirmation_is_not_overwritten(
    second, alice, bob
):
    run = bring(second, filled(second, {"ACH1": "Non"}), alice)
    answer(second, by=bob, ACH1="oui")

    with pytest.raises(PreviewOutdated):
        confirm(run, alice)

    run.refresh_from_db()
    assert Answer.objects.get().choice == "oui"
    assert run.counts[Outcome.REJECTED] == 1


@pytest.mark.parametrize(
    ("code", "typed", "word"),
    [
        ("PAR8", "n.c.", "Ne sait pas"),
        ("PAR8", "douze", "par exemple 12"),
        ("PAR9", "120 %", "entre 0 et 100"),
        ("GOV6D", "12/05/1890", "1980"),
        ("ACH2", "parfois", "réponses proposées"),
        ("ACH3", "neuf ; volé", "volé"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_sentence_of_the_site(
    second, alice, code, typed, word
):
    run = bring(second, filled(second, {code: typed}), alice)

    assert run.counts[Outcome.REJECTED] == 1
    assert word in running.read_lines(run)[0].problems[0].sentence


def test_what_is_surprising_is_said_and_taken(second, alice):
    run = bring(second, filled(second, {"PAR8": "4000"}), alice)

    (line,) = running.read_lines(run)
    assert line.outcome == Outcome.CREATED
    assert [p.blocking for p in line.problems] == [False]


def test_a_code_of_nowhere_or_given_twice_is_refused(second, alice):
    rows = "Code;Votre réponse\nXXX9;oui\nACH1;oui\nach1;non\n"

    run = bring(second, rows.encode(), alice, name="grille.csv")

    assert run.counts == {Outcome.REJECTED: 2, Outcome.CREATED: 1}
    confirm(run, alice)
    assert Answer.objects.get().choice == "oui"


def test_a_closed_evaluation_takes_no_grid(second, alice):
    content = filled(second, {"ACH1": "Oui"})
    second.state, second.closed_at = AssessmentState.CLOSED, MORNING
    second.save()

    run = bring(second, content, alice)

    assert run.state == RunState.REFUSED
    assert "clôturée" in run.refusal


def test_the_evaluation_of_a_commune_that_merged_takes_no_grid(second, alice):
    content = filled(second, {"ACH1": "Oui"})
    second.collectivite.retired_at = MORNING.date()
    second.collectivite.save()

    run = bring(second, content, alice)

    assert run.state == RunState.REFUSED
    assert "n’existe plus" in run.refusal


def test_an_evaluation_closed_since_the_preview_refuses_the_grid(second, alice, client_of):
    run = bring(second, filled(second, {"ACH1": "Oui"}), alice)
    second.state, second.closed_at = AssessmentState.CLOSED, MORNING
    second.save()

    page = client_of(alice).post(
        reverse("grid:confirm", args=[second.pk, run.pk]), {"digest": run.digest}, follow=True
    )

    run.refresh_from_db()
    assert run.state == RunState.REFUSED
    assert "clôturée" in page.content.decode()
    assert not Answer.objects.exists()


def test_who_does_not_answer_brings_nothing_and_sees_no_run_of_others(
    second, alice, lea, chloe, omar, nadia
):
    content = filled(second, {"ACH1": "Oui"})
    for person in (lea, chloe, omar, nadia):
        with pytest.raises(NotEntitled):
            bring(second, content, person)

    bring(second, content, alice)
    assert not ImportRun.objects.visible_to(chloe).exists()
    assert ImportRun.objects.visible_to(alice).count() == 1


# --- The pages


@pytest.fixture
def alices(client_of, alice):
    return client_of(alice)


def test_the_grid_is_taken_and_brought_back_on_the_pages(alices, second):
    page = reverse("grid:page", args=[second.pk])
    left = alices.post(reverse("grid:download", args=[second.pk]))
    assert left["Content-Disposition"] == 'attachment; filename="grille-valmont-sur-claire-niveau-2.xlsx"'  # fmt: skip
    assert AuditEntry.objects.get().action == AuditAction.RESULTS_EXPORTED

    file = SimpleUploadedFile("grille.xlsx", filled(second, {"ACH1": "Oui"}))
    brought = alices.post(page, {"file": file})
    run = ImportRun.objects.get()
    assert brought.url == reverse("grid:run", args=[second.pk, run.pk])
    assert "Enregistrer 1 réponse" in alices.get(brought.url).content.decode()
    assert not Answer.objects.exists()

    confirmed = alices.post(
        reverse("grid:confirm", args=[second.pk, run.pk]), {"digest": run.digest}, follow=True
    )
    assert "Les réponses de la grille sont enregistrées." in confirmed.content.decode()
    assert Answer.objects.get().choice == "oui"
    assert run.file_name in alices.get(page).content.decode()


def test_a_file_that_is_no_grid_is_refused_with_a_sentence(alices, second):
    page = reverse("grid:page", args=[second.pk])
    answered = alices.post(
        page, {"file": SimpleUploadedFile("grille.xlsx", b"MZ rien")}, follow=True
    )

    assert "pu être lu" in answered.content.decode()
    assert alices.post(page, {}).status_code == 422


def test_giving_up_writes_nothing(alices, alice, second):
    run = bring(second, filled(second, {"ACH1": "Oui"}), alice)

    alices.post(reverse("grid:cancel", args=[second.pk, run.pk]))

    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    answered = alices.post(
        reverse("grid:confirm", args=[second.pk, run.pk]), {"digest": run.digest}, follow=True
    )
    assert "n’attend pas de confirmation" in answered.content.decode()
    assert not Answer.objects.exists()


def test_a_run_of_another_evaluation_is_not_found(alices, alice, second):
    other = AssessmentFactory(questionnaire=second.questionnaire, collectivite=second.collectivite, closed=True)  # fmt: skip
    run = bring(second, filled(second, {"ACH1": "Oui"}), alice)

    assert alices.get(reverse("grid:run", args=[other.pk, run.pk])).status_code == 404
    assert alices.get(reverse("grid:confirm", args=[second.pk, run.pk])).status_code == 405
