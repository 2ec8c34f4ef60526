"""A long export is prepared in the background, and is for who asked for it, until it expires."""

import io
import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook

from questions.storage import private_storage
from supervision import preparing
from supervision.enums import ExportState
from supervision.filtering import CollectiviteFilters
from supervision.models import TerritoryExport
from supervision.models.export import EXPORTS
from supervision.preparing import NotStopped, TooManyExports, ask_for_export, start_again
from supervision.retention import EXPORT_TOLD, STRAY_KEPT, delete_exports
from supervision.territory import Territory
from territories.affiliation import NotEntitled
from territories.enums import AuditAction
from territories.models import AuditEntry, OpsnMember
from tests.questions.factories import answer
from tests.supervision.test_exports import KINDS, WORKBOOK, bytes_of, text_of
from tests.territories.factories import OpsnMemberFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def _every_file_is_long(monkeypatch):
    monkeypatch.setattr("supervision.views.exports.IN_BACKGROUND", 0)


@pytest.fixture(autouse=True)
def _no_file_is_left():
    yield
    for name in files():
        private_storage().delete(f"{EXPORTS}/{name}")


@pytest.fixture
def answered(commune, alice, assess):
    assessment = assess(commune)
    answer(assessment, by=alice, ACH1="oui", PAR1="non")
    return assessment


@pytest.fixture
def ready(client_of, omar, answered) -> TerritoryExport:
    """Omar's export, prepared at once: the queue of the tests does not wait."""
    client_of(omar).post(WORKBOOK)
    return TerritoryExport.objects.get()


@pytest.fixture
def queue(monkeypatch):
    """Return the calls that wait for a worker."""
    waiting = []
    monkeypatch.setattr(preparing, "do_later", lambda task, *args: waiting.append((task, args)))
    return waiting


def files() -> list[str]:
    storage = private_storage()
    return storage.listdir(EXPORTS)[1] if storage.exists(EXPORTS) else []


def page_of(export) -> str:
    return f"/opsn/exports/{export.pk}/"


def file_of(export) -> str:
    return f"/opsn/exports/{export.pk}/fichier/"


def ask(omar, opsn, query="", kind="csv") -> TerritoryExport:
    filters = CollectiviteFilters(QueryDict(query), Territory(opsn))
    return ask_for_export(kind=kind, filters=filters, by=omar, at=NOW)


class TestPreparing:
    @pytest.mark.parametrize("address", KINDS)
    def test_a_long_file_is_prepared_and_then_given(self, client_of, omar, answered, address):
        browser = client_of(omar)

        page = browser.post(address, {"q": "valmont"}, follow=True)

        export = TerritoryExport.objects.get()
        assert page.redirect_chain == [(page_of(export), 302)]
        assert "Le fichier est prêt" in page.content.decode()
        given = browser.get(file_of(export))
        assert "Valmont" in text_of(bytes_of(given))
        assert given["Cache-Control"] == "private, no-store"
        assert "eco-clic-opsn-du-nord" in given["Content-Disposition"]

    def test_it_holds_what_the_same_file_at_once_holds(
        self, client_of, omar, ready, monkeypatch, answered
    ):
        browser = client_of(omar)
        prepared = load_workbook(io.BytesIO(bytes_of(browser.get(file_of(ready)))))
        monkeypatch.setattr("supervision.views.exports.IN_BACKGROUND", 20_000)

        at_once = load_workbook(io.BytesIO(bytes_of(browser.post(WORKBOOK))))

        assert prepared.sheetnames == at_once.sheetnames
        for sheet in at_once.worksheets[1:]:  # « Lisez-moi » tells the minute
            told = list(prepared[sheet.title].iter_rows(values_only=True))
            assert told == list(sheet.iter_rows(values_only=True))

    def test_a_short_file_leaves_at_once(self, client_of, omar, answered, monkeypatch):
        monkeypatch.setattr("supervision.views.exports.IN_BACKGROUND", 20_000)

        response = client_of(omar).post(WORKBOOK)

        assert "attachment" in response["Content-Disposition"]
        assert not TerritoryExport.objects.exists()

    def test_the_number_of_rows_is_that_of_the_sheets(self, client_of, omar, ready):
        book = load_workbook(io.BytesIO(bytes_of(client_of(omar).get(file_of(ready)))))

        assert ready.rows == sum(sheet.max_row - 1 for sheet in book.worksheets[1:]) == 6

    def test_the_filters_are_kept_and_nothing_else(self, omar, opsn, commune, queue):
        export = ask(omar, opsn, "q=valmont&etape=&tri=-nom&x=y")

        assert export.query == "q=valmont&tri=-nom"
        assert export.words == "fichiers csv ; Nom ou code : valmont"

    def test_the_journal_and_a_mail_tell_it_once_it_is_ready(
        self, omar, opsn, answered, queue, mails
    ):
        export = ask(omar, opsn)
        assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()

        with mails:
            preparing.prepare.call(export.pk)

        entry = AuditEntry.objects.get(action=AuditAction.TERRITORY_EXPORTED)
        assert (entry.actor, entry.opsn, entry.ground) == (omar, opsn, "fichiers csv")
        (mail,) = mails.sent
        assert mail.to == ["omar@opsn-nord.example"]
        assert page_of(export) in mail.body
        assert file_of(export) not in mail.body

    def test_the_same_asked_twice_is_one(self, omar, opsn, commune, queue):
        assert ask(omar, opsn) == ask(omar, opsn)
        assert ask(omar, opsn, "q=x") != ask(omar, opsn)
        assert len(queue) == 2

    def test_nobody_fills_the_queue(self, client_of, omar, opsn, commune, queue):
        for word in "abc":
            ask(omar, opsn, f"q={word}")

        with pytest.raises(TooManyExports):
            ask(omar, opsn, "q=d")
        page = client_of(omar).post(WORKBOOK, follow=True).content.decode()
        assert "3 exports se préparent déjà pour vous" in page

    def test_who_is_not_of_the_opsn_asks_nothing(self, alice, chloe, opsn, other_opsn, queue):
        for person in (alice, chloe):
            with pytest.raises(NotEntitled):
                ask(person, opsn)
        assert not TerritoryExport.objects.exists()


