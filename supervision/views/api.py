"""The figures as JSON for the tools of an OPSN: read only, its territory only, by its token only.

A program is told that it asked for what there is not, where a page would show something near: it would not see the difference.
"""

import json
from collections.abc import Collection
from functools import cache, wraps
from pathlib import Path

from allauth.core.internal import ratelimit  # the public door lets every GET through
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import InvalidPage, Page, Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.addresses import absolute_url
from questions.enums import Level
from supervision import api
from supervision.tokens import find_token, note_use

CONTRACT = Path(__file__).resolve().parent.parent / "openapi.json"
PER_PAGE = 100
RETRY_SECONDS = 60
LONGEST_NAME = 40  # characters of a name that is repeated in an answer


class NoSuchThing(Exception):
    """What a parameter asks for does not exist; its sentence says what does."""


def with_token(*parameters: str):
    """Give the view the OPSN of the token and the time; 401 without one that is good, 429 beyond the limits.

    400 for a parameter that it does not take, 404 when it raises NoSuchThing.
    """

    def decorate(view):
        return login_not_required(require_safe(wraps(view)(_answered(view, parameters))))

    return decorate


def _answered(view, parameters: Collection[str]):
    def wrapped(request):
        now = timezone.now()
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = find_token(secret.strip(), at=now) if scheme.lower() == "bearer" else None
        if token is None:
            if not _within_limit(request, "api_refused"):
                return _problem(429, "Trop de demandes refusées : attendez une minute.")
            return _problem(401, "Jeton absent, inconnu, expiré ou révoqué.")
        if not _within_limit(request, "api", key=str(token.pk)):
            return _problem(429, "Trop de demandes : attendez une minute.")
        note_use(token=token, at=now)
        for name in request.GET:
            if name not in parameters:
                return _problem(400, _unknown(name, parameters))
        try:
            return _json(view(request, token.opsn, now))
        except NoSuchThing as error:
            return _problem(404, str(error))

    return wrapped


@with_token("niveau")
def territory(request, opsn, now):
    return api.territory_figures(opsn, _level(request), at=now)


@with_token("niveau")
def themes(request, opsn, now):
    return api.themes(opsn, _level(request), at=now)


@with_token()
def campaigns(request, opsn, now):
    return api.campaigns(opsn, at=now)


@with_token("page")
def collectivites(request, opsn, now):
    keys = api.collectivites(opsn).values_list("pk", flat=True)
    page = _page(request, Paginator(keys, PER_PAGE))
    rows = api.collectivites(opsn).filter(pk__in=list(page.object_list))
    address = absolute_url(reverse("api:collectivites"))
    return {
        "date": now,
        "total": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "suivante": f"{address}?page={page.next_page_number()}" if page.has_next() else None,
        "collectivites": [api.collectivite(row) for row in rows],
    }


@login_not_required
@require_safe
@cache_control(public=True, max_age=60 * 60)
def openapi(request):
    return HttpResponse(CONTRACT.read_bytes(), content_type="application/json")


@login_not_required
@require_safe
def documentation(request):
    return render(
        request, "supervision/api.html", {"contract": contract(), "root": absolute_url("")}
    )


@cache
def contract() -> dict:
    return json.loads(CONTRACT.read_text(encoding="utf-8"))


def _unknown(name: str, parameters: Collection[str]) -> str:
    taken = ", ".join(f"« {name} »" for name in parameters) or "aucun"
    return f"Paramètre inconnu : « {name[:LONGEST_NAME]} ». Cette adresse prend : {taken}."


def _level(request) -> int:
    asked = request.GET.get("niveau", "1")
    if asked not in ("1", "2"):
        raise NoSuchThing("Ce niveau n’existe pas : « niveau » vaut 1 ou 2.")
    return Level(int(asked))


def _page(request, paginator: Paginator) -> Page:
    try:
        return paginator.page(request.GET.get("page", "1"))
    except InvalidPage as error:
        last = paginator.num_pages
        raise NoSuchThing(f"Cette page n’existe pas : « page » va de 1 à {last}.") from error


def _within_limit(request, action: str, key: str | None = None) -> bool:
    usage = ratelimit.consume(
        request,
        app="supervision.api",
        action=action,
        config=settings.API_RATE_LIMITS,
        key=key,
        limit_get=True,
    )
    return usage is not None


def _json(data: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response


def _problem(status: int, sentence: str) -> JsonResponse:
    response = _json({"erreur": sentence}, status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    elif status == 429:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
