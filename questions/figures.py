"""The key figures of a collectivité beside its index: pure functions on plain values.

Each has its definition and its formula. Where an answer is missing, or two contradict each other, there is no value and a
sentence says why: never a division by zero, never a percentage that cannot be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from questions.portrait import Portrait
from questions.wording import french_number, with_unit

AGENTS, ELUS = "agents", "elus"
"""Not questions but facts of the profile."""
TERMINALS = ("PAR8A", "PAR8B", "PAR8D", "PAR8E")
REUSE_OF_RETIRED, REUSE_SPENDING = "reuse_of_retired", "reuse_spending"
"""The two legal shares against which a figure is read; by year in `obligations.yaml`."""


@dataclass(frozen=True)
class Definition:
    """`times × sum of `of` ÷ sum of `per`; without `per`, the answer itself."""

    code: str
    label: str
    meaning: str
    formula: str
    unit: str
    of: tuple[str, ...]
    per: tuple[str, ...] = ()
    times: int = 1
    is_part: bool = False
    """Whether what is divided is a part of what divides it: more is a contradiction."""
    without: str = ""
    """What is said when there is nothing to divide by."""
    goal: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class Figure:
    """`missing` holds codes of questions, or AGENTS and ELUS; `sentence` says why there is no value."""

    definition: Definition
    value: Decimal | None = None
    missing: tuple[str, ...] = ()
    sentence: str = ""
    goal: Decimal | None = None

    @property
    def rounded(self) -> Decimal | None:
        """What is shown; whether a share is reached is told from the exact value."""
        return None if self.value is None else round(self.value, self.definition.decimals)

    @property
    def words(self) -> str:
        """Return what is shown, with its unit; there must be a value."""
        return with_unit(self.rounded, self.definition.unit)

    @property
    def reaches(self) -> bool | None:
        """Tell whether the legal share is reached; None when there is none, or no value."""
        return None if None in (self.value, self.goal) else self.value >= self.goal


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        code="terminals",
        label="Appareils par agent",
        meaning="Combien d’ordinateurs, de tablettes et de téléphones la collectivité possède pour un agent, "
        "ceux des élus et de l’école compris.",
        formula="(portables + fixes + tablettes + téléphones) ÷ agents en équivalent temps plein",
        unit="appareils",
        of=TERMINALS,
        per=(AGENTS,),
        without="Le profil compte zéro agent.",
    ),
    Definition(
        code="screens",
        label="Écrans par poste",
        meaning="Combien d’écrans séparés pour un ordinateur ; l’écran d’un portable n’est pas compté.",
        formula="écrans ÷ (portables + fixes)",
        unit="écrans",
        of=("PAR8C",),
        per=("PAR8A", "PAR8B"),
        without="Aucun ordinateur n’est compté.",
    ),
    Definition(
        code="laptop-age",
        label="Âge des portables à leur départ",
        meaning="L’âge moyen auquel les ordinateurs portables sont remplacés.",
        formula="nombre répondu",
        unit="ans",
        of=("PAR2A",),
    ),
    Definition(
        code="desktop-age",
        label="Âge des fixes à leur départ",
        meaning="L’âge moyen auquel les ordinateurs fixes sont remplacés.",
        formula="nombre répondu",
        unit="ans",
        of=("PAR2B",),
    ),
    Definition(
        code="retired-reuse",
        label="Réemploi des appareils réformés",
        meaning="Part des appareils réformés, en stock au 1er janvier, qui sont partis vers le réemploi ou la réutilisation "
        "(décret n° 2023-266 : résultat = A ÷ B × 100).",
        formula="100 × appareils orientés vers le réemploi ÷ appareils réformés en stock",
        unit="%",
        of=("PAR5B",),
        per=("PAR5A",),
        times=100,
        is_part=True,
        without="Aucun appareil réformé en stock : il n’y a rien à réemployer.",
        goal=REUSE_OF_RETIRED,
        decimals=0,
    ),
    Definition(
        code="reuse-spending",
        label="Réemploi dans les achats",
        meaning="Part de la dépense annuelle HT de matériel informatique et de téléphonie qui va au réemploi, à la réutilisation "
        "ou au reconditionné (loi AGEC, article 58).",
        formula="100 × dépense de réemploi ÷ dépense totale",
        unit="%",
        of=("ACH2B",),
        per=("ACH2A",),
        times=100,
        is_part=True,
        without="Aucune dépense de matériel cette année.",
        goal=REUSE_SPENDING,
        decimals=0,
    ),
    Definition(
        code="clauses",
        label="Marchés avec clause environnementale",
        meaning="Part des marchés numériques de l’année qui portent une clause ou un critère environnemental.",
        formula="100 × marchés avec clause ÷ marchés numériques",
        unit="%",
        of=("ACH6B",),
        per=("ACH6A",),
        times=100,
        is_part=True,
        without="Aucun marché numérique cette année.",
        decimals=0,
    ),
    Definition(
        code="idle",
        label="Appareils inutilisés",
        meaning="Ordinateurs, tablettes et téléphones qui dorment en stock, rapportés à ceux qui servent.",
        formula="100 × appareils inutilisés ÷ (portables + fixes + tablettes + téléphones)",
        unit="%",
        of=("PAR13",),
        per=TERMINALS,
        times=100,
        without="Aucun ordinateur, tablette ou téléphone n’est compté.",
        decimals=0,
    ),
    Definition(
        code="phones",
        label="Agents dotés d’un téléphone",
        meaning="Part des agents à qui la collectivité fournit un téléphone mobile.",
        formula="pourcentage répondu",
        unit="%",
        of=("PAR10",),
        decimals=0,
    ),
    Definition(
        code="printers",
        label="Agents par imprimante",
        meaning="Combien d’agents se partagent une imprimante ou un copieur ; ceux de l’école, s’ils sont comptés, "
        "font baisser ce nombre.",
        formula="agents ÷ (imprimantes individuelles + copieurs)",
        unit="agents",
        of=(AGENTS,),
        per=("PAR8F", "PAR8G"),
        without="Aucune imprimante n’est comptée.",
    ),
    Definition(
        code="paper",
        label="Ramettes par agent",
        meaning="Ramettes de 500 feuilles achetées ou consommées en un an, hors écoles, pour un agent.",
        formula="ramettes par an ÷ agents",
        unit="ramettes",
        of=("USA3A",),
        per=(AGENTS,),
        without="Le profil compte zéro agent.",
    ),
    Definition(
        code="pages",
        label="Pages imprimées par agent",
        meaning="Pages relevées aux compteurs des imprimantes et copieurs en un an, hors écoles, pour un agent.",
        formula="pages par an ÷ agents",
        unit="pages",
        of=("USA7",),
        per=(AGENTS,),
        without="Le profil compte zéro agent.",
        decimals=0,
    ),
    Definition(
        code="storage",
        label="Données par agent",
        meaning="Volume stocké, dans les murs et à distance, pour un agent ; 1 To compte pour 1 000 Go.",
        formula="1 000 × volume en To ÷ agents",
        unit="Go",
        of=("RES5",),
        per=(AGENTS,),
        times=1_000,
        without="Le profil compte zéro agent.",
        decimals=0,
    ),
    Definition(
        code="budget",
        label="Budget par agent",
        meaning="Budget annuel réservé au numérique responsable, pour un agent.",
        formula="budget annuel ÷ agents",
        unit="€",
        of=("GOV12",),
        per=(AGENTS,),
        without="Le profil compte zéro agent.",
        decimals=0,
    ),
    Definition(
        code="aware-agents",
        label="Agents sensibilisés",
        meaning="Part des agents sensibilisés à la sobriété numérique.",
        formula="pourcentage répondu",
        unit="%",
        of=("SEN1A",),
        decimals=0,
    ),
    Definition(
        code="aware-elus",
        label="Élus sensibilisés",
        meaning="Part des élus informés ou sensibilisés à la sobriété numérique.",
        formula="100 × élus sensibilisés ÷ élus",
        unit="%",
        of=("SEN2A",),
        per=(ELUS,),
        times=100,
        is_part=True,
        without="Le profil compte zéro élu.",
        decimals=0,
    ),
    Definition(
        code="security",
        label="Agents sensibilisés à la sécurité",
        meaning="Part des agents sensibilisés à la sécurité informatique.",
        formula="pourcentage répondu",
        unit="%",
        of=("SEN4A",),
        decimals=0,
    ),
    Definition(
        code="rgaa",
        label="Conformité du site au RGAA",
        meaning="Taux de conformité du site au référentiel général d’amélioration de l’accessibilité, tel que mesuré par un audit.",
        formula="pourcentage répondu",
        unit="%",
        of=("ECO4",),
        decimals=0,
    ),
)


def figures(portrait: Portrait, goals: Mapping[str, Decimal]) -> list[Figure]:
    """Return the key figures that concern this collectivité, in the order of DEFINITIONS."""
    return [
        figure(definition, portrait, goals)
        for definition in DEFINITIONS
        if concerns(definition, portrait)
    ]


def concerns(definition: Definition, portrait: Portrait) -> bool:
    """Tell whether a figure is asked of this collectivité, or may be, and was not said to be no concern of hers."""
    codes = (*definition.of, *definition.per)
    if any(portrait.lacking(code) for code in codes):
        return True
    answers = [answer for code in codes if (answer := portrait.given(code))]
    return bool(answers) and (bool(definition.per) or answers[0].number is not None)


def figure(definition: Definition, portrait: Portrait, goals: Mapping[str, Decimal]) -> Figure:
    known = {code: _known(portrait, code) for code in (*definition.of, *definition.per)}
    if missing := [code for code, value in known.items() if value is None]:
        lacking = dict.fromkeys(portrait.lacking(code) or code for code in missing)
        return Figure(definition, missing=tuple(lacking))
    part = sum(known[code] for code in definition.of)
    if not definition.per:
        return _read(definition, part, goals)
    whole = sum(known[code] for code in definition.per)
    if definition.is_part and part > whole:
        return Figure(definition, sentence=_contradiction(part, whole))
    if not whole:
        return Figure(definition, sentence=definition.without)
    return _read(definition, definition.times * part / whole, goals)


def _read(definition: Definition, value: Decimal, goals: Mapping[str, Decimal]) -> Figure:
    return Figure(definition, value=value, goal=goals.get(definition.goal))


def _known(portrait: Portrait, code: str) -> Decimal | None:
    if code in (AGENTS, ELUS):
        stated = portrait.agents if code == AGENTS else portrait.elus
        return None if stated is None else Decimal(stated)
    return portrait.count(code)


def _contradiction(part: Decimal, whole: Decimal) -> str:
    return (
        f"Les réponses se contredisent : {french_number(part)} ne peut pas être une partie de {french_number(whole)}. "
        "Corrigez l’une des deux."
    )