class TestBar:
    def test_the_page_says_how_far_it_is(self, client_of, omar, opsn, commune, queue):
        export = ask(omar, opsn)
        browser = client_of(omar)
        assert "attend son tour" in browser.get(page_of(export)).content.decode()
        TerritoryExport.objects.update(
            state=ExportState.RUNNING, progress=42, file="exports/x", heartbeat=timezone.now()
        )

        page = browser.get(page_of(export)).content.decode()

        assert "42&nbsp;%" in page
        assert f'data-live="{page_of(export)}"' in page
        assert "js/live" in page
        assert browser.get(file_of(export)).url == page_of(export)

    def test_the_bar_moves_with_the_rows(self, omar, opsn, commune, queue, monkeypatch, villages):
        monkeypatch.setattr("supervision.exports.files.TICK", 1)
        villages(3)
        export, seen = ask(omar, opsn), []
        monkeypatch.setattr(
            preparing,
            "private_storage",
            lambda: seen.append(progress_of(export)) or private_storage(),
        )

        preparing.prepare.call(export.pk)

        assert seen == [preparing.WRITTEN]
        assert progress_of(export) == 100

    def test_one_that_is_cut_is_said_and_started_again(
        self, client_of, omar, opsn, answered, queue
    ):
        export = ask(omar, opsn)
        long_ago = timezone.now() - timedelta(minutes=3)
        TerritoryExport.objects.update(state=ExportState.RUNNING, heartbeat=long_ago)
        browser = client_of(omar)
        page = browser.get(page_of(export)).content.decode()
        assert "s’est arrêté en route" in page
        assert "data-live" not in page

        browser.post(f"{page_of(export)}relancer/")

        export.refresh_from_db()
        assert export.state == ExportState.WAITING
        assert len(queue) == 2

    @pytest.mark.parametrize("state", [ExportState.WAITING, ExportState.RUNNING])
    def test_one_that_goes_on_is_not(self, client_of, omar, opsn, commune, queue, state):
        export = ask(omar, opsn)
        TerritoryExport.objects.update(state=state, heartbeat=timezone.now())

        with pytest.raises(NotStopped):
            start_again(export=export, by=omar, at=timezone.now())
        page = client_of(omar).post(f"{page_of(export)}relancer/", follow=True).content.decode()
        assert "n’a pas besoin d’être relancé" in page

    def test_a_lost_one_in_the_queue_can_be_started_again(self, omar, opsn, commune, queue):
        export = ask(omar, opsn)

        start_again(export=export, by=omar, at=NOW + timedelta(minutes=16))

        assert len(queue) == 2

    def test_starting_again_is_a_post(self, client_of, omar, ready):
        assert client_of(omar).get(f"{page_of(ready)}relancer/").status_code == 405

    def test_an_error_leaves_no_file_and_says_so(self, omar, opsn, answered, queue, monkeypatch):
        export = ask(omar, opsn)
        monkeypatch.setattr(preparing, "_finish", failing)

        with pytest.raises(ZeroDivisionError):
            preparing.prepare.call(export.pk)

        export.refresh_from_db()
        assert export.state == ExportState.INTERRUPTED
        assert files() == []

    def test_a_process_that_wakes_up_late_changes_nothing(
        self, omar, opsn, answered, queue, monkeypatch
    ):
        export = ask(omar, opsn)
        finish = preparing._finish

        def finish_late(late, size, *, at):
            monkeypatch.setattr(preparing, "_finish", finish)
            TerritoryExport.objects.update(heartbeat=at - timedelta(minutes=3))
            export.refresh_from_db()
            start_again(export=export, by=omar, at=at)
            preparing.prepare.call(export.pk)
            finish(late, size, at=at)

        monkeypatch.setattr(preparing, "_finish", finish_late)

        preparing.prepare.call(export.pk)

        export.refresh_from_db()
        assert export.state == ExportState.READY
        assert [f"{EXPORTS}/{name}" for name in files()] == [export.file.name]
        assert AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).count() == 1

    def test_a_second_worker_leaves_it_to_the_first(self, ready):
        preparing.prepare.call(ready.pk)

        assert files() == [ready.file.name.removeprefix(f"{EXPORTS}/")]


