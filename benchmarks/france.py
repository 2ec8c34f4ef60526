"""The whole of France, invented but for its places: every commune and EPCI has closed two campaigns of 130 questions.

Answers follow from the keys alone (`draw`), the same in SQL and in Python: 9.4 million rows are inserted by one statement
for each campaign, and the bits of practices are drawn again rather than read.
"""

import time
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db import connection
from django.db.models import Count

from accounts.models import User
from plans.enums import Status
from plans.models import Action, Plan
from questions.enums import AssessmentState, EditionState
from questions.models import Answer, Assessment, Question, Questionnaire, Theme, ThemeScore
from questions.models.counted import COUNTED
from questions.scoring import FORMULA_VERSION
from questions.theme_indices import pack
from supervision.models import Assignment, Campaign
from supervision.territory import Territory
from territories.enums import (
    EPCI_KINDS,
    CollectiviteKind,
    MemberRole,
    MemberState,
    OpsnRole,
    Verification,
    stratum,
)
from territories.models import Collectivite, CollectiviteMember, Departement, Opsn, OpsnMember

THEMES, QUESTIONS = 10, 130
LARGE_OPSN = 6_500
CAMPAIGNS = (
    ("2026", datetime(2025, 11, 3, tzinfo=UTC)),
    ("2027", datetime(2026, 11, 2, tzinfo=UTC)),
)
BATCH = 5_000

# Out of 100: under 5 « non concerné », under 12 « ne sait pas », then « oui » up to a bound that each assessment has.
DRAW = "(({a} * 7919 + {q} * 104729 + ({a} % 101) * ({q} % 97)) % 100)"
YES_UNDER = "(30 + ({a} * 31) % 60)"


def draw(a: int, q: int) -> tuple[int, int]:
    return (a * 7919 + q * 104729 + (a % 101) * (q % 97)) % 100, 30 + (a * 31) % 60


def build(communes: int | None) -> None:
    """Build it all, telling how long each part took."""
    part("collectivités", lambda: places(communes))
    editions = part("deux éditions", two_editions)
    for edition, (_, at) in zip(editions, CAMPAIGNS, strict=True):
        part(f"campagne {edition.edition} : évaluations", lambda e=edition, d=at: assess(e, d))
        part(f"campagne {edition.edition} : réponses", lambda e=edition: answer_all(e))
        part(f"campagne {edition.edition} : thèmes", lambda e=edition: score_all(e))
    part("indices et pratiques", index_and_practices)
    part("membres, plans, conseillers", people_and_plans)
    part("évaluations en cours", lambda: begin(editions[-1]))
    part("campagnes", lambda: campaigns(editions))
    with connection.cursor() as cursor:  # as the server does by itself once its rows have settled
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{Assessment.objects.count()} évaluations, {Answer.objects.count()} réponses")


def part(label: str, act):
    began = time.perf_counter()
    result = act()
    print(f"  {label} : {time.perf_counter() - began:.0f} s", flush=True)
    return result


