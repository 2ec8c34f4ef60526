"""The life of a run: confirmed once, by who may, for the file that was seen; cancelled, interrupted, remembered."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from imports import running, tasks
from imports.enums import RunState
from imports.models import ImportFile, ImportRun
from imports.reading import Busy
from imports.running import (
    AnotherFile,
    CannotReadSo,
    NotConfirmable,
    NotEntitled,
    NothingToDo,
    PreviewOutdated,
    WasCancelled,
)
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite
from territories.scoping import acting_as
from tests.imports.factories import start_list
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db
ROWS = [["60057", "", "", "", "mairie@beauvais.example"], ["60395", "", "", "", ""]]


@pytest.fixture
def run(opsn, omar, communes):
    return start_list(ROWS, opsn=opsn, by=omar)


def confirm(run, by, digest=None):
    running.apply(run=run, digest=digest or run.digest, by=by, at=timezone.now())


def cancel(run, by):
    running.cancel(run=run, by=by, at=timezone.now())


def attached(opsn):
    return opsn.collectivites.count()


class TestWho:
    def test_omar_may_bring_a_list_for_his_opsn_only(self, omar, opsn, other_opsn):
        with pytest.raises(NotEntitled):
            start_list(ROWS, opsn=other_opsn, by=omar)

    @pytest.mark.parametrize("kind", ["opsns", "communes", "epcis", "former_communes"])
    def test_lists_of_the_country_are_for_the_national_team(self, kind, omar, opsn):
        for of in (opsn, None):
            with pytest.raises(NotEntitled):
                start_list(ROWS, kind=kind, opsn=of, by=omar)

    def test_an_opsn_that_is_no_longer_active_brings_nothing(self, omar, opsn):
        opsn.active = False
        opsn.save()

        with pytest.raises(NotEntitled):
            start_list(ROWS, opsn=opsn, by=omar)

    @pytest.mark.parametrize("name", ["sonia", "alice", "lone"])
    def test_nobody_else_confirms_cancels_or_corrects(self, run, request, name, opsn):
        person = request.getfixturevalue(name)
        before = attached(opsn)

        with pytest.raises(NotEntitled):
            confirm(run, person)
        with pytest.raises(NotEntitled):
            running.cancel(run=run, by=person, at=timezone.now())
        with pytest.raises(NotEntitled):
            running.preview(run=run, by=person, at=timezone.now(), choices={})
        assert attached(opsn) == before

    def test_a_member_sees_the_runs_of_her_opsn_and_the_national_team_all(
        self, run, omar, sonia, nadia, alice, other_opsn
    ):
        theirs = start_list(ROWS, opsn=other_opsn, by=sonia)

        def seen(user):
            with acting_as(user):
                return set(ImportRun.objects.all())

        assert (seen(omar), seen(sonia), seen(nadia)) == ({run}, {theirs}, {run, theirs})
        assert seen(alice) == set()


class TestConfirming:
    def test_it_writes_once(self, run, omar, opsn):
        confirm(run, omar)

        with pytest.raises(NotConfirmable):
            confirm(run, omar)
        assert attached(opsn) == 2

    def test_only_the_file_that_was_seen(self, run, omar, opsn):
        with pytest.raises(AnotherFile):
            confirm(run, omar, digest="0" * 64)
        assert attached(opsn) == 0

    def test_a_file_changed_in_between_is_not_written(self, run, omar, opsn):
        ImportFile.objects.filter(run=run).update(content=b"Code INSEE\n01001\n")

        with pytest.raises(AnotherFile):
            confirm(run, omar)
        assert attached(opsn) == 0
        run.refresh_from_db()
        assert run.state == RunState.INTERRUPTED

    def test_data_changed_since_the_preview_shows_a_new_preview(
        self, run, omar, opsn, other_opsn, communes
    ):
        Collectivite.objects.filter(pk=communes["meru"].pk).update(opsn=other_opsn)

        with pytest.raises(PreviewOutdated):
            confirm(run, omar)

        run.refresh_from_db()
        assert (run.state, run.counts) == (RunState.PREVIEWED, {"attached": 1, "rejected": 1})
        assert attached(opsn) == 0

    def test_a_row_changed_between_check_and_write_stops_everything(
        self, run, omar, opsn, communes, monkeypatch
    ):
        from imports.collectivites import CollectivitesKind

        plan = CollectivitesKind.plan

        def and_somebody_writes(self, *args):
            made = plan(self, *args)
            Collectivite.objects.filter(pk=communes["meru"].pk).update(official_email="x@y.example")
            return made

        monkeypatch.setattr(CollectivitesKind, "plan", and_somebody_writes)

        with pytest.raises(PreviewOutdated):
            confirm(run, omar)
        assert attached(opsn) == 0

    def test_a_value_changed_since_the_preview_is_not_overwritten_though_the_counts_are_the_same(
        self, omar, opsn, communes
    ):
        row = Collectivite.objects.filter(pk=communes["beauvais"].pk)
        row.update(opsn=opsn, official_email="omar@saw.example")
        run = start_list(ROWS[:1], opsn=opsn, by=omar)
        row.update(official_email="a.colleague@wrote.example")

        with pytest.raises(PreviewOutdated):
            confirm(run, omar)

        assert row.get().official_email == "a.colleague@wrote.example"
        ((change,),) = [line.changes for line in running.read_lines(run)]
        assert (change.old, change.new) == ("a.colleague@wrote.example", "mairie@beauvais.example")
        confirm(run, omar)
        assert row.get().official_email == "mairie@beauvais.example"

    def test_a_server_too_busy_to_read_the_file_says_so_and_keeps_it(
        self, run, omar, opsn, monkeypatch
    ):
        def busy(*args):
            raise Busy("Réessayez dans quelques minutes.")

        monkeypatch.setattr(running, "read", busy)

        with pytest.raises(CannotReadSo, match="Réessayez"):
            confirm(run, omar)

        run.refresh_from_db()
        assert (run.state, attached(opsn)) == (RunState.INTERRUPTED, 0)
        monkeypatch.undo()
        confirm(run, omar)
        assert attached(opsn) == 2

    def test_a_file_that_changes_nothing_is_not_confirmed(self, omar, opsn, communes):
        run = start_list([["60X01"]], opsn=opsn, by=omar)

        with pytest.raises(NothingToDo):
            confirm(run, omar)

    def test_the_content_is_not_kept_once_it_is_written(self, run, omar):
        confirm(run, omar)

        assert ImportFile.objects.get(run=run).content is None

    def test_a_failure_leaves_the_data_as_before_and_the_run_interrupted(
        self, run, omar, opsn, monkeypatch
    ):
        def crash(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr(running, "_made", crash)

        with pytest.raises(RuntimeError):
            confirm(run, omar)

        run.refresh_from_db()
        assert (run.state, attached(opsn)) == (RunState.INTERRUPTED, 0)
        monkeypatch.undo()
        confirm(run, omar)
        assert attached(opsn) == 2

    def test_a_long_file_goes_to_the_background(self, run, omar, opsn, monkeypatch):
        monkeypatch.setattr(running, "IN_BACKGROUND", 1)

        tasks.confirm(run=run, digest=run.digest, by=omar, at=timezone.now())

        run.refresh_from_db()
        assert (run.state, run.progress, attached(opsn)) == (RunState.APPLIED, 100, 2)

    def test_the_day_of_an_earlier_import_is_that_of_paris(self, omar, opsn, communes):
        at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
        confirm(start_list(ROWS, opsn=opsn, by=omar, at=at), omar)

        again = start_list(ROWS, opsn=opsn, by=omar)

        assert "Ce fichier a déjà été importé le 01/01/2027." in again.notes

    def test_the_journal_counts_one_line_in_the_singular(self, omar, opsn, communes):
        confirm(start_list(ROWS[:1], opsn=opsn, by=omar), omar)

        entry = AuditEntry.objects.get(action=AuditAction.IMPORT_APPLIED)
        assert ": 1 ligne (import n°" in entry.ground


class TestCancelling:
    def test_it_writes_nothing_and_forgets_the_file(self, run, omar, opsn):
        running.cancel(run=run, by=omar, at=timezone.now())

        run.refresh_from_db()
        assert run.state == RunState.CANCELLED
        assert ImportFile.objects.get(run=run).content is None
        with pytest.raises(NotConfirmable):
            confirm(run, omar)
        assert attached(opsn) == 0

    def test_a_running_import_stops_before_it_writes(self, run, omar, opsn, monkeypatch):
        from imports.collectivites import CollectivitesKind

        write = CollectivitesKind.write
        running.claim(run=run, digest=run.digest, by=omar, at=timezone.now())
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.CANCELLED)
        monkeypatch.setattr(
            CollectivitesKind, "write", lambda self, plan: pytest.fail("written") or write
        )

        with pytest.raises(WasCancelled):
            running.carry_out(run=run, by=omar, at=timezone.now())
        assert attached(opsn) == 0

    def test_what_is_written_is_not_cancelled(self, run, omar):
        confirm(run, omar)

        with pytest.raises(NotConfirmable):
            running.cancel(run=run, by=omar, at=timezone.now())


class TestInterrupted:
    def test_a_run_without_a_sign_of_life_is_said_to_be_interrupted_and_can_go_on(
        self, run, omar, opsn
    ):
        now = timezone.now()
        ImportRun.objects.update(state=RunState.RUNNING, heartbeat=now - timedelta(minutes=3))

        assert running.interrupt_silent_runs(at=now) == 1

        confirm(run, omar)
        assert attached(opsn) == 2

    def test_a_run_that_gives_signs_of_life_is_left_alone(self, run):
        now = timezone.now()
        ImportRun.objects.update(state=RunState.RUNNING, heartbeat=now - timedelta(seconds=30))

        assert running.interrupt_silent_runs(at=now) == 0

    def test_a_run_that_waits_for_its_turn_behind_a_long_export_is_left_alone(
        self, run, omar, opsn, monkeypatch
    ):
        monkeypatch.setattr(running, "IN_BACKGROUND", 1)
        queue = []
        monkeypatch.setattr(tasks, "do_later", lambda task, *args: queue.append((task, args)))
        now = timezone.now()
        tasks.confirm(run=run, digest=run.digest, by=omar, at=now)

        assert running.interrupt_silent_runs(at=now + timedelta(hours=1)) == 0

        ((task, args),) = queue
        task.call(*args)
        run.refresh_from_db()
        assert (run.state, attached(opsn)) == (RunState.APPLIED, 2)


class TestCorrecting:
    def test_a_corrected_column_is_read_and_remembered_for_the_next_file(
        self, omar, opsn, communes
    ):
        header = ["Code INSEE", "Zone 3"]
        run = start_list(
            [["60057", "a@b.example"]], opsn=opsn, by=omar, header=["Code INSEE", "Zone 3"]
        )
        running.preview(run=run, by=omar, at=timezone.now(), corrections={"zone 3": "population"})
        assert run.counts == {"rejected": 1}
        running.preview(run=run, by=omar, at=timezone.now(), corrections={"zone 3": "email"})
        confirm(run, omar)

        again = start_list([["60395", "c@d.example"]], opsn=opsn, by=omar, header=header)

        assert again.columns[1]["field"] == "email"

    def test_a_file_without_what_tells_the_commune_waits_for_its_columns(
        self, omar, opsn, communes
    ):
        run = start_list(
            [["60057", "x"], ["60395", "y"]], opsn=opsn, by=omar, header=["Zone", "Population"]
        )
        assert (run.state, run.counts) == (RunState.READ, {})
        assert "Il manque une colonne" in run.notes[0]

        running.preview(
            run=run,
            by=omar,
            at=timezone.now(),
            corrections={"zone": "code_insee", "population": ""},
        )

        assert run.counts == {"attached": 2}

    def test_a_correction_that_leaves_nothing_to_read_is_refused_and_changes_nothing(
        self, run, omar
    ):
        with pytest.raises(CannotReadSo):
            running.preview(
                run=run, by=omar, at=timezone.now(), corrections={"code insee": "", "siren": ""}
            )

        run.refresh_from_db()
        assert (run.state, run.counts) == (RunState.PREVIEWED, {"attached": 2})

    @pytest.mark.parametrize("act", [confirm, cancel])
    def test_what_was_confirmed_or_given_up_meanwhile_does_not_wait_for_it_again(
        self, run, omar, monkeypatch, act
    ):
        plan = running._plan

        def and_a_colleague_acts(mine, *args):
            made = plan(mine, *args)
            monkeypatch.setattr(running, "_plan", plan)
            act(ImportRun.objects.get(pk=run.pk), omar)
            return made

        monkeypatch.setattr(running, "_plan", and_a_colleague_acts)

        with pytest.raises(NotConfirmable):
            running.preview(run=run, by=omar, at=timezone.now(), choices={})

        run.refresh_from_db()
        assert run.is_finished

    def test_a_choice_among_candidates_is_followed(self, omar, opsn, oise):
        CollectiviteFactory(name="Sainte-Colombe", departement=DepartementFactory(code="01"))
        mine = CollectiviteFactory(name="Sainte-Colombe")
        run = start_list(
            [["Ste-Colombe", "", ""]], opsn=opsn, by=omar, header=["Nom", "Code postal", "Dép"]
        )
        assert run.counts == {"ambiguous": 1}

        running.preview(run=run, by=omar, at=timezone.now(), choices={"2": mine.pk})

        assert run.counts == {"attached": 1}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\Users\\omar\\liste.csv", "liste.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("\u202efdp.csv", "fdp.csv"),
        ("x" * 300 + ".csv", "x" * 100 + ".csv"),
    ],
)
def test_a_file_is_kept_under_a_name_that_deceives_nobody(omar, opsn, name, kept):
    run = running.start(
        kind="collectivites", content=b"", file_name=name, opsn=opsn, by=omar, at=timezone.now()
    )

    assert (run.file_name, run.state) == (kept, RunState.REFUSED)
