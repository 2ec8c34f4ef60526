"""Tokens by which the tools of an OPSN read its figures: made, taken back, recognised."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from supervision.models import ApiToken
from territories.affiliation import AffiliationError, NotEntitled
from territories.enums import AuditAction
from territories.journal import record
from territories.models import Opsn
from territories.rules import manages_opsn
from territories.scoping import everything

PREFIX = "eco_"
MAX_TOKENS = 10
USED_EVERY = timedelta(minutes=1)
"""The last use is written no more often."""


class TooManyTokens(AffiliationError):
    sentence = f"Votre OPSN a déjà {MAX_TOKENS} jetons valables : révoquez-en un d’abord."


class TokenRevoked(AffiliationError):
    sentence = "Ce jeton est déjà révoqué."


def create_token(
    *, opsn: Opsn, name: str, days: int, by: User, at: datetime
) -> tuple[ApiToken, str]:
    """Return the token and its secret, which is nowhere else. Raises NotEntitled, TooManyTokens."""
    with transaction.atomic(), everything():
        opsn = Opsn.objects.select_for_update(of=("self",)).get(pk=opsn.pk)
        if not manages_opsn(by, opsn):
            raise NotEntitled
        valid = ApiToken.objects.filter(opsn=opsn, revoked_at=None, expires_at__gt=at)
        if valid.count() >= MAX_TOKENS:
            raise TooManyTokens
        secret = PREFIX + secrets.token_urlsafe(32)
        token = ApiToken.objects.create(
            opsn=opsn,
            name=name,
            digest=_digest(secret),
            created_by=by,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
        record(AuditAction.TOKEN_CREATED, None, by=by, at=at, opsn=opsn, ground=name)
    return token, secret


def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """It opens nothing from now on. Raises NotEntitled, TokenRevoked."""
    with transaction.atomic(), everything():
        token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
        if not manages_opsn(by, token.opsn):
            raise NotEntitled
        if token.revoked_at:
            raise TokenRevoked
        _revoke(token, by=by, at=at)


def revoke_tokens_of(user: User, opsn: Opsn, *, by: User, at: datetime) -> None:
    """Revoke what somebody made for an OPSN that she no longer manages: its secret was shown to her alone."""
    rows = ApiToken.objects.filter(opsn=opsn, created_by=user, revoked_at=None, expires_at__gt=at)
    for token in rows.select_for_update(of=("self",)):
        _revoke(token, by=by, at=at)


def find_token(secret: str, *, at: datetime) -> ApiToken | None:
    """Return the token of a secret; None when it is unknown, revoked, expired, or of an OPSN that is not active.

    It ends with the role of who made it, and with her account.
    """
    with everything():  # the secret is the right
        rows = ApiToken.objects.filter(
            digest=_digest(secret), revoked_at=None, expires_at__gt=at, opsn__active=True
        )
        token = rows.select_related("opsn", "created_by").first()
    if token is None or token.created_by is None:
        return None
    return token if manages_opsn(token.created_by, token.opsn) else None


def note_use(*, token: ApiToken, at: datetime) -> None:
    """Write when it was used, and once a day in the journal."""
    before = token.last_used_at
    if before and at - before < USED_EVERY:
        return
    with transaction.atomic(), everything():
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
        if before is None or timezone.localdate(before) != timezone.localdate(at):
            action = AuditAction.TOKEN_USED
            record(action, None, by=None, at=at, opsn=token.opsn, ground=token.name)


def _revoke(token: ApiToken, *, by: User, at: datetime) -> None:
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(AuditAction.TOKEN_REVOKED, None, by=by, at=at, opsn=token.opsn, ground=token.name)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
