"""What the filters of the console refuse, and how the screens and the files say so."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from questions.models import Questionnaire
from supervision.enums import ExportKind, ExportState
from supervision.filtering import CollectiviteFilters
from supervision.models import Campaign, TerritoryExport
from supervision.preparing import ask_for_export, prepare
from supervision.territory import Territory
from territories.enums import AuditAction
from territories.models import AuditEntry
from territories.scoping import acting_as, everything
from tests.supervision.closing import YES, closed
from tests.supervision.strategies import editions
from tests.territories.factories import OpsnMemberFactory

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
def by_name(db):
    return editions()


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
