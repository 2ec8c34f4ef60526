"""The files that leave: what is in them, and that nothing in them runs."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from questions.answering import GivenAnswer, record_answer
from questions.exports import csv_file, csv_table, workbook
from questions.grid import TITLES, grid
from questions.models import Question
from questions.results import results_of
from questions.sheets import answer_sheet
from territories.enums import AuditAction
from territories.models import AuditEntry
from tests.questions.factories import (
    MORNING,
    AssessmentFactory,
    MeasureFactory,
    QuestionnaireFactory,
    answer,
    answer_numbers,
    value,
)

NOON = MORNING + timedelta(hours=3)
DANGEROUS = ["=1+1", "==1", "+33 6 12", "-3", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.fixture
def answered(assessment, alice):
    answer(assessment, by=alice, ACH1="oui", ACH2="non", PAR1="nsp")
    return assessment


def comment(assessment, alice, text: str) -> None:
    question = Question.objects.get(code="ACH1")
    given = GivenAnswer(
        question, value("oui", text), assessment.answers.get(question=question).version
    )
    record_answer(assessment=assessment, given=given, by=alice, at=NOON)


def opened(assessment):
    assessment.refresh_from_db()
    return load_workbook(io.BytesIO(workbook_of(assessment)))


def workbook_of(assessment) -> bytes:
    return workbook(results_of(assessment), at=NOON)


def grid_of(assessment) -> bytes:
    return grid(answer_sheet(assessment))


def comment_in(content: bytes) -> str:
    """The comment of the first question, in the sheet of the answers."""
    titles, first, *_ = load_workbook(io.BytesIO(content))["Réponses"].iter_rows(values_only=True)
    return dict(zip(titles, first, strict=True))["Commentaire"]


def rows_of(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def csv_rows(assessment) -> list[list[str]]:
    text = csv_file(answer_sheet(assessment)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize(
    ("number", "written"),
    [(1234567.8, "1234567,8"), (1000000.0, "1000000"), (0.05, "0,05"), (-2.5, "-2,5"), (0.0, "0")],
)
def test_a_figure_keeps_all_its_digits_in_csv(number, written):
    assert csv_table([(number,)]).decode("utf-8-sig").strip() == written


def test_the_workbook_has_its_six_sheets(answered):
    assert opened(answered).sheetnames == [
        "Lisez-moi",
        "Indice",
        "Thèmes",
        "Réponses",
        "Mesures",
        "Obligations",
    ]


def test_the_workbook_holds_the_index_the_themes_and_the_answers(answered):
    book = opened(answered)

    assert ["Indice sur 100", 20] in rows_of(book["Indice"])
    assert [row[:3] for row in rows_of(book["Thèmes"])[1:]] == [
        ["Achats", 25, "D"],
        ["Parc", 0, "E"],
    ]
    answers = rows_of(book["Réponses"])[1:]
    assert [(row[1], row[3], row[6], row[8], row[9]) for row in answers] == [
        ("ACH1", "Oui", "Alice Martin", 20, 20),
        ("ACH2", "Non", "Alice Martin", 0, 60),
        ("PAR1", "Ne sait pas", "Alice Martin", 0, 20),
    ]


def test_the_points_of_the_answers_add_up_to_the_index(answered):
    rows = rows_of(opened(answered)["Réponses"])[1:]

    assert sum(row[8] for row in rows) == 20
    assert sum(row[9] for row in rows) == 100


def test_the_workbook_lists_all_the_measures(answered):
    question = Question.objects.get(code="ACH2")
    for number in range(7):
        Question.measures.through.objects.create(
            question=question, measure=MeasureFactory(code=f"M{number}")
        )

    rows = rows_of(opened(answered)["Mesures"])[1:]

    assert [row[0] for row in rows] == [f"M{number}" for number in range(7)]
    assert {row[6] for row in rows} == {60}


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_stays_a_text_in_the_workbook(answered, alice, text):
    question = Question.objects.get(code="ACH1")
    answered.answers.filter(question=question).update(comment=text)

    cell = opened(answered)["Réponses"]["E2"]

    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_neutralised_in_the_csv(answered, text):
    question = Question.objects.get(code="ACH1")
    answered.answers.filter(question=question).update(comment=text)

    assert csv_rows(answered)[1][4] == f"'{text}"


def test_the_csv_reads_in_a_french_spreadsheet(answered):
    content = csv_file(answer_sheet(answered))

    assert content.startswith(b"\xef\xbb\xbf")
    rows = csv_rows(answered)
    assert rows[0][:4] == ["Thème", "Code", "Question", "Réponse"]
    assert rows[1][7:] == ["24/11/2026 10:00", "20", "20"]


def test_points_have_a_decimal_comma_in_the_csv(commune, alice):
    edition = QuestionnaireFactory(content={"achats": ["A", "B", "C"]})
    assessment = AssessmentFactory(questionnaire=edition, collectivite=commune)
    answer(assessment, by=alice, A="oui")

    assert csv_rows(assessment)[1][8] == "33,33"


@pytest.mark.parametrize("text", ["<b>&\"é';🌿", "deux\nlignes", "x" * 10_000])
def test_any_text_can_leave(answered, text):
    answered.answers.filter(question__code="ACH1").update(comment=text)

    assert opened(answered)["Réponses"]["E2"].value.endswith(text[-3:])
    assert csv_rows(answered)[1][4] == text


@pytest.mark.parametrize("file", [workbook_of, grid_of])
def test_characters_that_no_workbook_can_hold_are_left_out(answered, file):
    answered.answers.filter(question__code="ACH1").update(comment="co\x07pi\ufffeé\uffff 🌳")

    assert comment_in(file(answered)) == "copié 🌳"


def test_an_unanswered_question_is_an_empty_line(assessment):
    row = rows_of(opened(assessment)["Réponses"])[1]

    assert row[3] in ("", None)
    assert row[7] is None


@pytest.mark.parametrize(
    ("name", "kind"), [("export_xlsx", "spreadsheetml.sheet"), ("export_csv", "text/csv")]
)
@pytest.mark.parametrize("who", ["alice", "lea", "omar", "nadia"])
def test_who_reads_takes_the_file_and_the_journal_says_so(
    request, answered, client_of, who, name, kind
):
    user = request.getfixturevalue(who)

    response = client_of(user).post(reverse(f"questions:{name}", args=[answered.pk]))

    assert response.status_code == 200
    assert kind in response["Content-Type"]
    extension = name.removeprefix("export_")
    assert response["Content-Disposition"] == (
        f'attachment; filename="eco-clic-valmont-sur-claire-2026-11-24.{extension}"'
    )
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.ground) == (
        AuditAction.RESULTS_EXPORTED,
        user,
        extension,
    )


def test_a_file_and_an_evaluation_are_named_by_the_day_in_paris(answered, alices):
    answered.opened_at = datetime(2027, 7, 14, 22, 30, tzinfo=UTC)
    answered.save()

    response = alices.post(reverse("questions:export_csv", args=[answered.pk]))

    assert "-2027-07-15.csv" in response["Content-Disposition"]
    assert str(answered).endswith("15/07/2027")


def test_a_provisional_file_leaves_no_trace_that_others_would_read(
    edition, commune, paul, client_of
):
    provisional = AssessmentFactory(
        questionnaire=edition, collectivite=commune, provisional_for=paul
    )

    response = client_of(paul).post(reverse("questions:export_csv", args=[provisional.pk]))

    assert response.status_code == 200
    assert AuditEntry.objects.count() == 0


def test_a_file_names_nobody_elses_data(answered, foreign_assessment, chloe):
    answer(foreign_assessment, by=chloe, ACH1="non")

    text = csv_file(answer_sheet(answered)).decode() + str(rows_of(opened(answered)["Lisez-moi"]))

    assert "Chloé" not in text
    assert "L’Épine" not in text


def test_the_grid_holds_a_figure_without_its_unit(second):
    answer_numbers(second, PAR8A=1, PAR2A=12)

    page = load_workbook(io.BytesIO(grid(answer_sheet(second))))["Réponses"]

    column = list(TITLES).index("answer") + 1
    answers = {row[0].value: row[column - 1].value for row in page.iter_rows(min_row=2)}
    assert (answers["PAR8A"], answers["PAR2A"]) == ("1", "12")
