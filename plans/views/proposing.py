"""From answers to decisions: proposals, the target and what it takes, measures adopted or set aside."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from plans import adoption, figures
from plans.aiming import aim
from plans.basis import basis_of
from plans.errors import PlanError
from plans.forms import ProposalFilterForm, SetAsideForm, TargetForm
from plans.proposing import ideas_of_opsn, read_proposals, set_aside_rows
from plans.views.access import for_plan
from plans.wording import count_of
from questions.models import Measure


@require_safe
@for_plan()
def proposals(request, desk):
    basis = basis_of(desk.collectivite)
    themes = {theme.code: theme.title for theme in basis.sheet.themes} if basis else {}
    filters = ProposalFilterForm(request.GET, themes=themes)
    rows = read_proposals(desk.plan, basis, filters.wanted)
    context = {
        "desk": desk,
        "view": "proposals",
        "basis": basis,
        "rows": rows,
        "may_choose": desk.rights.can_edit or desk.rights.can_propose,
        "first": [row for row in rows if row.first],
        "rest": [row for row in rows if not row.first],
        "filters": filters,
        "filtering": bool(filters.wanted) or "filtrer" in request.GET,
        "ideas": ideas_of_opsn(desk.plan, basis),
        "aside": set_aside_rows(desk.plan),
        "counts": figures.counts(desk.plan, timezone.localdate()),
    }
    return render(request, "plans/proposals.html", context)


@require_POST
@for_plan("can_edit|can_propose")
def adopt(request, desk):
    """Put the measures that are ticked in the plan, or all that are proposed; an OPSN proposes them."""
    wanted = request.POST.getlist("measure")
    if "toutes" in request.POST:
        rows = read_proposals(desk.plan, basis_of(desk.collectivite), {})
        wanted = [row.measure.code for row in rows]
    measures = list(Measure.objects.filter(live=True, code__in=wanted))
    if not measures:
        messages.error(request, "Cochez au moins une mesure.")
        return redirect(_back(request), pk=desk.collectivite.pk)
    what = {
        "collectivite": desk.collectivite,
        "measures": sorted(measures, key=lambda measure: wanted.index(measure.code)),
        "question_codes": _question_codes(desk),
        "by": request.user,
        "at": timezone.now(),
    }
    if desk.rights.can_edit:
        done = adoption.adopt_measures(**what)
        sentence = f"Dans le plan : {count_of(done, 'action ajoutée', 'actions ajoutées')}."
    else:
        done = adoption.propose_measures(opsn=desk.collectivite.opsn, **what)
        sentence = f"{count_of(done, 'mesure proposée', 'mesures proposées')} à la commune."
    messages.success(request, sentence)
    return redirect(
        "plans:table" if desk.rights.can_edit else "plans:proposals", desk.collectivite.pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_plan("can_edit")
def set_aside(request, desk, code):
    measure = get_object_or_404(Measure, code=code)
    form = SetAsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            adoption.set_aside(
                collectivite=desk.collectivite,
                measure=measure,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except PlanError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"« {measure.title} » est écartée.")
        return redirect("plans:proposals", pk=desk.collectivite.pk)
    context = {"desk": desk, "measure": measure, "form": form}
    return render(request, "plans/set_aside.html", context)


@require_POST
@for_plan("can_edit")
def propose_again(request, desk, code):
    measure = get_object_or_404(Measure, code=code)
    adoption.propose_again(collectivite=desk.collectivite, measure=measure)
    messages.success(request, f"« {measure.title} » est de nouveau proposée.")
    return redirect("plans:proposals", pk=desk.collectivite.pk)


@require_safe
@for_plan()
def target(request, desk):
    """What an index takes: the least effort that reaches it, and the index of whatever is ticked."""
    basis = basis_of(desk.collectivite)
    form = TargetForm(request.GET if {"lettre", "indice"} & set(request.GET) else None)
    context = {"desk": desk, "view": "target", "basis": basis, "form": form}
    if basis is not None:
        chosen = request.GET.getlist("m") if "choix" in request.GET else None
        context |= {"aim": aim(desk.plan, basis, form.target, chosen)}
        planned = figures.planned_measures(desk.plan)
        projected = basis.with_measures(planned).index
        context |= {"line": figures.index_line(basis, projected), "projected": projected}
    return render(request, "plans/target.html", context)


@require_POST
@for_plan("can_edit")
def set_target(request, desk):
    form = TargetForm(request.POST)
    if form.target is None:
        raise Http404
    plan = adoption.open_plan(collectivite=desk.collectivite, by=request.user, at=timezone.now())
    adoption.aim_at(plan=plan, index=form.target)
    messages.success(request, f"Le plan vise maintenant l’indice {form.target}.")
    return redirect("plans:table", pk=desk.collectivite.pk)


def _question_codes(desk) -> dict[int, str]:
    """Return the question that calls for each measure, by id of measure."""
    basis = basis_of(desk.collectivite)
    if basis is None:
        return {}
    calling = {proposal.code: proposal.questions[0] for proposal in basis.proposals}
    return {
        measure.pk: calling.get(code) or basis.questions_by_measure[code][0]
        for code, measure in basis.measures.items()
    }


def _back(request) -> str:
    return "plans:target" if request.POST.get("retour") == "cible" else "plans:proposals"
