"""The list of an OPSN: attach, keep the official address, refuse; the same file again changes nothing."""

import pytest
from django.utils import timezone

from imports.enums import ImportKind, RunState
from imports.models import ImportRun
from imports.running import apply, read_lines
from imports.undoing import undo
from territories.enums import AuditAction
from territories.models import AuditEntry, Collectivite, Opsn
from tests.imports.factories import start_list
from tests.territories.factories import CollectiviteFactory, MemberFactory

pytestmark = pytest.mark.django_db

BEAUVAIS = ["60057", "Beauvais", "216000562", "55 550", "mairie@beauvais.example"]
MERU = ["60395", "MERU", "216003913", "13897", " MAIRIE@MERU.EXAMPLE "]
WRONG = ["60057", "Beauvais", "216000563", "55550", ""]


@pytest.fixture
def bring(opsn, omar):
    return lambda rows, **kwargs: start_list(rows, opsn=opsn, by=omar, **kwargs)


@pytest.fixture
def carry(bring, omar):
    """Bring a list and confirm it."""

    def act(rows, **kwargs):
        run = bring(rows, **kwargs)
        apply(run=run, digest=run.digest, by=omar, at=run.started_at)
        run.refresh_from_db()
        return run

    return act


def problems_of(run):
    return [
        (p.line, p.column, p.value, p.blocking) for line in read_lines(run) for p in line.problems
    ]


def snapshot():
    return list(Collectivite.objects.order_by("pk").values())


def test_a_preview_says_everything_and_writes_nothing(bring, communes):
    before = snapshot()

    run = bring([BEAUVAIS, MERU])

    assert run.state == RunState.PREVIEWED
    assert run.counts == {"attached": 2}
    assert read_lines(run)[0].changes == [
        ("OPSN", "", "OPSN du Nord"),
        ("Courriel officiel", "", "mairie@beauvais.example"),
    ]
    assert snapshot() == before


def test_confirming_writes_what_was_said_and_the_journal(carry, communes, opsn, omar):
    run = carry([BEAUVAIS, MERU])

    beauvais, meru = communes["beauvais"], communes["meru"]
    beauvais.refresh_from_db(), meru.refresh_from_db()
    assert (beauvais.opsn, beauvais.official_email) == (opsn, "mairie@beauvais.example")
    assert (meru.name, meru.official_email) == ("Méru", "mairie@meru.example")
    assert run.state == RunState.APPLIED
    entries = AuditEntry.objects.filter(actor=omar, opsn=opsn)
    assert entries.filter(action=AuditAction.ATTACHED).count() == 2
    assert entries.filter(action=AuditAction.IMPORT_APPLIED).count() == 1


def test_the_same_file_again_changes_nothing_and_says_so(carry, bring, communes):
    carry([BEAUVAIS, MERU])
    before = snapshot()

    again = bring([BEAUVAIS, MERU])

    assert again.counts == {"unchanged": 2}
    assert again.state == RunState.APPLIED
    assert any("Rien à changer" in note for note in again.notes)
    assert any("déjà été importé" in note for note in again.notes)
    assert snapshot() == before


def test_rows_in_another_order_change_nothing(carry, bring, communes):
    carry([BEAUVAIS, MERU])

    again = bring([MERU, BEAUVAIS])

    assert again.counts == {"unchanged": 2}


def test_one_row_changed_is_one_change(carry, communes):
    carry([BEAUVAIS, MERU])

    run = carry([BEAUVAIS, [*MERU[:4], "accueil@meru.example"]])

    assert run.counts == {"unchanged": 1, "updated": 1}
    (line,) = read_lines(run)
    assert line.changes == [("Courriel officiel", "mairie@meru.example", "accueil@meru.example")]


def test_an_empty_cell_erases_nothing(carry, bring, communes):
    carry([BEAUVAIS])

    assert bring([[*BEAUVAIS[:4], ""]]).counts == {"unchanged": 1}


