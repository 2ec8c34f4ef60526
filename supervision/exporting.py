"""A file leaves: made, and told by the journal with its filters."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import models
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from questions.cells import XLSX
from supervision import rules
from supervision.contrasting import ContrastForm, contrast
from supervision.enums import ExportKind, FigureView
from supervision.exports import figures as figure_sheets
from supervision.exports import files, open_data
from supervision.exports.territory import contact_sheets, count_contacts, count_rows, sheets_of
from supervision.filtering import CollectiviteFilters
from supervision.heat_map import whole_map
from supervision.overview import overview_of
from supervision.selecting import FigureFilters
from supervision.territory import Territory
from supervision.tiles import tiles
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite

FORMATS = {
    ExportKind.CSV: ("zip", "application/zip"),
    ExportKind.ODS: ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
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


def export_territory(
    *, kind: ExportKind, filters: CollectiviteFilters, by: User, at: datetime
) -> Export:
    """Make the file of the collectivités that the filters keep. Raises NotEntitled, WrongFilters, TooLargeForOds."""
    check_may_export(kind=kind, filters=filters, by=by, at=at)
    made = territory_file(kind, filters, at=at)
    opsn, words = filters.territory.opsn, in_words(kind, filters)
    record(AuditAction.TERRITORY_EXPORTED, None, by=by, at=at, opsn=opsn, ground=words)
    return Export(made, *name_and_type(kind, filters.territory, at=at))


def check_may_export(
    *, kind: ExportKind, filters: CollectiviteFilters, by: User, at: datetime
) -> None:
    if not rules.can_open_console(by, filters.territory.opsn):
        raise NotEntitled
    filters.check()
    if kind == ExportKind.ODS and not is_small(filters, at=at):
        raise TooLargeForOds


def territory_file(
    kind: ExportKind,
    filters: CollectiviteFilters,
    *,
    at: datetime,
    tick: Callable[[int], None] = lambda rows: None,
) -> BinaryIO:
    """Return the file, open at its beginning; `tick` is told how many rows have been written."""
    name = filters.territory.name
    if kind == ExportKind.CONTACTS:
        sheets = files.counted(contact_sheets(filters, at=at), tick)
        return files.xlsx(sheets, title=f"Contacts : {name}")
    sheets = files.counted(sheets_of(filters, at=at, whole=kind == ExportKind.CSV), tick)
    if kind == ExportKind.CSV:
        return files.csv_zip(sheets)
    make = files.ods if kind == ExportKind.ODS else files.xlsx
    return make(sheets, title=f"Territoire : {name}")


def rows_of_file(*, kind: ExportKind, filters: CollectiviteFilters, at: datetime) -> int:
    """Return how many rows the file will hold, « Lisez-moi » aside."""
    if kind == ExportKind.CONTACTS:
        return count_contacts(filters, at=at)
    return count_rows(filters, at=at, whole=kind == ExportKind.CSV)


def in_words(kind: ExportKind, filters: CollectiviteFilters) -> str:
    return " ; ".join([ExportKind(kind).label, *filters.in_words()])


def name_and_type(kind: ExportKind, territory: Territory, *, at: datetime) -> tuple[str, str]:
    """Return the name of a file, which says the territory and the day, and its type."""
    extension, content_type = FORMATS.get(kind, ("xlsx", XLSX))
    name = f"eco-clic-{slugify(territory.name)}-{kind}-{timezone.localdate(at)}"
    return f"{name}.{extension}", content_type


def is_small(filters: CollectiviteFilters, *, at: datetime) -> bool:
    """Tell whether an ods can hold them: it is made in memory."""
    return filters.rows(at=at).order_by()[: ODS_COLLECTIVITES + 1].count() <= ODS_COLLECTIVITES


def export_figures(
    *, view: FigureView, kind: FileKind, filters: FigureFilters, by: User, at: datetime
) -> Export:
    """Make the file of a screen of the figures, of a comparison by its own filters. Raises NotEntitled, WrongFilters."""
    territory = filters.territory
    if not rules.can_open_console(by, territory.opsn):
        raise NotEntitled
    filters.check()
    return export_sheets(
        _figure_sheets(view, filters),
        title=f"Chiffres : {view.label}",
        name=f"chiffres-{view}",
        words=filters.in_words(),
        definitions=figure_sheets.DEFINITIONS,
        territory=territory,
        kind=kind,
        by=by,
        at=at,
    )


def export_sheets(
    sheets: Iterable[files.Sheet],
    *,
    title: str,
    name: str,
    words: list[str],
    definitions: Iterable[tuple[str, str]],
    territory: Territory,
    collectivite: Collectivite | None = None,
    kind: FileKind,
    by: User,
    at: datetime,
) -> Export:
    """Make the file of a screen, what its filters and its words mean first; the caller has checked the rights."""
    pages = [files.read_me(territory.name, words, title, definitions, at=at), *sheets]
    made = files.csv_zip(pages) if kind == FileKind.CSV else files.xlsx(pages, title=title)
    ground = " ; ".join([title, *words])
    opsn = territory.opsn
    record(AuditAction.TERRITORY_EXPORTED, collectivite, by=by, at=at, opsn=opsn, ground=ground)
    name = f"eco-clic-{slugify(territory.name)}-{name}-{timezone.localdate(at)}"
    if kind == FileKind.CSV:
        return Export(made, f"{name}.zip", "application/zip")
    return Export(made, f"{name}.xlsx", XLSX)


def _figure_sheets(view: FigureView, filters: FigureFilters) -> Iterable[files.Sheet]:
    selection = filters.selection()
    if isinstance(filters, ContrastForm):
        labels = {key: filters.labels[key] for key in filters.picked}
        return figure_sheets.contrast_sheets(contrast(selection, filters.grouping, labels))
    if view == FigureView.HEAT_MAP:
        return figure_sheets.heat_map_sheets(whole_map(selection))
    if view == FigureView.MAP:
        return figure_sheets.map_sheets(tiles(selection))
    return figure_sheets.overview_sheets(overview_of(selection))


def export_open_data(*, by: User, at: datetime) -> Export:
    """Make the national extract. Raises NotEntitled."""
    if not rules.can_extract_open_data(by):
        raise NotEntitled
    made = files.csv_zip(open_data.sheets(at=at))
    record(AuditAction.OPEN_DATA_EXPORTED, None, by=by, at=at)
    return Export(made, f"eco-clic-open-data-{timezone.localdate(at)}.zip", "application/zip")
