"""Refused accesses go into the record: what somebody may not do, and what somebody must not even know to be there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenon.web.accounts.actors import actor_of
from tenon.web.audit.services import PLATFORM, organization_chain, record
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.selectors import kind_called

__all__ = ["MOST_AN_HOUR", "RefusalMiddleware"]

# Of one person, or of one address without an account; further ones are answered alike and not recorded.
MOST_AN_HOUR = 60
_HOUR = 3600
_FORBIDDEN, _MISSING = 403, 404


class RefusalMiddleware:
    """Records 403, and 404 for what is there but not for whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self.get_response(request)
        if response.status_code in {_FORBIDDEN, _MISSING} and request.resolver_match is not None:
            found = _subject(request)
            if found is not None or response.status_code == _FORBIDDEN:
                _record(cast("ViewerRequest", request), response.status_code, found)
        return response


def _subject(request: HttpRequest) -> tuple[str, uuid.UUID] | None:
    """Find what a request names: an organization, or something that one owns."""
    named = request.resolver_match.kwargs.get("pk") if request.resolver_match else None
    try:
        pk = uuid.UUID(str(named))  # addresses of the interface hold it as text
    except ValueError:
        return None
    # What was refused is just what the one who asked does not see.
    with as_platform():
        kind = kind_called(pk)
    return None if kind is None else (kind, pk)


def _record(request: ViewerRequest, status: int, subject: tuple[str, uuid.UUID] | None) -> None:
    actor = request.viewer.actor
    if actor.user_id is None:
        actor = actor_of(request)
    if not _within_bounds(str(actor.user_id or actor.address)):
        return
    match = request.resolver_match
    details = {"status": status, "method": request.method, "page": match.view_name if match else ""}
    # The organization acted for learns what its people try; the owner of what they tried at is not told who they are.
    chain = organization_chain(actor.organization_id) if actor.organization_id else PLATFORM
    with transaction.atomic():
        record(actor, "access.refused", subject or ("page", details["page"]), chain=chain, details=details)


def _within_bounds(who: str) -> bool:
    key = f"refusals-{who}"
    cache.add(key, 0, _HOUR)
    try:
        return cache.incr(key) <= MOST_AN_HOUR
    except ValueError:  # it ended between the two
        return True
