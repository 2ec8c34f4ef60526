"""Pack the index of each theme on its assessment; those closed before get theirs from their theme scores."""

from itertools import groupby

from django.db import migrations, models
from django.db.models import Q

from questions.theme_indices import pack

BATCH = 1_000
CURRENT = Q(counted_from__isnull=False, counted_until=None)
PEERS = [
    "cohort_kind",
    "cohort_stratum",
    "cohort_region",
    "cohort_departement",
    "cohort_opsn",
    "cohort_epci",
]
PACKED = ["questionnaire", "provisional_for", "concerned", "practised", "theme_indices"]
COVERED = ["counted_from", "counted_until"]
INDEXES = {
    "assessment_of_territory": ["collectivite", "level", "index", *PEERS, *PACKED, *COVERED],
    "assessment_of_cohort": ["level", *PEERS, "index", "collectivite", *PACKED, *COVERED],
}


def write(apps, schema_editor):
    assessments = apps.get_model("questions", "Assessment")._base_manager
    scores = apps.get_model("questions", "ThemeScore")._base_manager
    themes = _themes(apps)
    closed = assessments.exclude(concerned=None)
    editions = dict(closed.values_list("pk", "questionnaire"))
    rows = scores.filter(assessment__in=closed.values("pk")).order_by("assessment")
    rows = rows.values_list("assessment", "theme", "index").iterator(BATCH)
    waiting = []
    for pk, group in groupby(rows, key=lambda row: row[0]):
        blank = dict.fromkeys(themes[editions[pk]])
        found = {theme: index for _, theme, index in group if theme in blank}
        waiting.append(assessments.model(pk=pk, theme_indices=pack(blank | found)))
    assessments.bulk_update(waiting, ["theme_indices"], BATCH)


def _themes(apps) -> dict[int, set[int]]:
    """Return, by edition, the themes that have questions."""
    questions = apps.get_model("questions", "Question")._base_manager
    found: dict[int, set[int]] = {}
    for edition, theme in questions.values_list("theme__questionnaire", "theme").distinct():
        found.setdefault(edition, set()).add(theme)
    return found


class Migration(migrations.Migration):
    dependencies = [("questions", "0005_question_whole")]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="theme_indices",
            field=models.BinaryField(blank=True, null=True),
        ),
        *(migrations.RemoveIndex(model_name="assessment", name=name) for name in INDEXES),
        *(
            migrations.AddIndex(
                model_name="assessment",
                index=models.Index(fields=fields, name=name, condition=CURRENT),
            )
            for name, fields in INDEXES.items()
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                fields=[
                    "collectivite",
                    "level",
                    "counted_until",
                    "counted_from",
                    "index",
                    "questionnaire",
                    "theme_indices",
                ],
                name="assessment_replaced",
                condition=Q(counted_until__isnull=False),
            ),
        ),
        migrations.RunPython(write, migrations.RunPython.noop, elidable=True),
    ]
