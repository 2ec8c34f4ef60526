"""By what editors narrow the lists of the back office."""

import django_filters
from wagtail.admin.filters import WagtailFilterSet

from questions.models import Question, Questionnaire, Theme


def theme_choices() -> list[tuple[str, str]]:
    """Return one choice per code of theme, named as in the latest edition that has it."""
    newest_last = Theme.objects.order_by("questionnaire__edition", "order")
    titles = dict(newest_last.values_list("code", "title"))
    return list(titles.items())


class ThemeFilterSet(WagtailFilterSet):
    questionnaire = django_filters.ModelChoiceFilter(
        label="Édition", queryset=Questionnaire.objects.all()
    )

    class Meta:
        model = Theme
        fields = []


class QuestionFilterSet(WagtailFilterSet):
    edition = django_filters.ModelChoiceFilter(
        label="Édition", field_name="theme__questionnaire", queryset=Questionnaire.objects.all()
    )
    theme = django_filters.ChoiceFilter(
        label="Thème", field_name="theme__code", choices=theme_choices
    )

    class Meta:
        model = Question
        fields = ["kind", "weight", "allows_not_applicable"]
