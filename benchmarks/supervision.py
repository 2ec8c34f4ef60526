"""What the figures cost on the whole of France, and that they are those of the raw answers.

    python -m benchmarks.supervision                      # SQLite, in a file of its own
    python -m tests.postgres -- python -m benchmarks.supervision
    python -m benchmarks.supervision --communes 1000      # to try

Every screen of the console that reads a territory, asked twice: its queries, and the time that the database takes to answer
each of them to the last row (the shortest of five: the machine may be shared); whether the limits below are
held. Then the cost for a thousand collectivités, from 1 to 36,000 of them, and the values. Results: docs/performance.md.
"""

import argparse
import os
import time
from statistics import median

from benchmarks.database import an_empty_database, set_up

AGAIN = 5
SAMPLE = 400
FILTERED = "?strate=500&edition=2026"
TWO_DAYS = "?du=2025-12-31&au=2026-12-31"
QUERIES = 20
REGIONS = ("32", "84", "76", "75", "44", "28")
SIX = "?quoi=strates&c=0&c=500&c=1000&c=3500&c=5000&c=10000"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--communes", type=int, default=None, help="about so many, to try")
    parser.add_argument("--nightly", action="store_true", help="time check_figures as well")
    arguments = parser.parse_args()
    set_up()
    with an_empty_database() as vendor:
        from benchmarks import france

        print(f"{vendor}, charge {os.getloadavg()[0]:.1f} sur {os.cpu_count()} cœurs")
        began = time.perf_counter()
        france.build(arguments.communes)
        print(f"construite en {time.perf_counter() - began:.0f} s\n")
        screens()
        flatness()
        equality()
        if arguments.nightly:
            nightly()


def screens() -> None:
    from accounts.models import User
    from territories.models import Opsn

    large = Opsn.objects.get(name="Grand OPSN")
    omar = User.objects.get(email="omar@banc.example")
    nadia = User.objects.create_superuser("nadia@banc.example", "x")
    print("| écran | requêtes | base | page | à tenir | |\n|---|---|---|---|---|---|")
    held = []
    for who, opsn, user, bar in (
        (f"OPSN ({large.collectivites.count()})", large, omar, 150),
        ("pays", None, nadia, 400),
    ):
        browser = browser_of(user)
        for label, path in console(opsn).items():
            held.append(tell(f"{who} : {label}", browser, f"/opsn/{path}", bar))
    for label, commune in (("petite commune", small_one()), ("grande ville", rare_one())):
        browser = browser_of(agent_of(commune))
        held.append(tell(f"comparaison, {label}", browser, "/espace/comparaison/", 50))
        held.append(tell(f"pratiques, {label}", browser, "/espace/comparaison/pratiques/", 50))
    print(f"\n{sum(held)} écrans tenus sur {len(held)}")


def console(opsn) -> dict[str, str]:
    """Return the address under /opsn/ of every screen of the console that reads the territory, by what it is called."""
    from supervision.models import Campaign
    from supervision.territory import Territory

    campaign = Campaign.objects.of(opsn).order_by("-starts_on").first()
    commune = Territory(opsn).collectivites().filter(kind="commune").first()
    screens = {
        "accueil": "",
        "collectivités": "collectivites/",
        "collectivités, par indice": "collectivites/?tri=-indice",
        "collectivités, silencieuses": "collectivites/?attention=silencieuse",
        "qui est bloqué": "bloquees/",
        "vue d’ensemble": "chiffres/",
        "vue d’ensemble, filtrée": f"chiffres/{FILTERED}",
        "carte de chaleur": "chiffres/carte-de-chaleur/",
        "carte de chaleur, par indice": "chiffres/carte-de-chaleur/?tri=-indice",
        "comparer six strates": f"chiffres/comparer/{SIX}",
        "carte": "chiffres/carte/",
        "progrès": "chiffres/progres/",
        "progrès, par écart": "chiffres/progres/?tri=-ecart",
        "progrès, entre deux dates": f"chiffres/progres/{TWO_DAYS}",
        "progrès d’une commune": f"chiffres/progres/{commune.pk}/",
        "rapport": "chiffres/rapport/",
        "campagne et celle d’avant": f"campagnes/{campaign.pk}/",
        "campagnes": "campagnes/",
        "demandes": "demandes/",
        "relectures": "relectures/",
        "invitations": "invitations/",
        "exports": "exports/",
        "journal": "journal/",
    }
    if opsn:
        return screens
    groups = "&".join(f"c={code}" for code in REGIONS)
    return screens | {
        "une région et une édition": f"chiffres/?region={REGIONS[0]}&edition=2026",
        "rapport d’une région et d’une édition": f"chiffres/rapport/?region={REGIONS[0]}&edition=2026",
        "comparer six régions": f"chiffres/comparer/?quoi=regions&{groups}",
        "par région et OPSN": "chiffres/pays/",
        "par région et OPSN, filtrée": f"chiffres/pays/{FILTERED}",
    }


def small_one():
    """One of 18,000 of its size."""
    from territories.models import Collectivite

    return Collectivite.objects.filter(kind="commune", population__range=(1, 499)).first()


def rare_one():
    """So few are of its size that the group is wide."""
    from territories.models import Collectivite

    return Collectivite.objects.filter(kind="commune").order_by("-population")[3]


def agent_of(commune):
    from tests.territories.factories import MemberFactory

    return MemberFactory(collectivite=commune).user


