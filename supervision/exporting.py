"""A file leaves: made, and told by the journal with its filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import models
from django.utils.text import slugify

from accounts.models import User
from supervision import rules
from supervision.exports import files, open_data
from supervision.exports.territory import contact_sheets, sheets_of
from supervision.filtering import CollectiviteFilters
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.journal import record

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Kind(models.TextChoices):
    WORKBOOK = "classeur", "classeur complet"
    CSV = "csv", "fichiers csv"
    CONTACTS = "contacts", "contacts"


@dataclass(frozen=True)
class Export:
    file: BinaryIO
    name: str
    content_type: str


def export_territory(*, kind: Kind, filters: CollectiviteFilters, by: User, at: datetime) -> Export:
    """Make the file of the collectivités that the filters keep. Raises NotEntitled."""
    territory = filters.territory
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    make: Callable[[], BinaryIO] = {
        Kind.WORKBOOK: lambda: files.xlsx(
            sheets_of(filters, at=at, whole=False), title=f"Territoire : {territory.name}"
        ),
        Kind.CSV: lambda: files.csv_zip(sheets_of(filters, at=at, whole=True)),
        Kind.CONTACTS: lambda: files.xlsx(
            contact_sheets(filters, at=at), title=f"Contacts : {territory.name}"
        ),
    }[kind]
    made = make()
    words = " ; ".join([Kind(kind).label, *filters.in_words()])
    record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=territory.opsn, ground=words)
    is_zip = kind == Kind.CSV
    name = f"eco-clic-{slugify(territory.name)}-{kind}-{at:%Y-%m-%d}"
    return Export(
        made, name + (".zip" if is_zip else ".xlsx"), "application/zip" if is_zip else XLSX
    )


def export_open_data(*, by: User, at: datetime) -> Export:
    """Make the national extract. Raises NotEntitled."""
    if not rules.can_extract_open_data(by):
        raise NotEntitled
    made = files.csv_zip(open_data.sheets(at=at))
    record(AuditAction.OPEN_DATA_EXPORTED, None, by=by, at=at)
    return Export(made, f"eco-clic-open-data-{at:%Y-%m-%d}.zip", "application/zip")
