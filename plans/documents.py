"""What the documents of a plan have in common: actions by theme, people, dates and amounts in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from plans.models import Action

WITHOUT_THEME = "Sans thème"


@dataclass(frozen=True)
class ThemeActions:
    title: str
    actions: list[Action]


def by_theme(actions: Iterable[Action], titles: dict[str, str]) -> list[ThemeActions]:
    """Return the actions under their theme, in the order of the questionnaire; what has none comes last."""
    groups: dict[str, list[Action]] = {code: [] for code in (*titles, "")}
    for action in actions:
        groups[action.theme_code if action.theme_code in titles else ""].append(action)
    named = {**titles, "": WITHOUT_THEME}
    return [ThemeActions(named[code], rows) for code, rows in groups.items() if rows]


def owner_of(action: Action) -> str:
    """Return who answers for an action; empty when nobody does."""
    return str(action.owner) if action.owner else action.owner_name
