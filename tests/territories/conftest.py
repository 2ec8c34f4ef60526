from datetime import UTC, datetime

import pytest

from tests.accounts.factories import UserFactory

AT = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def at():
    """The moment of an act."""
    return AT


@pytest.fixture
def mails(django_capture_on_commit_callbacks, mailoutbox):
    """Run the block as a committed transaction; the mails it sends are in `mails.sent`."""

    class Mails:
        sent = mailoutbox

        def __enter__(self):
            self._captured = django_capture_on_commit_callbacks(execute=True)
            return self._captured.__enter__()

        def __exit__(self, *error):
            return self._captured.__exit__(*error)

        @property
        def to(self):
            return sorted(address for mail in mailoutbox for address in mail.to)

    return Mails()


@pytest.fixture
def person(db):
    """Return somebody new with this address, confirmed."""
    return lambda email, **kwargs: UserFactory(email=email, **kwargs)
