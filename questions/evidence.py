"""Evidence is added to a question, dated anew, and taken away; its file goes with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from questions.accepting import NotAccepted, accept
from questions.answering import lock_open
from questions.models import Assessment, Evidence, Question
from questions.storage import private_storage
from questions.teamwork import EXPIRES_SOON
from questions.wording import french_date
from territories.enums import AuditAction
from territories.journal import record
from territories.scoping import everything

PIECES_MAX = 20  # for one question


class TooManyPieces(NotAccepted):
    def __str__(self) -> str:
        return f"Cette question a déjà {PIECES_MAX} pièces. Retirez-en une avant d’en joindre une autre."


@dataclass(frozen=True)
class Piece:
    """A piece as the page shows it."""

    evidence: Evidence
    is_expired: bool
    expires_soon: bool


def pieces_of(assessment: Assessment, question: Question, *, today: date) -> list[Piece]:
    """Return the pieces of a question, the oldest first, in one query."""
    rows = Evidence.objects.filter(assessment=assessment, question=question)
    pieces = []
    for evidence in rows.select_related("added_by"):
        end = evidence.expires_on
        is_expired = end is not None and end < today
        soon = end is not None and not is_expired and end <= today + EXPIRES_SOON
        pieces.append(Piece(evidence, is_expired, soon))
    return pieces


def add_evidence(
    *,
    assessment: Assessment,
    question: Question,
    name: str,
    content: bytes,
    expires_on: date | None = None,
    by: User,
    at: datetime,
) -> Evidence:
    """Keep a file as evidence; the same sent twice is one, with the last date that was given.

    Raises AssessmentClosed, NotAccepted, TooManyPieces.
    """
    name, content_type = accept(name, content)
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        pieces = Evidence.objects.filter(assessment=assessment, question=question)
        for same in pieces.filter(name=name, size=len(content)):
            if _content(same) == content:
                if expires_on:
                    date_evidence(evidence=same, expires_on=expires_on, by=by, at=at)
                return same
        if pieces.count() >= PIECES_MAX:
            raise TooManyPieces
        evidence = Evidence(
            assessment=assessment,
            question=question,
            name=name,
            content_type=content_type,
            size=len(content),
            expires_on=expires_on,
            added_by=by,
            added_at=at,
        )
        evidence.file.save(name, ContentFile(content), save=False)
        try:
            evidence.save()
        except BaseException:
            evidence.file.delete(save=False)
            raise
    return evidence


def date_evidence(
    *, evidence: Evidence, expires_on: date | None, by: User, at: datetime
) -> Evidence:
    """Say until when a piece holds, None for without limit, and keep both dates in the journal. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        assessment = lock_open(evidence.assessment)
        evidence.refresh_from_db(fields=["expires_on"])
        if evidence.expires_on == expires_on:
            return evidence
        ends = " → ".join(_until(end) for end in (evidence.expires_on, expires_on))
        evidence.expires_on = expires_on
        evidence.save(update_fields=["expires_on"])
        record(
            AuditAction.EVIDENCE_DATED,
            assessment.collectivite,
            by=by,
            at=at,
            ground=f"{evidence.question.code} : {ends}, {evidence.name}",
        )
    return evidence


def remove_evidence(*, evidence: Evidence, by: User, at: datetime) -> None:
    """Take a piece away, with its file, and keep in the journal that it was there. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        assessment = lock_open(evidence.assessment)
        path, question = evidence.file.name, evidence.question
        evidence.delete()
        record(
            AuditAction.EVIDENCE_REMOVED,
            assessment.collectivite,
            by=by,
            at=at,
            ground=f"{question.code} : {evidence.name}",
        )
        transaction.on_commit(lambda: private_storage().delete(path))


def _until(end: date | None) -> str:
    return french_date(end) if end else "sans limite"


def _content(evidence: Evidence) -> bytes:
    """Return what the file holds; nothing when it is no longer there."""
    try:
        with evidence.file.open("rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
