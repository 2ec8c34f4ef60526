"""What editors do to a whole edition: copy it, read the verdict and publish it, retire it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.auth import require_admin_access
from wagtail.snippets.views.snippets import ReorderView

from questions import comparing, editions
from questions.admin_forms import CopyEditionForm
from questions.checking import reasons_not_to_publish
from questions.enums import EditionState
from questions.models import Questionnaire


def editor_view(view):
    """Ask for access to the back office and for the right to change editions."""
    allowed = permission_required("questions.change_questionnaire", raise_exception=True)
    return require_admin_access(allowed(view))


@editor_view
def copy_edition(request, pk: int):
    source = get_object_or_404(Questionnaire, pk=pk)
    form = CopyEditionForm(request.POST or None, level=source.level)
    if request.method == "POST" and form.is_valid():
        draft = editions.copy_edition(source, edition=form.cleaned_data["edition"], by=request.user)
        messages.success(
            request,
            f"Le brouillon « {draft.edition} » reprend toutes les questions. Modifiez-les, puis publiez l’édition.",
        )
        return redirect(_edit_url(draft))
    title = f"Copier l’édition « {source.edition} »"
    return _page(request, "copy_edition", title, {"source": source, "form": form})


@editor_view
def publish_edition(request, pk: int):
    draft = get_object_or_404(Questionnaire, pk=pk)
    if not draft.is_draft:
        return _refuse(request, "Cette édition n’est plus un brouillon.")
    if request.method == "POST":
        try:
            editions.publish_edition(draft, by=request.user, at=timezone.now())
        except editions.NotInThatState as error:
            return _refuse(request, error)
        except editions.NotReadyToPublish:
            messages.error(request, "L’édition n’est pas publiée : corrigez d’abord ce qui suit.")
        else:
            messages.success(
                request,
                f"L’édition « {draft.edition} » est publiée : les nouvelles évaluations la prennent.",
            )
            return redirect(_list_url())
    title = f"Vérifier et publier l’édition « {draft.edition} »"
    return _page(request, "publish_edition", title, _what_publishing_changes(draft))


def _what_publishing_changes(draft: Questionnaire) -> dict:
    previous = editions.previous_edition(draft)
    changes = comparing.compare(previous, draft) if previous else []
    return {
        "draft": draft,
        "previous": previous,
        "changes": changes,
        "verdict": comparing.verdict(previous, changes),
        "concerned": _concerned(previous),
        "reasons": reasons_not_to_publish(draft),
    }


@editor_view
def retire_edition(request, pk: int):
    edition = get_object_or_404(Questionnaire, pk=pk)
    if edition.state != EditionState.PUBLISHED:
        return _refuse(request, "Seule une édition publiée se retire.")
    if request.method == "POST":
        try:
            editions.retire_edition(edition, by=request.user, at=timezone.now())
        except editions.NotInThatState as error:
            return _refuse(request, error)
        messages.success(request, f"L’édition « {edition.edition} » n’est plus proposée.")
        return redirect(_list_url())
    title = f"Retirer l’édition « {edition.edition} »"
    context = {"edition": edition, "concerned": _concerned(edition)}
    return _page(request, "retire_edition", title, context)


def _concerned(edition: Questionnaire | None) -> str:
    """Return how many assessments an edition has, in words."""
    count = editions.concerned_assessments(edition)
    if not any(count.values()):
        return "aucune évaluation pour l’instant"
    begun = f"{count['open']} évaluation{'s' if count['open'] > 1 else ''} en cours"
    return f"{begun} et {count['closed']} clôturée{'s' if count['closed'] > 1 else ''}"


def _page(request, name: str, title: str, context: dict):
    crumbs = [{"url": _list_url(), "label": "Éditions"}, {"url": "", "label": title}]
    frame = {"page_title": title, "header_title": title, "breadcrumbs_items": crumbs}
    return render(request, f"questions/admin/{name}.html", context | frame)


def _refuse(request, sentence):
    messages.error(request, str(sentence))
    return redirect(_list_url())


class ReorderInDraftView(ReorderView):
    """Move a theme or a question among its own, in an edition that is still a draft."""

    def post(self, request, *args, **kwargs):
        listed = list(self.get_queryset())
        moved = next((row for row in listed if str(row.pk) == str(kwargs["pk"])), None)
        if moved is None:
            message = "L’ordre d’une édition publiée ne change plus."
            return JsonResponse({"success": False, "message": message}, status=409)
        position = request.GET.get("position", "")
        listed.remove(moved)
        listed.insert(int(position) if position.isdecimal() else len(listed), moved)
        siblings = [row for row in listed if self._parent(row) == self._parent(moved)]
        with transaction.atomic():
            for order, row in enumerate(siblings, start=1):
                if row.order != order:
                    row.order = order
                    row.save(update_fields=["order"])
        return JsonResponse({"success": True})

    def get_queryset(self):
        return in_draft_order(self.model)

    def _parent(self, row) -> int:
        return getattr(row, f"{self.model.EDITION.split('__')[0]}_id")


def in_draft_order(model):
    """Rows of the drafts, in the order in which they are asked."""
    above = model.EDITION.split("__")
    order = ["order"]
    for depth in range(len(above)):
        path = "__".join(above[: depth + 1])
        order.insert(0, path if depth == len(above) - 1 else f"{path}__order")
    rows = model.objects.filter(**{f"{model.EDITION}__state": EditionState.DRAFT})
    return rows.select_related(model.EDITION).order_by(*order, "pk")


def _edit_url(edition: Questionnaire) -> str:
    return reverse(Questionnaire.snippet_viewset.get_url_name("edit"), args=[edition.pk])


def _list_url() -> str:
    return reverse(Questionnaire.snippet_viewset.get_url_name("list"))
