"""Working together: who takes what, discussions, marks, and the review of themes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from questions import rules
from questions.answering import AssessmentClosed
from questions.discussing import add_remark, settle
from questions.enums import QuestionKind
from questions.marking import mark
from questions.models import Answer
from questions.my_questions import assessments_shared_with, parts_of
from questions.reviewing import NoReviewer, send_back_theme, submit_theme, validate_theme
from questions.sharing import share, take_back
from questions.sheets import answer_sheet
from questions.team import NotInTheTeam, team_of
from questions.team_forms import RemarkForm, SendBackForm, ShareForm
from questions.teamwork import teamwork_of
from questions.views.access import (
    for_advisers,
    for_team,
    for_team_readers,
    for_writers,
    question_of,
    theme_of,
)
from questions.wording import in_words

ASSESSMENTS_PER_PAGE = 10


@require_safe
def my_questions(request):
    """What this person has in her hands, everywhere she answers."""
    rows = Paginator(assessments_shared_with(request.user), ASSESSMENTS_PER_PAGE)
    page = rows.get_page(request.GET.get("page"))
    context = {"page": page, "parts": parts_of(request.user, page), "params": request.GET}
    return render(request, "questions/my_questions.html", context)


@require_safe
@for_team_readers
def sharing(request, assessment):
    """Who takes what: the themes, and the questions that were given apart."""
    sheet, team = answer_sheet(assessment), team_of(assessment)
    work = teamwork_of(assessment, today=timezone.localdate())
    context = {
        "assessment": assessment,
        "themes": [
            _shared(team, work.theme_shares.get(theme.pk), key=theme.code)
            | {"theme": theme, "done": sheet.progress.of(theme.code)}
            for theme in sheet.asked_themes
        ],
        "questions": [
            _shared(team, work.question_shares[question.pk], key=f"q{question.pk}")
            | {"question": question}
            for question in sheet.visible_questions
            if question.pk in work.question_shares
        ],
        "can_answer": rules.can_answer(request.user, assessment),
    }
    return render(request, "questions/sharing.html", context)


@require_POST
@for_team
def share_theme(request, assessment, code):
    _share(request, assessment, theme=theme_of(assessment, code))
    return redirect("questions:sharing", pk=assessment.pk)


@require_POST
@for_team
def share_question(request, assessment, question):
    question = question_of(assessment, question)
    _share(request, assessment, question=question)
    if "from_sharing" in request.POST:
        return redirect("questions:sharing", pk=assessment.pk)
    return redirect("questions:discussion", pk=assessment.pk, question=question.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team_readers
def discussion(request, assessment, question):
    """Everything that is said around a question, and one remark more."""
    question = question_of(assessment, question)
    team = team_of(assessment)
    form = RemarkForm(team, request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        channel = rules.channel_of(request.user, assessment)
        if channel is None:
            raise Http404
        if form.is_valid() and _add_remark(request, assessment, question, form, channel):
            address = reverse("questions:discussion", args=[assessment.pk, question.pk])
            return redirect(f"{address}#remarques")
    work = teamwork_of(assessment, today=timezone.localdate())
    thread = work.discussions.get(question.pk)
    context = {
        "assessment": assessment,
        "question": question,
        "thread": thread,
        "remarks": _remarks(thread),
        "around": work.around(question),
        "mark": work.marks.get(question.pk),
        "share": _shared(team, work.share_of(question), key="part"),
        "is_own_share": question.pk in work.question_shares,
        "form": form,
        "can_answer": rules.can_answer(request.user, assessment),
        **_answered(assessment, question),
    }
    status = 422 if form.errors else 200
    return render(request, "questions/discussion.html", context, status=status)


@require_POST
@for_team
def settle_discussion(request, assessment, question):
    question = question_of(assessment, question)
    settled = request.POST.get("settled") == "1"
    _try(
        request,
        lambda: settle(
            assessment=assessment,
            question=question,
            settled=settled,
            by=request.user,
            at=timezone.now(),
        ),
        "La discussion est réglée." if settled else "La discussion est rouverte.",
    )
    return redirect("questions:discussion", pk=assessment.pk, question=question.pk)


@require_POST
@for_team
def mark_question(request, assessment, question):
    """Put or take away a mark: for the page's script a word, for a form a page."""
    question = question_of(assessment, question)
    marked = request.POST.get("marked") == "1"
    try:
        mark(
            assessment=assessment,
            question=question,
            marked=marked,
            by=request.user,
            at=timezone.now(),
        )
    except AssessmentClosed as error:
        if "script" in request.GET:
            return HttpResponse(str(error), status=409)
        messages.error(request, str(error))
    if "script" in request.GET:
        return HttpResponse(status=204)
    if "from_list" in request.POST:
        return redirect("questions:unknown", pk=assessment.pk)
    return redirect("questions:discussion", pk=assessment.pk, question=question.pk)


