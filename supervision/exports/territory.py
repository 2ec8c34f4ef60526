"""What leaves a territory: its collectivités, indices, themes, answers, contacts, and what they mean.

The rows are those of the filters on the screen. An assessment that speaks for nobody yet is in none.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from plans.models import Action
from questions.enums import AssessmentState
from questions.models import Assessment, ThemeScore
from questions.scoring import letter
from supervision.enums import Stage
from supervision.exports.answers import answer_rows, answers_of
from supervision.exports.chunks import in_chunks
from supervision.exports.files import Sheet
from supervision.filtering import CollectiviteFilters
from territories.models import Collectivite, CollectiviteMember

# One sheet holds 1,048,576 rows, but nobody opens them: beyond this the csv files carry the answers.
MAX_ANSWERS_IN_WORKBOOK = 200_000

DEFINITIONS = (
    ("Étape", "La plus avancée : pas encore inscrite, inscrite (un membre accepté), niveau 1 commencé, clos, niveau 2 ouvert."),
    ("Progression", "Questions traitées sur questions posées, dans l’évaluation de niveau 1 en cours, sinon dans la dernière."),
    ("Indice", "100 × points obtenus ÷ points possibles, arrondi à l’entier ; celui de la dernière évaluation close, sinon de celle en cours."),
    ("Définitif", "« oui » quand l’évaluation est close ; sinon l’indice peut encore changer."),
    ("Lettre", "A à partir de 80, B de 60, C de 40, D de 20, E en dessous."),
    ("Évaluations", "Celles d’une personne qui n’est pas encore rattachée ne sont dans aucun chiffre."),
)  # fmt: skip


def sheets_of(filters: CollectiviteFilters, *, at: datetime, whole: bool) -> Iterable[Sheet]:
    """Yield the sheets; with too many answers for a workbook, and unless `whole`, theirs is left out and that is said."""
    rows = filters.rows(at=at)
    assessments = assessments_of(rows)
    answers = answers_of(assessments)
    with_answers = whole or answers.count() <= MAX_ANSWERS_IN_WORKBOOK
    yield read_me(filters, rows.count(), at=at, with_answers=with_answers)
    yield collectivites(rows)
    yield indices(assessments)
    yield themes(assessments)
    if with_answers:
        yield Sheet("Réponses", ANSWER_COLUMNS, answer_rows(assessments))
    yield actions(rows)


def count_rows(filters: CollectiviteFilters, *, at: datetime, whole: bool) -> int:
    """Return how many rows these sheets will hold, « Lisez-moi » aside."""
    rows = filters.rows(at=at)
    assessments = assessments_of(rows)
    answers = answers_of(assessments).count()
    return (
        rows.count()
        + assessments.count()
        + scores_of(assessments).count()
        + (answers if whole or answers <= MAX_ANSWERS_IN_WORKBOOK else 0)
        + actions_of(rows).count()
    )


def assessments_of(rows: QuerySet[Collectivite]) -> QuerySet[Assessment]:
    chosen = rows.order_by().values("pk")
    official = Assessment.objects.official().exclude(state=AssessmentState.ARCHIVED)
    return official.filter(collectivite__in=chosen)


def read_me(
    filters: CollectiviteFilters, count: int, *, at: datetime, with_answers: bool = True
) -> Sheet:
    rows = [
        ("Territoire", filters.territory.name),
        ("Fichier fait le", at),
        ("Collectivités", count),
        ("Filtres", " ; ".join(filters.in_words()) or "aucun"),
        *DEFINITIONS,
    ]
    if not with_answers:
        rows.append(("Réponses", "Trop nombreuses pour un classeur : prenez les fichiers csv."))
    return Sheet("Lisez-moi", (("À savoir", 28), ("", 110)), rows)


def collectivites(rows: QuerySet[Collectivite]) -> Sheet:
    columns = (
        ("Code INSEE", 12),
        ("SIREN", 12),
        ("Nom", 40),
        ("Type", 24),
        ("Population", 12),
        ("Département", 24),
        ("Intercommunalité", 40),
        ("Étape", 22),
        ("Membres", 10),
        ("Questions posées", 16),
        ("Questions traitées", 16),
        ("Progression (%)", 14),
        ("Indice", 8),
        ("Lettre", 8),
        ("Définitif", 10),
        ("Dernière activité", 18),
        ("Conseiller référent", 28),
    )
    return Sheet("Collectivités", columns, map(_collectivite_row, in_chunks(rows)))


def _collectivite_row(row) -> tuple:
    return (
        row.code_insee or "",
        row.siren or "",
        row.name,
        row.get_kind_display(),
        row.population,
        str(row.departement or ""),
        row.epci.name if row.epci else "",
        Stage(row.stage).label,
        row.members_count,
        row.asked,
        row.answered,
        row.progress,
        row.index,
        letter(row.index) or "",
        "" if row.index is None else _yes(row.closed_index is not None),
        row.last_activity,
        adviser_name(row),
    )


def adviser_name(row: Collectivite) -> str:
    """Return who follows the collectivité; nobody when she is of an OPSN that does not any more."""
    assignment = getattr(row, "assignment", None)
    if assignment is None or assignment.adviser.opsn_id != row.opsn_id:
        return ""
    return str(assignment.adviser.user)


def indices(assessments: QuerySet[Assessment]) -> Sheet:
    columns = (
        ("Code INSEE", 12),
        ("SIREN", 12),
        ("Collectivité", 40),
        ("Niveau", 8),
        ("Édition", 10),
        ("État", 12),
        ("Ouverte le", 18),
        ("Close le", 18),
        ("Questions posées", 16),
        ("Questions traitées", 16),
        ("Indice", 8),
        ("Lettre", 8),
    )
    rows = assessments.select_related("collectivite", "questionnaire")
    rows = rows.order_by("collectivite__search_name", "collectivite_id", "opened_at")
    return Sheet("Indices", columns, map(_index_row, in_chunks(rows)))


def _index_row(row: Assessment) -> tuple:
    return (
        row.collectivite.code_insee or "",
        row.collectivite.siren or "",
        row.collectivite.name,
        row.level,
        row.questionnaire.edition,
        row.get_state_display(),
        row.opened_at,
        row.closed_at,
        row.asked,
        row.answered,
        row.index,
        letter(row.index) or "",
    )


def scores_of(assessments: QuerySet[Assessment]) -> QuerySet[ThemeScore]:
    return ThemeScore.objects.filter(assessment__in=assessments.order_by().values("pk"))


def themes(assessments: QuerySet[Assessment]) -> Sheet:
    columns = (
        ("Code INSEE", 12),
        ("SIREN", 12),
        ("Collectivité", 40),
        ("Niveau", 8),
        ("Édition", 10),
        ("État", 12),
        ("Ouverte le", 18),
        ("Thème", 36),
        ("Indice du thème", 14),
        ("Questions posées", 16),
        ("Questions traitées", 16),
        ("Non concerné", 14),
        ("Ne sait pas", 12),
    )
    rows = scores_of(assessments).select_related(
        "theme", "assessment__collectivite", "assessment__questionnaire"
    )
    rows = rows.order_by(
        "assessment__collectivite__search_name", "assessment_id", "theme__order", "theme_id"
    )
    return Sheet("Par thème", columns, map(_theme_row, in_chunks(rows)))


def _theme_row(score: ThemeScore) -> tuple:
    assessment = score.assessment
    return (
        assessment.collectivite.code_insee or "",
        assessment.collectivite.siren or "",
        assessment.collectivite.name,
        assessment.level,
        assessment.questionnaire.edition,
        assessment.get_state_display(),
        assessment.opened_at,
        score.theme.title,
        score.index,
        score.asked,
        score.answered,
        score.not_applicable,
        score.unknown,
    )


def actions_of(rows: QuerySet[Collectivite]) -> QuerySet[Action]:
    """Return those that a plan took up."""
    return Action.objects.adopted().filter(plan__collectivite__in=rows.order_by().values("pk"))


def actions(rows: QuerySet[Collectivite]) -> Sheet:
    """One row per action; who is in charge stays in the plan."""
    columns = (
        ("Code INSEE", 12),
        ("SIREN", 12),
        ("Collectivité", 40),
        ("Référence", 12),
        ("Action", 60),
        ("Mesure", 12),
        ("Thème", 20),
        ("Statut", 14),
        ("Priorité", 12),
        ("Début", 12),
        ("Échéance", 12),
        ("Réalisée le", 12),
        ("Budget prévu (€)", 16),
        ("Budget dépensé (€)", 16),
    )
    adopted = actions_of(rows).select_related("plan__collectivite", "measure")
    adopted = adopted.order_by("plan__collectivite__search_name", "plan_id", "number")
    return Sheet("Actions", columns, map(_action_row, in_chunks(adopted)))


def _action_row(action: Action) -> tuple:
    collectivite = action.plan.collectivite
    return (
        collectivite.code_insee or "",
        collectivite.siren or "",
        collectivite.name,
        action.reference,
        action.title,
        action.measure.code if action.measure else "",
        action.theme_code,
        action.get_status_display(),
        action.get_priority_display(),
        action.starts_on,
        action.due_on,
        action.done_on,
        action.budget_planned,
        action.budget_spent,
    )


ANSWER_COLUMNS = (
    ("Code INSEE", 12),
    ("SIREN", 12),
    ("Collectivité", 40),
    ("Niveau", 8),
    ("Édition", 10),
    ("Évaluation ouverte le", 18),
    ("Thème", 30),
    ("Code de la question", 12),
    ("Question", 70),
    ("Réponse", 24),
    ("Commentaire", 50),
    ("Enregistrée le", 18),
)


def contact_sheets(filters: CollectiviteFilters, *, at: datetime) -> Iterable[Sheet]:
    rows = filters.rows(at=at)
    yield read_me(filters, rows.count(), at=at)
    yield contacts(rows)


def count_contacts(filters: CollectiviteFilters, *, at: datetime) -> int:
    """Return about how many rows: a collectivité without members has one as well."""
    rows = filters.rows(at=at)
    return rows.count() + members_of(rows).count()


def members_of(rows: QuerySet[Collectivite]) -> QuerySet[CollectiviteMember]:
    return CollectiviteMember.objects.active().filter(
        collectivite__in=rows.order_by().values("pk"), user__is_active=True
    )


def contacts(rows: QuerySet[Collectivite]) -> Sheet:
    """One row per active member; one for a collectivité without any, with its official address."""
    columns = (
        ("Code INSEE", 12),
        ("SIREN", 12),
        ("Collectivité", 40),
        ("Courriel officiel", 34),
        ("Nom", 28),
        ("Fonction", 28),
        ("Rôle", 14),
        ("Courriel", 34),
        ("Téléphone", 18),
    )
    return Sheet("Contacts", columns, _contact_rows(rows))


def _contact_rows(rows: QuerySet[Collectivite]) -> Iterable[tuple]:
    team: dict[int, list[CollectiviteMember]] = {}
    for member in members_of(rows).select_related("user").order_by("requested_at", "pk"):
        team.setdefault(member.collectivite_id, []).append(member)
    for row in in_chunks(rows):
        who = (row.code_insee or "", row.siren or "", row.name, row.official_email)
        if row.pk not in team:
            yield (*who, "", "", "", "", "")
        for member in team.get(row.pk, ()):
            user = member.user
            name, role = user.get_full_name(), member.get_role_display()
            yield (*who, name, user.function, role, user.email, user.phone)


def _yes(value: bool) -> str:
    return "oui" if value else "non"
