"""The report leaves as a Word document; the journal tells of it."""

import io
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from supervision import rules
from supervision.exporting import Export
from supervision.exports.report import docx
from supervision.periods import ProgressFilters
from supervision.report import report_of
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.journal import record

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def export_report(*, filters: ProgressFilters, by: User, at: datetime) -> Export:
    """Make the document of the territory that the filters keep. Raises NotEntitled, WrongFilters."""
    territory = filters.territory
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    filters.check()
    made = docx(report_of(filters, on=timezone.localdate(at)))
    words = " ; ".join(["Rapport", *filters.in_words()])
    record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=territory.opsn, ground=words)
    name = f"eco-clic-{slugify(territory.name)}-rapport-{timezone.localdate(at)}.docx"
    return Export(io.BytesIO(made), name, DOCX)
