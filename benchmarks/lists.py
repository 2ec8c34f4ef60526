"""What becomes of lists whose right outcome is known, line by line. Ends with 1 when something differs.

    python -m benchmarks.lists FOLDER          or: make lists FOLDER=…

FOLDER holds NAME.xlsx (.ods, .csv) with NAME.xlsx.attendu.json beside it, or difficult files with their `manifest.json`; what
is read of them is below (`lists`, `difficult`). Each is sent to the console as an adviser would.
Three decisions of ours differ from what is proposed there: a former code leads to today's commune, with a warning, or is a
repetition when that commune is in the list too; a bad address is left out with a warning; of two lines that say the same,
the first one is kept, whichever was copied. Results: docs/imports.md.
"""

import argparse
import json
import resource
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.database import an_empty_database, set_up

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TAKEN, REFUSED, WARNED, REPEATED = "prise", "refusée", "prise, avertissement", "répétition"
REPETITION = "répète la ligne"
# Proposed outcome → ours, and the column that the sentence must be about.
WANTED = {
    "valide": ({TAKEN, WARNED}, ""),
    "valide:nom+departement": ({TAKEN, WARNED}, ""),
    "valide:avertissement": ({WARNED}, "name"),
    "erreur:courriel": ({WARNED}, "email"),
    "erreur:code-ancien": ({WARNED}, "code_insee"),
    "erreur:siren": ({REFUSED}, "siren"),
    "erreur:insee": ({REFUSED}, "code_insee"),
    "erreur:population": ({REFUSED}, "population"),
    "erreur:nom": ({REFUSED}, "name"),
    "doublon": ({REPEATED}, ""),
}
MEMORY = 150 * 1024  # kB that the web process may grow by


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    set_up()
    with an_empty_database():
        browser = an_adviser()
        if (folder / "manifest.json").exists():
            differences = difficult(folder, browser)
        else:
            differences = lists(folder, browser)
    for difference in differences:
        print("  ÉCART", difference)
    print(f"{len(differences)} écart" + "s" * (len(differences) > 1))
    sys.exit(bool(differences))


def an_adviser():
    """Return a browser of the national team, which works for one OPSN, in the whole country."""
    from django.test import Client

    from accounts.models import User
    from imports.reference import load_reference
    from territories.models import Opsn

    for _ in load_reference():
        pass
    user = User.objects.create_superuser("nadia@declic.example", "correct horse battery staple")
    opsn = Opsn.objects.create(name="OPSN des essais")
    browser = Client()
    browser.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    _prove_second_factor(user, session)
    session.save()
    browser.post("/opsn/choisir/", {"opsn": opsn.pk})
    return browser


def _prove_second_factor(user, session) -> None:
    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]


