"""Rule 2 of SECURITY.md: what goes round the tenant scope is on a list, with its reason; nothing else does."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "territories", "questions", "plans", "imports", "supervision", "cms", "config")

# Where the scope is defined, or where rules, acts and commands have to see more than the person does.
RULES = "a rule that says what a person may see cannot be asked through what she may see"
ACT = "an act checks its own rights, then locks and writes rows of people who are not its author"
TOKEN = "the secret of a link is the right"
JOB = "a command or a job: nobody is logged in"
WRITTEN = "rows that the rules of the module have filtered, or that are only written"
COUNTED = "annotates rows of a queryset that is already scoped: joined on its collectivité"
EMPTY = "an empty choice that the form replaces by the people of its OPSN"
WHOLE = "figures of all tenants, that name none"
TERRITORY = "figures of a territory, whose condition is on every reading (`Territory.today`)"
PEERS = "figures of groups that isolate nobody (docs/decisions/0007-groups-of-five.md)"
ALLOWED = {
    "territories/scoping.py": "it defines both",
    "territories/rules.py": RULES,
    "territories/models.py": RULES,
    "territories/current.py": RULES,
    "territories/contacts.py": "the référents who are written to, by their address only",
    "territories/contestation.py": TOKEN,
    "territories/affiliation.py": ACT,
    "territories/official_code.py": ACT,
    "territories/attachment.py": ACT,
    "territories/invitations.py": ACT,
    "territories/team.py": ACT,
    "territories/level_two.py": ACT,
    "territories/journal.py": WRITTEN,
    "territories/retention.py": JOB,
    "questions/rules.py": RULES,
    "questions/models/edition.py": "an edition belongs to no tenant: the state of its rows before a change",
    "questions/models/footprint.py": "whether a closed assessment, whoever’s, rests on these factors",
    "questions/loading.py": "an edition belongs to no tenant: its rows as they were just saved",
    "questions/profiling.py": ACT,
    "questions/moving.py": ACT,
    "questions/returning.py": ACT,
    "questions/portrait.py": "the profile of an assessment that the caller got through the scope",
    "questions/answering.py": ACT,
    "questions/opening.py": ACT,
    "questions/closing.py": ACT,
    "questions/counting.py": ACT,
    "questions/editions.py": WHOLE,
    "questions/sheets.py": "the answers of an assessment that the caller got through the scope",
    "questions/team.py": "the team of an assessment that the caller got through the scope",
    "questions/teamwork.py": "what is around the questions of an assessment got through the scope",
    "questions/sharing.py": ACT,
    "questions/discussing.py": ACT,
    "questions/marking.py": ACT,
    "questions/evidence.py": ACT,
    "questions/reviewing.py": ACT,
    "questions/retention.py": JOB,
    "plans/agenda.py": TOKEN,
    "plans/digest.py": JOB,
    "plans/retention.py": JOB,
    "supervision/models/scope.py": RULES,
    "supervision/beginning.py": ACT,
    "supervision/following.py": COUNTED,
    "supervision/exports/open_data.py": WHOLE,
    "supervision/selecting.py": TERRITORY,
    "supervision/statistics.py": TERRITORY,
    "supervision/heat_map.py": TERRITORY,
    "supervision/peers.py": PEERS,
    "supervision/peer_practices.py": PEERS,
    "supervision/consenting.py": ACT,
    "supervision/checking.py": JOB,
    "supervision/campaigns.py": COUNTED,
    "supervision/campaigning.py": ACT,
    "supervision/country.py": WHOLE,
    "supervision/open_data.py": WHOLE,
    "supervision/tokens.py": TOKEN,
    "supervision/api.py": TOKEN,
    "supervision/relaunching.py": ACT,
    "supervision/noting.py": ACT,
    "supervision/asking.py": ACT,
    "supervision/team.py": ACT,
    "supervision/preparing.py": ACT,
    "supervision/retention.py": JOB,
    "supervision/filtering.py": EMPTY,
    "supervision/forms.py": EMPTY,
    "imports/models.py": RULES,
    "imports/rules.py": RULES,
    "imports/resources.py": ACT,
    "imports/edition_sheets.py": "an edition belongs to no tenant: its rows, drafts included",
    "imports/collectivites.py": ACT,
    "imports/running.py": ACT,
    "imports/retention.py": JOB,
    "imports/undoing.py": ACT,
    "imports/tasks.py": JOB,
    "imports/management/commands/import_file.py": JOB,
    "config/demo.py": JOB,
    "config/management/commands/forget_person.py": JOB,
}

GOES_ROUND = {"_base_manager", "_default_manager", "everything", "EVERYTHING"}


def sources() -> dict[str, str]:
    """Return the text of every module of ours by its path."""
    files = (file for app in APPS for file in (ROOT / app).rglob("*.py"))
    return {
        file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8")
        for file in files
        if "migrations" not in file.parts
    }


def going_round(text: str) -> bool:
    """Tell whether the code (not its comments) uses the unscoped manager, or opens everything."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr in GOES_ROUND:
            return True
        if isinstance(node, ast.Name) and node.id in GOES_ROUND:
            return True
    return False


