"""An edition of a questionnaire goes out as a workbook, comes back unchanged, and makes a draft under another name."""

import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from imports import running
from imports.edition import EditionKind, workbook_rows
from imports.enums import ImportKind, RunState
from imports.models import ImportRun
from imports.running import PreviewOutdated
from imports.undoing import UsedSince, undo
from imports.workbooks import lists_of_text, template_of
from questions.editions import copy_edition, publish_edition
from questions.loading import load_edition
from questions.models import (
    Measure,
    MeasureIndicator,
    MeasureResource,
    Option,
    Question,
    Questionnaire,
    QuestionSource,
    Theme,
)
from tests.questions.factories import MeasureFactory, OptionFactory, QuestionnaireFactory

pytestmark = pytest.mark.django_db


def load(level: int) -> Questionnaire:
    load_edition(level=level, edition="2027", title="Repères", introduction="", at=timezone.now())
    return Questionnaire.objects.current(level)


@pytest.fixture
def edition(db):
    """Published: two themes, three questions, answers, a source and two measures."""
    edition = QuestionnaireFactory(
        content={
            "gouvernance": ["GOV1", {"code": "GOV2", "kind": "one_of"}],
            "achats": [{"code": "ACH1", "kind": "number", "maximum": 100, "weight": 0}],
        }
    )
    first, second, _ = Question.objects.order_by("theme__order", "order")
    for rank, code in enumerate(("jamais", "toujours")):
        OptionFactory(question=second, code=code, label=code, points=100 * rank, sort_order=rank)
    QuestionSource.objects.create(
        question=first, label="Ademe", year=2025, url="https://www.ademe.fr", sort_order=0
    )
    for code in ("M-1", "M-2"):
        measure = MeasureFactory(code=code)
        measure.indicators = [MeasureIndicator(label="Charte adoptée", unit="oui ou non")]
        measure.resources = [MeasureResource(title="Guide", url="https://www.ademe.fr/guide")]
        measure.save()
    first.measures.set(Measure.objects.all())
    first.save()
    return edition


@pytest.fixture
def draft(edition):
    return copy_edition(edition, edition="2028", by=None)


def exported(edition: Questionnaire) -> bytes:
    return lists_of_text(workbook_rows(edition))