def send(browser, path: Path, name: str):
    """Send a file to the console and return its run; None when the answer is not a page of the run."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from imports.models import ImportRun

    before = ImportRun.objects.count()
    file = SimpleUploadedFile(name, path.read_bytes())
    answer = browser.post("/opsn/imports/deposer/collectivites/", {"file": file}, follow=True)
    if answer.status_code != 200 or ImportRun.objects.count() != before + 1:
        return None
    return ImportRun.objects.select_related("opsn").first()


# --- Lists with their expected outcomes -----------------------------------------------------------


def lists(folder: Path, browser) -> list[str]:
    differences = []
    for side in sorted(folder.glob("*.attendu.json")):
        expected = json.loads(side.read_text(encoding="utf-8"))
        path = side.with_name(side.name.removesuffix(".attendu.json"))
        run = send(browser, path, path.name)
        found = compared(run, expected) if run else ["pas de page"]
        if run and not found:
            found = applied_twice_then_undone(browser, path, run)
        counts = dict(run.counts) if run else {}
        print(
            f"{path.name} : {expected['rows']} lignes, {counts}, {len(found)} écart(s)", flush=True
        )
        differences += [f"{path.name} : {sentence}" for sentence in found]
    return differences


def compared(run, expected: dict) -> list[str]:
    """Return the differences between a preview and what was expected, in sentences."""
    from imports.running import read_lines

    lines = {line.number: line for line in read_lines(run)}
    differences = []
    if run.header_line != expected["header_row"]:
        differences.append(
            f"titres en ligne {run.header_line}, attendus en {expected['header_row']}"
        )
    if run.lines_read != expected["rows"]:
        differences.append(f"{run.lines_read} lignes lues, {expected['rows']} attendues")
    for aside in expected["not_rows"]:
        if aside["line"] in lines:
            differences.append(f"ligne {aside['line']} lue : c’est « {aside['what']} »")
    told = {line["line"]: line for line in expected["lines"]}
    for number, line in lines.items():
        if not agrees(line, told.get(number, {"expect": "valide"}), lines, told):
            wanted = told.get(number, {}).get("expect", "valide")
            sentences = " ".join(problem.sentence for problem in line.problems)
            differences.append(f"ligne {number} : {line.outcome}, attendu {wanted}. {sentences}")
    return differences


def agrees(line, wanted: dict, lines: dict, told: dict) -> bool:
    expect, _, successor = wanted["expect"].partition("->")
    outcomes, column = WANTED[expect]
    ours = outcome_of(line)
    if ours in outcomes:
        code = successor or wanted.get("code_insee", "")
        right = not code or ours == REFUSED or code in line.name
        return right and (not column or column in {problem.column for problem in line.problems})
    if ours == REPEATED or REPEATED in outcomes:
        return is_the_other_of_a_pair(line, wanted, lines, told)
    return False


def is_the_other_of_a_pair(line, wanted: dict, lines: dict, told: dict) -> bool:
    """Tell whether the lines of this commune are one taken and the others repetitions, whichever was the copy."""
    code = wanted.get("code_insee") or line.name[-6:-1]
    same = [other for other in lines.values() if f"({code})" in other.name]
    outcomes = Counter(outcome_of(other) for other in same)
    copies = {"doublon", "erreur:code-ancien"}
    of_a_copy = any(
        told[other.number]["expect"].partition("->")[0] in copies
        for other in same
        if other.number in told
    )
    return of_a_copy and outcomes[TAKEN] + outcomes[WARNED] == 1


def outcome_of(line) -> str:
    from imports.enums import WRITING, Outcome

    if line.outcome in WRITING or line.outcome == Outcome.UNCHANGED:
        return WARNED if line.has_warning else TAKEN
    if any(REPETITION in problem.sentence for problem in line.problems):
        return REPEATED
    return REFUSED if line.outcome == Outcome.REJECTED else line.outcome


def applied_twice_then_undone(browser, path: Path, run) -> list[str]:
    """Write it, see that the same file then changes nothing, and undo it."""
    from imports.undoing import undo
    from territories.models import Collectivite

    followed = Collectivite.objects.filter(opsn=run.opsn)
    wanted = run.changes
    browser.post(f"/opsn/imports/{run.pk}/confirmer/", {"digest": run.digest})
    differences = []
    if followed.count() != wanted:
        differences.append(f"{followed.count()} rattachées, {wanted} annoncées")
    again = send(browser, path, path.name)
    if again.changes:
        differences.append(f"le même fichier change encore {again.changes} lignes")
    run.refresh_from_db()
    undo(run=run, by=run.started_by, at=NOW)
    if followed.exists():
        differences.append("l’annulation laisse des collectivités rattachées")
    return differences


# --- Difficult files ------------------------------------------------------------------------------


def difficult(folder: Path, browser) -> list[str]:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    differences = []
    before_all = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally = defaultdict(int)
    for case in manifest["files"]:
        began = time.perf_counter()
        run = send(browser, folder / case["file"], case["upload_name"])
        seconds = time.perf_counter() - began
        found = told_of(run, case["expect"]) if run else ["pas de page"]
        if browser.get("/opsn/imports/").status_code != 200:
            found.append("la page suivante ne vient pas")
        if seconds > case["limits"]["seconds"]:
            found.append(f"{seconds:.1f} s")
        outcome = outcome_of_file(run)
        tally[outcome] += 1
        print(f"{case['file']} : {outcome}, {seconds:.1f} s, {len(found)} écart(s)", flush=True)
        differences += [f"{case['file']} : {sentence}" for sentence in found]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_all
    print(
        f"{len(manifest['files'])} fichiers, {dict(tally)}, mémoire du processus web : +{grown // 1024} Mo"
    )
    if grown > MEMORY:
        differences.append(f"le processus web a grandi de {grown // 1024} Mo")
    return differences


def told_of(run, expect: dict) -> list[str]:
    outcome = outcome_of_file(run)
    if outcome not in (expect["outcome"], *expect["allowed"]) and not is_our_decision(run, expect):
        return [f"{outcome}, attendu {expect['outcome']} ; {run.counts} {run.refusal}"]
    if outcome == "rows" == expect["outcome"]:
        refused = run.lines_read - taken(run)
        if (taken(run), refused) != (expect["ok"], expect["errors"]) and not is_our_decision(
            run, expect
        ):
            return [
                f"{taken(run)} prises et {refused} refusées, attendu {expect['ok']} et {expect['errors']}"
            ]
    if outcome == "accepted" == expect["outcome"] and taken(run) != expect["ok"]:
        return [f"{taken(run)} prises, attendu {expect['ok']}"]
    return []


def is_our_decision(run, expect: dict) -> bool:
    """A line proposed as refused is taken, with a warning on its former code or its address."""
    from imports.running import read_lines

    warned = sum(
        problem.column in {"email", "code_insee"} and not problem.blocking
        for line in read_lines(run)
        for problem in line.problems
    )
    refused = run.lines_read - taken(run)
    return expect["outcome"] == "rows" and refused + warned == expect["errors"]


def outcome_of_file(run) -> str:
    from imports.enums import RunState

    if run is None:
        return "erreur"
    if run.state in (RunState.REFUSED, RunState.READ):
        return "rejected"
    return "accepted" if taken(run) == run.lines_read else "rows"


def taken(run) -> int:
    return run.changes + run.counts.get("unchanged", 0)


if __name__ == "__main__":
    main()