def places(communes: int | None) -> None:
    from imports.reference import (
        DATA,
        DepartementResource,
        EpciResource,
        RegionResource,
        read_rows,
    )

    RegionResource().load(read_rows(DATA / "regions.csv"))
    DepartementResource().load(read_rows(DATA / "departements.csv"))
    EpciResource().load(read_rows(DATA / "epci.csv.gz"))
    epci = dict(Collectivite.objects.values_list("siren", "pk"))
    rows = list(read_rows(DATA / "communes.csv.gz"))
    step = max(1, len(rows) // communes) if communes else 1
    Collectivite.objects.bulk_create(
        [
            Collectivite(
                kind=CollectiviteKind.COMMUNE,
                code_insee=row["code_insee"],
                name=row["name"],
                search_name=row["name"].lower(),
                departement_id=row["departement"],
                population=int(row["population"] or 0),
                epci_id=epci.get(row["epci"]),
            )
            for row in rows[::step]
        ],
        batch_size=BATCH,
    )
    share_out(LARGE_OPSN * Collectivite.objects.count() // 36_000)


def share_out(large: int) -> None:
    """One OPSN follows several départements, as many as it takes; each of the others has its own."""
    counts = Departement.objects.annotate(count=Count("collectivites")).order_by("code")
    first, taken = Opsn.objects.create(name="Grand OPSN"), 0
    for departement in counts:
        opsn = first
        if taken >= large:
            opsn = Opsn.objects.create(name=f"OPSN {departement.code}")
        taken += departement.count
        Collectivite.objects.filter(departement=departement).update(opsn=opsn)


def two_editions() -> list[Questionnaire]:
    editions = []
    for year, _ in CAMPAIGNS:
        edition = Questionnaire.objects.create(
            level=1, edition=year, title="Banc", state=EditionState.RETIRED
        )
        themes = Theme._base_manager.bulk_create(
            Theme(questionnaire=edition, code=f"t{n}", title=f"Thème {n}", order=n)
            for n in range(THEMES)
        )
        Question._base_manager.bulk_create(
            Question(
                theme=themes[n % THEMES],
                code=f"Q{n:03}",
                text=f"Question {n} ?",
                order=n,
                weight=1 + n % 3,
                allows_not_applicable=True,
            )
            for n in range(QUESTIONS)
        )
        editions.append(edition)
    Questionnaire.objects.filter(pk=editions[-1].pk).update(state=EditionState.PUBLISHED)
    return editions


def assess(edition: Questionnaire, at: datetime) -> None:
    kinds = (CollectiviteKind.COMMUNE, *EPCI_KINDS)
    last = edition.edition == CAMPAIGNS[-1][0]
    rows = Collectivite.objects.filter(kind__in=kinds).select_related("departement")
    Assessment.objects.bulk_create(
        (
            Assessment(
                collectivite=row,
                questionnaire=edition,
                level=1,
                state=AssessmentState.CLOSED,
                opened_at=at - timedelta(days=30),
                closed_at=at,
                formula_version=FORMULA_VERSION,
                asked=QUESTIONS,
                answered=QUESTIONS,
                counted_from=at,
                counted_until=None if last else CAMPAIGNS[-1][1],
                last_of_edition=True,
                cohort_kind=row.kind,
                cohort_population=row.population,
                cohort_stratum=stratum(row.population),
                cohort_epci_id=row.epci_id,
                cohort_departement_id=row.departement_id,
                cohort_region_id=row.departement and row.departement.region_id,
                cohort_opsn_id=row.opsn_id,
            )
            for row in rows.order_by("pk")
        ),
        batch_size=BATCH,
    )


def answer_all(edition: Questionnaire, among: str = "a.state = 'closed'") -> None:
    drawn, yes = DRAW.format(a="a.id", q="q.id"), YES_UNDER.format(a="a.id")
    columns = constants(Answer) | {
        "assessment_id": "a.id",
        "question_id": "q.id",
        "state": f"CASE WHEN {drawn} < 5 THEN 'not_applicable' WHEN {drawn} < 12 THEN 'unknown' ELSE 'answered' END",
        "choice": f"CASE WHEN {drawn} < 12 THEN '' WHEN {drawn} < {yes} THEN 'oui' ELSE 'non' END",
        "updated_at": "COALESCE(a.closed_at, a.last_activity_at)",
    }
    insert(
        Answer,
        columns,
        f"""FROM questions_assessment a
            JOIN questions_theme t ON t.questionnaire_id = a.questionnaire_id
            JOIN questions_question q ON q.theme_id = t.id
            WHERE a.questionnaire_id = {int(edition.pk)} AND {among} ORDER BY a.id, q.id""",
    )


def score_all(edition: Questionnaire, state: str = AssessmentState.CLOSED) -> None:
    points = "SUM(q.weight * CASE WHEN r.choice = 'oui' THEN 1 ELSE 0 END)"
    possible = "SUM(q.weight * CASE WHEN r.state = 'not_applicable' THEN 0 ELSE 1 END)"
    copies = {}
    if state == AssessmentState.CLOSED:
        copies = {name: f"a.{name}" for name in (*COUNTED, "collectivite_id", "level")}
    columns = copies | {
        "assessment_id": "a.id",
        "theme_id": "q.theme_id",
        "points": points,
        "possible": possible,
        "index": f"CASE WHEN COUNT(r.id) > 0 THEN {whole_percent(points, possible)} END",
        "asked": "COUNT(*)",
        "answered": "COUNT(r.id)",
        "not_applicable": "SUM(CASE WHEN r.state = 'not_applicable' THEN 1 ELSE 0 END)",
        "unknown": "SUM(CASE WHEN r.state = 'unknown' THEN 1 ELSE 0 END)",
    }
    insert(
        ThemeScore,
        columns,
        f"""FROM questions_assessment a
            JOIN questions_theme t ON t.questionnaire_id = a.questionnaire_id
            JOIN questions_question q ON q.theme_id = t.id
            LEFT JOIN questions_answer r ON r.assessment_id = a.id AND r.question_id = q.id
            WHERE a.questionnaire_id = {int(edition.pk)} AND a.state = '{state}'
            GROUP BY a.id, q.theme_id""",
    )


def write_indices(state: str = AssessmentState.CLOSED) -> None:
    index = whole_percent("s.points", "s.possible")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE questions_assessment SET points = s.points, possible = s.possible,
                    "index" = CASE WHEN answered > 0 THEN {index} END
                FROM (SELECT assessment_id, SUM(points) AS points, SUM(possible) AS possible
                      FROM questions_themescore GROUP BY assessment_id) AS s
                WHERE s.assessment_id = questions_assessment.id AND state = '{state}'"""  # noqa: S608 - idem
        )


def index_and_practices() -> None:
    write_indices()
    with connection.cursor() as cursor:
        keys = {
            edition.pk: sorted(
                Question.objects.filter(theme__questionnaire=edition).values_list("pk", flat=True)
            )
            for edition in Questionnaire.objects.all()
        }
        rows = Assessment.objects.values_list("pk", "questionnaire").order_by("pk")
        themes = theme_bytes()
        drawn = [(*bits(pk, keys[edition]), themes[pk], pk) for pk, edition in rows]
        cursor.executemany(
            "UPDATE questions_assessment SET concerned = %s, practised = %s, theme_indices = %s WHERE id = %s",
            drawn,
        )


def theme_bytes() -> dict[int, bytes]:
    """Return the indices of the themes of every assessment, as closing packs them."""
    scores = ThemeScore._base_manager.order_by("assessment").values_list(
        "assessment", "theme", "index"
    )
    return {
        pk: pack({theme: index for _, theme, index in rows})
        for pk, rows in groupby(scores.iterator(BATCH), key=lambda row: row[0])
    }


def bits(assessment: int, questions: list[int]) -> tuple[bytes, bytes]:
    concerned = practised = 0
    for place, question in enumerate(questions):
        drawn, yes = draw(assessment, question)
        concerned |= (drawn >= 5) << place
        practised |= (12 <= drawn < yes) << place
    size = (len(questions) + 7) // 8
    return concerned.to_bytes(size, "little"), practised.to_bytes(size, "little")


def people_and_plans() -> None:
    """Two collectivités of three have somebody, one of three a plan with an action that is done."""
    crowd = User.objects.create_user("tous@banc.example", "x")
    omar = User.objects.create_user("omar@banc.example", "x")
    communes = list(Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE).order_by("pk"))
    some = [row for row in communes if row.pk % 3]
    CollectiviteMember.objects.bulk_create(
        (
            CollectiviteMember(
                user=crowd,
                collectivite=row,
                role=MemberRole.REFERENT,
                state=MemberState.ACTIVE,
                verification=Verification.OPSN,
            )
            for row in some
        ),
        batch_size=BATCH,
    )
    plans = Plan.objects.bulk_create(
        (Plan(collectivite=row) for row in communes if row.pk % 3 == 1), batch_size=BATCH
    )
    day = CAMPAIGNS[-1][1].date()
    Action.objects.bulk_create(
        (
            Action(plan=plan, number=n, title="Action", status=status, done_on=done_on)
            for plan in plans
            for n, (status, done_on) in enumerate(((Status.DONE, day), (Status.PLANNED, None)))
        ),
        batch_size=BATCH,
    )
    member = OpsnMember.objects.create(
        user=omar, opsn=Opsn.objects.get(name="Grand OPSN"), role=OpsnRole.RESPONSABLE
    )
    hers = [row for row in communes if row.opsn_id == member.opsn_id][::2]
    Assignment.objects.bulk_create(
        (Assignment(collectivite=row, adviser=member) for row in hers), batch_size=BATCH
    )


def begin(edition: Questionnaire) -> None:
    """One commune of ten has begun a new evaluation, and stopped long ago."""
    at = CAMPAIGNS[-1][1] + timedelta(days=1)
    rows = Collectivite.objects.filter(kind=CollectiviteKind.COMMUNE).order_by("pk")
    Assessment.objects.bulk_create(
        (
            Assessment(
                collectivite_id=pk,
                questionnaire=edition,
                level=1,
                opened_at=at,
                last_activity_at=at,
                asked=QUESTIONS,
                answered=pk % QUESTIONS,
            )
            for pk in rows.values_list("pk", flat=True)
            if pk % 10 == 0
        ),
        batch_size=BATCH,
    )
    first = Question.objects.filter(theme__questionnaire=edition).order_by("pk").first().pk
    answer_all(edition, f"a.state = 'open' AND q.id < {first} + a.answered")
    score_all(edition, AssessmentState.OPEN)
    write_indices(AssessmentState.OPEN)


def campaigns(editions: list[Questionnaire]) -> None:
    """The large OPSN and the national team asked all theirs, for each edition."""
    through = Campaign.collectivites.through
    for opsn in (Opsn.objects.get(name="Grand OPSN"), None):
        keys = list(Territory(opsn).collectivites().order_by("pk").values_list("pk", flat=True))
        for edition, (_, at) in zip(editions, CAMPAIGNS, strict=True):
            campaign = Campaign.objects.create(
                opsn=opsn,
                title=f"Campagne {edition.edition}",
                questionnaire=edition,
                starts_on=(at - timedelta(days=30)).date(),
                ends_on=(at + timedelta(days=30)).date(),
            )
            links = (through(campaign=campaign, collectivite_id=pk) for pk in keys)
            through.objects.bulk_create(links, batch_size=BATCH)


# --- SQL of both databases


def insert(model, columns: dict[str, str], source: str) -> None:
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(columns.values())} {source}"
        )
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = origin")


def constants(model) -> dict[str, str]:
    """Return the SQL of what a row holds in the columns that cannot be empty."""
    found = {}
    for column in model._meta.local_concrete_fields:
        if column.primary_key or column.null or column.remote_field:
            continue
        value = column.get_default()
        if isinstance(value, bool):
            found[column.column] = str(value).upper()
        elif isinstance(value, list):
            found[column.column] = (
                "CAST('[]' AS jsonb)" if connection.vendor == "postgresql" else "'[]'"
            )
        else:
            found[column.column] = str(value) if isinstance(value, int) else f"'{value}'"
    return found


def whole_percent(points: str, possible: str) -> str:
    """Return the SQL of a whole percent, rounded half up."""
    if connection.vendor == "postgresql":
        return f"CAST(DIV(200 * {points} + {possible}, NULLIF(2 * {possible}, 0)) AS integer)"
    return (
        f"CAST(200 * {points} + {possible} AS INTEGER) / NULLIF(CAST(2 * {possible} AS INTEGER), 0)"
    )
