"""Who sends a request, as the record names it."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from django.conf import settings
from django.http import HttpRequest

from tenon.web.audit.rules import Actor

__all__ = ["actor_of", "sealed"]


def sealed(text: str) -> str:
    """Return a digest of a text that only this platform can make again: for addresses, which are not kept.

    Parameters
    ----------
    text : str
        Of few possible ones, which anybody could try.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]


def actor_of(request: HttpRequest) -> Actor:
    """Say who sends a request, as the record names it.

    Parameters
    ----------
    request : HttpRequest
        The request.

    Returns
    -------
    Actor
        The person if signed in; a digest of the address that only this platform can make again.
    """
    user = request.user
    return Actor(
        user_id=user.pk if user.is_authenticated else None,
        request_id=uuid.uuid4().hex,
        address=sealed(request.META.get("REMOTE_ADDR", "")),
    )
