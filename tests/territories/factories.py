import factory

from accounts.rules import has_second_factor
from territories.enums import CollectiviteKind, MemberRole, MemberState, Verification
from territories.models import (
    Collectivite,
    CollectiviteMember,
    Departement,
    Opsn,
    OpsnMember,
    Region,
)
from territories.search import normalise_name
from tests.accounts.factories import UserFactory, prove_twice


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "32"
    name = "Hauts-de-France"


class DepartementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Departement
        django_get_or_create = ("code",)

    code = "60"
    name = "Oise"
    region = factory.SubFactory(RegionFactory)


class OpsnFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Opsn

    name = factory.Sequence(lambda n: f"OPSN {n}")
    contact_email = factory.Sequence(lambda n: f"contact{n}@opsn.example")


class CollectiviteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Collectivite

    kind = CollectiviteKind.COMMUNE
    name = "Saint-Aubin-les-Prés"
    search_name = factory.LazyAttribute(lambda o: normalise_name(o.name))
    code_insee = factory.Sequence(lambda n: f"{61000 + n % 9000}")  # no test writes a code of these
    population = 850
    population_year = 2023
    postal_codes = "60100"
    departement = factory.SubFactory(DepartementFactory)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CollectiviteMember

    user = factory.SubFactory(UserFactory)
    collectivite = factory.SubFactory(CollectiviteFactory)
    role = MemberRole.CONTRIBUTEUR
    state = MemberState.ACTIVE
    verification = Verification.INVITATION


class OpsnMemberFactory(factory.django.DjangoModelFactory):
    """With a second factor, which an OPSN must have, unless `proven=False`."""

    class Meta:
        model = OpsnMember
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory)
    opsn = factory.SubFactory(OpsnFactory)

    @factory.post_generation
    def proven(self, create, extracted, **kwargs):
        if extracted is not False and not has_second_factor(self.user):
            prove_twice(self.user)