def test_one_wrong_row_among_a_thousand_blocks_itself_only(carry, oise, opsn):
    rows = [[CollectiviteFactory().code_insee, "", "", "", ""] for _ in range(999)]

    run = carry([*rows, ["60X01", "", "", "", ""]])

    assert run.counts == {"attached": 999, "rejected": 1}
    assert problems_of(run) == [(1001, "code_insee", "60X01", True)]
    assert opsn.collectivites.count() == 999


def test_all_or_nothing_writes_nothing_when_one_row_is_wrong(bring, communes, omar, opsn):
    from imports.running import BlockedByRefusedRows

    run = bring([BEAUVAIS, WRONG], all_or_nothing=True)

    with pytest.raises(BlockedByRefusedRows):
        apply(run=run, digest=run.digest, by=omar, at=run.started_at)
    assert not opsn.collectivites.exists()
    assert problems_of(run) == [(3, "siren", "216000563", True)]


def test_a_commune_of_another_opsn_is_asked_for_and_not_taken(bring, communes, other_opsn):
    Collectivite.objects.filter(pk=communes["meru"].pk).update(opsn=other_opsn)

    run = bring([BEAUVAIS, MERU])

    assert run.counts == {"attached": 1, "rejected": 1}
    (problem,) = [p for line in read_lines(run) for p in line.problems]
    assert "Demandez son rattachement" in problem.sentence
    assert other_opsn.name not in problem.sentence


def test_a_commune_out_of_its_departements_is_refused_to_an_opsn(bring, communes):
    run = bring([["01001", "", "", "", ""]])

    assert run.counts == {"rejected": 1}
    assert "hors de vos départements" in read_lines(run)[0].problems[0].sentence


def test_the_national_team_may_attach_it(communes, opsn, nadia):
    run = start_list([["1001", "", "", "", ""]], opsn=opsn, by=nadia)

    assert run.counts == {"attached": 1}


def test_the_members_of_an_attached_commune_are_told(
    carry, communes, mailoutbox, django_capture_on_commit_callbacks
):
    member = MemberFactory(collectivite=communes["meru"], role="referent")

    with django_capture_on_commit_callbacks(execute=True):
        carry([BEAUVAIS, MERU])

    assert [address for mail in mailoutbox for address in mail.to].count(member.user.email) == 1


@pytest.mark.parametrize("address", ["néant", "mairie@", "a@b.example ; c@d.example", "12345"])
def test_a_bad_address_is_left_out_with_a_warning_and_the_row_is_kept(bring, communes, address):
    run = bring([[*BEAUVAIS[:4], address]])

    assert run.counts == {"attached": 1}
    assert problems_of(run) == [(2, "email", address, False)]


@pytest.mark.parametrize(
    "population", ["-5", "NC", "#N/A", "01/01/2026", "env. 500 hab.", "40.761,5", "9" * 12]
)
def test_a_population_that_is_no_number_refuses_the_row(bring, communes, population):
    run = bring([[*BEAUVAIS[:3], population, ""]])

    assert problems_of(run) == [(2, "population", population, True)]


@pytest.mark.parametrize("population", ["0", "", "55 550", "9\u202f959", "4\u00a0222", "10591.0"])
def test_a_population_is_read_as_people_write_it_and_the_reference_is_kept(
    bring, communes, population
):
    run = bring([[*BEAUVAIS[:3], population, ""]])

    assert problems_of(run) == []
    assert [change.label for change in read_lines(run)[0].changes] == ["OPSN"]


def test_a_row_that_comes_again_is_refused_and_names_the_first(bring, communes):
    run = bring([BEAUVAIS, MERU, [*BEAUVAIS[:3], "9999", ""]])

    assert run.counts == {"attached": 2, "rejected": 1}
    assert read_lines(run)[-1].problems == [(4, "", "", "Cette ligne répète la ligne 2.", True)]


