"""Whose data the running code may see. Fails closed: no scope, no rows.

Models that hold a collectivité's data use a manager made by `TenantQuerySet.as_scoped_manager()`. Their querysets
say, in `visible_to(user)`, which rows a person may see; the manager applies it by itself to every query. A view that
forgets to filter shows nothing of anybody else. Jobs and commands open a scope, or say "everything", explicitly.

Rule 2 of SECURITY.md; why it is ours and not a package: docs/decisions/0003-tenant-scope.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

EVERYTHING = object()
_scope: ContextVar[Any] = ContextVar("tenant_scope", default=None)


@contextmanager
def acting_as(user) -> Iterator[None]:
    """Let the block see what this person may see, and nothing else."""
    token = _scope.set(user)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def everything() -> Iterator[None]:
    """Let the block see every tenant: for commands, jobs, and acts that have checked the rights themselves."""
    token = _scope.set(EVERYTHING)
    try:
        yield
    finally:
        _scope.reset(token)


class TenantQuerySet(models.QuerySet):
    """Rows that belong to a collectivité; each model says who may see them."""

    def visible_to(self, user) -> "TenantQuerySet":
        raise TypeError(f"{self.model.__name__} must say who may see its rows.")

    @classmethod
    def as_scoped_manager(cls) -> models.Manager:
        class ScopedManager(models.Manager.from_queryset(cls)):
            def get_queryset(self):
                rows = super().get_queryset()
                scope = _scope.get()
                if scope is EVERYTHING:
                    return rows
                if scope is None or not scope.is_authenticated or not scope.is_active:
                    return rows.none()
                return rows.visible_to(scope)

        return ScopedManager()


class ScopeMiddleware:
    """Each request sees what its user may see."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with acting_as(request.user):
            return self.get_response(request)
