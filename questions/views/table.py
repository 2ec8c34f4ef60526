"""The table: all the questions, filtered by the address, answered in place."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from questions import rules
from questions.answering import AssessmentClosed, record_answers
from questions.models import Question
from questions.pages import question_rows
from questions.sheets import AnswerSheet, answer_sheet
from questions.tabling import Table, table_of
from questions.teamwork import teamwork_of
from questions.views.access import for_readers


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def table(request, assessment):
    sheet = answer_sheet(assessment)
    if request.method == "POST":
        channel = rules.channel_of(request.user, assessment)
        if channel is None:
            raise Http404
        return _save(request, assessment, sheet, channel)
    return _render(request, assessment, sheet)


def _save(request, assessment, sheet: AnswerSheet, channel) -> HttpResponse:
    """Save every row that was on the page; show again what is wrong, or what somebody else changed."""
    rows = question_rows(sheet, _sent(request, sheet), data=request.POST)
    rows = [row for row in rows if str(row.question.pk) not in request.POST.getlist("theirs")]
    wrong = {row.question.pk: row.form for row in rows if not row.form.is_valid()}
    given = [row.form.given() for row in rows if row.question.pk not in wrong]
    try:
        recorded = record_answers(
            assessment=assessment,
            given=filter(None, given),
            by=request.user,
            at=timezone.now(),
            channel=channel,
        )
    except AssessmentClosed as error:
        messages.warning(request, str(error))
        return redirect("questions:results", pk=assessment.pk)
    if wrong or recorded.conflicts:
        return _render(request, assessment, recorded.sheet, wrong, recorded.conflicts)
    if recorded.written:
        messages.success(request, "Vos réponses sont enregistrées.")
    return redirect(request.get_full_path())


def _sent(request, sheet: AnswerSheet) -> list[Question]:
    """Return the questions that the page held: somebody else may have moved them out of the filter, or hidden them."""
    return [q for q in sheet.questions.values() if f"q{q.pk}-version" in request.POST]


def _render(request, assessment, sheet, wrong=None, conflicts=()) -> HttpResponse:
    has_team = rules.has_team(assessment)
    work = teamwork_of(assessment, today=timezone.localdate()) if has_team else None
    shown = table_of(sheet, work, reader=request.user.pk, asked=request.GET)
    looked_at = {*(wrong or {}), *(conflict.question.pk for conflict in conflicts)}
    apart = [q for q in sheet.questions.values() if q.pk in looked_at]
    rows = {
        row.question.pk: row
        for row in question_rows(
            sheet, [*shown.page, *apart], wrong=wrong or {}, conflicts=conflicts
        )
    }
    for row in rows.values():
        row.around = work and work.around(row.question)
    context = {
        "assessment": assessment,
        "table": shown,
        "apart": [rows[q.pk] for q in apart],
        "sections": _with_rows(shown, rows, looked_at),
        "wrong": [rows[pk] for pk in wrong or {}],
        "conflicts": conflicts,
        "to_confirm": any(row.to_confirm for row in rows.values()),
        "can_answer": rules.can_answer(request.user, assessment),
        "answered": sheet.progress.answered,
        "asked": sheet.progress.asked,
        "params": _params(request, shown),
    }
    return render(request, "questions/table.html", context, status=422 if wrong else 200)


def _params(request, shown: Table):
    """Return what the links between pages say: the theme too, even when the address left its choice to us."""
    params = request.GET.copy()
    if not shown.kept:
        params["theme"] = shown.open_theme
    return params


def _with_rows(shown: Table, rows: dict, looked_at: set[int]) -> list[dict]:
    """Return the sections with their rows, but those that wait to be mended above them."""
    return [
        {
            "section": section,
            "rows": [rows[q.pk] for q in section.questions if q.pk not in looked_at],
        }
        for section in shown.sections
    ]
