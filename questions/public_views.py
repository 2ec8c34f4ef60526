"""Pages for every visitor; only live measures and published editions are shown."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from questions.catalogue import shelves, theme_titles, themes_with_questions
from questions.enums import Level
from questions.models import Measure, Questionnaire
from questions.public_forms import MeasureFilterForm

PAGE = 30  # measures: with their cards, what a page of 290 elements holds


@login_not_required
@require_safe
def measures(request):
    titles = theme_titles()
    form = MeasureFilterForm(request.GET, themes=titles)
    wanted = form.wanted()
    found = shelves(Measure.objects.live().matching(**wanted), titles)
    ordered = [measure for shelf in found for measure in shelf.measures]
    page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "params": request.GET,
        "shelves": shelves(page.object_list, titles),
        "filtered": any(wanted.values()),
    }
    return render(request, "questions/public/measures.html", context)


@login_not_required
@require_safe
def measure(request, code: str):
    if "\0" in code:  # PostgreSQL takes no such text
        raise Http404
    found = get_object_or_404(Measure.objects.live(), code=code)
    questions = list(
        found.questions.published()
        .select_related("guide", "theme")
        .order_by("theme__questionnaire__level", "theme__order", "order")
    )
    guides = {question.guide for question in questions if question.guide and question.guide.live}
    titles = {question.theme.code: question.theme.title for question in questions}
    # Level 2 asks again some questions of level 1, under the same code: the first is shown.
    first = {question.code: question for question in reversed(questions)}
    context = {
        "measure": found,
        "theme_title": titles.get(found.theme_code, ""),
        "indicators": list(found.indicators.all()),
        "resources": list(found.resources.all()),
        "questions": [question for question in questions if question is first[question.code]],
        "guides": [(guide.title, guide.get_url(request)) for guide in guides],
    }
    return render(request, "questions/public/measure.html", context)


@login_not_required
@require_safe
def questionnaire(request):
    edition = Questionnaire.objects.current(Level.ONE)
    themes = themes_with_questions(edition)
    count = sum(len(theme.questions.all()) for theme in themes)
    context = {"edition": edition, "themes": themes, "count": count}
    return render(request, "questions/public/questionnaire.html", context)
