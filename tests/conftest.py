"""The people of the tests, each with one trait.

Alice answers for Valmont-sur-Claire, Bob is her colleague, Chloé is of another commune, Omar is of Alice's OPSN,
Nadia is of the national team, Paul waits to be accepted, Lone belongs nowhere.
"""

import os
import shutil

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from hypothesis import settings

from accounts.models import User
from territories.enums import MemberRole, MemberState
from territories.scoping import everything
from tests.accounts.factories import PASSWORD, UserFactory, prove_twice
from tests.migrated import start_from_the_model
from tests.territories.factories import (
    CollectiviteFactory,
    MemberFactory,
    OpsnFactory,
    OpsnMemberFactory,
)

settings.register_profile("eco-clic", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("eco-clic")


def pytest_collection_modifyitems(config, items):
    """Threads and locks need PostgreSQL, journeys need Chromium; in CI a missing one fails."""
    if connection.vendor == "postgresql":
        once = [item for item in items if not depends_on_the_database(item)]
        items[:] = [item for item in items if item not in set(once)]
        config.hook.pytest_deselected(items=once)
    lacking = {}
    if connection.vendor != "postgresql":
        lacking["postgres"] = "needs PostgreSQL: make test-postgres"
    if not shutil.which("chromium") and not os.environ.get("CI"):
        lacking["browser"] = "needs Chromium on the PATH"
    for item in items:
        for name, reason in lacking.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


def depends_on_the_database(item) -> bool:
    """Return whether PostgreSQL has a say in the test; the others are asked once, on SQLite."""
    if item.get_closest_marker("any_database"):
        return False
    marked = item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    return bool(marked) or "django_db_setup" in item.fixturenames


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    with start_from_the_model():
        yield


@pytest.fixture(autouse=True)
def _every_tenant_is_in_scope_of_the_test():
    with everything():
        yield


@pytest.fixture(scope="session", autouse=True)
def _private_files_are_erased():
    yield
    shutil.rmtree(django_settings.PRIVATE_MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def opsn(db):
    return OpsnFactory(name="OPSN du Nord")


@pytest.fixture
def other_opsn(db):
    return OpsnFactory(name="OPSN du Sud")


@pytest.fixture
def commune(opsn):
    return CollectiviteFactory(name="Valmont-sur-Claire", opsn=opsn)


@pytest.fixture
def other_commune(other_opsn):
    return CollectiviteFactory(name="L’Épine & Cœur", opsn=other_opsn)


@pytest.fixture
def alice(commune):
    user = UserFactory(first_name="Alice", email="alice@valmont.example")
    MemberFactory(user=user, collectivite=commune, role=MemberRole.REFERENT)
    return user


@pytest.fixture
def bob(commune):
    user = UserFactory(first_name="Bob", email="bob@valmont.example")
    MemberFactory(user=user, collectivite=commune, role=MemberRole.CONTRIBUTEUR)
    return user


@pytest.fixture
def lea(commune):
    """Reads only."""
    user = UserFactory(first_name="Léa", email="lea@valmont.example")
    MemberFactory(user=user, collectivite=commune, role=MemberRole.LECTEUR)
    return user


@pytest.fixture
def chloe(other_commune):
    user = UserFactory(first_name="Chloé", email="chloe@lepine.example")
    MemberFactory(user=user, collectivite=other_commune, role=MemberRole.REFERENT)
    return user


@pytest.fixture
def paul(commune):
    user = UserFactory(first_name="Paul", email="paul@courriel.example")
    MemberFactory(user=user, collectivite=commune, state=MemberState.PENDING, verification="")
    return user


@pytest.fixture
def lone(db):
    return UserFactory(first_name="Lone", email="lone@nulle-part.example")


@pytest.fixture
def omar(opsn):
    user = UserFactory(first_name="Omar", email="omar@opsn-nord.example")
    OpsnMemberFactory(user=user, opsn=opsn)
    return user


@pytest.fixture
def sonia(other_opsn):
    """Of the OPSN of Chloé's commune."""
    user = UserFactory(first_name="Sonia", email="sonia@opsn-sud.example")
    OpsnMemberFactory(user=user, opsn=other_opsn)
    return user


@pytest.fixture
def nadia(db):
    return UserFactory(first_name="Nadia", email="nadia@declic.example", national=True)


@pytest.fixture
def editor(db):
    return UserFactory(first_name="Édith", email="edith@declic.example", editor=True)


@pytest.fixture
def root(db):
    """The superuser of `createsuperuser`, with a second factor."""
    user = User.objects.create_superuser("root@declic.example", PASSWORD)
    prove_twice(user)
    return user


@pytest.fixture
def client_of():
    """Return a browser where this person is logged in; None is a visitor."""

    def open_browser(user=None, **kwargs) -> Client:
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return open_browser
