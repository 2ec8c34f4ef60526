"""Demonstration data: invented communes, said to be so, and one account for each role."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from config.roles import ADMINISTRATORS, EDITORS
from questions.answering import GivenAnswer, Value, record_answers
from questions.closing import close_assessment
from questions.enums import AnswerState, YesNo
from questions.models import Assessment, Question
from questions.opening import open_assessment
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
FIRST_YES = [
    "GOV2",
    "SEN3",
    "SEN4",
    "ACH1",
    "ACH5",
    "PAR2",
    "PAR3",
    "PAR4",
    "PAR6",
    "RES2",
    "RES3",
    "USA1",
    "USA3",
    "ECO3",
]
PROGRESS_YES = ["GOV1", "SEN1", "PAR1", "PAR5", "USA2"]
UNKNOWN = ["ACH3", "RES1"]


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
        _assessments(valmont, bourg, people, at)
    return True


def _account(email: str, first_name: str, last_name: str, function: str) -> User:
    names = {"first_name": first_name, "last_name": last_name, "function": function}
    user = User.objects.create_user(email, PASSWORD, **names)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


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
        population=sum(population for _, _, population in COMMUNES),
        departement=oise,
        opsn=opsn,
    )
    communes = [
        Collectivite.objects.create(
            kind=CollectiviteKind.COMMUNE,
            name=name,
            search_name=normalise_name(name),
            code_insee=code,
            population=population,
            departement=oise,
            epci=epci,
            opsn=opsn,
            postal_codes="60999",
        )
        for name, code, population in COMMUNES
    ]
    return communes[0], communes[1]


def _members(valmont: Collectivite, bourg: Collectivite, people) -> None:
    for name, collectivite, role in (
        ("alice", valmont, MemberRole.REFERENT),
        ("bob", valmont, MemberRole.CONTRIBUTEUR),
        ("lea", valmont, MemberRole.LECTEUR),
        ("chloe", bourg, MemberRole.REFERENT),
    ):
        CollectiviteMember.objects.create(
            user=people[name],
            collectivite=collectivite,
            role=role,
            state=MemberState.ACTIVE,
            verification=Verification.OPSN,
        )
    CollectiviteMember.objects.create(
        user=people["paul"],
        collectivite=valmont,
        message="Bonjour, je remplace Alice à l’accueil cet été.",
    )


def _national_team(people) -> None:
    for name, group in (("edith", EDITORS), ("nadia", ADMINISTRATORS)):
        people[name].groups.add(Group.objects.get(name=group))
    team = [people[name].pk for name in ("edith", "nadia", "admin")]
    User.objects.filter(pk__in=team).update(is_staff=True)
    User.objects.filter(pk=people["admin"].pk).update(is_superuser=True)


def _assessments(valmont: Collectivite, bourg: Collectivite, people, at: datetime) -> None:
    """Valmont closed one a year ago and has begun again; Bourg has closed its first."""
    alice, chloe = people["alice"], people["chloe"]
    last_year = at - timedelta(days=380)
    first = open_assessment(collectivite=valmont, by=alice, at=last_year)
    _answer(first, FIRST_YES, alice, last_year)
    close_assessment(assessment=first, by=alice, at=last_year + timedelta(days=12))
    again = open_assessment(collectivite=valmont, by=alice, at=at - timedelta(days=6))
    _answer(again, FIRST_YES + PROGRESS_YES, alice, at - timedelta(days=5), only=18)
    other = open_assessment(collectivite=bourg, by=chloe, at=at - timedelta(days=40))
    _answer(other, FIRST_YES + PROGRESS_YES + ["ACH2", "ECO1"], chloe, at - timedelta(days=39))
    close_assessment(assessment=other, by=chloe, at=at - timedelta(days=38))


def _answer(
    assessment: Assessment, yes: list[str], by: User, at: datetime, only: int | None = None
) -> None:
    questions = Question.objects.filter(theme__questionnaire=assessment.questionnaire)
    versions = dict(assessment.answers.values_list("question", "version"))
    given = [
        GivenAnswer(question, _value(question.code, yes), versions.get(question.pk, 0))
        for question in questions.order_by("theme__order", "order")[:only]
    ]
    record_answers(assessment=assessment, given=given, by=by, at=at)


def _value(code: str, yes: list[str]) -> Value:
    if code in UNKNOWN:
        return Value(state=AnswerState.UNKNOWN)
    return Value(state=AnswerState.ANSWERED, choice=YesNo.YES if code in yes else YesNo.NO)
