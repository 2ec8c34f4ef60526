"""Remarks on a question: a thread that is settled when somebody says so, and opened again by a new remark."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.models import User
from questions.answering import lock_open
from questions.enums import Channel
from questions.models import Assessment, Discussion, Question, Remark
from questions.notices import tell_mention
from questions.team import check_in, team_of
from territories.scoping import everything


def add_remark(
    *,
    assessment: Assessment,
    question: Question,
    text: str,
    mentioned: Iterable[User] = (),
    by: User,
    at: datetime,
    channel: Channel = Channel.AGENT,
) -> Remark:
    """Add a remark and tell those it mentions; the last one sent twice is one, and tells those it did not yet mention.

    Raises AssessmentClosed, NotInTheTeam.
    """
    mentioned = list(mentioned)
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        check_in(team_of(assessment), mentioned)
        discussion, _ = Discussion.objects.get_or_create(assessment=assessment, question=question)
        last = discussion.remarks.order_by("written_at", "pk").last()
        if last is not None and (last.author_id, last.text) == (by.pk, text):
            told = set(last.mentioned.all())
            _mention(last, [person for person in mentioned if person not in told])
            return last
        if discussion.resolved_at is not None:
            _settle(discussion, None, None)
        remark = Remark.objects.create(
            discussion=discussion, author=by, channel=channel, text=text, written_at=at
        )
        _mention(remark, mentioned)
    return remark


def settle(
    *, assessment: Assessment, question: Question, settled: bool, by: User, at: datetime
) -> None:
    """Say that a discussion is settled, or open it again; one that nobody began stays so. Raises AssessmentClosed."""
    with transaction.atomic(), everything():
        assessment = lock_open(assessment)
        discussion = Discussion.objects.filter(assessment=assessment, question=question).first()
        if discussion is None or settled == (discussion.resolved_at is not None):
            return
        _settle(discussion, at if settled else None, by if settled else None)


def _mention(remark: Remark, people: list[User]) -> None:
    remark.mentioned.add(*people)
    tell_mention(remark, people)


def _settle(discussion: Discussion, at: datetime | None, by: User | None) -> None:
    discussion.resolved_at, discussion.resolved_by = at, by
    discussion.save(update_fields=["resolved_at", "resolved_by"])
