"""A commune lets its EPCI see its figures, and takes that back."""

import io
import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from plans.enums import Status
from supervision.communes import VIEWS, communes_filters
from supervision.consenting import NoEpci, give_consent
from supervision.exporting import FileKind
from supervision.exporting_communes import export_communes
from supervision.models import Consent
from territories.affiliation import NotEntitled
from territories.enums import AuditAction, CollectiviteKind, MemberRole
from territories.models import AuditEntry
from tests.accounts.factories import UserFactory
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import MORNING
from tests.supervision.closing import NO, YES, closed, neighbours
from tests.supervision.strategies import editions
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db
CONSENT, DECIDE = reverse("comparison:consent"), reverse("comparison:decide")
COMMUNES = reverse("comparison:communes")


@pytest.fixture
def epci(commune):
    epci = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None, name="CC des Prés")
    commune.epci = epci
    commune.save()
    return epci


@pytest.fixture
def elsa(epci):
    """Of the EPCI."""
    user = UserFactory(first_name="Elsa", email="elsa@cc-des-pres.example")
    MemberFactory(user=user, collectivite=epci, role=MemberRole.REFERENT)
    return user


@pytest.fixture
def valmont(commune, epci):
    closed(commune, editions(), ("2027", YES))
    return commune


def seen_by(user, client_of) -> str:
    """Both views of the page: all together, and commune by commune."""
    browser = client_of(user)
    pages = [browser.get(COMMUNES), browser.get(f"{COMMUNES}?vue=communes")]
    return "".join(page.content.decode() for page in pages).replace("\u00a0", " ")


def test_nothing_is_seen_before_the_referent_agrees(valmont, elsa, client_of):
    page = seen_by(elsa, client_of)

    assert "Valmont-sur-Claire" not in page
    assert "vues par vous : 0 sur 1." in page


def test_the_epci_sees_what_was_agreed(valmont, alice, elsa, client_of):
    client_of(alice).post(DECIDE, {"accord": "oui"})

    page = seen_by(elsa, client_of)

    assert "Valmont-sur-Claire" in page
    assert "vues par vous : 1 sur 1." in page


def test_it_sees_no_other_commune_of_its_own(valmont, alice, elsa, epci, client_of):
    neighbours(2, editions_of(valmont), epci=epci)
    client_of(alice).post(DECIDE, {"accord": "oui"})

    page = seen_by(elsa, client_of)

    assert "Voisine" not in page
    assert "vues par vous : 1 sur 3." in page


@pytest.mark.parametrize(
    "view",
    [
        "",
        "?strate=500&depuis=2020-01-01",
        "?vue=pratiques",
        "?vue=communes",
        "?vue=communes&page=2",
        "?vue=progres",
        "?vue=autre",
    ],
)
def test_a_large_epci_reads_light_pages(view, valmont, epci, elsa, client_of):
    for commune in [valmont, *neighbours(15, editions_of(valmont), epci=epci)]:
        Consent.objects.create(collectivite=commune, epci=epci)

    page = client_of(elsa).get(COMMUNES + view)

    assert page.status_code == 200
    assert page.content.count(b"<") // 2 <= 290  # opened and closed


