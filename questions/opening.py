"""An assessment is opened, opened again with the answers of the one before, or becomes that of the commune.

A person who waits to be accepted answers in a provisional assessment that only she sees (docs/decisions/0005).
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from questions import rules
from questions.answering import Value, add_answer, write_scores
from questions.carrying import Preview, carry_over, preview, sources_of, takable
from questions.enums import AssessmentState, Channel, Level
from questions.models import Assessment, Questionnaire
from questions.profiling import carry_profile
from questions.sheets import answer_sheet
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


class WasArchived(CannotOpen):
    sentence = "Cette évaluation est archivée : elle se lit encore, mais ne se reprend plus."


def open_assessment(
    *, collectivite: Collectivite, level: int = Level.ONE, by: User, at: datetime
) -> Assessment:
    """Return the open assessment of a level, opened now if there was none: two clicks make one.

    It takes over the answers of the evaluations before (`carrying`). Raises CannotOpen, NoPublishedEdition, LevelNotOpen.
    """
    with transaction.atomic(), everything():
        _check(collectivite, level)
        if rules.begins(by, collectivite, level):
            return _open(collectivite, level, by, at, sources_of(collectivite, level))
        if level == Level.ONE and rules.waits_for(by, collectivite):
            return _open(collectivite, level, by, at, provisional=True)
        raise CannotOpen


def reopen_assessment(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """Open a new assessment that takes over the answers of a closed one, to confirm; the closed one stays as it is.

    Return the open one if there is one already.
    Raises CannotOpen, StillOpen, WasArchived, NoPublishedEdition, LevelNotOpen.
    """
    if assessment.state == AssessmentState.ARCHIVED:
        raise WasArchived
    if assessment.state != AssessmentState.CLOSED:
        raise StillOpen
    with transaction.atomic(), everything():
        collectivite = assessment.collectivite
        _check(collectivite, assessment.level)
        if not rules.speaks_for(by, collectivite):
            raise CannotOpen
        sources = sources_of(collectivite, assessment.level, before=assessment)
        return _open(collectivite, assessment.level, by, at, sources)


def preview_of(*, collectivite: Collectivite, level: int, by: User, at: datetime) -> Preview:
    """Tell what opening would take over, without opening. Raises what `open_assessment` raises."""
    with everything():
        _check(collectivite, level)
        if not rules.begins(by, collectivite, level):
            raise CannotOpen
        imagined = Assessment(
            collectivite=collectivite,
            questionnaire=published_edition(level),
            level=level,
            opened_at=at,
        )
        return preview(imagined, sources_of(collectivite, level), at=at)


def published_edition(level: int) -> Questionnaire:
    """Return the edition that new evaluations of a level take. Raises NoPublishedEdition."""
    edition = Questionnaire.objects.current(level)
    if edition is None:
        raise NoPublishedEdition
    return edition


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
            archive(provisional)
        elif official is None and _becomes_official(provisional):
            _tell(provisional, member.user, at, "évaluation provisoire reprise")
        else:
            _fill_gaps(official or _open_official(provisional), provisional, at)
            archive(provisional)


def archive(assessment: Assessment) -> None:
    """Put an assessment that was not closed aside, with what decided on its questions; in the caller's transaction."""
    assessment.state = AssessmentState.ARCHIVED
    assessment.cohort_kind = assessment.collectivite.kind
    assessment.cohort_population = assessment.collectivite.population
    assessment.save(update_fields=["state", "cohort_kind", "cohort_population"])


def _check(collectivite: Collectivite, level: int) -> None:
    if collectivite.retired_at:
        raise CannotOpen
    if level == Level.TWO and collectivite.level_two_opened_at is None:
        raise LevelNotOpen


def _open(collectivite, level, by, at, sources=(), *, provisional=False) -> Assessment:
    edition = published_edition(level)
    owner = by if provisional else None
    same = Assessment.objects.open().filter(
        collectivite=collectivite, level=level, provisional_for=owner
    )
    if existing := same.first():
        return existing
    own = next((source for source in sources if source.level == level), None)
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                collectivite=collectivite,
                questionnaire=edition,
                level=level,
                provisional_for=owner,
                carried_from=own or next(iter(sources), None),
                opened_by=by,
                opened_at=at,
            )
    except IntegrityError:  # two people, or a double click: one_open_assessment_per_…
        return same.get()
    if own and level == Level.TWO:
        carry_profile(own, assessment)
    if sources:
        carry_over(assessment, preview(assessment, sources, at=at).taken.values(), at=at)
    write_scores(assessment, answer_sheet(assessment), at=None)
    if not provisional:
        _tell(assessment, by, at)
    return assessment


def _fill_gaps(official: Assessment, provisional: Assessment, at: datetime) -> None:
    """Give the official assessment the answers it has not; those of another edition are to confirm."""
    source, target = answer_sheet(provisional), answer_sheet(official)
    other_edition = provisional.questionnaire_id != official.questionnaire_id
    for code, answer in takable(source, target):
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


def _open_official(provisional: Assessment) -> Assessment | None:
    rows = Assessment.objects.select_for_update(of=("self",)).open().official()
    rows = rows.filter(collectivite_id=provisional.collectivite_id, level=provisional.level)
    return rows.select_related("collectivite").first()


def _becomes_official(provisional: Assessment) -> bool:
    """Say no when a colleague begins one at this moment: one_open_assessment_per_collectivite_and_level."""
    try:
        with transaction.atomic():
            provisional.provisional_for = None
            provisional.save(update_fields=["provisional_for"])
    except IntegrityError:
        return False
    return True


def _tell(assessment: Assessment, by: User, at: datetime, ground: str = "") -> None:
    record(AuditAction.ASSESSMENT_OPENED, assessment.collectivite, by=by, at=at, ground=ground)
