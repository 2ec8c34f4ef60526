"""Level 2 in the console: one collectivité or many, each opened or refused by itself."""

import pytest

from tests.territories.factories import CollectiviteFactory

pytestmark = pytest.mark.django_db

PAGE = "/opsn/collectivites/niveau-2/"


@pytest.fixture
def omars(client_of, omar):
    return client_of(omar)


@pytest.fixture
def offering(opsn):
    opsn.offers_level_two = True
    opsn.save()
    return opsn


def opened(*collectivites) -> list[bool]:
    for collectivite in collectivites:
        collectivite.refresh_from_db()
    return [collectivite.level_two_opened_at is not None for collectivite in collectivites]


def test_one_is_opened_from_its_page_and_shows_it(omars, offering, commune):
    fiche = f"/opsn/collectivites/{commune.pk}/"
    assert f'{PAGE}?c={commune.pk}">Ouvrir le niveau 2' in omars.get(fiche).content.decode()
    assert "Pas encore ouvert" in omars.get(PAGE, {"c": commune.pk}).content.decode()

    answered = omars.post(PAGE, {"c": commune.pk, "etape": "ouvrir"}, follow=True)

    assert answered.redirect_chain[-1][0] == fiche
    assert "1 niveau 2 ouvert." in answered.content.decode()
    assert "Fermer le niveau 2" in answered.content.decode()
    assert opened(commune) == [True]


def test_many_are_opened_at_once_and_each_refusal_is_told(omars, offering, commune, villages):
    first, *others = villages(3)
    omars.post(PAGE, {"c": first.pk, "etape": "ouvrir"})
    chosen = [c.pk for c in (commune, first, *others)]

    answered = omars.post(PAGE, {"c": chosen, "etape": "ouvrir"}, follow=True)

    text = answered.content.decode()
    assert "3 niveaux 2 ouverts." in text
    assert f"{first}\u00a0: Le niveau 2 est déjà ouvert." in text
    assert opened(commune, first, *others) == [True] * 4


def test_closing_closes(omars, offering, commune):
    omars.post(PAGE, {"c": commune.pk, "etape": "ouvrir"})

    answered = omars.post(PAGE, {"c": commune.pk, "etape": "fermer"}, follow=True)

    assert "1 niveau 2 fermé." in answered.content.decode()
    assert opened(commune) == [False]


def test_an_opsn_that_has_not_the_competence_reads_why(omars, commune):
    assert "n’a pas pris la compétence" in omars.get(PAGE, {"c": commune.pk}).content.decode()

    answered = omars.post(PAGE, {"c": commune.pk, "etape": "ouvrir"}, follow=True)

    assert "demandez à l’équipe nationale" in answered.content.decode()
    assert opened(commune) == [False]


def test_choosing_in_the_table_only_asks(omars, offering, commune):
    page = omars.post(PAGE, {"c": commune.pk})

    assert page.status_code == 200
    assert opened(commune) == [False]


def test_nobody_opens_elsewhere(omars, client_of, alice, offering, commune, other_commune):
    assert omars.post(PAGE, {"c": other_commune.pk, "etape": "ouvrir"}).status_code == 404
    assert client_of(alice).post(PAGE, {"c": commune.pk, "etape": "ouvrir"}).status_code == 404
    assert opened(commune, other_commune) == [False, False]


def test_the_page_asks_as_many_questions_for_three_as_for_one(
    omars, offering, opsn, commune, django_assert_max_num_queries
):
    three = [CollectiviteFactory(opsn=opsn).pk for _ in range(2)] + [commune.pk]
    omars.get(PAGE, {"c": commune.pk})
    with django_assert_max_num_queries(30) as one:
        omars.get(PAGE, {"c": commune.pk})
    with django_assert_max_num_queries(len(one)):
        omars.get(PAGE, {"c": three})
