"""Access tokens: a program acts for a person in one organization, with a part of what the person may do there."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Token
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.selectors import token_digest, token_with, tokens_of, viewer_for

__all__ = ["DAYS", "MOST", "PREFIX", "Bearer", "bearer_of", "make_token", "revoke_token"]

# What a token begins with, so that people and programs that look for leaked secrets know one.
PREFIX = "tenon_"
# For how long a token can be made, and how many a person has at most.
DAYS = (7, 30, 90, 365)
MOST = 20


@dataclass(frozen=True)
class Bearer:
    """A program that showed a token that counts.

    Parameters
    ----------
    token : Token
        The token.
    viewer : Viewer
        What the program sees and may do.
    """

    token: Token
    viewer: Viewer


def make_token(viewer: Viewer, name: str, scope: Collection[Capability], days: int) -> tuple[Token, str]:
    """Make an access token for the organization acted for.

    Parameters
    ----------
    viewer : Viewer
        Who makes it, for themselves.
    name : str
        What it is for.
    scope : collection of Capability
        What programs may do with it: some of what the viewer may.
    days : int
        How long it counts, one of `DAYS`.

    Returns
    -------
    Token
        Stored.
    str
        What programs send, which is kept nowhere.

    Raises
    ------
    PermissionDenied
        If the viewer acts for no organization, or may not do all of the scope.
    ValidationError
        If it has no name, allows nothing, would count too long, or the person has too many.
    """
    if viewer.actor.user_id is None or viewer.actor.organization_id is None or not set(scope) <= viewer.capabilities:
        raise PermissionDenied(_("Nobody gives a token that allows more than they may."))
    if not scope or days not in DAYS:
        raise ValidationError(_("A token allows something, for one of the times offered."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        name=name.strip(),
        user_id=viewer.actor.user_id,
        organization_id=viewer.actor.organization_id,
        capabilities=sorted(scope),
        token_digest=token_digest(secret),
        expires=timezone.now() + timedelta(days=days),
    )
    token.full_clean()
    if tokens_of(token.user).count() >= MOST:
        raise ValidationError(_("There are %(most)s tokens already. Revoke one first.") % {"most": MOST})
    with transaction.atomic():
        token.save(force_insert=True)
        _record(viewer.actor, "token.made", token, {"scope": token.capabilities, "days": days})
    return token, secret


def revoke_token(viewer: Viewer, token: Token) -> None:
    """Take an access token back; it is worth nothing from now on.

    Parameters
    ----------
    viewer : Viewer
        Whose token it is.
    token : Token
        Which.

    Raises
    ------
    PermissionDenied
        If it is somebody else's.
    """
    if token.user_id != viewer.actor.user_id:
        raise PermissionDenied(_("This token is somebody else's."))
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked__isnull=True).update(revoked=timezone.now()):
            _record(viewer.actor, "token.revoked", token, {})


def bearer_of(secret: str, address: str) -> Bearer | None:  # one place: writes the hour of its last use alone
    """Find who sends a request with a token, and what that brings now.

    Parameters
    ----------
    secret : str
        The token as it was sent.
    address : str
        Digest of the address that the request came from.

    Returns
    -------
    Bearer or None
        None where the token does not count: unknown, expired, revoked, or the membership behind it is not in force.
    """
    token = token_with(secret)
    if token is None:
        return None
    # What one request does is grouped, and the record names the token.
    request_id = f"{token.pk.hex}-{secrets.token_hex(8)}"
    viewer = viewer_for(token.user, token.organization_id, Actor(request_id=request_id, address=address))
    # Without a membership there, `viewer_for` falls back on the person's home: a token never does.
    if viewer.actor.organization_id != token.organization_id:
        return None
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if token.used != hour:
        Token.objects.filter(pk=token.pk).update(used=hour)
    return Bearer(token, replace(viewer, capabilities=viewer.capabilities & token.scope, resting=frozenset()))


def _record(actor: Actor, action: str, token: Token, details: dict[str, object]) -> None:
    record(actor, action, ("token", token.pk), chain=organization_chain(token.organization_id), details=details)