class TestSameFigures:
    """The EPCI reads the figures of an OPSN on the communes that agreed, but for what is done in their plans."""

    @pytest.fixture
    def by_name(self):
        return editions()

    @pytest.fixture
    def moved(self, commune, epci, by_name):
        """Valmont went from 0 to 100 in a year, and did an action in between; Voisine 0 did too, and did not agree."""
        for place in (commune, CollectiviteFactory(name="Voisine 0", epci=epci)):
            first, _ = closed(place, by_name, ("2026", NO), ("2027", YES))
            plan = PlanFactory(collectivite=place)
            day = first.closed_at.date() + timedelta(days=1)
            ActionFactory(plan=plan, title="Éteindre la nuit", status=Status.DONE, done_on=day)
        Consent.objects.create(collectivite=commune, epci=epci)
        return commune

    @pytest.fixture
    def read(self, elsa, client_of):
        def make(kind="xlsx", **data) -> dict[str, list[tuple]]:
            response = client_of(elsa).post(f"{COMMUNES}fichier/{kind}/", data)
            book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
            return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}

        return make

    def test_what_is_done_in_the_plans_is_nowhere(self, moved, elsa, read, client_of):
        browser = client_of(elsa)
        pages = [browser.get(f"{COMMUNES}?vue={view}").content.decode() for view in VIEWS]
        books = [str(read(vue=view)) for view in VIEWS]

        for words in ("réalisée", "Éteindre la nuit"):
            assert not any(words in page for page in pages + books)

    def test_progress_is_that_of_the_communes_that_agreed(self, moved, elsa, client_of):
        page = client_of(elsa).get(f"{COMMUNES}?vue=progres")

        assert [(move.name, move.before, move.after) for move in page.context["moves"]] == [
            ("Valmont-sur-Claire", 0, 100)
        ]
        assert "Voisine" not in page.content.decode()

    def test_progress_is_between_two_days(self, moved, elsa, client_of):
        first = moved.assessments.order_by("closed_at").first().closed_at.date()
        browser = client_of(elsa)

        counts = [
            browser.get(COMMUNES, {"vue": "progres", "au": day}).context["progress"].count
            for day in (first, first + timedelta(days=800))
        ]

        assert counts == [0, 1]

    @pytest.mark.parametrize(("query", "count"), [("edition=2026", 1), ("strate=20000", 0)])
    def test_filters_choose_what_is_counted(self, query, count, moved, elsa, client_of):
        page = client_of(elsa).get(f"{COMMUNES}?{query}")

        assert page.context["overview"].indices.count == count
        assert "Changer les filtres" in page.content.decode()

    def test_the_file_has_the_filters_the_definitions_and_nobody_else(
        self, moved, epci, elsa, read
    ):
        figures, progress = read(edition="2026"), read(vue="progres")

        assert [row[2:4] for row in figures["Carte de chaleur"][1:]] == [
            ("Valmont-sur-Claire", figures["Carte de chaleur"][1][3])
        ]
        assert any("2026" in str(row) for row in figures["Lisez-moi"])
        assert any("ont accepté d’être vues" in str(row) for row in figures["Lisez-moi"])
        assert [(row[1], row[6]) for row in progress["Communes"][1:]] == [
            ("Valmont-sur-Claire", 100)
        ]
        entries = AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED)
        assert {(entry.actor, entry.collectivite) for entry in entries} == {(elsa, epci)}

    def test_it_leaves_as_csv_too(self, moved, elsa, client_of):
        response = client_of(elsa).post(f"{COMMUNES}fichier/csv/")

        assert response["Content-Type"] == "application/zip"

    def test_a_wrong_filter_lets_nothing_leave(self, moved, elsa, client_of):
        response = client_of(elsa).post(f"{COMMUNES}fichier/xlsx/", {"edition": "1999"})

        assert response.url == f"{COMMUNES}?edition=1999"
        assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()

    @pytest.mark.parametrize("who", ["alice", "omar", "nadia", "chloe"])
    def test_it_is_for_who_is_of_the_epci(self, who, request, moved, client_of):
        browser = client_of(request.getfixturevalue(who))

        assert browser.post(f"{COMMUNES}fichier/xlsx/").status_code == 404

    def test_it_refuses_get_and_an_unknown_kind(self, moved, elsa, client_of):
        browser = client_of(elsa)

        assert browser.get(f"{COMMUNES}fichier/xlsx/").status_code == 405
        assert browser.post(f"{COMMUNES}fichier/pdf/").status_code == 404

    def test_the_act_refuses_by_itself(self, moved, epci, alice):
        with pytest.raises(NotEntitled):
            export_communes(
                filters=communes_filters(QueryDict(), epci),
                kind=FileKind.XLSX,
                by=alice,
                at=MORNING,
            )

    @pytest.mark.parametrize("count", [1, 3])
    @pytest.mark.parametrize("view", VIEWS)
    def test_queries_do_not_grow_with_the_communes(
        self, view, count, moved, epci, by_name, elsa, client_of, django_assert_max_num_queries
    ):
        for commune in neighbours(count, by_name, epci=epci):
            Consent.objects.create(collectivite=commune, epci=epci)
        browser = client_of(elsa)
        browser.get(f"{COMMUNES}?vue={view}")  # how editions compare is read once

        with django_assert_max_num_queries(20):
            browser.get(f"{COMMUNES}?vue={view}")


def test_commune_by_commune_says_each_index(valmont, alice, elsa, client_of):
    client_of(alice).post(DECIDE, {"accord": "oui"})

    page = client_of(elsa).get(f"{COMMUNES}?vue=communes").content.decode()

    index = valmont.assessments.get().index
    line = page.partition("Valmont-sur-Claire</th>")[2].partition("</tr>")[0]
    assert re.findall(r"\d+", re.sub(r"<[^>]*>", "", line))[0] == str(index)


def editions_of(commune) -> dict:
    edition = commune.assessments.get().questionnaire
    return {edition.edition: edition}


