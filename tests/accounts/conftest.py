import re

import pytest
from django.core.cache import cache

from tests.accounts.factories import PASSWORD


@pytest.fixture(autouse=True)
def _limits_on_attempts_start_afresh():
    cache.clear()


@pytest.fixture
def log_in():
    """Fill in the login form, as a person does."""

    def fill_in(client, email, password=PASSWORD, **extra):
        return client.post("/compte/connexion/", {"login": email, "password": password}, **extra)

    return fill_in


@pytest.fixture
def sign_up():
    """Fill in the registration form, as a person does."""

    def fill_in(client, email, password=PASSWORD, **fields):
        data = {"first_name": "Alice", "email": email, "password1": password, "informed": "on"}
        return client.post("/compte/inscription/", data | fields)

    return fill_in


@pytest.fixture
def code_in():
    """Return the confirmation code of a mail."""

    def read(mail) -> str:
        return re.search(r"^[A-Z0-9]+(-[A-Z0-9]+)*$", mail.body, re.MULTILINE).group()

    return read


@pytest.fixture
def prove_identity():
    """Type the password again, as before each sensitive change."""

    def fill_in(client):
        return client.post("/compte/confirmer-identite/", {"password": PASSWORD})

    return fill_in
