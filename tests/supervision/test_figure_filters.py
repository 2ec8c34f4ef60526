"""What the filters of the console refuse, and how the screens and the files say so."""

import io
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse
from openpyxl import load_workbook

from questions.models import Questionnaire
from supervision.enums import ExportKind, ExportState
from supervision.filtering import CollectiviteFilters
from supervision.models import Campaign, TerritoryExport
from supervision.preparing import ask_for_export, prepare
from supervision.territory import Territory
from territories.enums import AuditAction
from territories.models import AuditEntry
from territories.scoping import acting_as, everything
from tests.supervision.closing import NO, YES, closed
from tests.territories.factories import (
    CollectiviteFactory,
    DepartementFactory,
    OpsnMemberFactory,
    RegionFactory,
)

pytestmark = pytest.mark.django_db
SCREENS = ("figures", "heat_map", "compare", "map")
FILES = {
    "supervision:figures": ("supervision:figures_file", "ensemble", "xlsx"),
    "supervision:heat_map": ("supervision:figures_file", "carte-de-chaleur", "csv"),
    "supervision:compare": ("supervision:figures_file", "comparer", "xlsx"),
    "supervision:map": ("supervision:figures_file", "carte", "xlsx"),
    "supervision:progress": ("supervision:progress_file", "xlsx"),
    "supervision:report": ("supervision:report_file",),
    "supervision:blocked": ("supervision:blocked_file", "xlsx"),
    "supervision:exports": ("supervision:export", "classeur"),
}


@pytest.fixture
def valmont(commune, by_name):
    closed(commune, by_name, ("2027", YES))
    return commune


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1979-12-31", "2061-01-01"])
@pytest.mark.parametrize(
    ("screen", "names"),
    [*((screen, ("depuis", "jusqu")) for screen in SCREENS), ("progress", ("du", "au")), ("report", ("du", "au"))],
)  # fmt: skip
def test_a_date_that_is_not_of_our_time_is_refused_in_words(
    screen, names, day, valmont, omar, client_of
):
    client = client_of(omar)

    for name in names:
        response = client.get(reverse(f"supervision:{screen}"), {name: day})

        assert response.status_code == 200
        assert list(response.context["filters"].errors) == [name]
        assert "Donnez une date entre 01/01/1980 et 31/12/2060" in response.content.decode()


@pytest.fixture
def gone(opsn) -> int:
    """The portfolio of an adviser who left the team, as a link or a kept view still asks for it."""
    adviser = OpsnMemberFactory(opsn=opsn)
    key = adviser.pk
    adviser.delete()
    return key


@pytest.mark.parametrize("screen", [*FILES, "supervision:collectivites"])
def test_a_filter_that_means_nothing_any_more_is_said_first(screen, gone, valmont, omar, client_of):
    client = client_of(omar)

    page = client.get(reverse(screen), {"conseiller": gone}).content.decode()
    well = client.get(reverse(screen), {"type": "commune"}).content.decode()

    assert "Conseiller référent : la valeur demandée n’est pas valable" in page.replace(
        "\u00a0", " "
    )
    assert page.index("Un filtre n’est pas appliqué") < page.index(
        "<table" if "<table" in page else "</main>"
    )
    assert "Un filtre n’est pas appliqué" not in well


@pytest.mark.parametrize("screen", SCREENS)
def test_the_filters_are_open_when_one_is_wrong(screen, gone, valmont, omar, client_of):
    client, address = client_of(omar), reverse(f"supervision:{screen}")

    assert 'no-print" open>' in client.get(address, {"conseiller": gone}).content.decode()
    assert 'no-print" open>' not in client.get(address).content.decode()


@pytest.mark.parametrize("screen", FILES)
@pytest.mark.parametrize(
    "wrong",
    [{"conseiller": "0"}, {"strate": "7"}, {"type": "village"}, {"epci": "x"}],
)
def test_nothing_leaves_with_a_filter_that_means_nothing(screen, wrong, valmont, omar, client_of):
    name, *args = FILES[screen]

    response = client_of(omar).post(reverse(name, args=args), wrong, follow=True)

    assert response.redirect_chain[0][0].startswith(f"{reverse(screen)}?")
    assert [str(message) for message in response.context["messages"]] == [
        "Un filtre demandé n’existe pas ou plus : choisissez-en un autre ou retirez-le, puis recommencez. "
        "Rien n’a été fait."
    ]
    assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()


