"""What the matrix asks of the level 2 of ALPHA: its team, a discussion, a mark, a piece of evidence, a review."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from questions.discussing import add_remark
from questions.evidence import add_evidence
from questions.marking import mark
from questions.reviewing import send_back_theme, submit_theme
from questions.sharing import share


def teamwork_of(second, *, member, adviser, marker: str) -> dict:
    """Each text, and the name of the file, holds the marker."""
    question = second.answers.get().question
    done = {"assessment": second, "at": timezone.now()}
    share(theme=question.theme, person=member, by=adviser, **done)
    mark(question=question, marked=True, by=member, **done)
    add_remark(question=question, text=marker, mentioned=[adviser], by=member, **done)
    submit_theme(theme=question.theme, by=member, **done)
    send_back_theme(theme=question.theme, note=marker, by=adviser, **done)
    content = marker.encode()
    piece = add_evidence(
        question=question, name=f"{marker}.txt", content=content, by=member, **done
    )
    return {"asked_together": question, "piece": piece}


def of_team(world) -> dict:
    return {"pk": world.objects["second"].pk}


def of_question(world) -> dict:
    return {**of_team(world), "question": world.objects["asked_together"].pk}


def of_theme(world) -> dict:
    return {**of_team(world), "code": "achats"}


def of_piece(world) -> dict:
    return {**of_team(world), "piece": world.objects["piece"].pk}


OF_QUESTION = ("share_question", "discussion", "settle", "mark", "evidence")
OF_THEME = ("share_theme", "submit_theme", "validate_theme", "send_back_theme")

ARGUMENTS = {
    "questions:sharing": of_team,
    **{f"questions:{name}": of_question for name in OF_QUESTION},
    **{f"questions:{name}": of_theme for name in OF_THEME},
    "questions:date_evidence": lambda world: {**of_question(world), **of_piece(world)},
    "questions:remove_evidence": lambda world: {**of_question(world), **of_piece(world)},
    "questions:download": of_piece,
}
BODIES = {
    "questions:share_theme": lambda world: {"person": world.people["A0"].pk},
    "questions:share_question": lambda world: {"person": world.people["A0"].pk},
    "questions:settle": lambda world: {"settled": "1"},
    "questions:mark": lambda world: {"marked": "1"},
    "questions:discussion": lambda world: {"text": "Une remarque"},
    "questions:evidence": lambda world: {"file": SimpleUploadedFile("note.txt", b"Vu.")},
    "questions:send_back_theme": lambda world: {"note": "Un mot"},
}
