"""The proposals as the page shows them: what is not decided yet, with reasons in words."""

from dataclasses import dataclass

from plans.basis import Basis
from plans.enums import Standing
from plans.models import Action, Plan, SetAside
from plans.proposals import Proposal
from plans.wording import points
from questions.models import Measure, Question
from questions.priorities import SHOWN


@dataclass(frozen=True)
class Reason:
    question: Question
    said: str


@dataclass(frozen=True)
class ProposalRow:
    """A measure to decide about; `proposed_by` names the OPSN that proposes it, if any."""

    measure: Measure
    reasons: tuple[Reason, ...]
    brings: str
    proposed_by: str
    first: bool


def read_proposals(plan: Plan | None, basis: Basis | None, wanted: dict) -> list[ProposalRow]:
    """Return the measures that are neither in the plan nor set aside, what to do first at the top.

    `wanted` holds the fields of the measure that are filtered on, with their values.
    """
    if basis is None:
        return []
    present = _actions_by_measure(plan)
    aside = set(SetAside.objects.filter(plan=plan).values_list("measure__code", flat=True))
    rows = []
    for proposal in basis.proposals:
        measure = basis.measures[proposal.code]
        action = present.get(proposal.code)
        undecided = action is None or action.standing == Standing.PROPOSED
        if undecided and proposal.code not in aside and _meets(measure, wanted):
            opsn = action.proposed_by_opsn.name if action else ""
            rows.append(_row(basis, proposal, opsn, first=len(rows) < SHOWN))
    return rows


def ideas_of_opsn(plan: Plan | None, basis: Basis | None) -> list[Action]:
    """Return what an OPSN proposed beyond the measures that the answers call for, and is not decided; the oldest first."""
    if plan is None:
        return []
    rows = Action.objects.filter(plan=plan, standing=Standing.PROPOSED)
    if basis is not None:
        rows = rows.exclude(measure__code__in=[proposal.code for proposal in basis.proposals])
    return list(rows.select_related("proposed_by_opsn").order_by("created_at", "pk"))


def set_aside_rows(plan: Plan | None) -> list[SetAside]:
    rows = SetAside.objects.filter(plan=plan).select_related("measure", "by")
    return list(rows) if plan else []


def _row(basis: Basis, proposal: Proposal, opsn: str, *, first: bool) -> ProposalRow:
    reasons = tuple(
        Reason(basis.sheet.questions[code], basis.said(code)) for code in proposal.questions
    )
    return ProposalRow(
        measure=basis.measures[proposal.code],
        reasons=reasons,
        brings=points(proposal.brings),
        proposed_by=opsn,
        first=first,
    )


def _meets(measure: Measure, wanted: dict) -> bool:
    return all(getattr(measure, name) == value for name, value in wanted.items())


def _actions_by_measure(plan: Plan | None) -> dict[str, Action]:
    rows = Action.objects.filter(plan=plan).exclude(measure=None)
    rows = rows.exclude(standing=Standing.DECLINED).select_related("measure", "proposed_by_opsn")
    return {action.measure.code: action for action in rows} if plan else {}