def test_an_export_that_waits_is_not_prepared_without_its_filter(
    opsn, omar, valmont, at, monkeypatch
):
    """Its adviser leaves the team between the moment it is asked for and the one it is made."""
    monkeypatch.setattr("supervision.preparing.do_later", lambda *_: None)
    adviser = OpsnMemberFactory(opsn=opsn)
    with acting_as(omar):
        filters = CollectiviteFilters(QueryDict(f"conseiller={adviser.pk}"), Territory(opsn))
        export = ask_for_export(kind=ExportKind.WORKBOOK, filters=filters, by=omar, at=at)
    adviser.delete()

    prepare.call(export.pk)

    with everything():
        assert TerritoryExport.objects.get().state == ExportState.INTERRUPTED


def test_a_campaign_is_not_opened_for_more_than_its_filter_keeps(gone, valmont, omar, client_of):
    data = {
        "conseiller": gone,
        "title": "Printemps",
        "questionnaire": Questionnaire.objects.get(edition="2027").pk,
        "starts_on": "2026-11-24",
        "ends_on": "2026-12-24",
        "text": "À vous de jouer.",
    }

    page = client_of(omar).post(reverse("supervision:create_campaign"), data).content.decode()

    assert "Un filtre demandé n’existe pas ou plus" in page
    assert not Campaign.objects.exists()


def test_nobody_is_written_to_beyond_what_a_filter_keeps(gone, valmont, omar, client_of):
    query = {"conseiller": gone, "tout": "1"}

    response = client_of(omar).get(reverse("supervision:invite"), query, follow=True)

    assert response.redirect_chain == [(reverse("supervision:collectivites"), 302)]
    assert "Un filtre demandé n’existe pas ou plus" in response.content.decode()


# --- A period


@pytest.mark.parametrize(
    ("screen", "first", "last"),
    [
        ("figures", "depuis", "jusqu"),
        ("heat_map", "depuis", "jusqu"),
        ("progress", "du", "au"),
        ("report", "du", "au"),
    ],
)
def test_dates_the_wrong_way_round_are_said(screen, first, last, valmont, omar, client_of):
    query = {first: "2027-01-01", last: "2026-01-01"}

    response = client_of(omar).get(reverse(f"supervision:{screen}"), query)

    assert "Cette date vient avant celle du début" in response.content.decode()
    assert last in response.context["filters"].errors


def test_a_period_without_a_result_is_not_taken_for_a_beginning(valmont, omar, opsn, client_of):
    client, period = client_of(omar), {"jusqu": "2020-01-01"}

    overview = client.get(reverse("supervision:figures"), period).content.decode()
    heat_map = client.get(reverse("supervision:heat_map"), period).content.decode()

    assert "Aucun indice ne répond à ces filtres" in overview
    assert "Aucune évaluation close ne répond à ces filtres" in heat_map
    assert "dès qu’une évaluation est close" not in overview


@pytest.mark.parametrize(
    ("query", "told"),
    [({"jusqu": "2026-12-31"}, True), ({"edition": "2027"}, True), ({"type": "commune"}, False)],
)
def test_participation_says_that_a_period_does_not_change_it(query, told, valmont, omar, client_of):
    page = client_of(omar).get(reverse("supervision:figures"), query).content.decode()

    assert ("l’édition et la période n’y changent rien" in page) == told


def test_what_chooses_nothing_on_a_screen_waits_for_the_others_and_is_said(
    valmont, omar, client_of
):
    client = client_of(omar)
    query = "edition=2026&depuis=2026-11-25"

    progress = client.get(reverse("supervision:progress") + f"?{query}&du=2026-01-01")
    back = client.get(reverse("supervision:figures") + f"?{progress.context['filters'].query}")

    page = unescape(progress.content.decode())
    assert f"{reverse('supervision:figures')}?{query}&du=2026-01-01" in page
    assert 'type="hidden" name="edition" value="2026"' in page
    assert progress.context["filters"].waiting == ["Édition", "Closes depuis le"]
    assert "gardé pour les autres" in page
    assert progress.context["words"] == ["Niveau 1", "Du : 01/01/2026"]
    assert back.context["filters"].waiting == ["Progrès du"]
    assert back.context["words"] == ["Niveau 1", "Édition : 2026", "Closes depuis le : 25/11/2026"]


def test_the_edition_that_waits_does_not_choose_what_moved(valmont, omar, by_name, client_of):
    closed(valmont, by_name, ("2026", NO), ("2027", YES))

    response = client_of(omar).get(reverse("supervision:progress"), {"edition": "2026"})

    assert response.context["progress"].count == 1


# --- The country


@pytest.fixture
def breton(by_name, other_opsn):
    bretagne = RegionFactory(code="53", name="Bretagne")
    rennes = CollectiviteFactory(
        name="Rennes",
        opsn=other_opsn,
        departement=DepartementFactory(code="35", name="Ille-et-Vilaine", region=bretagne),
    )
    closed(rennes, by_name, ("2027", NO))
    return rennes


