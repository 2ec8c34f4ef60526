"""Answering: one theme per page, one answer at a time where JavaScript is there, the whole page where it is not."""

from fractions import Fraction
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions import rules, scoring
from questions.addresses import question_address, theme_address
from questions.answering import (
    AnswerConflict,
    AssessmentClosed,
    CollectiviteRetired,
    GivenAnswer,
    Recorded,
    record_answer,
    record_answers,
)
from questions.enums import Channel
from questions.explaining import explanation, explanations
from questions.forms import AnswerForm
from questions.marking import mark
from questions.models import Question
from questions.pages import (
    EXPLAINED_AT_ONCE,
    Part,
    QuestionRow,
    asked_part,
    parts_of,
    question_rows,
    rows_to_review,
    steps,
)
from questions.plausibility import looked_at_with
from questions.profiling import waits_for_profile
from questions.sheets import AnswerSheet, answer_sheet
from questions.teamwork import Teamwork, reviews_of, teamwork_of
from questions.views.access import for_answerers, for_readers
from questions.wording import in_words
from territories.current import the_same_wherever
from territories.rules import is_accompanied

PROFILE_LATER = "plus-tard"


@require_safe
@for_readers
def resume(request, assessment):
    """Go to the first question that waits; to closing when none does, to the results when it is closed.

    Level 2 goes by the profile until somebody confirms it, or says « later ».
    """
    if not rules.can_answer(request.user, assessment):
        if assessment.is_open and not assessment.takes_answers:
            messages.info(request, str(CollectiviteRetired()))
        return redirect("questions:results", pk=assessment.pk)
    if request.GET.get("profil") != PROFILE_LATER and waits_for_profile(assessment):
        return redirect("questions:profile", pk=assessment.pk)
    sheet = answer_sheet(assessment)
    if not sheet.progress.left:
        return _end(request, assessment)
    question = sheet.questions[sheet.progress.left[0]]
    return redirect(question_address(assessment, question))


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def theme(request, assessment, code):
    sheet = answer_sheet(assessment)
    shown = next((theme for theme in sheet.themes if theme.code == code), None)
    if request.method == "POST":  # the theme may be asked no more since the page was opened
        channel = rules.channel_of(request.user, assessment)
        if channel is None or shown is None:
            raise Http404
        return _save_page(request, assessment, sheet, shown, channel)
    if shown not in sheet.asked_themes:
        raise Http404
    return _render_page(request, assessment, sheet, shown)


@the_same_wherever
@require_POST
@for_answerers
def answer(request, assessment, channel, question):
    """Save one answer for the page's script, and tell it what to show."""
    try:
        recorded = record_answer(
            assessment=assessment,
            given=partial(_posted, request.POST, question),
            by=request.user,
            at=timezone.now(),
            channel=channel,
        )
    except NotGiven as error:
        return JsonResponse({"error": str(error)}, status=422)
    except AssessmentClosed as error:
        return JsonResponse({"error": str(error)}, status=409)
    except AnswerConflict as conflict:
        return JsonResponse(_told(request, conflict), status=409)
    return JsonResponse(_saved(request, assessment, question, recorded))


@require_safe
@for_readers
def explain(request, assessment, question):
    """What an answer means and what to do first: a page, or a fragment for the page's script."""
    rows = Question.objects.select_related("guide", "theme").prefetch_related("sources", "measures")
    rows = rows.filter(theme__questionnaire_id=assessment.questionnaire_id)
    question = get_object_or_404(rows, pk=question)
    sheet = answer_sheet(assessment)
    context = {
        "assessment": assessment,
        "question": question,
        "words": in_words(question, sheet.options[question.code], sheet.answers.get(question.code)),
        "lost": scoring.stored(sheet.losses.get(question.code, Fraction(0))),
        "explained": explanation(question, sheet.profile, request),
        "can_answer": rules.can_answer(request.user, assessment),
    }
    fragment = "fragment" in request.GET
    template = "questions/_explanation.html" if fragment else "questions/explanation.html"
    return render(request, template, context)


@require_safe
@for_readers
def unknown(request, assessment):
    """The questions to come back to: « ne sait pas », those that the team marked, evidence to renew."""
    sheet, work = answer_sheet(assessment), _teamwork(assessment)
    context = {
        "assessment": assessment,
        "rows": rows_to_review(sheet, work),
        "unknown": sheet.progress.unknown,
        "has_team": work is not None,
        "can_answer": rules.can_answer(request.user, assessment),
    }
    return render(request, "questions/unknown.html", context)


