"""What people type for a figure or a date, understood or refused with a sentence: pure, for forms and workbooks alike."""

import re
from datetime import date
from decimal import Decimal

from questions.wording import singular

# « n.c. », « ? », « je ne sais pas »: an answer of another kind, which is chosen and not typed.
NOT_KNOWN = frozenset(
    {"nc", "na", "nr", "nd", "nsp", "ns", "?", "??", "???", "inconnu", "aucune idée"}
    | {"non communiqué", "non connu", "non renseigné", "ne sait pas", "je ne sais pas"}
    | {"non concerné", "sans objet", "so"}
)
ABOUT = re.compile(
    r"^(environ|env\.?|approximativement|approx\.?|à peu près|près de|~|≈|±|\+/-)\s*", re.I
)
SPACES = re.compile(r"[\s\u00a0\u202f']")
THOUSANDS = re.compile(r"^-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$")
PLAIN = re.compile(r"^-?\d+(\.\d+)?$")
DATE = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")

# No decision, contract or machine that is asked about is older, nor planned further ahead.
FIRST_DAY = date(1980, 1, 1)
LAST_DAY = date(2060, 12, 31)


class NotUnderstood(ValueError):
    """`str()` is the sentence that the person reads."""


def read_number(text: str, unit: str = "") -> Decimal:
    """Return a figure as French people write it: « environ 12 », « 12,5 % », « 1 200 », « 1.200 ». Raises NotUnderstood."""
    written = text.strip()
    if written.lower().replace(".", "").strip() in NOT_KNOWN or written in NOT_KNOWN:
        raise NotUnderstood(
            f"« {written} » n’est pas un nombre. Choisissez « Ne sait pas », ou « Non concerné » si c’est proposé."
        )
    figure = _without_unit(ABOUT.sub("", written), unit)
    figure = SPACES.sub("", figure).replace("−", "-")
    if THOUSANDS.match(figure):
        figure = figure.replace(".", "")
    figure = figure.replace(",", ".")
    if not PLAIN.match(figure):
        raise NotUnderstood("Écrivez un nombre, par exemple 12 ou 12,5.")
    return Decimal(figure)


def read_date(text: str) -> date:
    """Return a date written 2026-02-01, 01/02/2026, 1.2.2026 or 1-2-2026. Raises NotUnderstood."""
    written = text.strip()
    try:
        if match := DATE.match(written):
            day, month, year = (int(part) for part in match.groups())
            found = date(year, month, day)
        else:
            found = date.fromisoformat(written)
    except ValueError:
        raise NotUnderstood("Écrivez une date, par exemple 01/02/2026.") from None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise NotUnderstood(
            f"Donnez une date entre {FIRST_DAY:%d/%m/%Y} et {LAST_DAY:%d/%m/%Y} : {found:%d/%m/%Y} n’est pas possible ici."
        )
    return found


def _without_unit(figure: str, unit: str) -> str:
    """Take away the unit that people repeat after the figure."""
    figure = figure.strip()
    for ending in filter(None, (unit, singular(unit), "%", "euros", "euro", "€")):
        if figure.lower().endswith(ending.lower()):
            return figure[: -len(ending)].strip()
    return figure
