"""Find a collectivité by what a person types: a name, a postal code, an INSEE code, a SIREN.

Names are compared in one form, `normalise_name`, which also fills the indexed column `search_name`. Codes and names of
communes that were merged lead to the commune of today.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from territories.models import Collectivite, FormerCommune

MAX_HITS = 20
MAX_QUERY_LENGTH = 120
MAX_WORDS = 10

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
SHORT_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
# The DGCL writes « CC », « CA » and « CU » in front of the names of EPCI.
EPCI_KINDS_IN_SHORT = (
    ("communaute de communes", "cc"),
    ("communaute d agglomeration", "ca"),
    ("communaute urbaine", "cu"),
)
CODE = re.compile(r"\d{2,14}|2[ab](\d{3})?")

EXACT, PREFIX, WORD_START, EVERY_WORD = range(4)


@dataclass(frozen=True)
class Hit:
    """A collectivité of today; `formerly` names the commune that became it, when that is what was found."""

    collectivite: Collectivite
    rank: int
    formerly: str = ""


def normalise_name(name: str) -> str:
    """Return the form in which names are compared: lower case, no accents, no punctuation, « saint » in full."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(LIGATURES))
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", plain).split()
    text = " ".join(SHORT_WORDS.get(word, word) for word in words)
    for full, short in EPCI_KINDS_IN_SHORT:
        text = re.sub(rf"\b{full}\b", short, text)
    return text


def split_query(query: str) -> tuple[str, str]:
    """Return (words, code): « Sainte-Colombe 77 » is the words « sainte colombe » and the code « 77 »."""
    text = normalise_name(query[:MAX_QUERY_LENGTH])
    if text.replace(" ", "").isdecimal():
        text = text.replace(" ", "")  # a SIREN is often written by groups of three digits
    words = text.split()
    codes = [word for word in words if CODE.fullmatch(word)]
    code = codes[-1] if codes else ""
    names = [word for word in words if word not in codes][:MAX_WORDS]
    return " ".join(names), _complete(code).upper()


def search_collectivites(query: str, *, among: QuerySet | None = None) -> list[Hit]:
    """Return up to 20 collectivités: exact matches first, then by prefix, by start of a word, then by population.

    Two database queries. A retired commune is given as the commune it became. `among`: those of a territory, and no other.
    """
    words, code = split_query(query)
    if not words and not code:
        return []
    hits = _hits_of_today(words, code, among) + _hits_of_former_communes(words, code, among)
    hits.sort(key=lambda hit: (hit.rank, -(hit.collectivite.population or 0)))
    first_of_each = {}
    for hit in hits:
        first_of_each.setdefault(hit.collectivite.pk, hit)
    return list(first_of_each.values())[:MAX_HITS]


def _complete(code: str) -> str:
    """A spreadsheet eats the zero in front of a postal code; a SIRET begins with the SIREN."""
    if len(code) == 4:
        return f"0{code}"
    return code[:9] if len(code) == 14 else code


def _hits_of_today(words: str, code: str, among: QuerySet | None) -> list[Hit]:
    rows = Collectivite.objects.filter(Q(retired_at=None) | Q(successor__isnull=False))
    if among is not None:
        rows = rows.filter(Q(pk__in=among) | Q(successor__in=among))
    if code:
        rows = rows.filter(_has_code(code) | Q(code_insee=code) | Q(siren=code))
    rows = _ranked(rows, words) if words else rows.annotate(rank=_rank_of_code(code))
    rows = rows.select_related("departement", "successor__departement")
    return [
        Hit(row.successor, row.rank, formerly=row.name)
        if row.retired_at and row.successor
        else Hit(row, row.rank)
        for row in rows.order_by("rank", F("population").desc(nulls_last=True), "pk")[:MAX_HITS]
    ]


def _hits_of_former_communes(words: str, code: str, among: QuerySet | None) -> list[Hit]:
    rows = FormerCommune.objects.filter(collectivite__retired_at=None)
    if among is not None:
        rows = rows.filter(collectivite__in=among)
    if words:
        rows = _ranked(rows, words)
        if code:
            rows = rows.filter(_has_code(code, "collectivite__") | Q(code=code))
    else:
        rows = rows.filter(code=code).annotate(rank=Value(EXACT))
    rows = rows.select_related("collectivite__departement")
    order = ("rank", F("collectivite__population").desc(nulls_last=True), "pk")
    return [
        Hit(row.collectivite, row.rank, formerly=row.name or row.code)
        for row in rows.order_by(*order)[:MAX_HITS]
    ]


def _has_code(code: str, prefix: str = "") -> Q:
    """Of this département (two or three characters), or of this postal code (five)."""
    if len(code) == 5:
        return Q(**{f"{prefix}postal_codes__contains": code})
    return Q(**{f"{prefix}departement": code})


def _ranked(rows: QuerySet, words: str) -> QuerySet:
    """Keep the rows where each word begins a word of the name, and say how near each is."""
    if len(words) == 1:  # the commune of Y
        return rows.filter(search_name=words).annotate(rank=Value(EXACT))
    rows = rows.annotate(padded_name=Concat(Value(" "), "search_name"))
    for word in words.split():
        rows = rows.filter(padded_name__contains=f" {word}")
    return rows.annotate(
        rank=Case(
            When(search_name=words, then=EXACT),
            When(search_name__startswith=words, then=PREFIX),
            When(padded_name__contains=f" {words}", then=WORD_START),
            default=EVERY_WORD,
            output_field=IntegerField(),
        )
    )


def _rank_of_code(code: str) -> Case:
    return Case(
        When(Q(code_insee=code) | Q(siren=code), then=EXACT),
        default=PREFIX,
        output_field=IntegerField(),
    )