def test_withdrawing_closes_it_at_the_next_request(valmont, alice, elsa, client_of):
    client_of(alice).post(DECIDE, {"accord": "oui"})
    client_of(alice).post(DECIDE, {"accord": "non"})

    assert "Valmont-sur-Claire" not in seen_by(elsa, client_of)
    assert not Consent.objects.exists()


def test_the_journal_tells_of_both(valmont, alice, client_of):
    for choice in ("oui", "oui", "non", "non"):  # said twice, it is told once
        client_of(alice).post(DECIDE, {"accord": choice})

    entries = AuditEntry.objects.filter(collectivite=valmont, ground="CC des Prés")
    assert list(entries.order_by("pk").values_list("action", "actor")) == [
        (AuditAction.CONSENT_GIVEN, alice.pk),
        (AuditAction.CONSENT_WITHDRAWN, alice.pk),
    ]


def test_one_that_left_is_seen_no_more_by_either(valmont, alice, elsa, client_of):
    client_of(alice).post(DECIDE, {"accord": "oui"})
    other = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None)
    new = UserFactory()
    MemberFactory(user=new, collectivite=other)
    valmont.epci = other
    valmont.save()

    assert "Valmont-sur-Claire" not in seen_by(elsa, client_of)
    assert "Valmont-sur-Claire" not in seen_by(new, client_of)
    assert "ne voit rien de vos chiffres" in client_of(alice).get(CONSENT).content.decode()


class TestLeaving:
    """Valmont agreed, then went to another EPCI."""

    @pytest.fixture
    def left(self, valmont, alice, client_of):
        client_of(alice).post(DECIDE, {"accord": "oui"})
        valmont.epci = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None, name="CC Val")
        valmont.save()
        return valmont

    def test_the_page_says_to_whom_it_was_given_and_offers_to_take_it_back(
        self, left, alice, bob, client_of
    ):
        pages = [client_of(user).get(CONSENT).content.decode() for user in (alice, bob)]

        assert all("Votre accord donné à CC des Prés n’est pas retiré" in page for page in pages)
        assert ["Retirer l’accord" in page for page in pages] == [True, False]

    def test_it_is_taken_back_even_without_an_epci_of_today(
        self, left, alice, elsa, epci, client_of
    ):
        left.epci = None
        left.save()
        assert "Retirer l’accord" in client_of(alice).get(CONSENT).content.decode()

        client_of(alice).post(DECIDE, {"accord": "non"})
        left.epci = epci
        left.save()

        assert "Valmont-sur-Claire" not in seen_by(elsa, client_of)

    def test_agreeing_with_the_new_one_ends_what_the_former_had(
        self, left, alice, elsa, epci, client_of
    ):
        client_of(alice).post(DECIDE, {"accord": "oui"})
        entries = AuditEntry.objects.filter(collectivite=left, action=AuditAction.CONSENT_WITHDRAWN)
        assert [entry.ground for entry in entries] == ["CC des Prés"]

        left.epci = epci
        left.save()

        assert "Valmont-sur-Claire" not in seen_by(elsa, client_of)
        assert "ne voit rien de vos chiffres" in client_of(alice).get(CONSENT).content.decode()


@pytest.mark.parametrize("who", ["bob", "lea", "omar", "nadia", "chloe", "paul", "elsa"])
def test_only_the_referent_decides(who, valmont, client_of, request):
    client_of(request.getfixturevalue(who)).post(DECIDE, {"accord": "oui"})

    assert not Consent.objects.filter(collectivite=valmont).exists()


def test_colleagues_read_what_was_decided(valmont, bob, client_of):
    page = client_of(bob).get(CONSENT).content.decode()

    assert "ne voit rien de vos chiffres" in page
    assert "C’est le référent" in page


def test_the_act_refuses_by_itself(valmont, bob, alice):
    with pytest.raises(NotEntitled):
        give_consent(collectivite=valmont, by=bob, at=MORNING)
    valmont.epci = None
    with pytest.raises(NoEpci):
        give_consent(collectivite=valmont, by=alice, at=MORNING)


def test_a_choice_is_made_by_post(alice, client_of):
    assert client_of(alice).get(DECIDE).status_code == 405


def test_without_an_epci_there_is_nothing_to_decide(commune, alice, client_of):
    page = client_of(alice).get(CONSENT).content.decode()

    assert "rien à décider" in page


def test_a_commune_has_no_communes(commune, alice, client_of):
    assert client_of(alice).get(COMMUNES).status_code == 404
