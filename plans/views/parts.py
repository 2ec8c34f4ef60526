"""The steps and the indicators of an action."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from plans import measuring
from plans.errors import PlanError
from plans.forms import AimForm, IndicatorForm, StepForm, ValueForm
from plans.models import ActionStep, Indicator
from plans.sparklines import sparkline
from plans.views.access import for_action


@require_POST
@for_action("can_edit")
def tick(request, desk, action):
    """Tick and untick what was changed on the page; what a colleague did since it was opened stays."""
    ticked, shown_done = (set(request.POST.getlist(name)) for name in ("step", "done"))
    for step in action.steps.all():
        key = str(step.pk)
        if (key in ticked) != (key in shown_done):
            measuring.tick_step(step=step, done=key in ticked, by=request.user, at=timezone.now())
    messages.success(request, "Les étapes sont enregistrées.")
    return redirect("plans:action", pk=action.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_action("can_edit")
def steps(request, desk, action):
    form = StepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            measuring.add_step(
                action=action, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
            )
        except PlanError as error:
            form.add_error("text", str(error))
        else:
            return redirect("plans:steps", pk=action.pk)
    context = {"desk": desk, "action": action, "form": form, "steps": action.steps.all()}
    return render(request, "plans/steps.html", context)


@require_POST
@for_action("can_edit")
def move_step(request, desk, action, step):
    measuring.move_step_up(step=get_object_or_404(ActionStep, pk=step, action=action))
    return redirect("plans:steps", pk=action.pk)


@require_POST
@for_action("can_edit")
def remove_step(request, desk, action, step):
    step = get_object_or_404(ActionStep, pk=step, action=action)
    measuring.remove_step(step=step, by=request.user, at=timezone.now())
    messages.success(request, "L’étape est retirée.")
    return redirect("plans:steps", pk=action.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_action("can_edit")
def new_indicator(request, desk, action):
    form = IndicatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            measuring.add_indicator(
                action=action, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except PlanError as error:
            form.add_error("label", str(error))
        else:
            messages.success(request, "L’indicateur est ajouté.")
            return redirect("plans:action", pk=action.pk)
    context = {"desk": desk, "action": action, "form": form}
    return render(request, "plans/new_indicator.html", context)


def for_indicator(right: str):
    """Give the view the desk and the indicator, by the rights on its action."""

    def decorate(view):
        def wrapped(request, pk, **kwargs):
            indicator = get_object_or_404(Indicator.objects.select_related("action"), pk=pk)

            @for_action(right)
            def inner(request, desk, action):
                indicator.action = action
                return view(request, desk, indicator, **kwargs)

            return inner(request, pk=indicator.action_id)

        return wrapped

    return decorate


@require_http_methods(["GET", "HEAD"])
@for_indicator("can_read")
def indicator(request, desk, indicator):
    return _render_indicator(request, desk, indicator)


@require_POST
@for_indicator("can_edit")
def record(request, desk, indicator):
    form = ValueForm(request.POST)
    if not form.is_valid():
        return _render_indicator(request, desk, indicator, value_form=form)
    measuring.record_value(
        indicator=indicator, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, "La valeur est notée.")
    return redirect("plans:indicator", pk=indicator.pk)


@require_POST
@for_indicator("can_edit")
def aim(request, desk, indicator):
    form = AimForm(request.POST)
    if not form.is_valid():
        return _render_indicator(request, desk, indicator, aim_form=form)
    measuring.aim_indicator(
        indicator=indicator, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, "Le but de l’indicateur est enregistré.")
    return redirect("plans:indicator", pk=indicator.pk)


@require_POST
@for_indicator("can_edit")
def remove_indicator(request, desk, indicator):
    measuring.remove_indicator(indicator=indicator, by=request.user, at=timezone.now())
    messages.success(request, "L’indicateur est retiré.")
    return redirect("plans:action", pk=indicator.action_id)


def _render_indicator(request, desk, indicator, value_form=None, aim_form=None):
    values = list(indicator.values.all())
    aimed = {"baseline": indicator.baseline, "target": indicator.target}
    context = {
        "desk": desk,
        "indicator": indicator,
        "action": indicator.action,
        "values": values,
        "line": sparkline(indicator, values),
        "value_form": value_form or ValueForm(initial={"on": timezone.localdate()}),
        "aim_form": aim_form or AimForm(initial=aimed),
    }
    return render(request, "plans/indicator.html", context)