def changed(content: bytes, **sheets) -> bytes:
    """Write in a workbook: sheet → {(line, title): text}; a text of None takes the whole line away."""
    book = load_workbook(io.BytesIO(content))
    for name, cells in sheets.items():
        sheet = book[name]
        titles = [cell.value for cell in sheet[1]]
        for (line, title), text in cells.items():
            if text is None:
                sheet.delete_rows(line)
            else:
                sheet.cell(line, titles.index(title) + 1, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def renamed(content: bytes, name: str = "2028", **sheets) -> bytes:
    return changed(content, Questionnaire={(2, "Édition"): name}, **sheets)


def bring(content: bytes, by) -> ImportRun:
    return running.start(
        kind=ImportKind.EDITION,
        content=content,
        file_name="questionnaire.xlsx",
        opsn=None,
        by=by,
        at=timezone.now(),
    )


def apply(run: ImportRun, by) -> None:
    running.apply(run=run, digest=run.digest, by=by, at=timezone.now())


def told(run: ImportRun) -> list[tuple[str, str]]:
    return [(ln.name, p.sentence) for ln in running.read_lines(run) for p in ln.problems]


def contents() -> list:
    """Return every value of every edition and measure, but the keys and the dates."""
    return [
        list(Theme.objects.order_by("pk").values("code", "title", "introduction", "order")),
        [workbook_rows(edition) for edition in Questionnaire.objects.order_by("pk")],
    ]


@pytest.mark.parametrize("level", [1, 2])
def test_the_workbook_of_an_edition_sent_again_changes_nothing(nadia, level):
    load(1)
    edition = load(level)
    before = contents()

    run = bring(exported(edition), nadia)

    assert run.state == RunState.APPLIED
    assert set(run.counts) == {"unchanged"}
    assert run.counts["unchanged"] > (100 if level == 1 else 500)
    assert "Rien à changer" in " ".join(run.notes)
    assert contents() == before


def test_under_another_name_it_makes_the_same_questionnaire_in_a_draft(edition, nadia):
    run = bring(renamed(exported(edition)), nadia)
    assert set(run.counts) == {"created", "unchanged"}
    assert not Questionnaire.objects.filter(edition="2028").exists()

    apply(run, nadia)

    draft = Questionnaire.objects.get(edition="2028")
    assert draft.is_draft
    assert workbook_rows(draft)[1:] == workbook_rows(edition)[1:]
    assert bring(exported(draft), nadia).state == RunState.APPLIED
    publish_edition(draft, by=None, at=timezone.now())


def test_a_draft_takes_what_was_changed_in_the_workbook(draft, nadia):
    content = changed(
        exported(draft),
        Questions={(2, "Question"): "Une autre question ?\xa0", (2, "Poids"): "5", (3, "Principe"): "Un\ndeux"},
        Thèmes={(2, "Titre"): "Autre titre"},
    )  # fmt: skip

    run = bring(content, nadia)
    assert run.counts["updated"] == 3
    apply(run, nadia)

    first, second = Question.objects.filter(theme__questionnaire=draft).order_by(
        "theme__order", "order"
    )[:2]
    assert (first.text, first.weight, second.principle) == ("Une autre question ?", 5, "Un\ndeux")
    assert first.theme.title == "Autre titre"


def test_words_that_an_editor_had_saved_are_brought_up_to_date(draft, nadia):
    question = Question.objects.filter(theme__questionnaire=draft).first()
    question.save_revision().publish()
    line = [row[0] for row in workbook_rows(draft)[2][2]].index(question.code) + 2

    apply(
        bring(changed(exported(draft), Questions={(line, "Question"): "Nouvelle ?"}), nadia), nadia
    )

    question.refresh_from_db()
    assert question.get_latest_revision_as_object().text == "Nouvelle ?"
    assert not question.has_unpublished_changes


def test_an_answer_offered_is_added_to_a_question(draft, nadia):
    question = Question.objects.filter(theme__questionnaire=draft).first()
    book = load_workbook(io.BytesIO(exported(draft)))
    book["Réponses"].append([question.code, "0", "un-peu", "Un peu", "33,5", None])
    out = io.BytesIO()
    book.save(out)

    apply(bring(out.getvalue(), nadia), nadia)

    option = Option.objects.get(question=question, code="un-peu")
    assert (option.label, option.points) == ("Un peu", 33.5)


def test_what_is_no_longer_in_the_workbook_stays_and_is_said(draft, nadia):
    run = bring(changed(exported(draft), Réponses={(2, "Question"): None}), nadia)

    assert set(run.counts) == {"unchanged"}
    assert "Feuille «\xa0Réponses\xa0»" in " ".join(run.notes)


@pytest.mark.parametrize(
    ("sheet", "cell", "text", "sentence"),
    [
        ("Questions", "Thème", "ailleurs", "Aucun thème n’a ce code."),
        ("Questions", "Poids", "9", "Assurez-vous que cette valeur est inférieure ou égale à 5."),
        ("Questions", "Type de réponse", "peut-être", "Valeurs possibles"),
        ("Questions", "Mesures", "M-NULLE", "Aucune mesure n’a ce code."),
        ("Questions", "Guide", "nulle-part", "Aucun guide n’a ce code."),
        ("Questions", "Types de collectivités", "royaume", "n’est pas un type de collectivité"),
        ("Questions", "Vérifiée le", "hier", "Une date est attendue"),
        ("Questions", "Minimum", "dix", "Un nombre est attendu."),
        ("Sources", "Question", "XXX1", "Aucune question n’a ce code."),
        ("Sources", "Lien", "javascript:alert(1)", "URL"),
        ("Mesures", "Indicateurs", "sans unité", "Une par ligne"),
        ("Mesures", "Ressources", "Piège | javascript:alert(1)", "URL"),
        ("Mesures", "Coût", "cher", "Valeurs possibles"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_told_with_its_sheet_and_nothing_is_written(
    draft, nadia, sheet, cell, text, sentence
):
    run = bring(changed(exported(draft), **{sheet: {(2, cell): text}}), nadia)

    assert run.counts["rejected"] >= 1
    name, problem = told(run)[0]
    assert name.startswith(f"{sheet}, ")
    assert sentence in problem
    with pytest.raises((running.BlockedByRefusedRows, running.NothingToDo)):
        apply(run, nadia)


def test_a_published_edition_is_not_changed(edition, nadia):
    run = bring(changed(exported(edition), Questions={(2, "Question"): "Une autre ?"}), nadia)

    assert run.state == RunState.REFUSED
    assert "est publiée" in run.refusal


def test_a_workbook_without_its_first_sheet_is_refused(draft, nadia):
    book = load_workbook(io.BytesIO(exported(draft)))
    del book["Questionnaire"]
    out = io.BytesIO()
    book.save(out)

    assert "Il manque la feuille" in bring(out.getvalue(), nadia).refusal


def test_two_editions_in_one_workbook_are_refused(draft, nadia):
    content = changed(
        exported(draft), Questionnaire={(3, "Niveau"): "niveau 1", (3, "Édition"): "2029"}
    )

    assert "une édition par classeur" in bring(content, nadia).refusal


def test_the_template_says_how_and_its_examples_are_not_imported(nadia):
    book = load_workbook(io.BytesIO(template_of(running.KINDS["edition"])))
    assert book.sheetnames == [
        "Questionnaire", "Thèmes", "Mesures", "Questions", "Réponses", "Sources", "Explications",
    ]  # fmt: skip

    assert "Il manque la feuille" in bring(template_of(running.KINDS["edition"]), nadia).refusal


def test_a_new_draft_is_undone(edition, nadia):
    before = contents()
    run = bring(renamed(exported(edition)), nadia)
    apply(run, nadia)

    undo(run=run, by=nadia, at=timezone.now())

    assert contents() == before


def test_changes_of_a_draft_are_undone(draft, nadia):
    before = contents()
    measures = Measure.objects.count()
    run = bring(
        changed(
            exported(draft),
            Questions={(2, "Question"): "Une autre ?", (2, "Mesures"): ""},
            Mesures={(2, "Titre"): "Autre", (2, "Indicateurs"): "Charte | oui ou non"},
        ),
        nadia,
    )
    apply(run, nadia)
    assert contents() != before

    undo(run=run, by=nadia, at=timezone.now())

    assert (contents(), Measure.objects.count()) == (before, measures)


@pytest.fixture
def corrected(draft, nadia):
    """The draft with one question written otherwise, to confirm."""
    return bring(changed(exported(draft), Questions={(2, "Question"): "Nouvelle ?"}), nadia)


def test_an_edition_published_since_the_preview_refuses_the_workbook(corrected, draft, nadia):
    publish_edition(draft, by=None, at=timezone.now())

    with pytest.raises(PreviewOutdated, match="est publiée"):
        apply(corrected, nadia)

    corrected.refresh_from_db()
    assert corrected.state == RunState.REFUSED
    assert "est publiée" in corrected.refusal
    assert not Question.objects.filter(text="Nouvelle ?").exists()


def test_and_so_does_one_published_just_before_the_write(corrected, draft, nadia, monkeypatch):
    prepare = EditionKind.prepare

    def and_somebody_publishes(self, plan):
        prepare(self, plan)
        publish_edition(draft, by=None, at=timezone.now())

    monkeypatch.setattr(EditionKind, "prepare", and_somebody_publishes)

    with pytest.raises(PreviewOutdated, match="est publiée"):
        apply(corrected, nadia)

    corrected.refresh_from_db()
    assert corrected.state == RunState.REFUSED
    assert not Question.objects.filter(text="Nouvelle ?").exists()


def test_what_was_published_since_is_not_undone(edition, nadia):
    run = bring(renamed(exported(edition)), nadia)
    apply(run, nadia)
    publish_edition(Questionnaire.objects.get(edition="2028"), by=None, at=timezone.now())

    with pytest.raises(UsedSince):
        undo(run=run, by=nadia, at=timezone.now())


def test_what_an_editor_changed_since_is_not_undone(edition, nadia):
    run = bring(renamed(exported(edition)), nadia)
    apply(run, nadia)
    question = Question.objects.filter(theme__questionnaire__edition="2028").first()
    question.save_revision()

    with pytest.raises(UsedSince):
        undo(run=run, by=nadia, at=timezone.now())


def test_an_adviser_brings_no_questionnaire(edition, omar):
    with pytest.raises(running.NotEntitled):
        bring(exported(edition), omar)


class TestDownload:
    def test_the_national_team_takes_the_workbook(self, edition, nadia, client_of):
        answer = client_of(nadia).get(f"/opsn/imports/questionnaires/{edition.pk}.xlsx")

        assert answer.status_code == 200
        assert "questionnaire-niveau-1-2027.xlsx" in answer["Content-Disposition"]
        assert answer.content == exported(edition) or load_workbook(io.BytesIO(answer.content))

    def test_nobody_else_does(self, edition, omar, alice, client_of):
        for user in (omar, alice):
            address = f"/opsn/imports/questionnaires/{edition.pk}.xlsx"
            assert client_of(user).get(address).status_code == 404

    def test_it_is_read_only(self, edition, nadia, client_of):
        address = f"/opsn/imports/questionnaires/{edition.pk}.xlsx"
        assert client_of(nadia).post(address).status_code == 405