def _save_page(request, assessment, sheet, theme, channel) -> HttpResponse:
    """Save what can be saved of a page; show again what is wrong, or what somebody else changed."""
    rows = question_rows(sheet, _sent(request, sheet), data=request.POST)
    rows = [row for row in rows if str(row.question.pk) not in request.POST.getlist("theirs")]
    wrong = {row.question.pk: row.form for row in rows if not row.form.is_valid()}
    confirms = request.POST.keys().isdisjoint({"mark", "unmark"})
    given = [row.given(confirms=confirms) for row in rows if row.question.pk not in wrong]
    try:
        _mark_if_asked(request, assessment, sheet)
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
        return _render_page(request, assessment, recorded.sheet, theme, wrong, recorded.conflicts)
    return _after_saving(request, assessment, theme, recorded)


def _sent(request, sheet: AnswerSheet) -> list[Question]:
    """Return the questions that the page held when it was opened: they may be of another part by now, or asked no more."""
    names = {name.partition("-")[0] for name in request.POST}
    return [question for question in sheet.questions.values() if f"q{question.pk}" in names]


def _mark_if_asked(request, assessment, sheet) -> None:
    """Without the script, the button « À revoir » sends its page: what was typed is saved with the mark."""
    if not rules.has_team(assessment):
        return
    for name, marked in (("mark", True), ("unmark", False)):
        asked = request.POST.getlist(name)
        for question in sheet.visible_questions:
            if str(question.pk) in asked:
                mark(
                    assessment=assessment,
                    question=question,
                    marked=marked,
                    by=request.user,
                    at=timezone.now(),
                )


def _after_saving(request, assessment, theme, recorded: Recorded) -> HttpResponse:
    """Explain the « non » that were just given; else go where the button says."""
    sheet = recorded.sheet
    part = asked_part(parts_of(sheet, theme), request.GET)
    explained = [code for code in sheet.questions if code in recorded.written & sheet.unfavourable]
    if explained or recorded.asks_otherwise or request.POST.get("go") != "next":
        if recorded.written:
            messages.success(request, "Vos réponses sont enregistrées.")
        else:  # the page's script had saved them one by one, or there is none
            messages.info(request, "Rien de nouveau à enregistrer sur cette page.")
        if theme not in sheet.asked_themes:
            return redirect("questions:resume", pk=assessment.pk)
        voir = [sheet.questions[code].pk for code in explained[:EXPLAINED_AT_ONCE]]
        return redirect(theme_address(assessment, theme.code, **_named(part), voir=voir))
    if not part.is_last:
        return redirect(theme_address(assessment, theme.code, partie=part.number + 1))
    if following := sheet.progress.next_theme(theme.code):
        return redirect(theme_address(assessment, following))
    if sheet.progress.left:
        question = sheet.questions[sheet.progress.left[0]]
        messages.info(request, f"Ce thème n’est pas terminé : {sheet.progress.left_words}.")
        return redirect(question_address(assessment, question))
    return _end(request, assessment)


def _end(request, assessment) -> HttpResponse:
    """Go to closing once nothing is left; the adviser answers, and leaves closing to the collectivité."""
    closes = rules.writes(request.user, assessment)
    return redirect("questions:close" if closes else "questions:results", pk=assessment.pk)


def _render_page(request, assessment, sheet, theme, wrong=None, conflicts=()) -> HttpResponse:
    parts = parts_of(sheet, theme)
    part = asked_part(parts, request.GET)
    looked_at = {*(wrong or {}), *(conflict.question.pk for conflict in conflicts)}
    looked_at |= {question.pk for question in part.questions}
    questions = [question for question in sheet.questions.values() if question.pk in looked_at]
    rows = question_rows(sheet, questions, wrong=wrong or {}, conflicts=conflicts)
    wanted = {int(pk) for pk in request.GET.getlist("voir") if pk.isdecimal()}
    open_rows = [row for row in rows if row.is_unfavourable and row.question.pk in wanted]
    if open_rows:
        pks = [row.question.pk for row in open_rows[:EXPLAINED_AT_ONCE]]
        found = explanations(pks, sheet.profile, request)
        for row in open_rows:
            row.explained = found.get(row.question.pk)
    work = _teamwork(assessment)
    for row in rows:
        row.around = work and work.around(row.question)
    channel = rules.channel_of(request.user, assessment) if assessment.takes_answers else None
    context = {
        "assessment": assessment,
        "theme": theme,
        "part": part,
        "parts": _part_tabs(assessment, theme, parts, part),
        "form_url": theme_address(assessment, theme.code, **_named(part)),
        "rows": rows,
        "wrong": [row for row in rows if row.form.errors],
        "conflicts": conflicts,
        "to_confirm": any(row.to_confirm for row in rows),
        "can_answer": channel is not None,
        "can_submit": channel == Channel.AGENT and is_accompanied(assessment.collectivite),
        "can_review": channel == Channel.OPSN,
        "standing": work and work.standing(theme, sheet),
        "next_theme": sheet.progress.next_theme(theme.code),
        **_progress(assessment, sheet, theme, work.reviews if work else {}),
    }
    return render(request, "questions/theme.html", context, status=422 if wrong else 200)


