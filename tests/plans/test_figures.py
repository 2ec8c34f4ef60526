"""What a plan adds up to."""

import pytest

from plans.enums import LoopState, Status
from plans.figures import planned_measures
from tests.plans.factories import ActionFactory
from tests.questions.factories import MeasureFactory


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({"status": Status.TO_DEFINE}, ["M"]),
        ({"done": True}, ["M"]),
        ({"done": True, "loop": LoopState.ANSWERED}, ["M"]),
        ({"done": True, "loop": LoopState.KEPT}, []),
        ({"status": Status.IN_PROGRESS, "loop": LoopState.KEPT}, ["M"]),  # begun again
        ({"status": Status.DROPPED}, []),
        ({"proposed": True}, []),
        ({"measure": None}, []),
    ],
)
def test_the_projected_index_stands_on_what_will_be_done_with_a_better_answer(
    traits, expected, plan
):
    ActionFactory(plan=plan, **{"measure": MeasureFactory(code="M"), **traits})

    assert planned_measures(plan) == expected


def test_without_a_plan_no_measure_is_planned(db):
    assert planned_measures(None) == []
