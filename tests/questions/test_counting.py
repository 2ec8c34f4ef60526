"""From when until when an assessment counts in the figures of a territory."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from questions.closing import close_assessment
from questions.counting import settle
from questions.enums import AssessmentState
from questions.models import Assessment, ThemeScore
from tests.questions.factories import MORNING, AssessmentFactory, QuestionnaireFactory, answer
from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=400)


@pytest.fixture
def edition(db):
    return QuestionnaireFactory(content={"achats": ["ACH1", "ACH2"], "parc": ["PAR1"]})


def closed(collectivite, edition, *, at=MORNING, by=None, **answers) -> Assessment:
    assessment = AssessmentFactory(collectivite=collectivite, questionnaire=edition, opened_at=at)
    answer(assessment, at=at, **({"ACH1": "oui", "ACH2": "non", "PAR1": "oui"} | answers))
    return close_assessment(assessment=assessment, by=by, at=at)


def test_a_closed_assessment_counts_from_its_closing(commune, edition):
    assessment = closed(commune, edition)

    assert (assessment.counted_from, assessment.counted_until) == (MORNING, None)
    assert assessment.last_of_edition


def test_an_open_one_does_not_count(commune, edition):
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition)
    answer(assessment, ACH1="oui")

    settle(commune.pk, assessment.level)

    assessment.refresh_from_db()
    assert assessment.counted_from is None
    assert set(ThemeScore.objects.values_list("collectivite", "counted_from")) == {(None, None)}


def test_the_next_one_takes_its_place(commune, edition):
    first = closed(commune, edition)

    second = closed(commune, edition, at=LATER)

    first.refresh_from_db()
    assert (first.counted_until, first.last_of_edition) == (LATER, False)
    assert (second.counted_from, second.counted_until) == (LATER, None)


def test_the_last_of_an_earlier_edition_stays_the_last_of_it(commune, edition):
    first = closed(commune, edition)
    edition.state = "retired"
    edition.save()
    newer = QuestionnaireFactory(
        edition="2028", content={"achats": ["ACH1", "ACH2"], "parc": ["PAR1"]}
    )

    closed(commune, newer, at=LATER)

    first.refresh_from_db()
    assert (first.counted_until, first.last_of_edition) == (LATER, True)


def test_the_themes_are_counted_as_their_assessment_is(commune, edition):
    first = closed(commune, edition)
    commune.population = 12_000
    commune.save()
    closed(commune, edition, at=LATER)

    scores = ThemeScore.objects.filter(assessment=first)

    assert set(scores.values_list("collectivite", "level", "cohort_stratum", "counted_until")) == {
        (commune.pk, 1, 500, LATER)
    }


def test_another_collectivite_changes_nothing(commune, edition):
    first = closed(commune, edition)

    closed(CollectiviteFactory(), edition, at=LATER)

    first.refresh_from_db()
    assert first.counted_until is None


def test_one_closed_with_an_earlier_date_comes_before(commune, edition):
    closed(commune, edition, at=LATER)

    earlier = closed(commune, edition, at=MORNING)

    assert earlier.counted_until == LATER


def test_an_archived_one_leaves_the_figures_to_the_one_before(commune, edition):
    first, second = closed(commune, edition), closed(commune, edition, at=LATER)
    Assessment.objects.filter(pk=second.pk).update(
        counted_from=None, state=AssessmentState.ARCHIVED
    )

    settle(commune.pk, first.level)

    first.refresh_from_db()
    assert first.counted_until is None
    assert not ThemeScore.objects.filter(assessment=second, collectivite__isnull=False).exists()


@pytest.mark.parametrize("state", [AssessmentState.OPEN, AssessmentState.ARCHIVED])
def test_the_database_refuses_to_count_anything_else(state, commune, edition):
    assessment = AssessmentFactory(collectivite=commune, questionnaire=edition, state=state)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(counted_from=MORNING)


def test_closing_keeps_the_practices_as_bits_in_the_order_of_the_questions(commune, edition):
    assessment = closed(commune, edition, ACH2="nc")

    assert bytes(assessment.concerned) == bytes([0b101])
    assert bytes(assessment.practised) == bytes([0b101])


def test_the_migration_says_of_those_closed_before_what_closing_says_now(commune, edition):
    closed(commune, edition, ACH2="nc")
    closed(commune, edition, at=LATER)
    names = ("counted_from", "counted_until", "last_of_edition", "concerned", "practised")
    expected = list(Assessment.objects.order_by("pk").values_list(*names))
    copies = list(ThemeScore.objects.order_by("pk").values_list("collectivite", *names[:3]))
    Assessment.objects.update(**dict.fromkeys(names) | {"last_of_edition": False})
    ThemeScore.objects.update(collectivite=None, counted_from=None, last_of_edition=False)

    import_module("questions.migrations.0004_count_closed_assessments").count(apps, None)

    assert list(Assessment.objects.order_by("pk").values_list(*names)) == expected
    assert list(ThemeScore.objects.order_by("pk").values_list("collectivite", *names[:3])) == copies


def test_the_migration_packs_the_indices_of_themes_that_closing_packs(commune, edition):
    assessment = closed(commune, edition, ACH2="nc")
    expected = bytes(assessment.theme_indices)
    Assessment.objects.update(theme_indices=None)

    import_module("questions.migrations.0006_theme_indices").write(apps, None)

    assessment.refresh_from_db()
    assert bytes(assessment.theme_indices) == expected != b""