def failing(export, size, *, at):
    return 1 / 0


def progress_of(export) -> int:
    return TerritoryExport.objects.get(pk=export.pk).progress


class TestScope:
    @pytest.mark.parametrize("name", ["alice", "chloe", "paul", "lone", "editor", "sonia", "nadia"])
    def test_it_exists_for_nobody_else(self, request, client_of, ready, name):
        browser = client_of(request.getfixturevalue(name))

        for address in (page_of(ready), file_of(ready)):
            response = browser.get(address)
            assert response.status_code == 404
            assert "Valmont" not in response.content.decode()
        assert browser.post(f"{page_of(ready)}relancer/").status_code == 404

    def test_not_even_for_a_colleague_of_the_same_opsn(self, client_of, rosa, ready):
        browser = client_of(rosa)

        assert browser.get(file_of(ready)).status_code == 404
        assert page_of(ready) not in browser.get("/opsn/exports/").content.decode()

    def test_a_visitor_logs_in_first(self, client_of, ready):
        assert client_of().get(file_of(ready)).url.startswith("/compte/connexion/")

    def test_who_leaves_the_opsn_loses_it_at_once(self, client_of, omar, other_opsn, ready):
        browser = client_of(omar)
        OpsnMemberFactory(user=omar, opsn=other_opsn)
        OpsnMember.objects.filter(user=omar, opsn=ready.opsn).delete()

        assert browser.get("/opsn/exports/").status_code == 200
        assert browser.get(page_of(ready)).status_code == 404
        assert browser.get(file_of(ready)).status_code == 404

    def test_so_does_an_opsn_that_is_not_active_any_more(self, client_of, omar, opsn, ready):
        opsn.active = False
        opsn.save()

        assert client_of(omar).get(file_of(ready)).status_code == 404

    def test_who_left_meanwhile_gets_no_file(self, omar, opsn, answered, queue, mails):
        export = ask(omar, opsn)
        OpsnMember.objects.filter(user=omar).delete()

        with mails:
            preparing.prepare.call(export.pk)

        export.refresh_from_db()
        assert export.state == ExportState.INTERRUPTED
        assert (files(), mails.sent) == ([], [])

    def test_it_is_made_with_the_eyes_of_who_asked(
        self, client_of, sonia, answered, other_commune, chloe
    ):
        browser = client_of(sonia)
        browser.post(WORKBOOK)

        response = browser.get(file_of(TerritoryExport.objects.get()))

        text = text_of(bytes_of(response))
        assert "Épine" in text
        for marker in ("Valmont", "alice", "Alice", "OPSN du Nord"):
            assert marker not in text
            assert marker not in str(response.headers)

    def test_a_commune_that_left_before_it_was_made_is_not_in_it(
        self, client_of, omar, opsn, other_opsn, answered, commune, queue
    ):
        export = ask(omar, opsn)
        commune.opsn = other_opsn
        commune.save()

        preparing.prepare.call(export.pk)

        assert "Valmont" not in text_of(bytes_of(client_of(omar).get(file_of(export))))

    def test_the_national_team_takes_the_country(
        self, client_of, nadia, omar, answered, other_commune
    ):
        browser = client_of(nadia)
        browser.post(WORKBOOK)
        export = TerritoryExport.objects.get()

        text = text_of(bytes_of(browser.get(file_of(export))))

        assert export.opsn is None
        assert "Valmont" in text
        assert "Épine" in text
        assert client_of(omar).get(file_of(export)).status_code == 404

    def test_no_address_leads_to_the_file_itself(self, client_of, omar, ready):
        with pytest.raises(ValueError, match="URL"):
            ready.file.url  # noqa: B018
        assert client_of(omar).get(f"/media/{ready.file.name}", follow=True).status_code == 404