def browser_of(user):
    from django.test import Client

    from accounts.rules import has_second_factor
    from tests.accounts.factories import prove_twice

    if not has_second_factor(user):
        prove_twice(user)
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def tell(label: str, browser, address: str, bar: int) -> bool:
    queries, base, page = cost(browser, address)
    held = base <= bar and len(queries) <= QUERIES
    words = "tenu" if held else "**non tenu**"
    print(
        f"| {label} | {len(queries)} | {base:.0f} ms | {page:.0f} ms | {bar} ms | {words} |",
        flush=True,
    )
    return held


def cost(browser, address: str) -> tuple[list, float, float]:
    """Return the queries of a page that was asked before, and the milliseconds of the database and of the page."""
    from django.db import connection

    queries = []

    def note(execute, sql, params, many, context):
        queries.append((sql, params))
        return execute(sql, params, many, context)

    browser.get(address)
    with connection.execute_wrapper(note):
        began = time.perf_counter()
        response = browser.get(address)
        page = 1000 * (time.perf_counter() - began)
    assert response.status_code == 200, (address, response.status_code)  # noqa: S101 - a page that fails is not worth timing
    return queries, sum(min(timed(*query) for _ in range(AGAIN)) for query in queries), page


def timed(sql: str, params) -> float:
    """Return the milliseconds to the last row."""
    from django.db import connection

    if not sql.startswith("SELECT"):
        return 0.0
    with connection.cursor() as cursor:
        began = time.perf_counter()
        cursor.execute(sql, params)
        cursor.fetchall()
        return 1000 * (time.perf_counter() - began)


def flatness() -> None:
    """The overview of territories of every size: what a thousand collectivités cost."""
    from supervision.overview import overview_of
    from supervision.selecting import Selection
    from supervision.territory import Territory
    from territories.models import Collectivite, Opsn

    print("\n| territoire | collectivités | vue d’ensemble | pour 1 000 |\n|---|---|---|---|")
    opsns = sorted(Opsn.objects.all(), key=lambda opsn: opsn.collectivites.count())
    for opsn in (opsns[len(opsns) // 2], opsns[-2], opsns[-1], None):
        territory = Territory(opsn)
        count = (opsn.collectivites if opsn else Collectivite.objects).count()
        times = []
        for _ in range(AGAIN):
            began = time.perf_counter()
            overview_of(Selection(territory))
            times.append(1000 * (time.perf_counter() - began))
        spent = median(times)
        print(f"| {territory.name} | {count} | {spent:.0f} ms | {1000 * spent / count:.0f} ms |")


def equality() -> None:
    """The figures of one OPSN, and a sample of the country, computed from the raw answers."""
    from questions.models import Assessment
    from supervision.checking import drifts_of
    from supervision.overview import overview_of
    from supervision.selecting import Selection
    from supervision.territory import Territory
    from territories.models import Opsn

    opsns = sorted(Opsn.objects.all(), key=lambda opsn: opsn.collectivites.count())
    opsn = opsns[len(opsns) // 2]
    found = overview_of(Selection(Territory(opsn)))
    indices, practices = raw_figures(opsn)
    same = found.indices.counts == indices and practices == {
        row.code: (row.concerned, row.practised) for row in found.practices
    }
    closed = Assessment.objects.closed().order_by("pk")
    keys = list(closed.values_list("pk", flat=True))[:: max(1, closed.count() // SAMPLE)]
    drifted = list(drifts_of(list(Assessment.objects.filter(pk__in=keys)), {}))
    print(
        f"\n{opsn} : {'les mêmes valeurs' if same else 'DES VALEURS DIFFÉRENTES'} depuis les réponses"
    )
    print(f"{len(keys)} évaluations recalculées : {len(drifted)} dérive")
    assert same, opsn  # noqa: S101 - figures that are wrong are not worth timing
    assert not drifted, drifted[:3]  # noqa: S101 - idem


def raw_figures(opsn) -> tuple[dict[int, int], dict[str, tuple[int, int]]]:
    """Return indices and practices in plain Python, answer after answer."""
    from questions.models import Answer, Assessment

    last: dict[int, int] = {}
    rows = Assessment.objects.filter(collectivite__opsn=opsn, state="closed").order_by("closed_at")
    for pk, collectivite in rows.values_list("pk", "collectivite"):
        last[collectivite] = pk
    sums: dict[int, list[int]] = {pk: [0, 0] for pk in last.values()}
    practices: dict[str, list[int]] = {}
    answers = Answer.objects.filter(assessment__collectivite__opsn=opsn)
    columns = ("assessment", "question__code", "question__weight", "state", "choice")
    for pk, code, weight, state, choice in answers.values_list(*columns).iterator(10_000):
        if pk not in sums or state == "not_applicable":
            continue
        does = choice == "oui"
        sums[pk][0] += weight * does
        sums[pk][1] += weight
        both = practices.setdefault(code, [0, 0])
        both[0] += 1
        both[1] += does
    indices: dict[int, int] = {}
    for points, possible in sums.values():
        index = (200 * points + possible) // (2 * possible)
        indices[index] = indices.get(index, 0) + 1
    return indices, {code: tuple(both) for code, both in practices.items()}


def nightly() -> None:
    from supervision.checking import drifts

    began = time.perf_counter()
    found = sum(1 for _ in drifts())
    print(f"check_figures : {time.perf_counter() - began:.0f} s, {found} dérive")


if __name__ == "__main__":
    main()
