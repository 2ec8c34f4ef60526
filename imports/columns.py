"""Find the list in a workbook: the sheet, the line of titles, and what each column holds.

Nothing is asked: titles are compared with the words that people use, then with what stands under them. The person sees what
was understood and may correct it; her corrections serve again for the next file of her OPSN.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from imports.reading import Sheet, Unreadable
from territories.models import validate_siren
from territories.search import normalise_name

HEADER_WITHIN = 40  # lines at the top of a sheet
SAMPLE = 100  # rows looked at to know a column by its content
SURE = 0.8  # share of the sample that must look right
INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]"
)
TOTALS = {"total", "totaux", "total general", "sous total", "somme", "ensemble"}


@dataclass(frozen=True)
class Column:
    """What a kind of import may find: a field name, its French title, the words people write above it."""

    name: str
    title: str
    words: tuple[str, ...]
    help: str
    examples: tuple[str, str] = ("", "")
    looks_right: Callable[[str], bool] | None = None
    choices: tuple[str, ...] = ()


@dataclass
class Found:
    """One column of the file; `field` is the name of a `Column`, or empty when it is left aside."""

    index: int
    title: str
    field: str = ""
    why: str = ""  # title, content, correction, or twice when another column was preferred


@dataclass
class Table:
    """The list found: `rows` are (line in the file, cells of the columns in order)."""

    sheet: str
    header_line: int
    columns: list[Found]
    rows: list[tuple[int, list[str]]]
    skipped: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, int]:
        return {column.field: column.index for column in self.columns if column.field}

    def records(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (line, field → text) for each row; a cell that is not there is empty."""
        fields = self.fields.items()
        for line, cells in self.rows:
            width = len(cells)
            yield line, {name: cells[i] if i < width else "" for name, i in fields}


class MissingColumns(Unreadable):
    """The list was found, and nothing in it says which collectivité a row means; the person may say it."""

    def __init__(self, sentence: str, table: Table):
        super().__init__(sentence)
        self.table = table


