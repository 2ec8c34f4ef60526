"""Who moved between two evaluations, on which themes, and what was done in between."""

import io
from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from plans.enums import Standing
from questions.comparing import Verdict
from questions.enums import EditionState
from questions.models import Assessment
from supervision.histograms import tenths
from supervision.models import SavedView
from supervision.progress import Incomparable, deltas_of, progress_of, verdicts_by_theme
from supervision.selecting import Selection
from supervision.statistics import content
from supervision.territory import Territory
from territories.enums import CollectiviteKind
from territories.scoping import everything
from tests.accounts.factories import UserFactory
from tests.plans.factories import ActionFactory, PlanFactory
from tests.questions.factories import MORNING, QuestionnaireFactory
from tests.supervision import plain
from tests.supervision.strategies import TERRITORIES, close_all, editions
from tests.territories.factories import CollectiviteFactory, OpsnFactory

pytestmark = pytest.mark.django_db

YES = {"ACH1": "oui", "ACH2": "oui", "PAR1": "toujours", "PAR2": "oui", "USA1": "oui"}
NO = dict.fromkeys(YES, "non") | {"PAR1": "jamais"}
FIRST_DAY = MORNING.date()
PROGRESS = reverse("supervision:progress")


@pytest.fixture(autouse=True)
def _no_verdict_of_another_test():
    cache.clear()


def close(commune, *years: tuple[str, dict], by_name=None) -> None:
    past = [{"edition": edition, "answers": answers} for edition, answers in years]
    close_all([commune], [past], by_name or editions())


def between(opsn, since=None, until=None, **filters):
    return progress_of(Selection(Territory(opsn), **filters), content(1), since=since, until=until)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(territory=TERRITORIES)
def test_every_move_is_that_of_the_raw_answers(db, territory):
    cache.clear()
    with everything(), transaction.atomic():
        opsn = OpsnFactory()
        communes = [CollectiviteFactory(opsn=opsn) for _ in territory]
        close_all(communes, territory, editions())

        found = between(opsn)

        expected, themes = {}, {}
        for commune in communes:
            past = list(Assessment.objects.filter(collectivite=commune).order_by("closed_at"))
            sheets = [plain.asked(assessment) for assessment in past]
            indices = [plain.index(sheet) for sheet in sheets]
            if len(past) < 2 or None in indices:
                continue
            expected[commune.pk] = tuple(indices)
            for code in ("achats", "parc", "usages"):
                for side, sheet in enumerate(sheets):
                    if (value := plain.index(sheet, code)) is not None:
                        themes.setdefault(code, ([], []))[side].append(value)
        means = {
            code: tuple(tenths(Fraction(sum(side), len(side))) for side in sides)
            for code, sides in themes.items()
            if all(sides)
        }
        assert {m.collectivite: (m.before, m.after) for m in found.moves} == expected
        assert {t.code: (t.before, t.value) for t in found.themes} == means
        transaction.set_rollback(True)


def test_one_that_was_evaluated_once_did_not_move(opsn, commune):
    close(commune, ("2027", YES))

    found = between(opsn)

    assert (found.moves, found.single, found.delta) == ([], 1, None)


def test_between_two_days_it_is_what_was_known_at_the_end_of_each(opsn, commune):
    close(commune, ("2026", NO), ("2026", YES), ("2027", NO))
    year = timedelta(days=365)

    first = between(opsn, FIRST_DAY, FIRST_DAY + year)
    both = between(opsn, FIRST_DAY, FIRST_DAY + 2 * year)
    nothing_new = between(opsn, FIRST_DAY + year, FIRST_DAY + year + timedelta(days=9))

    assert [(m.before, m.after, m.delta) for m in first.moves] == [(0, 100, 100)]
    assert [(m.before, m.after) for m in both.moves] == [(0, 0)]
    assert both.counts == {"up": 0, "same": 1, "down": 0}
    assert nothing_new.moves == []


def test_the_group_is_that_of_the_later_closing(opsn, commune):
    by_name = editions()
    close(commune, ("2026", NO), ("2027", YES), by_name=by_name)
    commune.kind = CollectiviteKind.CC
    commune.save()

    assert between(opsn, kind=CollectiviteKind.COMMUNE).count == 1
    assert between(opsn, kind=CollectiviteKind.CC).count == 0


