"""The sheet, the line of titles and the columns are found, not asked."""

import pytest

from imports.collectivites import CollectivitesKind
from imports.columns import MissingColumns, find_table, letters, tidy
from imports.reading import Sheet, Unreadable

HEADERS = [
    ["code_insee", "nom", "siren", "departement", "population", "epci_siren", "epci_nom", "code_postal", "email"],
    ["Code INSEE", "Commune ", "N° SIREN", "Dép.", "Population municipale", "SIREN EPCI", "EPCI", "CP", "E-mail mairie"],
    ["N° INSEE", "Nom de la commune", "SIREN / SIRET", "Département", "Population \nmunicipale", "N° SIREN EPCI", "CC / CA", "Code postal", "Courriel"],
    ["Insee_com", "COMMUNE", "SIRET", "DEP", "Pop.", "Siren interco", "CC/CA/CU", "Code Postal", "Mail(s)"],
]  # fmt: skip
FIELDS = ["code_insee", "name", "siren", "departement", "population", "epci", "epci_name", "postal_code", "email"]  # fmt: skip
ROW = ["60057", "Beauvais", "216000562", "60", "55550", "200067999", "CA du Beauvaisis", "60000", "mairie@beauvais.example"]  # fmt: skip


def find(*sheets, corrections=None):
    sheets = [s if isinstance(s, Sheet) else Sheet("Liste", False, s) for s in sheets]
    kind = CollectivitesKind
    return find_table(sheets, kind.columns, kind.needed, corrections or {})


@pytest.mark.parametrize("header", HEADERS)
def test_what_people_write_above_a_column_is_understood(header):
    table = find([header, ROW])

    assert [column.field for column in table.columns] == FIELDS


def test_the_titles_are_found_under_a_title_and_groups_of_columns():
    table = find([["SYNDICAT"], [], ["Identification", "", "Contact"], HEADERS[1], ROW])

    assert table.header_line == 4
    assert [line for line, _ in table.rows] == [5]


def test_a_hidden_sheet_is_passed_over_and_the_other_lists_are_said():
    table = find(
        Sheet("param", True, [HEADERS[0], ROW]),
        Sheet("Est", False, [HEADERS[0], ROW]),
        Sheet("Ouest", False, [HEADERS[0], ROW]),
    )

    assert table.sheet == "Est"
    assert "« Ouest »" in table.notes[0]


def test_blank_lines_totals_notes_and_repeated_titles_are_skipped_and_counted():
    header = ["Code INSEE", "Commune", "Population"]
    rows = [["60057", "Beauvais", "1"], [], ["", " "], header, ["", "TOTAL", "3"], ["* source : INSEE"], ["60104", "Breteuil", "2"]]  # fmt: skip

    table = find([header, *rows])

    assert [cells[0] for _, cells in table.rows] == ["60057", "60104"]
    assert table.skipped == {"vides": 2, "titres répétés": 1, "totaux": 1, "notes": 1}


def test_a_column_is_known_by_its_content_when_its_title_says_nothing():
    rows = [["60057", "216000562", "a@b.example"], ["60395", "216003913", "c@d.example"]]

    table = find([["Code INSEE", "Identifiant", "Secrétariat"], *rows])

    assert table.fields == {"code_insee": 0, "siren": 1, "email": 2}
    assert [column.why for column in table.columns[1:]] == ["content", "content"]


def test_of_two_columns_with_one_title_the_fuller_is_read_and_it_is_said():
    table = find([["Code INSEE", "Population", "Population"], ["60057", "", "12"]])

    assert table.fields["population"] == 2
    assert "colonne C" in table.notes[0]


def test_a_person_may_correct_a_column_or_leave_it_aside():
    rows = [["Code INSEE", "Zone 3", "E-mail"], ["60057", "12", "a@b.example"]]

    table = find(rows, corrections={"zone 3": "population", "e mail": ""})

    assert table.fields == {"code_insee": 0, "population": 1}


def test_without_what_tells_the_commune_the_columns_are_given_to_correct():
    with pytest.raises(MissingColumns, match="Il manque une colonne") as missing:
        find([["E-mail", "Population"], ["a@b.example", "12"]])

    assert [column.title for column in missing.value.table.columns] == ["E-mail", "Population"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "aucune donnée"),
        ([HEADERS[0]], "aucune ligne"),
        ([ROW], "ligne de titres"),
    ],
)
def test_a_sheet_without_list_is_refused(rows, words):
    with pytest.raises(Unreadable, match=words):
        find(rows)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (" Méru  ", "Méru"),
        ("60104\u00a0", "60104"),
        ("\u200b60139", "60139"),
        ("Noyon\n", "Noyon"),
        ("Le\nBosc", "Le Bosc"),
    ],
)
def test_characters_nobody_sees_are_taken_away(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_a_column(index, name):
    assert letters(index) == name
