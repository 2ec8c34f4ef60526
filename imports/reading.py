"""Open a spreadsheet that somebody sent, whatever it is, without harm to the server.

The file is parsed by `parsing.py` in a child process with its own limits of memory and time. What comes back is text.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 10 * 1024**2
PARSER = Path(__file__).with_name("parsing.py")
PATIENCE = 20  # seconds; the child has 10 of its own


class Unreadable(Exception):
    """The file cannot be read; the message is a sentence in French that says what to do."""


class Busy(Unreadable):
    """The server lacks the means to read it for now; the file is not at fault."""


@dataclass(frozen=True)
class Sheet:
    """Row n is line n + 1 of the file; every cell is text."""

    name: str
    hidden: bool
    rows: list[list[str]]


def read(content: bytes, name: str) -> list[Sheet]:
    """Return the sheets of a file; raises Unreadable and nothing else."""
    if len(content) > MAX_BYTES:
        raise Unreadable("Ce fichier dépasse 10 Mo. Gardez la feuille de la liste seulement.")
    if not content:
        raise Unreadable("Ce fichier est vide.")
    answer = _answer_of_child(content, name)
    if "refusal" in answer:
        raise Unreadable(answer["refusal"])
    return [Sheet(**sheet) for sheet in answer["sheets"]]


def _answer_of_child(content: bytes, name: str) -> dict:
    # A name comes from outside: the child needs its end only, and NUL cannot be passed at all.
    extension = "".join(c for c in name[-12:] if c.isalnum() or c == ".")
    command = [sys.executable, "-I", str(PARSER), extension]
    try:
        child = subprocess.run(  # noqa: S603 - a fixed program; the file goes through its standard input
            command,
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:  # its own limit is shorter, and was not reached
        raise Busy(TOO_LONG) from error
    except OSError as error:  # no process or memory left for now
        raise Busy(
            "Le serveur n’a pas pu lire ce fichier pour le moment. Réessayez dans quelques minutes."
        ) from error
    if child.returncode in (-24, -9):  # SIGXCPU, SIGKILL
        raise Unreadable(TOO_LONG)
    try:
        return json.loads(child.stdout) if child.returncode == 0 else {"refusal": TOO_MUCH}
    except ValueError as error:
        raise Unreadable(TOO_MUCH) from error


TOO_LONG = (
    "Ce fichier demande trop de temps à lire. Copiez la liste seule dans un nouveau classeur et "
    "renvoyez-le."
)
TOO_MUCH = (
    "Ce fichier n’a pas pu être lu : il demande trop de mémoire, souvent à cause d’une cellule remplie très "
    "loin de la liste. Copiez la liste seule dans un nouveau classeur et renvoyez-le."
)