def test_one_that_left_the_territory_is_not_there(opsn, other_opsn, commune):
    close(commune, ("2026", NO), ("2027", YES))
    commune.opsn = other_opsn
    commune.save()

    assert between(opsn).count == 0
    assert between(other_opsn).count == 1
    assert between(None).count == 1


def test_actions_done_in_between_are_counted_by_theme_and_title(opsn, commune):
    close(commune, ("2026", NO), ("2027", YES))
    plan = PlanFactory(collectivite=commune)
    inside = FIRST_DAY + timedelta(days=30)
    done = {"plan": plan, "done": True, "theme_code": "achats"}
    ActionFactory(**done | {"done_on": inside, "title": "Acheter reconditionné"})
    ActionFactory(**done | {"done_on": FIRST_DAY, "title": "Avant"})
    ActionFactory(**done | {"done_on": FIRST_DAY + timedelta(days=366), "title": "Après"})
    ActionFactory(plan=plan, theme_code="achats", title="Pas faite")
    ActionFactory(**done | {"done_on": inside, "standing": Standing.DECLINED, "title": "Écartée"}
                  | {"proposed_by_opsn": opsn})  # fmt: skip

    found = between(opsn)

    assert [(a.title, a.count) for a in found.actions] == [("Acheter reconditionné", 1)]
    assert {t.code: t.actions for t in found.themes} == {"achats": 1, "parc": 0}
    assert (found.done, found.moves[0].actions) == (1, 1)


def test_each_collectivite_has_the_moves_of_its_own_themes(opsn, commune):
    by_name = editions()
    half = NO | {"PAR1": "toujours"}
    close(commune, ("2026", NO), ("2027", half), by_name=by_name)
    other = CollectiviteFactory(opsn=opsn, name="Bray", code_insee="02117")
    close(other, ("2026", YES), ("2027", NO), by_name=by_name)

    found = list(deltas_of(between(opsn), content(1)))

    assert {row.name: row.themes for row in found} == {
        commune.name: {"achats": 0, "parc": 100},
        "Bray": {"achats": -100, "parc": -100},
    }
    assert [row.code_insee for row in found if row.name == "Bray"] == ["02117"]


def test_of_one_collectivite_it_is_the_same_as_among_all(opsn, commune):
    by_name = editions()
    close(commune, ("2026", NO), ("2027", YES), by_name=by_name)
    close(CollectiviteFactory(opsn=opsn), ("2026", YES), ("2027", NO), by_name=by_name)

    found = progress_of(Selection(Territory(opsn)), content(1), since=None, until=None, of=commune)

    assert [(m.collectivite, m.delta) for m in found.moves] == [(commune.pk, 100)]
    assert {t.code: t.delta for t in found.themes} == {"achats": 100, "parc": 100}


@pytest.fixture
def done(opsn, commune):
    """Alice's commune went from 0 to 100, and bought refurbished in between."""
    close(commune, ("2026", NO), ("2027", YES))
    day = FIRST_DAY + timedelta(days=30)
    plan = PlanFactory(collectivite=commune)
    reused = {"theme_code": "achats", "title": "Acheter reconditionné"}
    ActionFactory(plan=plan, done=True, done_on=day, **reused)
    ActionFactory(plan=plan, done=True, done_on=day, theme_code="usages", title="Trier les mails")
    ActionFactory(plan=plan, theme_code="achats", title="Pas faite")


def test_the_page_of_a_collectivite_tells_its_themes_and_what_was_done(
    done, omar, commune, client_of, django_assert_max_num_queries
):
    client = client_of(omar)
    address = reverse("supervision:progress_of", args=[commune.pk])

    assert address + "?strate=500" in client.get(PROGRESS, {"strate": "500"}).content.decode()
    with django_assert_max_num_queries(20):
        page = client.get(address, {"strate": "500"}).content.decode()

    assert "De 0 le" in page
    assert page.count("+100") == 3  # the index, and two themes
    assert "Acheter reconditionné, le" in page
    assert "dans d’autres thèmes" in page
    assert "Trier les mails, le" in page
    assert "Pas faite" not in page


