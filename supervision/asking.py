"""An OPSN asks for a collectivité that it may not attach by itself; who follows it, or the national team, answers."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from supervision.enums import AskState
from supervision.models import AttachmentRequest
from supervision.notices import tell_attachment_answer, tell_attachment_request
from territories import rules as territories_rules
from territories.affiliation import AffiliationError, CollectiviteRetired, NotEntitled
from territories.attachment import AlreadyAttached, attach_collectivite, hand_over, may_hand_over
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Collectivite, Opsn
from territories.scoping import everything


class AlreadyAsked(AffiliationError):
    sentence = "Vous avez déjà demandé cette collectivité."


class AlreadyAnswered(AffiliationError):
    sentence = "Cette demande a déjà reçu une réponse, ou a été retirée."


def ask_attachment(
    *, collectivite: Collectivite, opsn: Opsn, message: str = "", by: User, at: datetime
) -> AttachmentRequest:
    """Ask; nothing of the collectivité is seen before the answer.

    Raises NotEntitled, CollectiviteRetired, AlreadyAttached, AlreadyAsked.
    """
    with transaction.atomic(), everything():
        if not territories_rules.acts_for(by, opsn):
            raise NotEntitled
        if collectivite.retired_at:
            raise CollectiviteRetired
        if collectivite.opsn_id == opsn.pk:
            raise AlreadyAttached
        asked = AttachmentRequest(
            collectivite=collectivite, opsn=opsn, message=message, asked_by=by, asked_at=at
        )
        try:
            with transaction.atomic():
                asked.save()
        except IntegrityError as error:  # one_open_request_per_collectivite_and_opsn
            raise AlreadyAsked from error
        _record(AuditAction.ATTACHMENT_ASKED, asked, by, at)
        tell_attachment_request(asked)
    return asked


def follow(*, collectivite: Collectivite, opsn: Opsn, by: User, at: datetime) -> None:
    """Attach what nobody follows, and take back what the OPSN had asked for it. Raises as `attach_collectivite`."""
    with transaction.atomic(), everything():
        rows = AttachmentRequest.objects.pending().filter(collectivite=collectivite, opsn=opsn)
        waiting = list(rows.select_for_update(of=("self",)))
        attach_collectivite(collectivite=collectivite, opsn=opsn, by=by, at=at)
        for asked in waiting:
            _close(asked, AskState.CANCELLED, by, at)


def accept_attachment(*, asked: AttachmentRequest, by: User, at: datetime) -> None:
    """Hand the collectivité over. Raises NotEntitled, AlreadyAnswered, AlreadyAttached, CollectiviteRetired."""
    with transaction.atomic(), everything():
        asked = _locked(asked, by)
        hand_over(collectivite=asked.collectivite, opsn=asked.opsn, by=by, at=at)
        _close(asked, AskState.ACCEPTED, by, at)
        tell_attachment_answer(asked)


def refuse_attachment(*, asked: AttachmentRequest, by: User, at: datetime) -> None:
    """Keep it. Raises NotEntitled, AlreadyAnswered."""
    with transaction.atomic(), everything():
        asked = _locked(asked, by)
        _close(asked, AskState.REFUSED, by, at)
        _record(AuditAction.ATTACHMENT_REFUSED, asked, by, at)
        tell_attachment_answer(asked)


def _locked(asked: AttachmentRequest, by: User) -> AttachmentRequest:
    rows = AttachmentRequest.objects.select_for_update(of=("self",))
    asked = rows.select_related("collectivite__opsn", "opsn", "asked_by").get(pk=asked.pk)
    if not may_hand_over(by, asked.collectivite):
        raise NotEntitled
    if asked.state != AskState.PENDING:
        raise AlreadyAnswered
    return asked


def _close(asked: AttachmentRequest, state: AskState, by: User, at: datetime) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, by, at
    asked.save(update_fields=["state", "decided_by", "decided_at"])


def _record(action: AuditAction, asked: AttachmentRequest, by: User, at: datetime) -> None:
    """The OPSN that asks is named in the journal of the collectivité: who follows it reads who wants it."""
    record(action, asked.collectivite, by=by, at=at, opsn=asked.opsn, ground=asked.opsn.name)