def test_nothing_goes_round_the_scope_that_is_not_on_the_list():
    found = {path for path, text in sources().items() if going_round(text)}

    assert found - set(ALLOWED) == set(), "say why in ALLOWED, or go through the scope"


def test_the_list_names_nothing_that_no_longer_does():
    found = {path for path, text in sources().items() if going_round(text)}

    assert set(ALLOWED) - found == set()


def test_no_view_opens_everything():
    views = [path for path in ALLOWED if "views" in path or path.endswith("/urls.py")]

    assert views == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("with everything():\n    pass", True),
        ("rows = Answer._base_manager.all()", True),
        ("with scoping.everything():\n    pass", True),
        ('"""everything() and _base_manager"""', False),
        ("rows = Answer.objects.all()", False),
    ],
)
def test_the_search_finds_what_it_looks_for(text, found):
    assert going_round(text) is found


VIEW_FILES = re.compile(r"(^|/)(views|public_views|admin_views|viewsets|admin)(/.*)?\.py$|/views/")
BY_NUMBER = re.compile(r"\.(objects|_base_manager)\s*\.get\(\s*(pk|id)\b")


def test_no_view_takes_a_row_by_its_number_alone():
    """A view asks `get_object_or_404` of a scoped manager: 404, and no row of another tenant."""
    faults = [
        path
        for path, text in sources().items()
        if VIEW_FILES.search(path) and BY_NUMBER.search(text)
    ]

    assert faults == []


def test_every_model_of_a_tenant_has_the_scoped_manager():
    """A model that leads to a collectivité, and whose manager is the ordinary one, shows everybody to everybody."""
    from django.apps import apps

    from territories.scoping import TenantQuerySet

    public = {"territories.Collectivite", "territories.FormerCommune", "supervision.Centre"}
    of_a_run = {"imports.ImportFile"}  # asked only with a run, which the scope has found
    unscoped = set()
    for app in ("territories", "questions", "plans", "imports", "supervision"):
        for model in apps.get_app_config(app).get_models():
            if leads_to_a_tenant(model) and not isinstance(
                model._default_manager.all(), TenantQuerySet
            ):
                unscoped.add(model._meta.label)

    assert unscoped - public - of_a_run == set()


def leads_to_a_tenant(model, seen=frozenset()) -> bool:
    """Tell whether a row belongs to one collectivité, by itself or by its parent."""
    for field in model._meta.concrete_fields:
        if (
            (field.many_to_one or field.one_to_one)
            and field.related_model is not model
            and field.related_model not in seen
        ):
            if field.related_model._meta.label == "territories.Collectivite":
                return True
            if field.related_model._meta.app_label in (
                "questions",
                "plans",
                "territories",
                "imports",
                "supervision",
            ) and leads_to_a_tenant(field.related_model, seen | {model}):
                return True
    return False
