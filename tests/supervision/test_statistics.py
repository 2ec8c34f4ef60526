"""The figures of a territory, checked against a plain computation from raw answers."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from questions.enums import AssessmentState
from questions.models import Assessment
from supervision.models import Assignment
from supervision.selecting import Selection
from supervision.statistics import (
    content,
    figures,
    participation,
    weakest,
)
from supervision.territory import Territory
from territories.enums import CollectiviteKind
from territories.scoping import everything
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import MORNING, AssessmentFactory
from tests.supervision import plain
from tests.supervision.closing import NO, YES, closed
from tests.supervision.strategies import TERRITORIES, close_all, editions
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
)

pytestmark = pytest.mark.django_db


def indices(selection) -> dict[int, int]:
    return figures(selection.assessments(), content(selection.level)).indices.counts


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(territory=TERRITORIES)
def test_every_figure_is_that_of_the_raw_answers(db, territory):
    with everything(), transaction.atomic():
        opsn = OpsnFactory()
        communes = [CollectiviteFactory(opsn=opsn) for _ in territory]
        close_all(communes, territory, editions())
        selection = Selection(Territory(opsn))
        words = content(selection.level)
        all_found = figures(selection.assessments(), words)

        found = (
            sorted(all_found.indices.counts.items()),
            {row.code: sorted(row.histogram.counts.items()) for row in all_found.themes},
            {row.code: (row.concerned, row.practised) for row in all_found.practices},
        )

        last = plain.last_closed(list(Assessment.objects.all()))
        sheets = [plain.asked(assessment) for assessment in last]
        themes = {
            code: counted([plain.index(sheet, code) for sheet in sheets])
            for code in ("achats", "parc", "usages")
        }
        assert found == (
            counted([plain.index(sheet) for sheet in sheets]),
            {code: counts for code, counts in themes.items() if counts},
            plain.practised(last),
        )
        transaction.set_rollback(True)


def counted(values) -> list[tuple[int, int]]:
    known = [value for value in values if value is not None]
    return sorted((value, known.count(value)) for value in set(known))


def test_the_last_known_value_counts_once(opsn, commune):
    closed(commune, editions(), ("2026", NO), ("2027", YES))

    assert indices(Selection(Territory(opsn))) == {100: 1}


def test_an_edition_keeps_its_last_value_when_the_next_one_is_closed(opsn, commune):
    closed(commune, editions(), ("2026", NO), ("2027", YES))

    assert indices(Selection(Territory(opsn), edition="2026")) == {0: 1}


def test_a_period_has_the_values_known_at_its_end(opsn, commune):
    closed(commune, editions(), ("2026", NO), ("2027", YES))
    morning = MORNING.date()

    known = Selection(Territory(opsn), until=morning + timedelta(days=30))
    recent = Selection(Territory(opsn), since=morning + timedelta(days=30))

    assert indices(known) == {0: 1}
    assert indices(recent) == {100: 1}
    assert [row.value for row in figures(known.assessments(), content(1)).themes] == [0, 0]


@pytest.mark.parametrize(
    ("edition", "days", "expected"),
    [
        ("2027", 0, {0: 1}),
        ("2027", 364, {0: 1}),
        ("2027", 365, {0: 1}),  # then she closed the other edition
        ("2027", 730, {100: 1}),
        ("2027", None, {100: 1}),
        ("2026", 364, {}),
        ("2026", 730, {100: 1}),
    ],
)
def test_an_edition_at_the_end_of_a_period_has_the_last_value_known_then(
    opsn, commune, edition, days, expected
):
    closed(commune, editions(), ("2027", NO), ("2026", YES), ("2027", YES))
    until = None if days is None else MORNING.date() + timedelta(days=days)

    selection = Selection(Territory(opsn), edition=edition, until=until)

    assert indices(selection) == expected


def test_an_edition_in_a_period_leaves_out_what_was_closed_before_it(opsn, commune):
    closed(commune, editions(), ("2027", NO), ("2027", YES))
    second = MORNING.date() + timedelta(days=365)

    here = {"territory": Territory(opsn), "edition": "2027"}

    assert indices(Selection(**here, since=second)) == {100: 1}
    assert indices(Selection(**here, since=second, until=second)) == {100: 1}
    assert (
        indices(Selection(**here, since=second - timedelta(9), until=second - timedelta(1))) == {}
    )


def test_open_provisional_and_archived_ones_are_in_no_figure(opsn, commune, paul):
    by_name = editions()
    for traits in (
        {},
        {"provisional_for": paul},
        {"state": AssessmentState.ARCHIVED, "closed_at": MORNING},
    ):
        AssessmentFactory(collectivite=commune, questionnaire=by_name["2027"], index=50, **traits)

    selection = Selection(Territory(opsn))

    assert indices(selection) == {}
    found = figures(selection.assessments(), content(1))
    assert (found.themes, found.practices) == ([], [])


def test_the_territory_is_what_it_follows_today(opsn, other_opsn, commune):
    closed(commune, editions(), ("2027", YES))
    commune.opsn = other_opsn
    commune.save()

    assert indices(Selection(Territory(opsn))) == {}
    assert indices(Selection(Territory(other_opsn))) == {100: 1}
    assert indices(Selection(Territory(None))) == {100: 1}


def test_a_deactivated_opsn_has_no_figure(opsn, commune):
    closed(commune, editions(), ("2027", YES))
    opsn.active = False
    opsn.save()

    selection = Selection(Territory(opsn))

    assert indices(selection) == {}
    assert participation(selection).collectivites == 0


def test_a_retired_commune_has_no_figure(opsn, commune):
    closed(commune, editions(), ("2027", YES))
    commune.retired_at = MORNING.date()
    commune.save()

    assert indices(Selection(Territory(opsn))) == indices(Selection(Territory(None))) == {}


def test_kind_stratum_epci_and_departement_are_those_of_the_closing(opsn, commune):
    before = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    after = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    commune.epci = before
    commune.save()
    closed(commune, editions(), ("2027", YES))
    commune.epci, commune.population = after, 12_000
    commune.save()

    here = Territory(opsn)

    assert indices(Selection(here, epci=before, stratum=500)) == {100: 1}
    assert indices(Selection(here, epci=after)) == indices(Selection(here, stratum=10_000)) == {}
    assert participation(Selection(here, epci=after, stratum=10_000)).collectivites == 1


def test_the_portfolio_of_an_adviser_is_hers_today(opsn, commune, omar):
    closed(commune, editions(), ("2027", YES))
    adviser, other = omar.opsn_memberships.get(), OpsnMemberFactory(opsn=opsn)
    Assignment.objects.create(collectivite=commune, adviser=adviser)

    assert indices(Selection(Territory(opsn), adviser=adviser)) == {100: 1}
    assert indices(Selection(Territory(opsn), adviser=other)) == {}


def test_participation_counts_each_step(opsn, commune, alice, villages):
    by_name = editions()
    _silent, begun, other = villages(3)
    closed(commune, by_name, ("2027", YES))
    AssessmentFactory(collectivite=begun, questionnaire=by_name["2027"], asked=4, answered=1)
    MemberFactory(collectivite=begun)
    MemberFactory(collectivite=other, state="pending", verification="")
    plan = PlanFactory(collectivite=commune)
    ActionFactory(plan=plan, done=True)
    ActionFactory(plan=plan, proposed=True, proposed_by_opsn=opsn)
    PlanFactory(collectivite=CollectiviteFactory())  # of nobody here

    found = participation(Selection(Territory(opsn)))

    assert [step["count"] for step in found.funnel] == [2, 2, 1, 1, 1]
    assert (found.collectivites, found.share, found.completion) == (4, 25, 25)
    assert (found.open, found.actions) == (1, 1)


def test_the_weakest_practices_are_those_that_the_fewest_have(opsn, commune, villages):
    (village,) = villages(1)
    by_name = editions()
    closed(commune, by_name, ("2027", YES | {"USA1": "non"}))
    closed(village, by_name, ("2027", YES | {"PAR1": "parfois", "USA1": "nsp"}))

    rows = weakest(figures(Selection(Territory(opsn)).assessments(), content(1)).practices, shown=2)

    assert [(row.code, row.percent) for row in rows] == [("USA1", 0), ("PAR1", 50)]


def test_the_number_of_queries_does_not_grow(opsn, commune, villages, django_assert_num_queries):
    by_name = editions()
    closed(commune, by_name, ("2027", YES))
    selection = Selection(Territory(opsn))

    def read():
        words = content(1)
        return (
            participation(selection),
            figures(selection.assessments(), words),
        )

    with django_assert_num_queries(6):
        read()
    for village in villages(3):
        closed(village, by_name, ("2026", NO), ("2027", YES))
    with django_assert_num_queries(6):
        read()
