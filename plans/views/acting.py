"""One action: read, written, moved; several at once; what an OPSN proposed; the new answer of one that is done."""

from django.contrib import messages
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans import adoption, tracking
from plans.basis import basis_of
from plans.errors import PlanError
from plans.forms import (
    ActionForm,
    DeclineForm,
    NoteForm,
    PlanForm,
    ProposedActionForm,
    SeveralForm,
    StatusForm,
    team_of,
)
from plans.loop import accept_new_answers, closing_of, keep_answers
from plans.page import action_page
from plans.views.access import for_action, for_plan
from plans.wording import count_of
from questions.answering import AssessmentClosed
from questions.opening import CannotOpen


@require_safe
@for_action()
def action(request, desk, action):
    return render(request, "plans/action.html", action_page(desk, action, request))


@require_http_methods(["GET", "HEAD", "POST"])
@for_plan("can_edit|can_propose")
def new(request, desk):
    """Write an own action; an OPSN writes one that the commune accepts or not."""
    if desk.rights.can_edit:
        form = ActionForm(request.POST or None, collectivite=desk.collectivite)
    else:
        form = ProposedActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        action = _create(request, desk, form)
        return redirect("plans:action", pk=action.pk)
    return render(request, "plans/new.html", {"desk": desk, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_plan("can_edit")
def presentation(request, desk):
    """The title and the years of the plan, as its documents show them."""
    form = PlanForm(request.POST or None, instance=desk.plan)
    if request.method == "POST" and form.is_valid():
        plan = adoption.open_plan(
            collectivite=desk.collectivite, by=request.user, at=timezone.now()
        )
        adoption.present_plan(plan=plan, **form.cleaned_data)
        messages.success(request, "La présentation du plan est enregistrée.")
        return redirect("plans:outputs", pk=desk.collectivite.pk)
    return render(request, "plans/presentation.html", {"desk": desk, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_action("can_edit")
def edit(request, desk, action):
    form = ActionForm(request.POST or None, instance=action, collectivite=desk.collectivite)
    if request.method == "POST" and form.is_valid():
        try:
            tracking.change_action(
                action=action,
                version=form.cleaned_data["version"] or 0,
                values=form.values,
                by=request.user,
                at=timezone.now(),
            )
        except tracking.ActionChangedMeanwhile:
            return _show_conflict(request, desk, action, form)
        messages.success(request, "L’action est enregistrée.")
        return redirect("plans:action", pk=action.pk)
    return render(request, "plans/edit.html", {"desk": desk, "action": action, "form": form})


@require_POST
@for_action("can_edit")
def status(request, desk, action):
    form = StatusForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choisissez un statut.")
        return _back(request, desk)
    try:
        moved = tracking.change_status(
            action=action, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except PlanError as error:
        messages.warning(request, f"« {action.title} » : {error}")
    else:
        _say_moved(request, desk, moved)
    return _back(request, desk)


@require_POST
@for_plan("can_edit")
def several(request, desk):
    """Change the actions that are ticked: « 12:3 » is action 12 as it was at version 3."""
    form = SeveralForm(request.POST, team=team_of(desk.collectivite))
    versions = _versions(request.POST.getlist("action"))
    if not form.is_valid() or not versions or not form.values:
        messages.error(request, "Cochez au moins une action, puis choisissez ce qui change.")
        return _back(request, desk)
    try:
        result = tracking.change_several(
            plan=desk.plan,
            versions=versions,
            values=form.values,
            by=request.user,
            at=timezone.now(),
        )
    except PlanError as error:
        messages.error(request, f"Rien n’est changé. {error}")
        return _back(request, desk)
    for moved in result.moved:
        sentence = f"« {moved.title} » : {tracking.ActionChangedMeanwhile.sentence}"
        messages.warning(request, sentence)
    if len(result.changed) == 1:
        _say_moved(request, desk, result.changed[0])
    elif result.changed:
        messages.success(request, f"{count_of(result.changed, 'action', 'actions')} enregistrées.")
    return _back(request, desk)


@require_POST
@for_action("can_comment")
def note(request, desk, action):
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render(
            request, "plans/action.html", action_page(desk, action, request, note_form=form)
        )
    for_opsn = None if desk.rights.can_edit else desk.collectivite.opsn
    tracking.add_note(
        action=action,
        text=form.cleaned_data["text"],
        for_opsn=for_opsn,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, "La note est ajoutée.")
    return redirect("plans:action", pk=action.pk)


@require_safe
@for_action()
def history(request, desk, action):
    rows = action.history.select_related("author")
    return render(request, "plans/history.html", {"desk": desk, "action": action, "rows": rows})


@require_POST
@for_action("can_edit")
def accept(request, desk, action):
    return _decide(request, action, adoption.accept_proposal, "L’action est dans le plan.")


@require_POST
@for_action("can_edit")
def decline(request, desk, action):
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _decide(
        request, action, adoption.decline_proposal, "La proposition est écartée.", reason=reason
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_action("can_edit")
def answers(request, desk, action):
    """Show the new answer that a done action allows; write it when somebody confirms."""
    if request.method == "POST":
        try:
            closing = accept_new_answers(
                action=action,
                collectivite=desk.collectivite,
                seen=request.POST.get("vu", ""),
                by=request.user,
                at=timezone.now(),
            )
        except (PlanError, CannotOpen, AssessmentClosed) as error:
            messages.error(request, str(error))
            return redirect("plans:answers", pk=action.pk)
        messages.success(
            request, f"La réponse est à jour : l’indice passe à {closing.index_after}."
        )
        return redirect("plans:action", pk=action.pk)
    closing = closing_of(action, basis_of(desk.collectivite))
    if closing is None:
        return redirect("plans:action", pk=action.pk)
    return render(
        request, "plans/answers.html", {"desk": desk, "action": action, "closing": closing}
    )


@require_POST
@for_action("can_edit")
def keep(request, desk, action):
    return _decide(request, action, keep_answers, "La réponse reste telle quelle.")


def _create(request, desk, form):
    what = {"collectivite": desk.collectivite, "by": request.user, "at": timezone.now()}
    if desk.rights.can_edit:
        messages.success(request, "L’action est dans le plan.")
        return adoption.add_own_action(values=form.values, **what)
    messages.success(request, "L’action est proposée à la commune.")
    return adoption.propose_action(opsn=desk.collectivite.opsn, values=form.cleaned_data, **what)


def _show_conflict(request, desk, action, form):
    """Keep what was typed, say what it has become meanwhile, and let the person choose."""
    action.refresh_from_db()
    theirs = action.history.select_related("author").first()
    form.data = form.data.copy()
    form.data["version"] = str(action.version)
    context = {"desk": desk, "action": action, "form": form, "theirs": theirs}
    return render(request, "plans/edit.html", context, status=409)


def _decide(request, action, act, sentence: str, **what):
    try:
        act(action=action, by=request.user, at=timezone.now(), **what)
    except PlanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect("plans:action", pk=action.pk)


def _say_moved(request, desk, action) -> None:
    """Say where the action is; when it is done, lead to the answer that it changes."""
    messages.success(request, f"« {action.title} » est maintenant : {action.get_status_display()}.")
    if closing_of(action, basis_of(desk.collectivite)):
        messages.info(
            request,
            f"{action.reference} est réalisée : ouvrez l’action pour mettre à jour la réponse du questionnaire.",
        )


def _back(request, desk) -> HttpResponseRedirect:
    """Return to the view of the plan that the form came from, with its filters; never elsewhere."""
    view = {"etats": "plans:board"}.get(request.POST.get("vue", ""), "plans:table")
    url = reverse(view, args=[desk.collectivite.pk])
    query = QueryDict(request.POST.get("filtres", ""), mutable=True)
    query.pop("modifier", None)
    return HttpResponseRedirect(f"{url}?{query.urlencode()}" if query else url)


def _versions(ticked: list[str]) -> dict[int, int]:
    """Read what the boxes say; one that makes no sense is left out."""
    pairs = (value.partition(":")[::2] for value in ticked)
    return {
        int(pk): int(version)
        for pk, version in pairs
        if pk.isdecimal() and version.isdecimal() and len(pk) < 18 and len(version) < 10
    }
