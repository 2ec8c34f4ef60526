"""Imports keep the file, the lines and the way back for a stated time, and no longer."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from imports import running
from imports.enums import RunState
from imports.models import ImportFile, ImportRun
from imports.retention import DETAIL_KEPT, FILE_KEPT, erase_details, give_up_waiting
from imports.undoing import NotUndoable, undo
from territories.models import Collectivite
from tests.imports.factories import start_list

pytestmark = pytest.mark.django_db
NOW = timezone.now()
SECOND = timedelta(seconds=1)
ROWS = [["60057", "", "", "", "mairie@beauvais.example"], ["6O395", "", "", "", ""]]


def bring(opsn, omar, at):
    return start_list(ROWS, opsn=opsn, by=omar, at=at)


def kept(run):
    return ImportFile.objects.values_list("content", "report", "refused", "made").get(run=run)


@pytest.fixture
def applied(opsn, omar, communes):
    run = bring(opsn, omar, NOW)
    running.apply(run=run, digest=run.digest, by=omar, at=NOW)
    run.refresh_from_db()
    return run


def test_what_nobody_confirms_is_given_up_after_a_month_and_its_file_erased(opsn, omar, communes):
    old, recent = (bring(opsn, omar, NOW - FILE_KEPT + step) for step in (-SECOND, SECOND))

    assert give_up_waiting(at=NOW, dry=True) == 1
    assert kept(old)[0] is not None
    assert give_up_waiting(at=NOW, dry=False) == 1
    assert give_up_waiting(at=NOW, dry=False) == 0

    old.refresh_from_db(), recent.refresh_from_db()
    assert (old.state, old.finished_at, kept(old)) == (RunState.CANCELLED, NOW, (None,) * 4)
    assert (recent.state, kept(recent)[0] is not None) == (RunState.PREVIEWED, True)


def test_what_was_written_stays_written(applied, opsn):
    assert give_up_waiting(at=NOW + FILE_KEPT + SECOND, dry=False) == 0

    applied.refresh_from_db()
    assert (applied.state, opsn.collectivites.count()) == (RunState.APPLIED, 1)


def test_its_detail_is_erased_after_a_year_and_it_is_no_longer_undone(
    applied, omar, opsn, client_of
):
    page = f"/opsn/imports/{applied.pk}/"
    late = NOW + DETAIL_KEPT + SECOND
    assert erase_details(at=NOW + DETAIL_KEPT - SECOND, dry=False) == 0
    assert erase_details(at=late, dry=True) == 1
    assert "Annuler cet import" in client_of(omar).get(page).content.decode()

    assert erase_details(at=late, dry=False) == 1
    assert erase_details(at=late, dry=False) == 0

    assert kept(applied) == (None,) * 4
    told = client_of(omar).get(page).content.decode()
    assert "Le détail de cet import n’est plus gardé" in told
    assert "Annuler cet import" not in told
    assert "refusees.xlsx" not in told
    with pytest.raises(NotUndoable):
        undo(run=applied, by=omar, at=late)
    assert opsn.collectivites.count() == 1


def test_the_command_of_the_night_does_both(opsn, omar, communes):
    bring(opsn, omar, NOW - FILE_KEPT - SECOND)
    ImportRun.objects.filter(pk=bring(opsn, omar, NOW).pk).update(
        state=RunState.APPLIED, finished_at=NOW - DETAIL_KEPT - SECOND
    )
    out = StringIO()

    call_command("apply_retention", stdout=out)

    assert "1 imports jamais confirmés abandonnés" in out.getvalue()
    assert "1 détails d’imports anciens effacés" in out.getvalue()
    assert Collectivite.objects.filter(opsn=opsn).count() == 0
