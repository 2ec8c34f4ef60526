"""The figures of the console: overview, heat map, comparison, map, their filters, their files."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from supervision.contrasting import ContrastForm, contrast
from supervision.heat_map import heat_map
from supervision.models import Assignment, Campaign
from supervision.selecting import FigureFilters, Selection
from supervision.territory import Territory
from supervision.tiles import tiles
from territories.enums import AuditAction, CollectiviteKind
from territories.models import AuditEntry, FormerCommune
from tests.questions.factories import AssessmentFactory
from tests.supervision.closing import NO, YES, closed, neighbours
from tests.territories.factories import (
    CollectiviteFactory,
    DepartementFactory,
    OpsnMemberFactory,
)

pytestmark = pytest.mark.django_db
SCREENS = ("figures", "heat_map", "compare", "map")
VIEWS = ("ensemble", "carte-de-chaleur", "comparer", "carte")


@pytest.fixture
def valmont(commune, by_name):
    closed(commune, by_name, ("2027", YES))
    return commune


def filters(opsn, query="") -> FigureFilters:
    return FigureFilters(QueryDict(query), Territory(opsn))


def read(response) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_shows_the_territory_and_nothing_else(
    screen, valmont, omar, other_opsn, by_name, client_of
):
    neighbours(2, by_name, opsn=other_opsn)

    response = client_of(omar).get(reverse(f"supervision:{screen}"))

    assert response.status_code == 200
    assert "Voisine" not in response.content.decode()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_refuses_post_and_those_of_no_opsn(screen, alice, omar, client_of):
    address = reverse(f"supervision:{screen}")

    assert client_of(omar).post(address).status_code == 405
    assert client_of(alice).get(address).status_code == 404


@pytest.mark.parametrize("screen", SCREENS)
def test_an_empty_territory_says_so(screen, omar, client_of):
    page = client_of(omar).get(reverse(f"supervision:{screen}")).content.decode()

    assert "empty__title" in page


@pytest.mark.parametrize("period", ["", "&edition=2027&jusqu=2027-06-30"])
@pytest.mark.parametrize("screen", SCREENS)
def test_the_number_of_queries_does_not_grow(
    screen, period, valmont, omar, opsn, by_name, client_of, django_assert_max_num_queries
):
    neighbours(3, by_name, opsn=opsn)
    address = reverse(f"supervision:{screen}") + f"?quoi=strates&c=500&c=1000{period}"

    client = client_of(omar)
    client.get(address)  # the first page of a session writes it

    with django_assert_max_num_queries(20):
        client.get(address)


def test_moving_a_commune_changes_the_figures_at_the_next_request(
    valmont, omar, other_opsn, opsn, client_of
):
    client, address = client_of(omar), reverse("supervision:heat_map")
    assert "Valmont-sur-Claire" in client.get(address).content.decode()

    valmont.opsn = other_opsn
    valmont.save()
    assert "Valmont-sur-Claire" not in client.get(address).content.decode()

    valmont.opsn = opsn
    valmont.save()
    assert "Valmont-sur-Claire" in client.get(address).content.decode()


def test_the_country_is_for_the_national_team(valmont, nadia, client_of):
    page = client_of(nadia).get(reverse("supervision:heat_map")).content.decode()

    assert "Valmont-sur-Claire" in page


def test_the_overview_says_the_weakest_practices(valmont, omar, by_name, opsn, client_of):
    closed(CollectiviteFactory(opsn=opsn), by_name, ("2027", YES | {"USA1": "non"}))

    page = client_of(omar).get(reverse("supervision:figures")).content.decode()

    assert page.index("Question USA1 ?") < page.index("Question ACH1 ?")


# --- Filters, in the address


def test_filters_are_said_in_french(opsn, omar, by_name):
    adviser = omar.opsn_memberships.get()
    query = f"depuis=2026-09-01&jusqu=2027-06-30&strate=500&conseiller={adviser.pk}"

    words = filters(opsn, query).in_words()

    assert words[0] == "Niveau 1"
    assert set(words[1:]) == {
        "Closes depuis le : 01/09/2026",
        "Closes jusqu’au : 30/06/2027",
        "Population : 500 à 999 habitants",
        f"Conseiller référent : {omar}",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("strate=500", 1),
        ("type=commune", 2),
        ("type=cc", 0),
        ("niveau=2", 0),
        ("edition=2027", 2),
        ("edition=2026", 0),
        ("edition=2027&jusqu=2026-11-24", 2),
        ("edition=2027&jusqu=2026-11-23", 0),
        ("depuis=2026-11-24", 2),
        ("depuis=2026-11-25", 0),
        ("jusqu=2026-11-23", 0),
        ("departement=60", 2),
        ("strate=rien&type=rien&edition=rien&depuis=hier&conseiller=0&epci=x", 2),
    ],
)
def test_filters_choose_what_is_counted(query, count, valmont, opsn, by_name):
    neighbours(1, by_name, opsn=opsn, population=12_000)

    assert filters(opsn, query).selection().assessments().count() == count


def test_filters_of_another_territory_are_as_if_they_were_not_there(
    valmont, opsn, other_opsn, by_name
):
    adviser = OpsnMemberFactory(opsn=other_opsn)
    epci = CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None, opsn=other_opsn)
    CollectiviteFactory(opsn=other_opsn, epci=epci)

    found = filters(opsn, f"conseiller={adviser.pk}&epci={epci.pk}")

    assert found.in_words() == ["Niveau 1"]
    assert found.selection() == Selection(Territory(opsn))


def test_the_filters_are_kept_from_a_screen_to_the_next(opsn):
    assert filters(opsn, "strate=500&page=3&tri=nom&edition=").query == "strate=500"


# --- Heat map


def test_the_heat_map_has_the_letter_of_each_theme(valmont, opsn):
    found = heat_map(Selection(Territory(opsn)))

    (line,) = found.lines
    assert found.themes == ["Achats", "Parc", "Usages"]
    assert [(cell.index, cell.letter) for cell in line.cells] == [(100, "A")] * 3


def test_a_theme_of_another_edition_stays_empty(valmont, opsn, by_name):
    closed(CollectiviteFactory(name="Ancienne", opsn=opsn), by_name, ("2026", NO))

    found = heat_map(Selection(Territory(opsn)))

    assert [[cell.index for cell in line.cells] for line in found.lines] == [
        [0, 0, None],
        [100, 100, 100],
    ]


@pytest.mark.parametrize(
    ("order", "first"), [("", "Ancienne"), ("-nom", "Valmont-sur-Claire"), ("-indice", "Valmont-sur-Claire"), ("indice", "Ancienne"), ("rien", "Ancienne")]
)  # fmt: skip
def test_the_heat_map_is_sorted(order, first, valmont, opsn, by_name):
    closed(CollectiviteFactory(name="Ancienne", opsn=opsn), by_name, ("2026", NO))

    found = heat_map(Selection(Territory(opsn)), order=order)

    assert found.lines[0].assessment.collectivite.name == first


# --- Comparison


def test_groups_are_set_side_by_side(valmont, opsn, by_name):
    neighbours(2, by_name, opsn=opsn, population=12_000)
    form = ContrastForm(QueryDict("quoi=strates&c=500&c=10000"), Territory(opsn))

    found = contrast(form.selection(), form.grouping, {k: form.labels[k] for k in form.picked})

    assert [(side.label, side.indices.counts) for side in found.sides] == [
        ("500 à 999 habitants", {100: 1}),
        ("10 000 à 19 999 habitants", {0: 2}),
    ]
    assert [theme.value for theme in found.sides[0].themes] == [100, 100, 100]
    assert found.sides[0].axes[0]["before"] == found.sides[1].axes[0]["before"]


@pytest.mark.parametrize("quoi", ["collectivites", "epci", "departements", "conseillers"])
def test_each_kind_of_group_can_be_compared(quoi, valmont, omar, opsn, by_name, client_of):
    epcis = [CollectiviteFactory(kind=CollectiviteKind.CC, code_insee=None) for _ in range(2)]
    (other,) = neighbours(1, by_name, opsn=opsn, epci=epcis[0])
    (third,) = neighbours(1, by_name, opsn=opsn, epci=epcis[1])
    advisers = [omar.opsn_memberships.get(), OpsnMemberFactory(opsn=opsn)]
    Assignment.objects.create(collectivite=valmont, adviser=advisers[0])
    Assignment.objects.create(collectivite=other, adviser=advisers[1])
    keys = {
        "collectivites": [valmont.pk, third.pk],
        "epci": [epci.pk for epci in epcis],
        "departements": ["60"],
        "conseillers": [adviser.pk for adviser in advisers],
    }[quoi]
    query = "&".join([f"quoi={quoi}", *(f"c={key}" for key in keys)])

    form = ContrastForm(QueryDict(query), Territory(opsn))
    found = contrast(form.selection(), form.grouping, {k: form.labels[k] for k in form.picked})
    page = client_of(omar).get(reverse("supervision:compare") + f"?{query}").content.decode()

    assert [side.indices.count for side in found.sides] == (
        [3] if quoi == "departements" else [1, 1]
    )
    assert ("Indice moyen par thème" in page) == (len(keys) > 1)


def test_one_group_is_not_a_comparison_and_a_seventh_is_left_out(valmont, opsn, omar, client_of):
    page = client_of(omar).get(reverse("supervision:compare") + "?quoi=strates&c=500")
    form = ContrastForm(
        QueryDict("quoi=strates&" + "&".join(f"c={n}" for n in (0, 500, 1000, 3500, 5000, 10000, 20000))),
        Territory(opsn),
    )  # fmt: skip

    assert "Choisissez au moins deux groupes" in page.content.decode()
    assert len(form.picked) == 6


def test_a_commune_of_another_territory_cannot_be_compared(
    valmont, omar, other_commune, by_name, client_of
):
    closed(other_commune, by_name, ("2027", NO))
    query = f"?quoi=collectivites&c={valmont.pk}&c={other_commune.pk}"

    page = client_of(omar).get(reverse("supervision:compare") + query).content.decode()

    assert "Épine" not in page
    assert "Choisissez au moins deux collectivités" in page


@pytest.mark.parametrize("key", ["9" * 20, "9" * 5_000, "x", ""])
def test_what_is_no_key_is_as_if_it_were_not_there(key, valmont, opsn):
    form = ContrastForm(QueryDict(f"quoi=collectivites&c={valmont.pk}&c={key}"), Territory(opsn))

    assert form.picked == [str(valmont.pk)]


@pytest.mark.parametrize("screen", ["heat_map", "progress", "campaign", "blocked"])
def test_homonyms_are_told_apart_by_their_departement(
    screen, valmont, opsn, omar, by_name, client_of
):
    homonym = CollectiviteFactory(
        name=valmont.name, opsn=opsn, departement=DepartementFactory(code="28")
    )
    long_ago = timezone.now() - timedelta(days=30)
    day = long_ago.date()
    for commune in (valmont, homonym):
        closed(commune, by_name, ("2026", NO), ("2027", YES))
        AssessmentFactory(collectivite=commune, questionnaire=by_name["2027"], opened_at=long_ago)
    campaign = Campaign.objects.create(
        opsn=opsn, title="2027", questionnaire=by_name["2027"], starts_on=day, ends_on=day
    )
    campaign.collectivites.set([valmont, homonym])
    where = [campaign.pk] if screen == "campaign" else []

    page = client_of(omar).get(reverse(f"supervision:{screen}", args=where)).content.decode()

    for name in ("Valmont-sur-Claire (60)", "Valmont-sur-Claire (28)"):
        assert f">{name}</a>" in page


class TestAnyTwo:
    """Any two collectivités of a territory can be compared, whatever the pages they are on."""

    @pytest.fixture
    def bray(self, valmont, opsn, by_name, monkeypatch):
        """The first page has Bray only."""
        monkeypatch.setitem(heat_map.__kwdefaults__, "per_page", 1)
        bray = CollectiviteFactory(name="Bray", opsn=opsn)
        closed(bray, by_name, ("2027", NO))
        return bray

    def test_what_is_ticked_follows_to_the_next_page_of_the_heat_map(
        self, bray, valmont, omar, client_of
    ):
        address = reverse("supervision:heat_map")
        query = f"?quoi=collectivites&c={bray.pk}&tri=-nom&strate=500"

        first = client_of(omar).get(address + query).content.decode()
        second = client_of(omar).get(address + query + "&page=2").content.decode()

        elsewhere = f'name="c" value="{bray.pk}" checked'
        on_its_page = f'name="c" value="{bray.pk}" aria-label="Choisir Bray (60)" checked'
        assert (elsewhere in first, on_its_page in first) == (True, False)
        assert (elsewhere in second, on_its_page in second) == (False, True)
        for kept in (
            'name="tri" value="-nom"',
            'name="strate" value="500"',
            'name="page" value="2"',
        ):
            assert kept in first

    def test_one_is_added_by_its_name(self, bray, valmont, omar, client_of):
        address = reverse("supervision:compare") + f"?quoi=collectivites&c={bray.pk}&q=valm"

        response = client_of(omar).get(address)

        assert response.context["hits"] == {valmont.pk: "Valmont-sur-Claire (60)"}
        assert f'name="c" value="{bray.pk}" checked' in response.content.decode()

    def test_a_former_name_leads_to_the_commune_of_today(self, bray, valmont, omar, client_of):
        FormerCommune.objects.create(
            code="60999", name="Ancienneville", search_name="ancienneville", collectivite=valmont
        )

        response = client_of(omar).get(
            reverse("supervision:compare") + "?quoi=collectivites&q=ancienneville"
        )

        assert list(response.context["hits"]) == [valmont.pk]

    @pytest.mark.parametrize("query", ["épine", "ancienneville"])
    def test_nobody_of_another_territory_is_found(
        self, query, bray, omar, other_commune, client_of
    ):
        FormerCommune.objects.create(
            code="60999",
            name="Ancienneville",
            search_name="ancienneville",
            collectivite=other_commune,
        )

        response = client_of(omar).get(
            reverse("supervision:compare") + f"?quoi=collectivites&q={query}"
        )

        assert response.context["hits"] == {}
        assert "Aucune autre collectivité de votre territoire" in response.content.decode()

    def test_a_seventh_is_left_out_and_the_screen_says_so(self, valmont, opsn, omar, client_of):
        keys = [CollectiviteFactory(opsn=opsn).pk for _ in range(7)]
        query = "?quoi=collectivites&" + "&".join(f"c={key}" for key in keys)

        page = client_of(omar).get(reverse("supervision:compare") + query)
        chosen = client_of(omar).get(reverse("supervision:heat_map") + query).context["ticked"]

        assert len(page.context["picked"]) == 6
        assert "Six au plus" in page.content.decode()
        assert len(chosen) == 7


# --- Map


def test_a_tile_for_each_epci_has_the_letter_of_its_median(valmont, opsn, by_name):
    epci = CollectiviteFactory(
        kind=CollectiviteKind.CC, code_insee=None, name="CC des Prés", opsn=opsn
    )
    neighbours(2, by_name, opsn=opsn, epci=epci)
    CollectiviteFactory(opsn=opsn, epci=epci)

    found = tiles(Selection(Territory(opsn)))

    assert [(tile.label, tile.total, tile.indices.count, tile.letter) for tile in found] == [
        ("CC des Prés", 3, 2, "E"),
        ("Sans intercommunalité", 2, 1, "A"),  # Valmont, and the EPCI itself
    ]


def test_the_country_has_a_tile_for_each_departement(valmont):
    assert [tile.label for tile in tiles(Selection(Territory(None)))] == ["Oise (60)"]


# --- Files


@pytest.mark.parametrize("view", VIEWS)
def test_every_screen_leaves_as_a_workbook_with_filters_and_definitions(
    view, valmont, omar, opsn, other_opsn, by_name, client_of
):
    neighbours(1, by_name, opsn=other_opsn)
    data = {"strate": 500, "quoi": "strates", "c": [500, 1000]}

    response = client_of(omar).post(reverse("supervision:figures_file", args=[view, "xlsx"]), data)
    sheets = read(response)

    words = dict(row[:2] for row in sheets.pop("Lisez-moi"))
    assert words["Filtres"] == "Niveau 1 ; Population : 500 à 999 habitants"
    assert words["Territoire"] == "OPSN du Nord"
    assert "Lettre" in words
    assert sheets
    assert all(len(rows) > 1 for rows in sheets.values())
    assert "Voisine" not in str(sheets)
    entry = AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).latest("at")
    assert (entry.actor, entry.opsn) == (omar, opsn)


@pytest.mark.parametrize("view", VIEWS)
def test_every_screen_leaves_as_csv(view, valmont, omar, client_of):
    address = reverse("supervision:figures_file", args=[view, "csv"])

    response = client_of(omar).post(address, {"quoi": "strates", "c": [500, 1000]})

    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert "lisez-moi.csv" in archive.namelist()
    assert len(archive.namelist()) > 1


def test_the_file_of_the_heat_map_has_the_figures_of_the_screen(valmont, omar, client_of):
    address = reverse("supervision:figures_file", args=["carte-de-chaleur", "xlsx"])

    rows = read(client_of(omar).post(address))["Carte de chaleur"]

    assert rows[0][2:4] == ("Collectivité", "Close le")
    assert (rows[1][2], *rows[1][4:]) == ("Valmont-sur-Claire", 100, 100, 100, 100, "A")


@pytest.mark.parametrize("arguments", [("rien", "xlsx"), ("ensemble", "pdf")])
def test_an_unknown_file_does_not_exist(arguments, omar, client_of):
    address = reverse("supervision:figures_file", args=arguments)

    assert client_of(omar).post(address).status_code == 404


def test_a_file_leaves_by_post_only(alice, omar, client_of):
    address = reverse("supervision:figures_file", args=["ensemble", "xlsx"])

    assert client_of(omar).get(address).status_code == 405
    assert client_of(alice).post(address).status_code == 404