class NotGiven(Exception):
    """What was posted is no answer; says what to correct."""


def _posted(data, pk: int, sheet: AnswerSheet) -> GivenAnswer:
    """Return the answer that was posted to a question of the edition. Raises Http404, NotGiven."""
    question = _by_pk(sheet, pk)
    if question is None:
        raise Http404
    form = AnswerForm(
        question, sheet.options[question.code], sheet.answers.get(question.code), data
    )
    given = form.given() if form.is_valid() else None
    if given is None:
        raise NotGiven(
            " ".join(form.sentences) or "Donnez une réponse, ou choisissez « Ne sait pas »."
        )
    return given


def _by_pk(sheet: AnswerSheet, pk: int) -> Question | None:
    return next((question for question in sheet.questions.values() if question.pk == pk), None)


def _saved(request, assessment, pk: int, recorded: Recorded) -> dict:
    sheet = recorded.sheet
    question = _by_pk(sheet, pk)
    explained, in_table = "", "tableau" in request.GET
    reviews = reviews_of(assessment) if rules.has_team(assessment) and not in_table else {}
    done = sheet.progress.of(question.theme.code)
    if question.code in sheet.unfavourable and not in_table:
        found = explanations([pk], sheet.profile, request)
        context = {"explained": found[pk]}
        explained = render_to_string("questions/_explanation.html", context, request)
    return {
        "version": sheet.answers[question.code].version,
        "explanation": explained,
        "warnings": _warnings(sheet, question.code),
        "progress": render_to_string(
            "questions/_table_progress.html" if in_table else "questions/_progress.html",
            _progress(assessment, sheet, question.theme, reviews),
            request,
        ),
        "count": f"{done.answered} sur {done.asked}",
        "reload": recorded.asks_otherwise,
    }


def _warnings(sheet, code: str) -> dict:
    """Return, by id of question, what is to be checked now that this answer is given; an empty text takes it away."""
    return {
        sheet.questions[other].pk: render_to_string(
            "questions/_warning.html", {"warning": sheet.warnings.get(other, "")}
        )
        for other in looked_at_with(sheet.questions.values(), code)
    }


def _told(request, conflict: AnswerConflict) -> dict:
    """Return what the script shows of a conflict; the next save is over the version now shown."""
    row = QuestionRow.of_conflict(conflict, tuple(conflict.question.options.all()))
    return {
        "version": conflict.theirs.version,
        "conflict": render_to_string("questions/_conflict.html", {"row": row}, request),
    }


def _teamwork(assessment) -> Teamwork | None:
    """Return what the team did around the questions; None where there is no team."""
    if not rules.has_team(assessment):
        return None
    return teamwork_of(assessment, today=timezone.localdate())


def _progress(assessment, sheet, theme, reviews) -> dict:
    return {
        "steps": steps(assessment, sheet, current=theme, reviews=reviews),
        "answered": sheet.progress.answered,
        "asked": sheet.progress.asked,
    }


def _named(part: Part) -> dict:
    """Return what an address says of a part: nothing where there is one only."""
    return {"partie": part.number} if part.count > 1 else {}


def _part_tabs(assessment, theme, parts: list[Part], shown: Part) -> list[dict]:
    if len(parts) == 1:
        return []
    return [
        {
            "label": f"Partie {part.number}",
            "url": theme_address(assessment, theme.code, partie=part.number),
            "current": part is shown,
        }
        for part in parts
    ]
