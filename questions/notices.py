"""Mails between those who answer together, sent once the act is committed."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from accounts.addresses import absolute_url
from accounts.mail import send_mail
from accounts.models import User
from questions import rules
from questions.addresses import question_address, theme_address
from questions.models import Assessment, Question, Remark, Share, Theme, ThemeReview
from territories.contacts import referent_addresses, support_address


def tell_share(share: Share) -> None:
    """To the person in charge; what one takes for oneself needs no mail."""
    if share.person_id == share.shared_by_id:
        return
    assessment = share.assessment
    theme = share.theme or share.question.theme
    context = _context(assessment) | {
        "by": share.shared_by,
        "theme": share.theme,
        "question": share.question,
        "part_url": _theme_url(assessment, theme, share.question),
        "mine_url": absolute_url(reverse("questions:my_questions")),
    }
    _on_commit("mail/shared", [share.person.email], context)


def tell_mention(remark: Remark, people: Iterable[User]) -> None:
    """To those who are mentioned, but for the author herself."""
    assessment, question = remark.discussion.assessment, remark.discussion.question
    address = reverse("questions:discussion", args=[assessment.pk, question.pk])
    context = _context(assessment) | {
        "by": remark.author,
        "question": question,
        "text": remark.text,
        "discussion_url": absolute_url(address),
    }
    _on_commit("mail/mentioned", [p.email for p in people if p != remark.author], context)


def tell_submission(review: ThemeReview) -> None:
    """To the adviser who opened level 2, or to her OPSN when she is gone."""
    collectivite = review.assessment.collectivite
    opener = collectivite.level_two_opened_by
    stays = opener is not None and (
        opener.is_active and opener.opsn_memberships.filter(opsn=collectivite.opsn_id).exists()
    )
    to = opener.email if stays else support_address(collectivite)
    _on_commit("mail/theme_submitted", [to], _review_context(review))


def tell_review(review: ThemeReview) -> None:
    """To the person who asked for the review; to the référents when nobody did, or when she answers no more."""
    asked_by, assessment = review.submitted_by, review.assessment
    stays = asked_by is not None and rules.answers(asked_by, assessment)
    to = [asked_by.email] if stays else referent_addresses(assessment.collectivite)
    _on_commit(f"mail/theme_{review.state}", to, _review_context(review))


def _review_context(review: ThemeReview) -> dict:
    return _context(review.assessment) | {
        "review": review,
        "theme": review.theme,
        "theme_url": _theme_url(review.assessment, review.theme),
    }


def _context(assessment: Assessment) -> dict:
    return {"assessment": assessment, "collectivite": assessment.collectivite}


def _theme_url(assessment: Assessment, theme: Theme, question: Question | None = None) -> str:
    if question:
        return absolute_url(question_address(assessment, question))
    return absolute_url(theme_address(assessment, theme.code))


def _on_commit(template: str, to: Iterable[str], context: dict) -> None:
    """A mail server that is away is logged, and does not undo or hide what was done."""
    to = list(to)
    transaction.on_commit(lambda: send_mail(template, to, context), robust=True)
