"""Which files are taken as evidence: a short list, judged by what the file holds and not by what it says that it is.

The check opens nothing but the directory of a zip and the head of an image. What is taken is still a stranger's file: it
is kept under a name of ours and only ever sent as an attachment (`questions.views.evidence`).
"""

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

MAX_BYTES = 10 * 1024**2
NAME_MAX = 150  # characters, as the column
ENTRIES_MAX = 5_000  # of a zip: a workbook of a hundred sheets has about 500
UNPACKED_MAX = 200 * 1024**2

ZIP = b"PK\x03\x04"
END, END_SIZE = b"PK\x05\x06", 22  # the end of a zip without a comment
# What browsers and readers look for to take a file for another kind, in any letter case.
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
HEAD = 1024  # bytes in which readers look for the signature of a PDF
TAIL = 2048
MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/|Scripts/)", re.IGNORECASE)
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
OFFICE = "application/vnd.openxmlformats-officedocument"


class NotAccepted(Exception):
    """The message is a sentence in French that says what to do."""


def accept(name: str, content: bytes) -> tuple[str, str]:
    """Return the clean name and the content type of a file that is taken; raises NotAccepted."""
    if not content:
        raise NotAccepted("Ce fichier est vide. Vérifiez-le, puis joignez-le de nouveau.")
    if len(content) > MAX_BYTES:
        raise NotAccepted("Ce fichier dépasse 10 Mo. Réduisez-le, ou joignez les pages utiles.")
    name = clean_name(name)
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    kind = KINDS.get(extension)
    if kind is None:
        raise NotAccepted(
            "Ce type de fichier n’est pas accepté. Joignez un PDF, une image PNG ou JPG, un document Word (.docx), "
            "Excel (.xlsx), .odt ou .ods, ou un fichier .csv ou .txt."
        )
    if not kind.holds(content):
        raise NotAccepted(
            f"Ce fichier s’appelle .{extension}, mais ce n’est pas ce qu’il contient, ou il contient autre chose en "
            "plus (macros, archive). Ouvrez-le, enregistrez-le de nouveau dans ce format, puis joignez-le."
        )
    return name, kind.content_type


def clean_name(name: str) -> str:
    """Return the last part of a name, without what a screen hides or a disk refuses, cut before its extension."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    # Every « C » category: controls, NUL, and the marks that write from right to left.
    name = "".join(c for c in name if not unicodedata.category(c).startswith("C"))
    name = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "-", name)).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        return name[:NAME_MAX] or "piece"
    extension = extension[:10]
    return f"{stem.strip(' .')[: NAME_MAX - len(extension) - 1] or 'piece'}.{extension}"


def _is_pdf(content: bytes) -> bool:
    starts = content.startswith(b"%PDF-") and b"%%EOF" in content[-TAIL:]
    return starts and not MARKUP.search(content[:HEAD]) and not _is_zip(content)


def _is_png(content: bytes) -> bool:
    return content.endswith(b"IEND\xaeB\x60\x82") and _is_image(content, "PNG")


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and _is_image(content, "JPEG")


def _is_image(content: bytes, kind: str) -> bool:
    if MARKUP.search(content) or b"%PDF-" in content[:HEAD] or _is_zip(content):
        return False
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            image.verify()
    except (
        OSError,
        SyntaxError,
        ValueError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ):
        return False
    return True


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return not (CONTROLS.search(text) or "\ufffd" in text or MARKUP.search(content))


def _is_zip(content: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(content))


def _is_docx(content: bytes) -> bool:
    return {"[Content_Types].xml", "word/document.xml"} <= _names(content)


def _is_xlsx(content: bytes) -> bool:
    return {"[Content_Types].xml", "xl/workbook.xml"} <= _names(content)


def _is_odt(content: bytes) -> bool:
    return "content.xml" in _names(content) and _mimetype(content) == f"{OPEN_DOCUMENT}.text"


def _is_ods(content: bytes) -> bool:
    return "content.xml" in _names(content) and _mimetype(content) == f"{OPEN_DOCUMENT}.spreadsheet"


def _names(content: bytes) -> set[str]:
    """Return the names in a zip that begins and ends where the file does, without macros; none of any other."""
    is_whole = content.startswith(ZIP) and content[-END_SIZE:].startswith(END)
    if not is_whole or b"%PDF-" in content[:HEAD]:
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, OSError):
        return set()
    sober = len(entries) <= ENTRIES_MAX and sum(e.file_size for e in entries) <= UNPACKED_MAX
    names = {entry.filename for entry in entries}
    has_macros = any(MACROS.search(name) for name in names)
    return names if sober and not has_macros else set()


def _mimetype(content: bytes) -> str:
    """Return what an OpenDocument says it is: its first entry, stored as it stands (ODF 1.3, part 2, § 3.3)."""
    found = re.match(rb"PK\x03\x04.{26}mimetype([\x21-\x7e]{1,80}?)(?=PK)", content, re.DOTALL)
    return found[1].decode("ascii") if found else ""


@dataclass(frozen=True)
class FileKind:
    content_type: str
    holds: Callable[[bytes], bool]


KINDS = {
    "pdf": FileKind("application/pdf", _is_pdf),
    "png": FileKind("image/png", _is_png),
    "jpg": FileKind("image/jpeg", _is_jpeg),
    "jpeg": FileKind("image/jpeg", _is_jpeg),
    "docx": FileKind(f"{OFFICE}.wordprocessingml.document", _is_docx),
    "xlsx": FileKind(f"{OFFICE}.spreadsheetml.sheet", _is_xlsx),
    "odt": FileKind(f"{OPEN_DOCUMENT}.text", _is_odt),
    "ods": FileKind(f"{OPEN_DOCUMENT}.spreadsheet", _is_ods),
    "csv": FileKind("text/csv", _is_text),
    "txt": FileKind("text/plain", _is_text),
}
