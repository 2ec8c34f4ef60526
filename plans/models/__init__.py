"""What a collectivité decides to do, how it goes, and what leaves or enters the plan."""

from plans.models.action import DUE_SOON, Action, ActionHistory, ActionNote, ActionStep
from plans.models.indicator import Indicator, IndicatorValue
from plans.models.outside import ActionImport, CalendarFeed, DigestPreference, DigestSent
from plans.models.plan import Plan, SetAside

__all__ = [
    "DUE_SOON",
    "Action",
    "ActionHistory",
    "ActionImport",
    "ActionNote",
    "ActionStep",
    "CalendarFeed",
    "DigestPreference",
    "DigestSent",
    "Indicator",
    "IndicatorValue",
    "Plan",
    "SetAside",
]