def tidy(text: str) -> str:
    """Take away the characters nobody sees, and the blanks around and repeated."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return " ".join(INVISIBLE.sub("", text).split())


def find_table(
    sheets: list[Sheet],
    columns: tuple[Column, ...],
    needed: tuple[tuple[str, ...], ...],
    corrections: dict[str, str],
) -> Table:
    """Return the list of a workbook. Raises Unreadable when no sheet holds one.

    `needed`: one of these groups of fields must be there. `corrections`: title in compared form → field name or "".
    """
    if not any(sheet.rows for sheet in sheets):
        raise Unreadable("Ce classeur ne contient aucune donnée.")
    visible = [sheet for sheet in sheets if not sheet.hidden] or sheets
    scored = [(_best_header(sheet, columns, corrections), sheet) for sheet in visible]
    (score, at), sheet = max(scored, key=lambda pair: pair[0][0])
    if score == 0:
        raise Unreadable(
            "Aucune ligne de titres n’a été reconnue. Écrivez au-dessus de la liste le titre de chaque "
            "colonne : " + ", ".join(f"« {column.title} »" for column in columns[:4]) + "…"
        )
    table = _table(sheet, at, columns, corrections)
    _say_other_sheets(table, scored, sheet)
    if not table.rows:
        raise Unreadable("Il n’y a aucune ligne sous les titres.")
    if not any(all(name in table.fields for name in group) for group in needed):
        raise MissingColumns(_missing(columns, needed), table)
    return table


def _best_header(sheet: Sheet, columns, corrections) -> tuple[float, int]:
    """Return (how many titles are known, index of the line); the first of equals."""
    best = (0.0, 0)
    for at, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
        known = {_field_of_title(cell, columns, corrections) for cell in cells if cell}
        score = len(known - {""})
        if score == 1 and any("@" in cell or cell.strip().isdecimal() for cell in cells):
            score = 0  # one word by chance in a line of data
        if score > best[0]:
            best = (score, at)
    return best


def _field_of_title(title: str, columns, corrections) -> str:
    compared = normalise_name(title)
    if compared in corrections:
        return corrections[compared]
    for column in columns:
        if compared in column.words or compared == normalise_name(column.title):
            return column.name
    return ""


def _table(sheet: Sheet, at: int, columns, corrections) -> Table:
    titles = sheet.rows[at]
    width = max(map(len, sheet.rows[at:]))
    found = [
        Found(
            i, (tidy(titles[i]) if i < len(titles) else "") or f"Colonne {letters(i)}", why="title"
        )
        for i in range(width)
    ]
    table = Table(sheet.name, at + 1, found, [])
    _fill(table, sheet, at, examples_of(columns))
    for column in found:
        column.field = _field_of_title(column.title, columns, corrections)
        if normalise_name(column.title) in corrections:
            column.why = "correction"
    _keep_one_of_each(table)
    _recognise_by_content(table, columns, corrections)
    table.columns = [
        c
        for c in found
        if c.field or (c.index < len(titles) and titles[c.index]) or _filled(table, c.index)
    ]
    return table


def _fill(table: Table, sheet: Sheet, at: int, examples: list[list[str]]) -> None:
    """Keep the rows of the list; blank ones, repeated titles, totals and notes under it are skipped and counted."""
    titles, first = _compared(sheet.rows[at]), sheet.rows[at][0].strip()
    written = sum(map(bool, titles))
    wanted = max(2, written // 2) if written > 2 else 1
    for line, cells in enumerate(sheet.rows[at + 1 :], start=at + 2):
        told = [cell for cell in cells if cell.strip()]
        if not told:
            table.skipped["vides"] += 1
        elif line <= at + 3 and cells in examples:
            table.skipped["exemples du modèle"] += 1
        elif _is_total(told[0]):
            table.skipped["totaux"] += 1
        elif len(told) >= wanted:
            if cells[0].strip() == first and _compared(cells) == titles[: len(cells)]:
                table.skipped["titres répétés"] += 1
            else:
                table.rows.append((line, cells))
        elif len(told) == 1 and len(titles) > 2 and _is_note(told[0].strip()):
            table.skipped["notes"] += 1
        else:
            table.rows.append((line, cells))


def _compared(cells: list[str]) -> list[str]:
    return [normalise_name(cell) for cell in cells]


def examples_of(columns: tuple[Column, ...]) -> list[list[str]]:
    """Return the rows of example of our own template, as they are read back."""
    rows = [[column.examples[i] for column in columns] for i in (0, 1)]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return rows


def _is_total(first: str) -> bool:
    return first[0] in "tTsSeE" and len(first) < 40 and normalise_name(first) in TOTALS


def _is_note(text: str) -> bool:
    return text[0] in "*(" or " " in text or normalise_name(text).startswith(("source", "note"))


def _keep_one_of_each(table: Table) -> None:
    """Of two columns with one meaning, keep the one the person named, else the fuller one; say so."""
    by_field: dict[str, list[Found]] = {}
    for column in table.columns:
        if column.field:
            by_field.setdefault(column.field, []).append(column)
    for twins in by_field.values():
        twins.sort(key=lambda c: (c.why != "correction", -_filled(table, c.index), c.index))
        for other in twins[1:]:
            other.field, other.why = "", "twice"
            table.notes.append(
                f"Deux colonnes disent la même chose : « {twins[0].title} » (colonne "
                f"{letters(twins[0].index)}) est lue, « {other.title} » (colonne {letters(other.index)}) ne l’est pas."
            )


def _recognise_by_content(table: Table, columns, corrections) -> None:
    for column in columns:
        if column.looks_right is None or column.name in table.fields:
            continue
        for found in table.columns:
            if found.field or found.why == "twice" or normalise_name(found.title) in corrections:
                continue
            values = [text for text in _sample(table, found.index) if text]
            right = sum(map(column.looks_right, values))
            if len(values) >= 2 and right >= SURE * len(values):
                found.field, found.why = column.name, "content"
                break


def _sample(table: Table, index: int) -> list[str]:
    return [tidy(cells[index]) if index < len(cells) else "" for _, cells in table.rows[:SAMPLE]]


def _filled(table: Table, index: int) -> int:
    return sum(1 for text in _sample(table, index) if text)


def _say_other_sheets(table: Table, scored, sheet: Sheet) -> None:
    others = [other.name for (score, _), other in scored if other is not sheet and score >= 2]
    if others:
        table.notes.append(
            f"La feuille « {sheet.name} » est lue. Ces feuilles contiennent aussi une liste et ne sont pas lues : "
            + ", ".join(f"« {name} »" for name in others)
            + ". Envoyez-les dans un autre fichier."
        )


def _missing(columns, needed) -> str:
    titles = {column.name: column.title for column in columns}
    groups = [" et ".join(f"« {titles[name]} »" for name in group) for group in needed]
    return "Il manque une colonne : il faut " + ", ou ".join(groups) + "."


def letters(index: int) -> str:
    """Return the letters of a column as a spreadsheet shows them: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


# --- What content looks like --------------------------------------------------------------------

EMAIL = re.compile(r"[^@\s;,<>()]+@[^@\s;,<>()]+\.[a-z]{2,}", re.IGNORECASE)


