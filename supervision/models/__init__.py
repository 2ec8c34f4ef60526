"""What an OPSN does for its collectivités, who it is, and what it keeps of their figures."""

from supervision.models.access import ApiToken, OpsnInvitation
from supervision.models.campaign import Campaign
from supervision.models.export import TerritoryExport
from supervision.models.figures import Consent, OpenDataRelease, SavedView
from supervision.models.following import Assignment, AttachmentRequest, Relaunch, VisitNote
from supervision.models.places import Centre

__all__ = [
    "ApiToken",
    "Assignment",
    "AttachmentRequest",
    "Campaign",
    "Centre",
    "Consent",
    "OpenDataRelease",
    "OpsnInvitation",
    "Relaunch",
    "SavedView",
    "TerritoryExport",
    "VisitNote",
]