@require_POST
@for_writers
def submit(request, assessment, code):
    """Ask the adviser to review a theme."""
    if not rules.has_team(assessment):
        raise Http404
    theme = theme_of(assessment, code)
    _try(
        request,
        lambda: submit_theme(
            assessment=assessment, theme=theme, by=request.user, at=timezone.now()
        ),
        "Votre OPSN est prévenu. Vous pouvez continuer à répondre en attendant.",
    )
    return redirect("questions:theme", pk=assessment.pk, code=code)


@require_POST
@for_advisers
def validate(request, assessment, code):
    theme = theme_of(assessment, code)
    _try(
        request,
        lambda: validate_theme(
            assessment=assessment, theme=theme, by=request.user, at=timezone.now()
        ),
        "Le thème est validé. La collectivité est prévenue.",
    )
    return redirect("questions:theme", pk=assessment.pk, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@for_advisers
def send_back(request, assessment, code):
    """Ask for the word that goes with a theme sent back, then send both."""
    theme = theme_of(assessment, code)
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _try(
            request,
            lambda: send_back_theme(
                assessment=assessment,
                theme=theme,
                note=form.cleaned_data["note"],
                by=request.user,
                at=timezone.now(),
            ),
            "Le thème est renvoyé. La collectivité est prévenue.",
        )
        return redirect("questions:theme", pk=assessment.pk, code=code)
    context = {"assessment": assessment, "theme": theme, "form": form}
    return render(request, "questions/send_back.html", context, status=422 if form.errors else 200)


def _try(request, act, done: str) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
    except (AssessmentClosed, NoReviewer, NotInTheTeam) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


def _share(request, assessment, **what) -> None:
    form = ShareForm(team_of(assessment), request.POST)
    if not form.is_valid():
        messages.error(request, str(NotInTheTeam()))
        return
    person = form.chosen()
    if person is None:
        _try(request, lambda: take_back(assessment=assessment, **what), "C’est enregistré.")
        return
    _try(
        request,
        lambda: share(
            assessment=assessment, person=person, by=request.user, at=timezone.now(), **what
        ),
        f"C’est confié à {person}.",
    )


def _shared(team, given, *, key) -> dict:
    """Return what a page shows of a share: the form, who has it, and whether she has left since."""
    person = given and given.person
    here = any(mate.user == person and mate.answers for mate in team)
    return {
        "form": ShareForm(team, person=person if here else None, key=key),
        "person": person,
        "has_left": person is not None and not here,
    }


def _add_remark(request, assessment, question, form, channel) -> bool:
    try:
        add_remark(
            assessment=assessment,
            question=question,
            text=form.cleaned_data["text"],
            mentioned=form.people_mentioned(),
            by=request.user,
            at=timezone.now(),
            channel=channel,
        )
    except (AssessmentClosed, NotInTheTeam) as error:
        form.add_error(None, str(error))
        return False
    return True


def _remarks(thread):
    if thread is None:
        return []
    rows = thread.remarks.select_related("author").prefetch_related("mentioned")
    return rows.order_by("written_at", "pk")


def _answered(assessment, question) -> dict:
    """Return the answer to one question as `questions/_who.html` reads it, and its words."""
    found = Answer.objects.filter(assessment=assessment, question=question)
    answer = found.select_related("author").first()
    row = {"answer": answer, "to_confirm": answer is not None and answer.to_confirm}
    options = () if question.kind == QuestionKind.YES_NO else tuple(question.options.all())
    return {"row": row, "words": in_words(question, options, answer)}
