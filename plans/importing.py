"""Actions that come in from a workbook of the form that goes out: read, shown, then written when somebody confirms.

An action is known by its reference (A12), else by its title. One wrong row and nothing is written; the same file twice
changes nothing the second time; steps are taken for new actions only. A theme that was retired and an owner who left the
team are taken for the action that has them, and for no other.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.text import normalize_newlines

from accounts.models import User
from plans.documents import owner_of
from plans.enums import Event, ImportState, Status
from plans.errors import PlanError
from plans.history import differences
from plans.models import Action, ActionImport, ActionStep, Plan
from plans.reading import Row, fold, read_actions
from plans.sheets import ACTION_COLUMNS
from plans.tracking import change_action, create_action
from questions.enums import Cost, Priority, ReenObjective, ThreeSteps
from questions.typed import NotUnderstood, read_number
from territories.models import CollectiviteMember

MOST_PROBLEMS = 50
MOST_STEPS = 30
TEXTS = {
    "title": 160,
    "description": 5_000,
    "elected_referent": 120,
    "partners": 300,
}
CHOICES = {"status": Status, "priority": Priority, "effort": ThreeSteps, "cost": Cost}
DEFAULTS = {"status": Status.TO_DEFINE, "priority": Priority.MEDIUM}
MOST_EUROS = Decimal("999999999.99")
AS_IT_WENT_OUT: dict[str, Callable[[Action], str]] = {
    "theme_code": lambda action: action.theme_code,  # of a theme that is no longer published
    "owner": owner_of,
}


class AlreadyApplied(PlanError):
    sentence = "Cet import est déjà fait."


class HasProblems(PlanError):
    sentence = "Corrigez d’abord les lignes signalées, puis envoyez le fichier de nouveau."


class PlanChangedMeanwhile(PlanError):
    sentence = (
        "Le plan a changé depuis cet aperçu. Envoyez le fichier de nouveau pour voir où il en est."
    )


@dataclass(frozen=True)
class Problem:
    sheet: str
    line: int
    column: str
    value: str
    sentence: str


@dataclass
class CheckedRow:
    """A row that can be written: `pk` and `version` are those of the action it changes, None for a new one."""

    line: int
    pk: int | None
    version: int | None
    values: dict
    steps: list[str] = field(default_factory=list)
    changes: dict = field(default_factory=dict)


class Refused(Exception):
    """A cell that cannot be taken; the message says what was expected."""


@dataclass(frozen=True)
class Ground:
    """What cells are read against: themes and team by folded name, actions by reference and by title."""

    themes: dict[str, str]
    team: dict[str, User]
    by_reference: dict[str, Action]
    by_title: dict[str, Action]


def preview_import(
    *, plan: Plan, content: bytes, file_name: str, themes: dict[str, str], by: User, at: datetime
) -> ActionImport:
    """Read a file and keep what it would do; nothing of the plan changes. Raises reading.Unreadable."""
    sheet = read_actions(content)
    ground = _ground(plan, themes)
    rows, problems, seen = [], [], {}
    for row in sheet.rows:
        checked = _check_row(row, sheet.name, ground, problems, seen)
        if checked is not None:
            rows.append(checked)
    changed = [row for row in rows if row.pk is None or row.changes]
    return ActionImport.objects.create(
        plan=plan,
        file_name=file_name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        rows=[_as_json(row) for row in changed],
        problems=[asdict(problem) for problem in problems[:MOST_PROBLEMS]],
        created=sum(row.pk is None for row in rows),
        updated=sum(row.pk is not None and bool(row.changes) for row in rows),
        unchanged=sum(row.pk is not None and not row.changes for row in rows),
        by=by,
        at=at,
    )


@transaction.atomic
def apply_import(*, action_import: ActionImport, by: User, at: datetime) -> ActionImport:
    """Write what was shown, all of it or nothing. Raises AlreadyApplied, HasProblems, PlanChangedMeanwhile."""
    Plan.objects.select_for_update(of=("self",)).get(pk=action_import.plan_id)
    run = ActionImport.objects.select_for_update(of=("self",)).select_related("plan")
    run = run.get(pk=action_import.pk)
    if run.state == ImportState.APPLIED:
        raise AlreadyApplied
    if run.problems:
        raise HasProblems
    actions = (
        Action.objects.filter(plan=run.plan)
        .adopted()
        .in_bulk([row["pk"] for row in run.rows if row["pk"]])
    )
    titles = {fold(title) for title in _adopted(run.plan).values_list("title", flat=True)}
    for row in run.rows:
        values = _from_json(row["values"])
        if row["pk"] is None:
            if fold(values["title"]) in titles:
                raise PlanChangedMeanwhile
            _create(run.plan, values, row["steps"], by=by, at=at)
        else:
            _change(actions.get(row["pk"]), row["version"], values, by=by, at=at)
    run.state = ImportState.APPLIED
    run.save(update_fields=["state"])
    return run


def _ground(plan: Plan, themes: dict[str, str]) -> Ground:
    actions = list(_adopted(plan).select_related("owner"))
    members = CollectiviteMember.objects.active().filter(collectivite=plan.collectivite_id)
    team: dict[str, User] = {}
    for member in members.select_related("user"):
        for name in (str(member.user), member.user.email):
            team[fold(name)] = member.user
    return Ground(
        themes={fold(name): code for code, title in themes.items() for name in (title, code)},
        team=team,
        by_reference={fold(action.reference): action for action in actions},
        by_title={fold(action.title): action for action in actions},
    )


def _adopted(plan: Plan):
    return Action.objects.filter(plan=plan).adopted()


def _check_row(
    row: Row, sheet: str, ground: Ground, problems: list, seen: dict
) -> CheckedRow | None:
    """Return what a row would do; None when one of its cells is refused, which is told in `problems`."""
    values, wrong = {}, len(problems)
    steps: list[str] = []
    action = None
    for column in ACTION_COLUMNS:
        name = fold(column.title)
        if column.field is None or name not in row.cells:
            continue
        cell = row.cells[name]
        if column.field == "title":
            action = action or ground.by_title.get(fold(cell))
        try:
            if column.field == "reference":
                action = _known(cell, ground)
            elif column.field == "steps":
                steps = _steps(cell)
            elif not _is_left(column.field, cell, action):
                values |= READERS[column.field](cell, ground)
        except Refused as error:
            problems.append(Problem(sheet, row.line, column.title, _shown(cell), str(error)))
    _check_together(row, sheet, action, values, problems, seen)
    if len(problems) > wrong:
        return None
    return CheckedRow(
        line=row.line,
        pk=action and action.pk,
        version=action and action.version,
        values=values,
        steps=[] if action else steps,
        changes=differences(action, values) if action else {},
    )


def _check_together(row, sheet, action, values, problems, seen) -> None:
    """Check what one cell alone does not tell: dates in their order, the same action twice."""

    def tell(column: str, value, sentence: str) -> None:
        problems.append(Problem(sheet, row.line, column, _shown(value), sentence))

    start = values.get("starts_on", action and action.starts_on)
    due = values.get("due_on", action and action.due_on)
    if start and due and due < start:
        tell("Échéance", due, "l’échéance vient avant le début")
    key = action.pk if action else fold(values.get("title"))
    if key in seen:
        tell("Titre", values.get("title"), f"la même action est déjà à la ligne {seen[key]}")
    seen.setdefault(key, row.line)


def _known(cell, ground: Ground) -> Action | None:
    if cell in (None, ""):
        return None
    action = ground.by_reference.get(fold(cell))
    if action is None:
        raise Refused(
            "cette référence n’est pas dans le plan ; videz la cellule pour une action nouvelle"
        )
    return action


def _is_left(name: str, cell, action: Action | None) -> bool:
    """Tell whether a cell still says what went out for this action, which the readers might not know any more."""
    shown = AS_IT_WENT_OUT.get(name)
    return bool(action and shown) and fold(cell) == fold(shown(action))


def _text(name: str) -> Callable:
    def read(cell, ground: Ground) -> dict:
        text = "" if cell is None else normalize_newlines(str(cell)).strip()
        if name == "title" and not text:
            raise Refused("un titre est obligatoire")
        if len(text) > TEXTS[name]:
            raise Refused(f"au plus {TEXTS[name]} caractères")
        return {name: text}

    return read


def _choice(name: str) -> Callable:
    labels = {fold(label): value for value, label in CHOICES[name].choices}

    def read(cell, ground: Ground) -> dict:
        if cell in (None, ""):
            return {name: DEFAULTS.get(name, "")}
        if fold(cell) not in labels:
            raise Refused("écrivez " + ", ".join(CHOICES[name].labels))
        return {name: labels[fold(cell)]}

    return read


def _theme(cell, ground: Ground) -> dict:
    if cell in (None, ""):
        return {"theme_code": ""}
    if fold(cell) not in ground.themes:
        raise Refused(
            "ce thème n’existe pas ; reprenez un nom de thème du questionnaire, ou laissez vide"
        )
    return {"theme_code": ground.themes[fold(cell)]}


def _objective(cell, ground: Ground) -> dict:
    if cell in (None, ""):
        return {"reen_objective": None}
    text = str(cell).split(".")[0].strip()
    if not text.isdecimal() or int(text) not in ReenObjective.values:
        raise Refused("écrivez un numéro de 1 à 6")
    return {"reen_objective": int(text)}


def _owner(cell, ground: Ground) -> dict:
    """A member by name or address; any other name stays a name."""
    text = "" if cell is None else str(cell).strip()
    member = ground.team.get(fold(text)) if text else None
    if member is not None:
        return {"owner": member, "owner_name": ""}
    if len(text) > 120:
        raise Refused("au plus 120 caractères")
    return {"owner": None, "owner_name": text}


def _day(name: str) -> Callable:
    def read(cell, ground: Ground) -> dict:
        if cell in (None, ""):
            return {name: None}
        if isinstance(cell, datetime):
            return {name: cell.date()}
        if isinstance(cell, date):
            return {name: cell}
        for form in ("%d/%m/%Y", "%Y-%m-%d"):
            try:
                return {name: datetime.strptime(str(cell).strip(), form).date()}
            except ValueError:
                continue
        raise Refused("écrivez une date, par exemple 31/03/2027")

    return read


def _amount(name: str) -> Callable:
    def read(cell, ground: Ground) -> dict:
        if cell in (None, ""):
            return {name: None}
        try:
            amount = read_number(cell) if isinstance(cell, str) else Decimal(str(cell))
            amount = amount.quantize(Decimal("0.01"))
        except (NotUnderstood, InvalidOperation) as error:
            raise Refused("écrivez un nombre d’euros") from error
        if not amount.is_finite() or not 0 <= amount <= MOST_EUROS:
            raise Refused("écrivez un nombre d’euros, positif")
        return {name: amount}

    return read


READERS: dict[str, Callable] = {
    "theme_code": _theme,
    "reen_objective": _objective,
    "owner": _owner,
    **{name: _text(name) for name in TEXTS},
    **{name: _choice(name) for name in CHOICES},
    **{name: _day(name) for name in ("starts_on", "due_on")},
    **{name: _amount(name) for name in ("budget_planned", "budget_spent")},
}


def _steps(cell) -> list[str]:
    steps = [line.strip()[:300] for line in str(cell or "").splitlines() if line.strip()]
    if len(steps) > MOST_STEPS:
        raise Refused(f"au plus {MOST_STEPS} étapes, une par ligne")
    return steps


def _create(plan: Plan, values: dict, steps: list[str], *, by: User, at: datetime) -> None:
    action = create_action(plan=plan, values=values, by=by, at=at, event=Event.IMPORTED)
    ActionStep.objects.bulk_create(
        ActionStep(action=action, position=position, text=text)
        for position, text in enumerate(steps, start=1)
    )


def _change(action: Action | None, version: int, values: dict, *, by: User, at: datetime) -> None:
    if action is None or action.version != version:
        raise PlanChangedMeanwhile
    change_action(action=action, version=version, values=values, by=by, at=at, event=Event.IMPORTED)


def _as_json(row: CheckedRow) -> dict:
    values = {
        name: value.pk if isinstance(value, User) else str(value) if _is_rich(value) else value
        for name, value in row.values.items()
    }
    return {
        **asdict(CheckedRow(row.line, row.pk, row.version, {}, row.steps, row.changes)),
        "values": values,
    }


def _is_rich(value) -> bool:
    return isinstance(value, date | Decimal)


def _from_json(values: dict) -> dict:
    """Return the values as the acts want them: dates, amounts, people."""
    found = dict(values)
    for name in ("starts_on", "due_on"):
        if found.get(name):
            found[name] = date.fromisoformat(found[name])
    for name in ("budget_planned", "budget_spent"):
        if found.get(name):
            found[name] = Decimal(found[name])
    if found.get("owner"):
        found["owner"] = User.objects.get(pk=found["owner"])
    return found


def _shown(value) -> str:
    return "" if value is None else str(value)[:80]
