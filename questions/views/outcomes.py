"""What the answers lead to, beside the index: key figures, footprint, obligations."""

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from questions.enums import Level
from questions.models import Assessment
from questions.outcomes import outcomes_of
from questions.views.access import for_readers

METHOD = "methode-empreinte"
"""The page of the site that tells how the footprint is estimated, by its slug."""

TABS = (("results", "Résultats"), ("figures", "Chiffres clés"), ("footprint", "Empreinte"))
DUTIES = ("obligations", "Obligations")


@require_safe
@for_readers
def figures(request, assessment):
    outcomes = outcomes_of(assessment)
    rows = [(figure, outcomes.needs(figure.missing)) for figure in outcomes.figures]
    return _page(request, "figures", assessment, outcomes=outcomes, rows=rows)


@require_safe
@for_readers
def footprint(request, assessment):
    outcomes = outcomes_of(assessment)
    estimate = outcomes.footprint
    method = Page.objects.live().filter(slug=METHOD).first()
    return _page(
        request,
        "footprint",
        assessment,
        outcomes=outcomes,
        footprint=estimate,
        uncounted=outcomes.needs(estimate.uncounted) if estimate else [],
        undated=outcomes.needs(estimate.undated) if estimate else [],
        method_url=method and method.get_url(request),
    )


@require_safe
@for_readers
def obligations(request, assessment):
    outcomes = outcomes_of(assessment)
    return _page(
        request,
        "obligations",
        assessment,
        outcomes=outcomes,
        duties=[(row, outcomes.needs(row.missing)) for row in outcomes.duties],
        undecided=[(row, outcomes.needs(row.missing)) for row in outcomes.undecided],
    )


def tabs(assessment: Assessment, current: str) -> list[dict]:
    """Return the pages on what an assessment says; level 1 has neither figures nor a footprint."""
    names = (*TABS, DUTIES) if assessment.level == Level.TWO else (TABS[0], DUTIES)
    return [
        {
            "label": label,
            "url": reverse(f"questions:{name}", args=[assessment.pk]),
            "current": name == current,
        }
        for name, label in names
    ]


def _page(request, name: str, assessment: Assessment, **context):
    context |= {"assessment": assessment, "tabs": tabs(assessment, name)}
    return render(request, f"questions/{name}.html", context)