@pytest.mark.parametrize("screen", ["figures", "heat_map", "map", "progress", "report", "country"])
def test_the_country_is_filtered_by_region_and_by_opsn(screen, valmont, breton, nadia, client_of):
    client, address = client_of(nadia), reverse(f"supervision:{screen}")

    for query in ({"region": "53"}, {"opsn": breton.opsn_id}):
        filters = client.get(address, query).context["filters"]

        assert [row.collectivite for row in filters.selection().assessments()] == [breton]
        assert list(filters.selection().collectivites()) == [breton]


def test_the_region_of_an_index_is_that_of_its_closing(breton, valmont, nadia, client_of):
    breton.departement = valmont.departement
    breton.save()

    response = client_of(nadia).get(reverse("supervision:figures"), {"region": "53"})

    assert response.context["overview"].indices.count == 1
    assert response.context["overview"].participation.collectivites == 0


def test_regions_and_opsn_are_compared(valmont, breton, nadia, client_of):
    client, address = client_of(nadia), reverse("supervision:compare")
    hauts = valmont.departement.region_id

    regions = client.get(f"{address}?quoi=regions&c=53&c={hauts}").context["contrast"]
    teams = client.get(f"{address}?quoi=opsn&c={valmont.opsn_id}&c={breton.opsn_id}").context[
        "contrast"
    ]

    assert {side.label: side.value for side in regions.sides} == {
        "Bretagne": 0,
        "Hauts-de-France": 100,
    }
    assert {side.label: side.value for side in teams.sides} == {
        "OPSN du Nord": 100,
        "OPSN du Sud": 0,
    }


def test_an_opsn_has_neither(valmont, omar, client_of):
    filters = client_of(omar).get(reverse("supervision:compare")).context["filters"]

    assert not {"region", "opsn"} & filters.fields.keys()
    assert not {"regions", "opsn"} & dict(filters.fields["quoi"].choices).keys()


@pytest.mark.parametrize("query", [{"edition": "2026"}, {"jusqu": "2020-01-01"}])
def test_the_page_of_the_country_takes_an_edition_and_a_period(query, valmont, nadia, client_of):
    client, address = client_of(nadia), reverse("supervision:country")

    def total(query):
        return client.get(address, query).context["tables"][0][1][-1]

    assert (total({}).indices.count, total({}).closed) == (1, 1)
    assert (total(query).indices.count, total(query).closed) == (0, 1)


# --- What is compared


@pytest.mark.parametrize("quoi", ["epci", "conseillers", "planètes"])
def test_what_cannot_be_compared_is_said_rather_than_replaced(quoi, valmont, nadia, client_of):
    response = client_of(nadia).get(
        reverse("supervision:compare"), {"quoi": quoi, "c": ["500", "1000"]}
    )

    assert response.context["contrast"] is None
    assert "Ce que l’on compare" in response.context["filters"].warning


def test_a_group_that_is_gone_is_said(gone, valmont, omar, client_of):
    mine = omar.opsn_memberships.get().pk

    response = client_of(omar).get(
        reverse("supervision:compare"), {"quoi": "conseillers", "c": [mine, gone]}
    )

    assert "Groupes comparés" in response.context["filters"].warning
    assert "Un filtre n’est pas appliqué" in response.content.decode()


@pytest.mark.parametrize("chosen", [[], ["500"]])
def test_a_comparison_of_one_group_does_not_leave(chosen, valmont, omar, client_of):
    response = client_of(omar).post(
        reverse("supervision:figures_file", args=["comparer", "xlsx"]),
        {"quoi": "strates", "c": chosen},
        follow=True,
    )

    assert "Choisissez de deux à six groupes" in response.content.decode()
    assert not AuditEntry.objects.filter(action=AuditAction.TERRITORY_EXPORTED).exists()


# --- What a file says


def test_the_file_of_the_overview_has_the_mean_and_the_median(
    valmont, omar, by_name, opsn, client_of
):
    closed(CollectiviteFactory(opsn=opsn), by_name, ("2027", NO))

    response = client_of(omar).post(
        reverse("supervision:figures_file", args=["ensemble", "xlsx"]), {"niveau": "1"}
    )

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    titles, whole, *_ = book["Indices"].iter_rows(values_only=True)
    assert titles == ("Indice", "Collectivités", "Moyenne", "Médiane")
    assert whole == ("Ensemble", 2, 50, 50)


@pytest.mark.parametrize(("query", "level"), [({}, "Niveau 1"), ({"niveau": "2"}, "Niveau 2")])
@pytest.mark.parametrize("screen", ["figures", "heat_map", "map", "progress", "report"])
def test_the_level_is_always_said(screen, query, level, valmont, omar, client_of):
    page = client_of(omar).get(reverse(f"supervision:{screen}"), query)

    assert page.context["words"] == [level]
    assert f"<p>{level}.</p>" in page.content.decode()
