"""Level 2 of the demonstration: one half way, with all that a team does, and one closed, with all that is read from it."""

from datetime import UTC, datetime

import pytest

from config.demo import load_demo
from config.demo_level_two import FOR_BOB
from questions.enums import Channel, Level, ReviewState
from questions.factors import factors_of, load_factors, plain
from questions.figures import figures
from questions.footprint import footprint
from questions.loading import load_edition
from questions.models import Answer, Assessment, Discussion, Mark, Share, ThemeReview
from questions.obligations import Status, read_obligations, readings
from questions.portrait import portrait_of
from questions.sheets import answer_sheet
from territories.models import AuditEntry
from tests.territories.factories import DepartementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def demo(db, mailoutbox, django_capture_on_commit_callbacks):
    DepartementFactory(code="60")
    for level in Level:
        load_edition(level=level, edition="2027", title="Repères", introduction="", at=AT)
    load_factors()
    with django_capture_on_commit_callbacks(execute=True):
        load_demo(at=AT)
    return {row.collectivite.kind: row for row in Assessment.objects.filter(level=Level.TWO)}


def test_valmont_is_half_way_with_its_team_and_the_epci_has_closed_with_all_its_figures(
    demo, mailoutbox
):
    half_way, closed = demo["commune"], demo["cc"]

    assert half_way.is_open
    assert 0.6 < half_way.answered / half_way.asked < 0.8
    said = Answer.objects.filter(assessment=half_way)
    assert said.filter(channel=Channel.CARRIED_OVER).count() > 20
    assert said.filter(channel=Channel.OPSN, author__first_name="Omar").exists()
    shares = Share.objects.filter(assessment=half_way, person__first_name="Bob")
    assert shares.filter(question__code__in=FOR_BOB).count() == len(FOR_BOB)
    discussions = Discussion.objects.filter(assessment=half_way)
    assert sorted(row.resolved_at is None for row in discussions) == [False, True]
    assert Mark.objects.filter(assessment=half_way).count() == 1
    (review,) = ThemeReview.objects.filter(assessment=half_way)
    assert review.state == ReviewState.SUBMITTED
    sheet = answer_sheet(half_way)
    assert sheet.progress.of(review.theme.code).is_complete
    assert not sheet.warnings
    assert _statuses(half_way) >= {Status.MET, Status.UNMET, Status.MISSING}

    assert closed.closed_at
    assert closed.factors
    assert not answer_sheet(closed).warnings
    assert _footprint(closed).total.central > _footprint(half_way).total.central > 0
    assert not _footprint(closed).uncounted
    assert all(figure.value is not None for figure in _figures(closed))
    assert Status.MISSING not in _statuses(closed)
    assert all("démonstration" in row.collectivite.name for row in demo.values())
    assert AuditEntry.objects.filter(collectivite=closed.collectivite).exists()
    assert not mailoutbox


def _portrait(assessment):
    return portrait_of(assessment, answer_sheet(assessment))


def _figures(assessment):
    return figures(_portrait(assessment), {})


def _footprint(assessment):
    factors = factors_of(assessment)
    return footprint(
        _portrait(assessment), [plain(row) for row in factors.rows.all()], factors.electricity
    )


def _statuses(assessment):
    read = readings(_portrait(assessment), read_obligations(), AT.date())
    return {reading.status for reading in read if reading.status}
