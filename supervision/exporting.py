"""A file leaves: made, and told by the journal with its filters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import models
from django.utils.text import slugify

from accounts.models import User
from supervision import rules
from supervision.contrasting import ContrastForm, contrast
from supervision.enums import FigureView
from supervision.exports import figures as figure_sheets
from supervision.exports import files, open_data
from supervision.exports.territory import contact_sheets, sheets_of
from supervision.filtering import CollectiviteFilters
from supervision.heat_map import whole_map
from supervision.overview import overview_of
from supervision.selecting import FigureFilters
from supervision.territory import Territory
from supervision.tiles import tiles
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction
from territories.journal import record

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Kind(models.TextChoices):
    WORKBOOK = "classeur", "classeur complet"
    ODS = "ods", "petit classeur LibreOffice"
    CSV = "csv", "fichiers csv"
    CONTACTS = "contacts", "contacts"


FORMATS = {
    Kind.CSV: ("zip", "application/zip"),
    Kind.ODS: ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
}
ODS_COLLECTIVITES = 100  # with their answers, about 3,000 rows


class TooLargeForOds(AffiliationError):
    sentence = (
        "Ce territoire est trop grand pour un fichier ods : prenez le classeur ou les fichiers csv."
    )


class FileKind(models.TextChoices):
    XLSX = "xlsx", "classeur"
    CSV = "csv", "fichiers csv"


@dataclass(frozen=True)
class Export:
    file: BinaryIO
    name: str
    content_type: str


def export_territory(*, kind: Kind, filters: CollectiviteFilters, by: User, at: datetime) -> Export:
    """Make the file of the collectivités that the filters keep. Raises NotEntitled, TooLargeForOds."""
    territory = filters.territory
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    make: Callable[[], BinaryIO] = {
        Kind.WORKBOOK: lambda: files.xlsx(
            sheets_of(filters, at=at, whole=False), title=f"Territoire : {territory.name}"
        ),
        Kind.ODS: lambda: files.ods(
            sheets_of(filters, at=at, whole=False), title=f"Territoire : {territory.name}"
        ),
        Kind.CSV: lambda: files.csv_zip(sheets_of(filters, at=at, whole=True)),
        Kind.CONTACTS: lambda: files.xlsx(
            contact_sheets(filters, at=at), title=f"Contacts : {territory.name}"
        ),
    }[kind]
    if kind == Kind.ODS and not is_small(filters, at=at):
        raise TooLargeForOds
    made = make()
    words = " ; ".join([Kind(kind).label, *filters.in_words()])
    record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=territory.opsn, ground=words)
    name = f"eco-clic-{slugify(territory.name)}-{kind}-{at:%Y-%m-%d}"
    extension, content_type = FORMATS.get(kind, ("xlsx", XLSX))
    return Export(made, f"{name}.{extension}", content_type)


def is_small(filters: CollectiviteFilters, *, at: datetime) -> bool:
    """Tell whether an ods can hold them: it is made in memory."""
    return filters.rows(at=at).order_by()[: ODS_COLLECTIVITES + 1].count() <= ODS_COLLECTIVITES


def export_figures(
    *, view: FigureView, kind: FileKind, data, territory: Territory, by: User, at: datetime
) -> Export:
    """Make the file of a screen of the figures; `data` holds its filters. Raises NotEntitled."""
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    filters, sheets = _figure_sheets(view, data, territory)
    title = f"Chiffres : {view.label}"
    words = filters.in_words()
    pages = [figure_sheets.read_me(territory.name, words, title, at=at), *sheets]
    made = files.csv_zip(pages) if kind == FileKind.CSV else files.xlsx(pages, title=title)
    ground = " ; ".join([title, *words])
    record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=territory.opsn, ground=ground)
    name = f"eco-clic-{slugify(territory.name)}-chiffres-{view}-{at:%Y-%m-%d}"
    if kind == FileKind.CSV:
        return Export(made, f"{name}.zip", "application/zip")
    return Export(made, f"{name}.xlsx", XLSX)


def _figure_sheets(view: FigureView, data, territory: Territory):
    """Return the filters that a screen was asked with, and its sheets."""
    if view == FigureView.CONTRAST:
        form = ContrastForm(data, territory)
        labels = {key: form.labels[key] for key in form.picked}
        found = contrast(form.selection(), form.grouping, labels)
        return form, figure_sheets.contrast_sheets(found)
    filters = FigureFilters(data, territory)
    selection = filters.selection()
    if view == FigureView.HEAT_MAP:
        return filters, figure_sheets.heat_map_sheets(whole_map(selection))
    if view == FigureView.MAP:
        return filters, figure_sheets.map_sheets(tiles(selection))
    return filters, figure_sheets.overview_sheets(overview_of(selection))


def export_open_data(*, by: User, at: datetime) -> Export:
    """Make the national extract. Raises NotEntitled."""
    if not rules.can_extract_open_data(by):
        raise NotEntitled
    made = files.csv_zip(open_data.sheets(at=at))
    record(AuditAction.OPEN_DATA_EXPORTED, None, by=by, at=at)
    return Export(made, f"eco-clic-open-data-{at:%Y-%m-%d}.zip", "application/zip")
