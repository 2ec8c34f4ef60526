from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from imports.enums import ImportKind, Outcome, RunState
from imports.models import ImportRun
from imports.running import ImportError_, apply, lines_in_words, read_lines, start
from territories.models import Opsn
from territories.scoping import everything


class Command(BaseCommand):
    help = "Dit ce qu’un fichier changerait ; l’écrit avec --apply. Le même acte que la console."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=ImportKind.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="adresse du compte qui importe")
        parser.add_argument("--opsn", help="nom de l’OPSN, pour ses listes")
        parser.add_argument("--apply", action="store_true", help="écrit ; sinon, à blanc")
        parser.add_argument("--all-or-nothing", action="store_true")

    def handle(self, *args, kind, file, by, opsn, apply, all_or_nothing, **options):
        try:
            with everything():
                run = self._start(kind, file, by, opsn, all_or_nothing, apply)
                self._tell(run)
                if apply and run.is_confirmable and run.changes:
                    self._apply(run)
        except (ImportError_, OSError) as error:
            raise CommandError(str(error)) from error

    def _start(self, kind, file, by, opsn, all_or_nothing, at_once) -> ImportRun:
        return start(
            kind=kind,
            content=file.read_bytes(),
            file_name=file.name,
            opsn=_one(Opsn.objects.filter(name=opsn), f"Aucun OPSN ne s’appelle « {opsn} ».")
            if opsn
            else None,
            by=_one(User.objects.filter(email__iexact=by), f"Aucun compte n’a l’adresse {by}."),
            at=timezone.now(),
            all_or_nothing=all_or_nothing,
            to_apply_at_once=at_once,
        )

    def _tell(self, run: ImportRun) -> None:
        if run.state == RunState.REFUSED:
            raise CommandError(run.refusal)
        for note in run.notes:
            self.stdout.write(note)
        for line in read_lines(run):
            for problem in line.problems:
                self.stderr.write(
                    f"  ligne {line.number}, {problem.column} « {problem.value} » : {problem.sentence}"
                )
        counts = (f"{outcome.label} : {run.counts.get(outcome, 0)}" for outcome in Outcome)
        self.stdout.write(" · ".join(counts))

    def _apply(self, run: ImportRun) -> None:
        apply(run=run, digest=run.digest, by=run.started_by, at=timezone.now())
        self.stdout.write(f"Écrit : {lines_in_words(run.changes)} (import n° {run.pk}).")


def _one(rows, otherwise: str):
    row = rows.first()
    if row is None:
        raise CommandError(otherwise)
    return row