def looks_like_siren(text: str) -> bool:
    digits = text.replace(" ", "")
    try:
        validate_siren(digits[:9])
    except ValidationError:
        return False
    return len(digits) in (9, 14)


def looks_like_email(text: str) -> bool:
    return EMAIL.fullmatch(text) is not None


# --- Columns that several kinds share -----------------------------------------------------------

INSEE = Column(
    "code_insee",
    "Code INSEE",
    (
        "insee", "n insee", "no insee", "numero insee", "code commune", "code insee commune", "insee com",
        "code commune insee", "depcom", "codgeo", "com", "cog", "code cog", "code geographique", "code officiel geographique",
        "insee commune", "code insee de la commune", "codeinsee", "cod insee", "id insee",
    ),
    "Cinq caractères. Les zéros perdus par le tableur sont rendus.",
    ("01004", "2A004"),
)  # fmt: skip
NAME = Column(
    "name",
    "Nom",
    (
        "nom", "commune", "communes", "nom commune", "nom de la commune", "collectivite", "collectivites", "nom collectivite",
        "nom de la collectivite", "libelle", "libelle commune", "libgeo", "mairie", "ville", "nom com", "nom officiel",
        "denomination", "raison sociale", "structure", "adherent", "nom adherent", "nom de l adherent", "membre", "intitule",
    ),
    "Avec le département ou le code postal, il suffit quand il n’y a ni code INSEE ni SIREN.",
    ("Ambérieu-en-Bugey", "Ajaccio"),
)  # fmt: skip
SIREN = Column(
    "siren",
    "SIREN",
    (
        "n siren", "no siren", "numero siren", "code siren", "siret", "n siret", "numero siret", "code siret", "siren siret",
        "siret siren", "siren commune", "siren collectivite", "siren de la commune", "n siren siret",
    ),
    "Neuf chiffres. Un SIRET (quatorze chiffres) convient aussi.",
    ("210100046", "212000046"),
    looks_like_siren,
)  # fmt: skip
DEPARTEMENT = Column(
    "departement",
    "Département",
    ("departement", "dep", "dept", "dpt", "code departement", "code dep", "n departement", "num dep", "nom departement"),
    "Numéro ou nom.",
    ("01", "2A"),
)  # fmt: skip
POSTAL_CODE = Column(
    "postal_code",
    "Code postal",
    ("cp", "code postal", "codes postaux", "code postal commune", "codepostal", "c p", "cp commune", "postal codes"),
    "Cinq chiffres.",
    ("01500", "20000"),
)  # fmt: skip
POPULATION = Column(
    "population",
    "Population",
    (
        "pop", "population municipale", "population totale", "habitants", "nombre d habitants", "nb habitants", "nb hab", "hab",
        "nbre d habitants", "population insee", "pop municipale", "pop totale", "nombre habitants", "popul",
    ),
    "Nombre d’habitants, sans unité.",
    ("15554", "76320"),
)  # fmt: skip
EPCI_SIREN = Column(
    "epci",
    "SIREN de l’intercommunalité",
    (
        "siren epci", "n siren epci", "epci siren", "siren interco", "siren de l epci", "code epci", "n epci",
        "siren intercommunalite", "siren cc", "siren de l intercommunalite", "siren groupement",
    ),
    "Neuf chiffres.",
    ("240100883", "242010056"),
)  # fmt: skip
EPCI_NAME = Column(
    "epci_name",
    "Intercommunalité",
    (
        "epci", "epci nom", "nom epci", "cc ca", "cc ca cu", "interco", "intercommunalite", "nom interco", "communaute",
        "nom de l epci", "nom intercommunalite", "libelle epci", "groupement", "cc",
    ),
    "Pour mémoire : la référence nationale fait foi.",
    ("CC de la Plaine de l’Ain", "CA du Pays Ajaccien"),
)  # fmt: skip
EMAIL_COLUMN = Column(
    "email",
    "Courriel",
    (
        "email", "e mail", "mail", "mails", "mail s", "courriel", "courriels", "adresse mail", "adresse email", "adresse e mail",
        "adresse electronique", "mel", "e mail mairie", "email mairie", "mail mairie", "courriel mairie", "contact mail",
        "adresse courriel", "email contact", "mail contact", "official email", "courriel officiel",
    ),
    "Une seule adresse, celle de la mairie ou du siège.",
    ("mairie@amberieu.example", "mairie@ajaccio.example"),
    looks_like_email,
)  # fmt: skip
WEBSITE = Column(
    "website",
    "Site internet",
    ("site", "site internet", "site web", "url", "web", "adresse du site", "siteweb", "www"),
    "Adresse complète.",
    ("https://www.amberieu.example", ""),
)  # fmt: skip
