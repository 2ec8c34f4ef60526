"""Which collectivité a row means: by INSEE code, else SIREN, else name with département or postal code. Never a guess."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from imports.columns import tidy
from imports.report import Problem
from territories.models import Collectivite, Departement, FormerCommune, validate_siren
from territories.search import normalise_name

MAX_CANDIDATES = 12
TRAILING_ARTICLE = re.compile(r"^(.+?)\s*\((l'|l’|le|la|les|las|los|aux)\)$", re.IGNORECASE)


@dataclass(slots=True)
class Known:
    """What the database says of a collectivité, as far as imports care."""

    pk: int
    kind: str
    name: str
    search_name: str
    code_insee: str | None
    siren: str | None
    departement: str | None
    postal_codes: str
    opsn_id: int | None
    retired: bool
    successor_id: int | None

    @property
    def label(self) -> str:
        code = self.code_insee or self.siren
        return f"{self.name} ({code})" if code else self.name


@dataclass
class Identified:
    """Either `known`, or `candidates` to choose among, or blocking `problems`; warnings go with `known`."""

    known: Known | None = None
    problems: list[Problem] = field(default_factory=list)
    candidates: list[Known] = field(default_factory=list)


class Reference:
    """Every collectivité, read once: three tables by code, SIREN and name."""

    def __init__(self):
        self.by_pk: dict[int, Known] = {}
        self.by_code: dict[str, Known] = {}
        self.by_siren: dict[str, Known] = {}
        self.by_name: dict[str, list[Known]] = {}
        rows = Collectivite.objects.values_list(
            "pk", "kind", "name", "search_name", "code_insee", "siren", "departement_id", "postal_codes", "opsn_id",
            "retired_at", "successor_id",
        ).iterator(5_000)  # fmt: skip
        for *values, retired_at, successor_id in rows:
            self._add(Known(*values, retired_at is not None, successor_id))
        self.former = {
            code: (name, self.by_pk[pk])
            for code, name, pk in FormerCommune.objects.values_list(
                "code", "name", "collectivite_id"
            )
        }
        self.former_names: dict[str, set[int]] = {}
        for name, pk in FormerCommune.objects.exclude(search_name="").values_list(
            "search_name", "collectivite_id"
        ):
            self.former_names.setdefault(name, set()).add(pk)
        self.departements = {}
        for code, name in Departement.objects.values_list("code", "name"):
            self.departements[code] = self.departements[normalise_name(name)] = code

    def _add(self, known: Known) -> None:
        self.by_pk[known.pk] = known
        if known.code_insee:
            self.by_code[known.code_insee] = known
        if known.siren:
            self.by_siren[known.siren] = known
        self.by_name.setdefault(known.search_name, []).append(known)

    def today(self, known: Known) -> Known | None:
        """Follow the successors of a collectivité that was merged; None when it has none."""
        for _ in range(10):
            if not known.retired:
                return known
            if known.successor_id is None:
                return None
            known = self.by_pk[known.successor_id]
        return None

    def departement_of(self, text: str) -> str | None:
        """Return the code of a département written as « 1 », « 01 », « Ain » or « 01 - Ain »."""
        text = tidy(text).upper()
        for attempt in (text, text.zfill(2), normalise_name(text), text.split(" ")[0].zfill(2)):
            if attempt in self.departements:
                return self.departements[attempt]
        return None


class Identifier:
    """Says which collectivité the rows of one file mean."""

    def __init__(self, reference: Reference, choices: dict[str, int] | None = None):
        self.reference = reference
        self.choices = {int(line): pk for line, pk in (choices or {}).items()}

    def identify(self, line: int, row: dict[str, str]) -> Identified:
        code = tidy(row.get("code_insee", "")).upper().replace(" ", "")
        siren_text = tidy(row.get("siren", ""))
        siren, problem = self.siren(line, siren_text)
        if problem:
            return Identified(problems=[problem])
        if code:
            found = self._by_code(line, code, row)
        elif siren and siren in self.reference.by_siren:
            found = self._today(line, self.reference.by_siren[siren], "siren", siren_text)
        else:
            found = self._by_name(line, row, siren)
        if found.known:
            self._compare(line, row, found, siren, siren_text)
        return found

    def siren(self, line: int, text: str) -> tuple[str, Problem | None]:
        """Return the SIREN of a SIREN or SIRET, or what is wrong with it."""
        digits = re.sub(r"[\s.\-]", "", text)
        if not digits:
            return "", None
        try:
            if len(digits) == 14 and not _luhn(digits):
                raise ValidationError("Ce SIRET contient une erreur.")
            validate_siren(digits[:9] if len(digits) == 14 else digits)
        except ValidationError as error:
            return "", Problem(line, "siren", text, error.message)
        return digits[:9], None

    def _by_code(self, line: int, code: str, row) -> Identified:
        reference = self.reference
        real = code
        if code not in reference.by_code and code not in reference.former:
            real = code.zfill(5) if len(code) == 4 and code.isdecimal() else code
        if real in reference.by_code:
            return self._today(line, reference.by_code[real], "code_insee", code)
        if real in reference.former:
            name, known = reference.former[real]
            return self._former(line, "code_insee", code, f"{name or real}", known)
        hint = ""
        if "O" in code and code.replace("O", "0") in reference.by_code:
            hint = " Il contient la lettre O à la place du chiffre 0 ?"
        return Identified(
            problems=[Problem(line, "code_insee", code, f"Aucune commune n’a ce code INSEE.{hint}")]
        )

    def _today(self, line: int, known: Known, column: str, value: str) -> Identified:
        if not known.retired:
            return Identified(known)
        today = self.reference.today(known)
        if today is None:
            sentence = f"{known.label} n’existe plus, et rien ne dit ce qu’elle est devenue."
            return Identified(problems=[Problem(line, column, value, sentence)])
        return self._former(line, column, value, known.name, today)

    def _former(self, line: int, column: str, value: str, name: str, known: Known) -> Identified:
        today = self.reference.today(known)
        if today is None:
            return Identified(
                problems=[Problem(line, column, value, "Cette commune n’existe plus.")]
            )
        sentence = f"« {name} » est une ancienne commune : la ligne vaut pour {today.label}, qui l’a remplacée."
        return Identified(today, [Problem(line, column, value, sentence, blocking=False)])

    def _by_name(self, line: int, row, siren: str) -> Identified:
        name = tidy(row.get("name", ""))
        if not name:
            column, value = ("siren", siren) if siren else ("name", "")
            sentence = (
                "Aucune collectivité n’a ce SIREN."
                if siren
                else "Cette ligne ne dit pas de quelle collectivité il s’agit."
            )
            return Identified(problems=[Problem(line, column, value, sentence)])
        departement = self.reference.departement_of(row.get("departement", ""))
        postal_code = re.sub(r"\D", "", row.get("postal_code", ""))[:5].zfill(5)
        postal_code = "" if postal_code == "00000" else postal_code
        named = self._named(name)
        if departement:
            hits = [k for k in named if k.departement == departement]
        elif postal_code:
            hits = [k for k in named if postal_code in k.postal_codes.split()]
        else:
            hits = []
        if len(hits) == 1:
            if hits[0].search_name not in name_forms(name):
                return self._former(line, "name", name, name, hits[0])
            return self._today(line, hits[0], "name", name)
        chosen = self.choices.get(line)
        candidates = hits or named
        if chosen in {k.pk for k in candidates}:
            return Identified(self.reference.by_pk[chosen])
        if len(hits) > 1 or (not hits and named and not (departement or postal_code)):
            return Identified(candidates=candidates[:MAX_CANDIDATES])
        where = "dans ce département" if departement else "avec ce code postal"
        if not (departement or postal_code):
            where = "en France"
        return Identified(
            problems=[Problem(line, "name", name, f"Aucune collectivité ne porte ce nom {where}.")]
        )

    def _named(self, name: str) -> list[Known]:
        """Return those of that name, of today first; a former name leads to today's commune."""
        for form in name_forms(name):
            today = [k for k in self.reference.by_name.get(form, ()) if not k.retired]
            if today:
                return today
        for form in name_forms(name):
            pks = self.reference.former_names.get(form)
            if pks:
                return [self.reference.by_pk[pk] for pk in sorted(pks)]
        return []

    def _compare(self, line: int, row, found: Identified, siren: str, siren_text: str) -> None:
        """Refuse what names two collectivités; warn when the name is not the one of the reference."""
        known, reference = found.known, self.reference
        other = reference.by_siren.get(siren) if siren else None
        if other is not None and reference.today(other) is not known:
            sentence = (
                f"Ce SIREN est celui de {other.label}, alors que la ligne désigne {known.label}."
            )
            found.problems = [Problem(line, "siren", siren_text, sentence)]
            found.known = None
            return
        if siren and other is None and known.siren:
            sentence = f"Ce SIREN n’est pas celui de {known.label} ({known.siren}) : il est laissé de côté."
            found.problems.append(Problem(line, "siren", siren_text, sentence, blocking=False))
        name = tidy(row.get("name", ""))
        if not name or known.search_name in name_forms(name) or found.problems:
            return
        if re.fullmatch(r"[\d\s.,]+", name):
            found.problems = [Problem(line, "name", name, "Un nom est attendu ici.")]
            found.known = None
        elif len(name) > 160:
            found.problems = [
                Problem(line, "name", name[:80] + "…", "Ce texte est trop long pour un nom.")
            ]
            found.known = None
        elif known.pk not in self.reference.former_names.get(normalise_name(name), ()):
            sentence = f"Le nom de cette collectivité est « {known.name} » : il est gardé."
            found.problems.append(Problem(line, "name", name, sentence, blocking=False))


def name_forms(name: str) -> tuple[str, ...]:
    """Return the forms under which a name may be known: « Abergement (L') » is also « l abergement »."""
    forms = [normalise_name(name)]
    if match := TRAILING_ARTICLE.match(name):
        forms.append(normalise_name(f"{match[2]} {match[1]}"))
    return tuple(forms)


def _luhn(digits: str) -> bool:
    if not digits.isdecimal():
        return False
    total = 0
    for i, c in enumerate(reversed(digits)):
        n = int(c) * (2 if i % 2 else 1)
        total += n - 9 if n > 9 else n
    return total % 10 == 0
