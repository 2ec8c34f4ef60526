import pytest

from territories.enums import CollectiviteKind
from territories.models import FormerCommune
from territories.search import MAX_HITS, normalise_name, search_collectivites, split_query
from tests.territories.factories import CollectiviteFactory, DepartementFactory


@pytest.mark.parametrize(
    ("name", "normalised"),
    [
        ("Valmont-sur-Claire", "valmont sur claire"),
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("Œuilly", "oeuilly"),
        ("ÉTRÉCHY", "etrechy"),
        ("St-Rémy", "saint remy"),
        ("Ste Colombe", "sainte colombe"),
        ("Stes-Maries", "saintes maries"),
        ("Stains", "stains"),
        ("Château-Chinon (Ville)", "chateau chinon ville"),
        ("Communauté de communes des 4B", "cc des 4b"),
        ("Communauté d’agglomération du Pays", "ca du pays"),
        ("CC du Pays de Pontchâteau St-Gildas", "cc du pays de pontchateau saint gildas"),
        ("  ", ""),
        ("%_\\", ""),
    ],
)
def test_names_are_compared_without_accents_punctuation_or_short_forms(name, normalised):
    assert normalise_name(name) == normalised


def test_normalising_twice_changes_nothing():
    once = normalise_name("Ste-Œuvre-l’Élevée")

    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("st aubin", ("saint aubin", "")),
        ("Sainte-Colombe (77)", ("sainte colombe", "77")),
        ("60100", ("", "60100")),
        ("1400", ("", "01400")),
        ("2a004", ("", "2A004")),
        ("ajaccio 2A", ("ajaccio", "2A")),
        ("210 100 012", ("", "210100012")),
        ("210 100 012 00015", ("", "210100012")),
        ("CC des 7 Vallées", ("cc des 7 vallees", "")),
        ("", ("", "")),
    ],
)
def test_a_query_is_words_and_a_code(query, expected):
    assert split_query(query) == expected


def names(query):
    return [hit.collectivite.name for hit in search_collectivites(query)]


@pytest.mark.django_db
class TestSearching:
    def test_exact_then_prefix_then_start_of_a_word_then_every_word(self):
        CollectiviteFactory(name="Le Bois-de-Mont", population=9)
        CollectiviteFactory(name="Grand-Mont-Bois", population=999_999)
        CollectiviteFactory(name="Montreuil", population=900_000)
        CollectiviteFactory(name="Mont", population=10)
        CollectiviteFactory(name="Clermont", population=900_000)

        assert names("mont") == ["Mont", "Montreuil", "Grand-Mont-Bois", "Le Bois-de-Mont"]
        assert names("bois mont") == ["Grand-Mont-Bois", "Le Bois-de-Mont"]

    def test_among_equals_the_most_populated_comes_first(self):
        oise, aisne, eure = (DepartementFactory(code=c, name=c) for c in ("60", "02", "27"))
        CollectiviteFactory(name="Sainte-Colombe", departement=oise, population=50)
        CollectiviteFactory(name="Sainte-Colombe", departement=aisne, population=5_000)
        CollectiviteFactory(name="Sainte-Colombe", departement=eure, population=None)

        hits = search_collectivites("ste colombe")

        assert [h.collectivite.departement.code for h in hits] == ["02", "60", "27"]

    def test_a_homonym_is_found_by_its_departement(self):
        CollectiviteFactory(name="Sainte-Colombe", departement=DepartementFactory(code="02"))
        oise = CollectiviteFactory(name="Sainte-Colombe", departement=DepartementFactory())

        assert [h.collectivite for h in search_collectivites("Sainte-Colombe 60")] == [oise]

    @pytest.mark.parametrize(
        "query", ["60200", "60777", "213600123", "213 600 123", "21360012300010", "oeuvre", "ŒUVRE"]
    )
    def test_a_commune_is_found_by_each_of_its_codes_and_names(self, query):
        CollectiviteFactory(name="Autre")
        CollectiviteFactory(
            name="Œuvre",
            code_insee="60777",
            siren="213600123",
            postal_codes="60200 60210",
        )

        assert names(query) == ["Œuvre"]

    def test_an_insee_code_comes_before_the_same_postal_code(self):
        CollectiviteFactory(name="Grande", code_insee="60001", postal_codes="60100", population=900)
        CollectiviteFactory(name="Petite", code_insee="60100", postal_codes="60900", population=1)

        assert names("60100") == ["Petite", "Grande"]

    def test_a_former_commune_leads_to_the_commune_of_today(self):
        today = CollectiviteFactory(name="Les Hauts")
        FormerCommune.objects.create(
            code="60555", name="Béon", search_name="beon", collectivite=today
        )

        for query in ("beon", "60555", "béon 60"):
            (hit,) = search_collectivites(query)
            assert (hit.collectivite, hit.formerly) == (today, "Béon")

    def test_a_retired_collectivite_leads_to_its_successor(self, at):
        today = CollectiviteFactory(name="Les Hauts")
        CollectiviteFactory(name="Béon", retired_at=at.date(), successor=today)
        CollectiviteFactory(name="Béon-Disparue", retired_at=at.date())

        (hit,) = search_collectivites("béon")

        assert (hit.collectivite, hit.formerly) == (today, "Béon")

    def test_a_commune_is_given_once(self):
        today = CollectiviteFactory(name="Béon-les-Hauts")
        FormerCommune.objects.create(
            code="60555", name="Béon", search_name="beon", collectivite=today
        )

        (hit,) = search_collectivites("béon")

        assert hit.collectivite == today

    def test_an_epci_is_found_in_full_or_in_short(self):
        CollectiviteFactory(
            name="CC des Quatre Rivières", kind=CollectiviteKind.CC, code_insee=None
        )

        for query in ("cc quatre rivieres", "Communauté de communes des Quatre Rivières"):
            assert names(query) == ["CC des Quatre Rivières"]

    def test_one_letter_finds_only_the_commune_of_that_name(self):
        CollectiviteFactory(name="Y")
        CollectiviteFactory(name="Ymare")

        assert names("y") == ["Y"]

    @pytest.mark.parametrize("query", ["", "   ", "%", "_", "'; DROP TABLE", "<script>", "é" * 500])
    def test_odd_queries_find_nothing_and_break_nothing(self, query):
        CollectiviteFactory()

        assert names(query) == []

    def test_twenty_answers_at_most(self):
        for n in range(MAX_HITS + 3):
            CollectiviteFactory(name=f"Mont {chr(97 + n)}")

        assert len(names("mont")) == MAX_HITS

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_number_of_queries_does_not_grow(self, rows, django_assert_num_queries):
        for n in range(rows):
            CollectiviteFactory(name=f"Mont {chr(97 + n)}")

        with django_assert_num_queries(2):
            found = [str(h.collectivite.departement) for h in search_collectivites("mont")]

        assert len(found) == rows
