"""What a cell of a file that leaves may hold, for every workbook, document and csv of the platform."""

import re

# What XML 1.0 has no place for (section 2.2): one of them, and no spreadsheet opens the file.
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Leave out the characters that a workbook or a document cannot hold."""
    return ILLEGAL.sub("", text)