class TestEnd:
    def test_the_link_expires_and_the_page_says_so(self, client_of, omar, ready):
        TerritoryExport.objects.update(expires_at=timezone.now())
        browser = client_of(omar)

        page = browser.get(file_of(ready), follow=True)

        assert page.redirect_chain == [(page_of(ready), 302)]
        assert "Ce fichier n’est plus gardé" in page.content.decode()

    def test_a_file_that_is_gone_is_not_an_error(self, client_of, omar, ready):
        private_storage().delete(ready.file.name)
        browser = client_of(omar)

        assert browser.get(page_of(ready)).status_code == 200
        assert browser.get(file_of(ready)).status_code == 404

    def test_retention_erases_what_has_expired_and_only_that(self, ready):
        assert delete_exports(at=ready.expires_at - timedelta(seconds=1), dry=False) == 0
        assert delete_exports(at=ready.expires_at, dry=True) == 1
        assert len(files()) == 1

        assert delete_exports(at=ready.expires_at, dry=False) == 1

        assert files() == []
        assert delete_exports(at=ready.expires_at, dry=False) == 0
        assert TerritoryExport.objects.get() == ready

    def test_and_what_a_killed_process_left(self, ready):
        stray = private_storage().save(f"{EXPORTS}/orphelin", io.BytesIO(b"PK"))
        now = timezone.now()
        assert delete_exports(at=now, dry=False) == 0

        assert delete_exports(at=now + STRAY_KEPT + timedelta(minutes=1), dry=False) == 1

        assert not private_storage().exists(stray)
        assert private_storage().exists(ready.file.name)

    def test_an_old_export_is_forgotten(self, ready):
        delete_exports(at=ready.asked_at + EXPORT_TOLD + timedelta(hours=1), dry=False)

        assert not TerritoryExport.objects.exists()
        assert files() == []

    def test_the_nightly_command_does_it(self, ready, capsys):
        TerritoryExport.objects.update(expires_at=NOW - timedelta(days=1))

        call_command("apply_retention")

        assert "1 fichiers d’exports périmés effacés" in capsys.readouterr().out


def test_the_logs_hold_ids_only(client_of, omar, answered, caplog):
    caplog.set_level(logging.DEBUG)
    browser = client_of(omar)
    browser.post(WORKBOOK, {"q": "valmont", "tri": "nom\r\nfaux\x1b[31m"}, follow=True)
    export = TerritoryExport.objects.get()
    browser.get(file_of(export))
    browser.get("/opsn/exports/999/fichier/")

    told = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    assert told
    for word in ("omar", "Omar", "alice", "Valmont", "valmont", "faux", "OPSN du Nord"):
        assert word not in told


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_exports_lists_hers_in_as_many_queries(
    client_of, omar, opsn, commune, queue, count, django_assert_max_num_queries
):
    for word in "abc"[:count]:
        ask(omar, opsn, f"q={word}")
    browser = client_of(omar)
    browser.get("/opsn/exports/")

    with django_assert_max_num_queries(12):
        page = browser.get("/opsn/exports/").content.decode()
    assert page.count("attend son tour") == count
