"""What the page of an action shows."""

from django.urls import reverse
from django.utils import timezone

from plans.basis import basis_of
from plans.enums import Standing
from plans.forms import DeclineForm, NoteForm, StatusForm
from plans.loop import closing_of
from plans.models import Action
from plans.sparklines import sparkline
from questions.catalogue import theme_titles
from questions.enums import EditionState
from questions.models import Question
from territories.models import CollectiviteMember

NOTES_SHOWN = 5


def action_page(desk, action: Action, request, note_form=None) -> dict:
    """Return the context of templates/plans/action.html."""
    notes = list(action.notes.select_related("author", "for_opsn"))
    shown = len(notes) if "notes" in request.GET else NOTES_SHOWN
    steps = list(action.steps.all())
    return {
        "desk": desk,
        "action": action,
        "today": timezone.localdate(),
        "theme": theme_titles().get(action.theme_code, action.theme_code),
        "steps": steps,
        "steps_done": sum(step.done_at is not None for step in steps),
        "indicators": _indicators(action),
        "notes": notes[:shown],
        "more_notes": len(notes[shown:]),
        "note_form": note_form or NoteForm(),
        "status_form": StatusForm(initial={"status": action.status}),
        "decline_form": DeclineForm(),
        "owner_left": _owner_left(action),
        "measure_retired": bool(action.measure and not action.measure.live),
        "closing": _closing(desk, action),
        "is_proposed": action.standing == Standing.PROPOSED,
        "is_declined": action.standing == Standing.DECLINED,
        **_question(action, request),
    }


def _closing(desk, action: Action):
    if not desk.rights.can_edit or action.standing != Standing.ADOPTED:
        return None
    return closing_of(action, basis_of(desk.collectivite)) if action.done_on else None


def _indicators(action: Action) -> list[dict]:
    rows = []
    for indicator in action.indicators.prefetch_related("values"):
        values = list(indicator.values.all())
        rows.append(
            {
                "indicator": indicator,
                "url": reverse("plans:indicator", args=[indicator.pk]),
                "last": values[-1] if values else None,
                "line": sparkline(indicator, values),
            }
        )
    return rows


def _owner_left(action: Action) -> bool:
    """Tell whether the owner is no longer an active member of the commune."""
    if action.owner_id is None:
        return False
    members = CollectiviteMember.objects.active().filter(collectivite=action.plan.collectivite_id)
    return not action.owner.is_active or not members.filter(user=action.owner_id).exists()


def _question(action: Action, request) -> dict:
    """Return the question that the action comes from, as published now, and its guide."""
    if not action.question_code:
        return {"question": None}
    rows = Question.objects.filter(
        code=action.question_code, theme__questionnaire__state=EditionState.PUBLISHED
    )
    question = rows.select_related("guide").order_by("theme__questionnaire__level").first()
    guide = question.guide if question and question.guide and question.guide.live else None
    return {
        "question": question,
        "guide": guide,
        "guide_url": guide and guide.get_url(request),
    }
