import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group

from accounts.models import User

PASSWORD = "sept-peupliers-bleus"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@commune.example")
    first_name = "Camille"
    last_name = "Martin"
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        """An address is confirmed unless the test says otherwise."""
        if extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    @factory.post_generation
    def national(self, create, extracted, **kwargs):
        if extracted:
            join_national_team(self, "Administrateurs nationaux")

    @factory.post_generation
    def editor(self, create, extracted, **kwargs):
        if extracted:
            join_national_team(self, "Éditeurs nationaux")


def join_national_team(user: User, group: str) -> None:
    """The groups and their rights are set up after each migration (config.roles)."""
    user.is_staff = True
    user.save()
    user.groups.add(Group.objects.get(name=group))
    prove_twice(user)


def prove_twice(user: User) -> None:
    """Give a second factor, as if it had been enrolled."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
