"""What a cell of a file that leaves may hold, for every workbook, document and csv of the platform.

What people typed is text there, never a formula (SECURITY.md): cells of type string in xlsx, a leading apostrophe in csv.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"
"""At the beginning of a csv, without which French spreadsheets misread its accents."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# What XML 1.0 has no place for (section 2.2): one of them, and no spreadsheet opens the file.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Leave out the characters that a workbook or a document cannot hold."""
    return ILLEGAL.sub("", text)


def csv_cell(value: str | int | float | Decimal | date | datetime | None) -> str:
    """Return a value as French spreadsheets read it: decimal comma, day first, the hour of Paris."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    if isinstance(value, datetime):
        moment = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{moment:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        value = f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value).replace(".", ",")
