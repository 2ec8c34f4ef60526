"""Demonstration data: invented communes, said to be so, and one account for each role."""

from datetime import datetime
from functools import cache

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from config.demo_answers import (
    answer_for_neighbours,
    answer_for_valmont_and_bourg,
    plan_for_valmont,
)
from config.demo_level_two import work_on_level_two
from config.demo_supervision import supervise
from config.roles import ADMINISTRATORS, EDITORS
from territories.enums import CollectiviteKind, MemberRole, MemberState, OpsnRole, Verification
from territories.models import Collectivite, CollectiviteMember, Departement, Opsn, OpsnMember
from territories.scoping import everything
from territories.search import normalise_name

PASSWORD = "eco-clic-demo"  # noqa: S105 - printed by `make run`, refused by production settings
# E-mail, first and last name, function.
PEOPLE = (
    ("alice@demo.example", "Alice", "Morel", "Secrétaire de mairie"),
    ("bob@demo.example", "Bob", "Lenoir", "Adjoint au maire"),
    ("lea@demo.example", "Léa", "Petit", "Conseillère municipale"),
    ("paul@demo.example", "Paul", "Roche", "Agent d’accueil"),
    ("chloe@demo.example", "Chloé", "Garnier", "Directrice des services"),
    ("eva@demo.example", "Eva", "Marchal", "Chargée de mission"),
    ("omar@demo.example", "Omar", "Benali", "Conseiller numérique"),
    ("edith@demo.example", "Édith", "Vidal", "Rédactrice"),
    ("nadia@demo.example", "Nadia", "Faure", "Équipe nationale"),
    ("admin@demo.example", "Admin", "Éco-clic", "Super-utilisateur"),
)
# Name, code INSEE (which no commune has), inhabitants.
COMMUNES = (
    ("Valmont-sur-Claire (démonstration)", "60990", 850),
    ("Bourg-en-Brême (démonstration)", "60991", 12_400),
    ("Saint-Aubin-les-Prés (démonstration)", "60992", 290),
)
# Invented too; each has a référent of its own, whom nobody needs to log in as.
NEIGHBOURS = (
    ("Brême-le-Haut (démonstration)", "60993", 620),
    ("Villers-Clairfond (démonstration)", "60994", 740),
    ("Saint-Ouen-des-Vignots (démonstration)", "60995", 910),
    ("Fontaine-Aubrelle (démonstration)", "60996", 580),
    ("Belleroche-sur-Claire (démonstration)", "60997", 965),
    ("Noyelle-la-Ronceraie (démonstration)", "60998", 830),
    ("Hautval-sur-Claire (démonstration)", "60999", 545),
    ("Le Plessis-Grisel (démonstration)", "60980", 2150),
)


@transaction.atomic
def load_demo(*, at: datetime) -> bool:
    """Create the demonstration once; return whether it was created now."""
    if User.objects.filter(email=PEOPLE[0][0]).exists():
        return False
    with everything():
        people = {email.partition("@")[0]: _account(email, *who) for email, *who in PEOPLE}
        valmont, bourg = _territory(people)
        _members(valmont, bourg, people)
        _national_team(people)
        answer_for_valmont_and_bourg(valmont, bourg, people, at)
        plan_for_valmont(valmont, people, at)
        work_on_level_two(valmont, people, at)
        neighbours = _neighbours(bourg)
        answer_for_neighbours(neighbours, at)
        supervise(valmont, neighbours, people, at)
    return True


def _account(email: str, first_name: str, last_name: str, function: str) -> User:
    names = {"first_name": first_name, "last_name": last_name, "function": function}
    user = User.objects.create(email=email, password=_hashed_password(), **names)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@cache
def _hashed_password() -> str:
    """Hashed once for all of them: slow on purpose, it would be half of the time of a load."""
    return make_password(PASSWORD)


def _territory(people) -> tuple[Collectivite, Collectivite]:
    oise = Departement.objects.get(code="60")
    opsn = Opsn.objects.create(
        name="OPSN de démonstration", contact_email="contact@demo.example", offers_level_two=True
    )
    opsn.departements.add(oise)
    OpsnMember.objects.create(user=people["omar"], opsn=opsn, role=OpsnRole.RESPONSABLE)
    epci_name = "CC du Pays de Brême (démonstration)"
    epci = Collectivite.objects.create(
        kind=CollectiviteKind.CC,
        name=epci_name,
        search_name=normalise_name(epci_name),
        population=sum(population for _, _, population in COMMUNES + NEIGHBOURS),
        departement=oise,
        opsn=opsn,
    )
    communes = [_commune(*commune, oise, epci, opsn) for commune in COMMUNES]
    return communes[0], communes[1]


def _commune(name, code, population, departement, epci, opsn) -> Collectivite:
    return Collectivite.objects.create(
        kind=CollectiviteKind.COMMUNE,
        name=name,
        search_name=normalise_name(name),
        code_insee=code,
        population=population,
        departement=departement,
        epci=epci,
        opsn=opsn,
        postal_codes="60999",
    )


def _members(valmont: Collectivite, bourg: Collectivite, people) -> None:
    for name, collectivite, role in (
        ("alice", valmont, MemberRole.REFERENT),
        ("bob", valmont, MemberRole.CONTRIBUTEUR),
        ("lea", valmont, MemberRole.LECTEUR),
        ("chloe", bourg, MemberRole.REFERENT),
        ("eva", valmont.epci, MemberRole.REFERENT),
    ):
        _member(people[name], collectivite, role)
    CollectiviteMember.objects.create(
        user=people["paul"],
        collectivite=valmont,
        message="Bonjour, je remplace Alice à l’accueil cet été.",
    )


def _member(user: User, collectivite: Collectivite, role: MemberRole) -> None:
    CollectiviteMember.objects.create(
        user=user,
        collectivite=collectivite,
        role=role,
        state=MemberState.ACTIVE,
        verification=Verification.OPSN,
    )


def _national_team(people) -> None:
    for name, group in (("edith", EDITORS), ("nadia", ADMINISTRATORS)):
        people[name].groups.add(Group.objects.get(name=group))
    team = [people[name].pk for name in ("edith", "nadia", "admin")]
    User.objects.filter(pk__in=team).update(is_staff=True)
    User.objects.filter(pk=people["admin"].pk).update(is_superuser=True)


def _neighbours(bourg: Collectivite) -> list[tuple[Collectivite, User]]:
    """Communes of the same EPCI and OPSN as Bourg, so that comparing has somebody to compare with."""
    neighbours = []
    for name, code, population in NEIGHBOURS:
        commune = _commune(name, code, population, bourg.departement, bourg.epci, bourg.opsn)
        email = f"referent.{code}@demo.example"
        referent = _account(email, "Référent", name.partition(" (")[0], "Secrétariat")
        _member(referent, commune, MemberRole.REFERENT)
        neighbours.append((commune, referent))
    return neighbours
