"""An import is undone whole, as long as nothing that it made was used since."""

from datetime import timedelta

import pytest
from django.utils import timezone

from imports import running, undoing
from imports.enums import RunState
from imports.running import NotEntitled
from imports.undoing import NotUndoable, UsedSince
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite, Invitation
from tests.imports.factories import start_list
from tests.territories.factories import MemberFactory

pytestmark = pytest.mark.django_db
ROWS = [["60057", "", "", "", "mairie@beauvais.example"], ["60395", "", "", "", ""]]


@pytest.fixture
def applied(opsn, omar, communes):
    run = start_list(ROWS, opsn=opsn, by=omar)
    running.apply(run=run, digest=run.digest, by=omar, at=timezone.now())
    run.refresh_from_db()
    return run


def undo(run, by):
    undoing.undo(run=run, by=by, at=timezone.now())


def test_everything_is_as_before_and_the_journal_says_it(communes, opsn, omar):
    before = list(Collectivite.objects.order_by("pk").values())
    run = start_list(ROWS, opsn=opsn, by=omar)
    running.apply(run=run, digest=run.digest, by=omar, at=timezone.now())
    run.refresh_from_db()

    undo(run, omar)

    run.refresh_from_db()
    assert list(Collectivite.objects.order_by("pk").values()) == before
    assert run.state == RunState.UNDONE
    assert AuditEntry.objects.filter(action=AuditAction.DETACHED).count() == 2
    assert AuditEntry.objects.filter(action=AuditAction.IMPORT_UNDONE).count() == 1


def test_the_preview_counts_what_will_be_put_back(applied, omar):
    preview = undoing.preview_undo(run=applied, by=omar)

    assert (preview.taken_back, preview.put_back, preview.used) == (0, 2, [])
    assert preview.is_possible


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (
            lambda c, at: Collectivite.objects.filter(pk=c.pk).update(official_email="x@y.example"),
            "Cette fiche a été modifiée.",
        ),
        (
            lambda c, at: MemberFactory(collectivite=c, requested_at=at),
            "Une personne a demandé à la rejoindre.",
        ),
    ],
)
def test_what_was_used_since_forbids_it_and_is_named(applied, omar, communes, use, sentence):
    use(communes["beauvais"], timezone.now() + timedelta(minutes=1))

    assert undoing.preview_undo(run=applied, by=omar).used == [("Beauvais", sentence)]
    with pytest.raises(UsedSince):
        undo(applied, omar)
    communes["meru"].refresh_from_db()
    assert communes["meru"].opsn is not None


def test_it_is_not_undone_twice_nor_before_it_is_applied(applied, omar, opsn):
    undo(applied, omar)

    with pytest.raises(NotUndoable):
        undo(applied, omar)
    with pytest.raises(NotUndoable):
        undo(start_list(ROWS, opsn=opsn, by=omar), omar)


def test_another_opsn_does_not_undo_it(applied, sonia):
    with pytest.raises(NotEntitled):
        undo(applied, sonia)


def test_the_same_file_can_be_brought_again_after(applied, omar, opsn):
    undo(applied, omar)

    assert start_list(ROWS, opsn=opsn, by=omar).counts == {"attached": 2}


def test_invitations_are_cancelled_unless_one_was_accepted(applied, omar, opsn):
    header = ["Code INSEE", "E-mail"]
    rows = [["60057", "a@beauvais.example"], ["60395", "b@meru.example"]]
    run = start_list(rows, kind="contacts", opsn=opsn, by=omar, header=header)
    running.apply(run=run, digest=run.digest, by=omar, at=timezone.now())
    run.refresh_from_db()
    Invitation.objects.filter(email="a@beauvais.example").update(accepted_at=timezone.now())

    with pytest.raises(UsedSince):
        undo(run, omar)

    Invitation.objects.update(accepted_at=None)
    undo(run, omar)
    assert not Invitation.objects.filter(cancelled_at=None).exists()