@pytest.mark.parametrize("screen", ["supervision:progress", "supervision:report"])
@pytest.mark.parametrize("who", ["omar", "nadia"])
@pytest.mark.parametrize("asked", [{}, {"edition": "2027", "type": "commune"}])
def test_a_screen_reads_twenty_times_at_most_whatever_is_kept(
    asked, who, screen, request, done, opsn, client_of, django_assert_max_num_queries
):
    reader = request.getfixturevalue(who)
    of = {"omar": opsn, "nadia": None}[who]
    for _ in range(3):
        colleague = UserFactory(national=who == "nadia")
        SavedView.objects.create(
            opsn=of, author=colleague, name="Vue", view="carte", is_shared=True
        )
    client, address = client_of(reader), reverse(screen)
    client.get(address, asked)  # what changed from an edition to another is kept from then on

    with django_assert_max_num_queries(20):
        page = client.get(address, asked).content.decode()

    assert page.count(", de ") >= 3


def test_the_page_of_one_that_was_evaluated_once_says_what_is_lacking(omar, commune, client_of):
    close(commune, ("2027", YES))

    page = client_of(omar).get(reverse("supervision:progress_of", args=[commune.pk]))

    assert "Il faut deux évaluations closes" in page.content.decode()


def test_the_page_of_one_that_left_the_territory_does_not_exist(
    done, omar, sonia, commune, client_of
):
    commune.opsn = sonia.opsn_memberships.get().opsn
    commune.save()
    address = reverse("supervision:progress_of", args=[commune.pk])

    assert client_of(omar).get(address).status_code == 404
    assert client_of(sonia).get(address).status_code == 200


def test_the_file_tells_of_each_collectivite_its_themes_and_what_was_done(
    done, omar, commune, client_of
):
    response = client_of(omar).post(reverse("supervision:progress_file", args=["xlsx"]))

    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    headings, row = book["Écarts par thème"].iter_rows(values_only=True)
    assert dict(zip(headings[2:], row[2:], strict=True)) == {
        "Collectivité": commune.name,
        "Achats": 100,
        "Parc": 100,
        "Actions réalisées": "Acheter reconditionné ; Trier les mails",
    }


@pytest.fixture
def changed():
    """The newer edition offers other answers to PAR1, and the same for the rest."""
    often = {"code": "PAR1", "kind": "one_of"}
    options = {"jamais": 0, "toujours": 1}
    older = QuestionnaireFactory(
        edition="2026",
        state=EditionState.RETIRED,
        content={"achats": ["ACH1"], "parc": [{**often, "options": options}]},
    )
    newer = QuestionnaireFactory(
        edition="2027",
        content={"achats": ["ACH1"], "parc": [{**often, "options": options | {"souvent": 1}}]},
    )
    return {"2026": older, "2027": newer}


def test_a_theme_whose_answers_changed_is_said_not_comparable_and_left_out(opsn, commune, changed):
    close(commune, ("2026", NO), ("2027", YES), by_name=changed)

    found = between(opsn)

    assert [t.code for t in found.themes] == ["achats"]
    assert found.warnings == [Incomparable("Parc", "2026", "2027", Verdict.NOT_COMPARABLE)]
    assert [row.themes for row in deltas_of(found, content(1))] == [{"achats": 100}]


def test_in_that_theme_those_that_stayed_in_one_edition_still_count(opsn, commune, changed):
    close(commune, ("2026", NO), ("2027", YES), by_name=changed)
    stayed = CollectiviteFactory(opsn=opsn)
    close(stayed, ("2027", NO), ("2027", YES), by_name=changed)

    found = {t.code: t.later.count for t in between(opsn).themes}

    assert found == {"achats": 2, "parc": 1}


def test_the_verdict_of_a_theme_is_the_gravest_of_its_questions(changed):
    by_theme = verdicts_by_theme(changed["2026"], changed["2027"])

    assert by_theme == {"parc": Verdict.NOT_COMPARABLE}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows(opsn, django_assert_max_num_queries, count):
    by_name = editions()
    for _ in range(count):
        commune = CollectiviteFactory(opsn=opsn)
        close(commune, ("2027", NO), ("2027", YES), by_name=by_name)

    with django_assert_max_num_queries(8):
        assert between(opsn, until=date(2030, 1, 1)).count == count
