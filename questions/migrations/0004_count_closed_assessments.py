"""Say of the assessments that are closed already from when until when they count, and which practices they show.

Apart from the columns of 0003: PostgreSQL does not alter a table whose rows were just changed. It reads answers once and
changes none; it may run again.
"""

from itertools import groupby

from django.db import migrations

from questions import conditions
from questions.counting import copied, periods
from questions.practices import concerned, pack, positions, practised
from questions.sheets import answer_facts, question_facts


def count(apps, schema_editor):
    assessments = apps.get_model('questions', 'Assessment')._base_manager
    scores = apps.get_model('questions', 'ThemeScore')._base_manager
    editions = {}
    rows = assessments.filter(closed_at__isnull=False).order_by('collectivite', 'level', 'closed_at', 'pk')
    for _, group in groupby(rows.iterator(1000), key=lambda row: (row.collectivite_id, row.level)):
        group = list(group)
        for row, when in zip(group, periods(group), strict=True):
            for name, value in when.items():
                setattr(row, name, value)
            if row.counted_from is None:
                continue
            if row.questionnaire_id not in editions:
                editions[row.questionnaire_id] = read_edition(apps, row.questionnaire_id)
            write_practices(apps, row, *editions[row.questionnaire_id])
            row.save(update_fields=[*when, 'concerned', 'practised'])
            scores.filter(assessment=row.pk).update(**copied(row))


def read_edition(apps, questionnaire):
    questions = apps.get_model('questions', 'Question')._base_manager
    options = apps.get_model('questions', 'Option')._base_manager
    rows = list(questions.filter(theme__questionnaire=questionnaire).select_related('theme').order_by('theme__order', 'order', 'pk'))
    offered = {row.pk: [] for row in rows}
    for option in options.filter(question__in=offered).order_by('sort_order', 'pk'):
        offered[option.question_id].append(option)
    place = positions(offered)
    return (
        [question_facts(row, offered[row.pk]) for row in rows],
        {row.pk: row.code for row in rows},
        {row.code: place[row.pk] for row in rows},
    )


def write_practices(apps, row, facts, codes, places):
    answers = apps.get_model('questions', 'Answer')._base_manager.filter(assessment=row.pk)
    given = {codes[answer.question_id]: answer_facts(answer) for answer in answers}
    stated = apps.get_model('questions', 'AssessmentProfile')._base_manager.filter(assessment=row.pk).values_list('stated', flat=True).first()
    without = frozenset(code for code, value in (stated or {}).items() if value is False)
    profile = conditions.Profile(
        row.cohort_kind or row.collectivite.kind,
        row.cohort_population if row.cohort_kind else row.collectivite.population,
        without,
    )
    visible = conditions.visible(facts, profile, given)
    row.concerned = pack(concerned(visible, given), places)
    row.practised = pack(practised(visible, given), places)


class Migration(migrations.Migration):

    dependencies = [
        ('questions', '0003_figures_of_territories'),
    ]

    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
