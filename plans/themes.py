"""Names of themes by code, in their order: a code keeps its meaning from one edition to the next."""

from questions.enums import EditionState
from questions.models import Theme

WITHOUT_THEME = "Sans thème"


def theme_titles() -> dict[str, str]:
    """Return the titles by code, in the order of the published editions, level 1 first."""
    rows = Theme.objects.filter(questionnaire__state=EditionState.PUBLISHED)
    titles: dict[str, str] = {}
    for code, title in rows.order_by("questionnaire__level", "order").values_list("code", "title"):
        titles.setdefault(code, title)
    return titles
