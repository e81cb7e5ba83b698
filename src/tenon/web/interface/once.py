"""Changing something once although the request comes twice, and only where it is still what the program saw."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Protocol, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header

from tenon.web.interface.models import Answer
from tenon.web.interface.problems import RefusedError
from tenon.web.interface.rules import KEY_LENGTH, request_digest, version_in

__all__ = ["HOURS", "IdempotencyKey", "IfMatch", "forget_old", "once", "version_seen"]

HOURS = 24
_KEPT = ("ETag", "Location", "Content-Type")

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=KEY_LENGTH,
        pattern=r"^[\x21-\x7e]*$",
        description="Chosen by the program; the same request with the same key within 24 hours gets the same answer.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=KEY_LENGTH, description="The ETag of what was seen; required."),
]


class _Bearer(Protocol):
    pk: uuid.UUID


def version_seen(if_match: str | None) -> int:
    """Return the version that a change was made against.

    Parameters
    ----------
    if_match : str, optional
        The header ``If-Match``.

    Returns
    -------
    int
        For the service, which refuses an older one.

    Raises
    ------
    RefusedError
        428 (RFC 6585, section 3) without it, 412 where it names no version.
    """
    if not if_match:
        raise RefusedError(428, _("Send the ETag of what you saw in the header If-Match, so that no change gets lost."))
    version = version_in(if_match)
    if version is None:
        raise RefusedError(412, _("If-Match must be the one ETag that came with what you saw."))
    return version


def once(request: HttpRequest, key: str | None, change: Callable[[], HttpResponse]) -> HttpResponse:
    """Change something, or answer as before where the same request comes again.

    Parameters
    ----------
    request : HttpRequest
        With the token in ``auth``.
    key : str, optional
        The header ``Idempotency-Key``; without it the change is simply made.
    change : callable
        Makes the change and answers.

    Returns
    -------
    HttpResponse
        The answer, or the one that was kept. A refusal is not kept: nothing was changed then.

    Raises
    ------
    RefusedError
        422 where the key came with another request.
    """
    if key is None:
        with transaction.atomic():
            return change()
    token = cast("_Bearer", request.auth)  # type: ignore[attr-defined]  # ninja puts it there
    digest = request_digest(request.method or "", request.get_full_path(), request.body)
    # The row is claimed in the transaction of the change: a second request with the key waits for the first to end.
    with transaction.atomic():
        answers = Answer.objects.filter(token_id=token.pk, key=key)
        answers.filter(made__lt=_limit()).delete()
        defaults = {"token_id": token.pk, "key": key, "request": digest}
        kept, is_new = answers.get_or_create(defaults=defaults)
        if not is_new:
            return _again(kept, digest)
        response = change()
        kept.status, kept.body = response.status_code, response.content.decode()
        kept.headers = {name: response[name] for name in _KEPT if response.has_header(name)}
        kept.save(update_fields=["status", "body", "headers"])
    return response


def _again(kept: Answer, digest: str) -> HttpResponse:
    if kept.request != digest:
        raise RefusedError(422, _("This Idempotency-Key came with another request before. Choose a new one."))
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def forget_old() -> int:
    """Delete the answers that are older than a day.

    Returns
    -------
    int
        How many.
    """
    old = Answer.objects.filter(made__lt=_limit())
    return old.delete()[0]


def _limit() -> datetime:
    return timezone.now() - timedelta(hours=HOURS)
