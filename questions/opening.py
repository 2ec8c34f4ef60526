"""An assessment is opened, opened again with the answers of the one before, or becomes that of the commune.

A person who waits to be accepted answers in a provisional assessment that only she sees (docs/decisions/0005).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from questions import rules
from questions.answering import Value, add_answer, write_scores
from questions.enums import AnswerState, AssessmentState, Channel, Level, QuestionKind
from questions.models import Answer, Assessment, Questionnaire
from questions.sheets import AnswerSheet, answer_sheet
from territories.enums import AuditAction, MemberRole
from territories.journal import record
from territories.models import Collectivite, CollectiviteMember
from territories.scoping import everything


class CannotOpen(Exception):
    """`sentence` is what the person reads."""

    sentence = "Vous ne pouvez pas commencer d’évaluation pour cette collectivité."

    def __str__(self) -> str:
        return self.sentence


class NoPublishedEdition(CannotOpen):
    sentence = "Le questionnaire n’est pas encore publié. Revenez un peu plus tard."


class LevelNotOpen(CannotOpen):
    sentence = "Le niveau 2 n’est pas ouvert pour votre collectivité. Parlez-en à votre OPSN."


class StillOpen(CannotOpen):
    sentence = "Cette évaluation est encore en cours : continuez-la, ou clôturez-la d’abord."


def open_assessment(
    *, collectivite: Collectivite, level: int = Level.ONE, by: User, at: datetime
) -> Assessment:
    """Return the open assessment of a level, opened now if there was none: two clicks make one.

    It takes over the answers of the last closed one, to confirm. Raises CannotOpen, NoPublishedEdition, LevelNotOpen.
    """
    with transaction.atomic(), everything():
        _check(collectivite, level)
        if rules.speaks_for(by, collectivite):
            last = Assessment.objects.official().closed().filter(collectivite=collectivite)
            before = last.filter(level=level).order_by("-closed_at").first()
            return _open(collectivite, level, by, at, before=before)
        if rules.waits_for(by, collectivite):
            return _open(collectivite, level, by, at, provisional=True)
        raise CannotOpen


def reopen_assessment(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Open a new assessment that takes over the answers of a closed one, to confirm; the closed one stays as it is.

    Return the open one if there is one already. Raises CannotOpen, StillOpen, NoPublishedEdition, LevelNotOpen.
    """
    if assessment.state != AssessmentState.CLOSED:
        raise StillOpen
    with transaction.atomic(), everything():
        collectivite = assessment.collectivite
        _check(collectivite, assessment.level)
        if not rules.speaks_for(by, collectivite):
            raise CannotOpen
        return _open(collectivite, assessment.level, by, at, before=assessment)


def adopt_provisional(member: CollectiviteMember, by: User | None, at: datetime) -> None:
    """Make the provisional assessments of a member who was accepted those of the collectivité.

    Called by `territories.affiliation` in its transaction. Where one is open already, hers fills its gaps; a lecteur does
    not answer, so hers adds nothing. What is not adopted is archived and stays readable by its author: nothing is lost.
    """
    mine = Assessment.objects.select_for_update(of=("self",)).open()
    mine = mine.provisional_of(member.user).filter(collectivite_id=member.collectivite_id)
    for provisional in mine.select_related("collectivite", "questionnaire"):
        official = _open_official(provisional)
        if member.role == MemberRole.LECTEUR:
            _archive(provisional)
        elif official is None:
            provisional.provisional_for = None
            provisional.save(update_fields=["provisional_for"])
            _tell(provisional, member.user, at, "évaluation provisoire reprise")
        else:
            _fill_gaps(official, provisional, at)
            _archive(provisional)


def _check(collectivite: Collectivite, level: int) -> None:
    if collectivite.retired_at:
        raise CannotOpen
    if level == Level.TWO and collectivite.level_two_opened_at is None:
        raise LevelNotOpen


def _open(collectivite, level, by, at, *, before=None, provisional=False) -> Assessment:
    edition = Questionnaire.objects.current(level)
    if edition is None:
        raise NoPublishedEdition
    owner = by if provisional else None
    same = Assessment.objects.open().filter(
        collectivite=collectivite, level=level, provisional_for=owner
    )
    if existing := same.first():
        return existing
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                collectivite=collectivite,
                questionnaire=edition,
                level=level,
                provisional_for=owner,
                carried_from=before,
                opened_by=by,
                opened_at=at,
            )
    except IntegrityError:  # two people, or a double click: one_open_assessment_per_…
        return same.get()
    sheet = answer_sheet(assessment)
    if before is not None:
        _carry_over(answer_sheet(before), assessment, sheet, at)
        sheet = answer_sheet(assessment)
    write_scores(assessment, sheet, at=None)
    if not provisional:
        _tell(assessment, by, at)
    return assessment


def _carry_over(old: AnswerSheet, assessment: Assessment, new: AnswerSheet, at: datetime) -> None:
    for code, answer in _takable(old, new):
        add_answer(
            assessment,
            new.questions[code],
            Value.of(answer),
            by=answer.author,
            at=at,
            channel=Channel.CARRIED_OVER,
            to_confirm=True,
        )


def _fill_gaps(official: Assessment, provisional: Assessment, at: datetime) -> None:
    """Give the official assessment the answers it has not; those of another edition are to confirm."""
    source, target = answer_sheet(provisional), answer_sheet(official)
    other_edition = provisional.questionnaire_id != official.questionnaire_id
    for code, answer in _takable(source, target):
        if code not in target.answers:
            add_answer(
                official,
                target.questions[code],
                Value.of(answer),
                by=answer.author,
                at=answer.updated_at,
                channel=Channel.CARRIED_OVER if other_edition else answer.channel,
                to_confirm=other_edition or answer.to_confirm,
            )
    write_scores(official, answer_sheet(official), at=at)


def _takable(old: AnswerSheet, new: AnswerSheet) -> Iterable[tuple[str, Answer]]:
    """Yield the answers that mean the same in the new edition: same code, kind and unit, options that still exist."""
    for code, answer in old.answers.items():
        before, now = old.questions[code], new.questions.get(code)
        if now is None or (before.kind, before.unit) != (now.kind, now.unit):
            continue
        if answer.state == AnswerState.NOT_APPLICABLE and not now.allows_not_applicable:
            continue
        offered = {option.code for option in new.options[code]}
        chosen = {*answer.choices, *([answer.choice] if answer.choice else [])}
        if now.kind == QuestionKind.YES_NO or chosen <= offered:
            yield code, answer


def _open_official(provisional: Assessment) -> Assessment | None:
    rows = Assessment.objects.select_for_update(of=("self",)).open().official()
    rows = rows.filter(collectivite_id=provisional.collectivite_id, level=provisional.level)
    return rows.select_related("collectivite").first()


def _archive(assessment: Assessment) -> None:
    assessment.state = AssessmentState.ARCHIVED
    assessment.save(update_fields=["state"])


def _tell(assessment: Assessment, by: User, at: datetime, ground: str = "") -> None:
    record(AuditAction.ASSESSMENT_OPENED, assessment.collectivite, by=by, at=at, ground=ground)