@pytest.mark.parametrize("rows", [[["60999"], ["60395"]], [["60395"], ["60999"]]])
def test_a_former_code_is_the_repetition_wherever_it_stands(bring, communes, rows):
    run = bring(rows)

    assert run.counts == {"attached": 1, "rejected": 1}
    refused = [line for line in read_lines(run) if line.outcome == "rejected"]
    assert [line.number for line in refused] == [2 + rows.index(["60999"])]


def test_a_syndicat_that_the_reference_does_not_hold_is_created(carry, communes, opsn):
    header = ["SIREN", "Nom", "Type", "Département", "E-mail"]
    row = ["256000001", "Syndicat mixte de l’Oise", "Syndicat mixte", "60", ""]

    run = carry([row], header=header)

    made = Collectivite.objects.get(siren="256000001")
    assert run.counts == {"created": 1}
    assert (made.kind, made.opsn, made.search_name) == (
        "syndicat",
        opsn,
        "syndicat mixte de l oise",
    )


SYNDICAT = ["256000001", "Syndicat mixte", "Syndicat mixte", "60", ""]
OF_SYNDICATS = ["SIREN", "Nom", "Type", "Département", "E-mail"]


@pytest.mark.parametrize(
    ("departement", "sentence"),
    [
        ("01", "Elle est hors de vos départements : demandez-la à l’équipe nationale."),
        ("", "Son département est nécessaire : la référence nationale ne la connaît pas."),
        ("6O", "Aucun département n’a ce numéro ou ce nom."),
    ],
)
def test_an_opsn_creates_nobody_out_of_its_departements(bring, communes, departement, sentence):
    run = bring([[*SYNDICAT[:3], departement, ""]], header=OF_SYNDICATS)

    assert run.counts == {"rejected": 1}
    assert read_lines(run)[0].problems == [(2, "departement", departement, sentence, True)]


def test_the_national_team_may_create_it_there_but_not_nowhere(communes, opsn, nadia):
    rows = [[*SYNDICAT[:3], "01", ""], ["256000019", "Autre syndicat", "Syndicat", "", ""]]

    run = start_list(rows, opsn=opsn, by=nadia, header=OF_SYNDICATS)

    assert run.counts == {"created": 1, "rejected": 1}


def test_what_is_created_is_in_the_journal_and_stays_there_once_undone(carry, communes, omar):
    run = carry([SYNDICAT], header=OF_SYNDICATS)
    made = Collectivite.objects.get(siren="256000001")
    entry = AuditEntry.objects.get(action=AuditAction.ATTACHED)
    assert entry.collectivite == made

    undo(run=run, by=omar, at=timezone.now())

    entry.refresh_from_db()
    assert not Collectivite.objects.filter(siren="256000001").exists()
    assert (entry.collectivite, entry.ground) == (
        None,
        "OPSN du Nord, par un import : Syndicat mixte (256000001)",
    )
    assert not AuditEntry.objects.filter(action=AuditAction.DETACHED).exists()


def test_text_that_looks_like_code_is_text(bring, communes):
    run = bring(
        [["60057", "<script>alert(1)</script>", "", "", ""], ["60395' OR '1'='1", "x", "", "", ""]]
    )

    assert run.counts == {"attached": 1, "rejected": 1}
    assert Collectivite.objects.get(code_insee="60057").name == "Beauvais"


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_rows(
    oise, opsn, omar, count, django_assert_max_num_queries
):
    rows = [[CollectiviteFactory().code_insee, "", "", "", "a@b.example"] for _ in range(count)]

    with django_assert_max_num_queries(32):
        start_list(rows, opsn=opsn, by=omar)


def test_the_counts_add_up_to_the_rows_read(bring, communes):
    run = bring([BEAUVAIS, MERU, BEAUVAIS, ["60X01"], WRONG])

    assert run.lines_read == 5
    assert ImportRun.objects.get().kind == ImportKind.COLLECTIVITES
    assert Opsn.objects.count() == 1
