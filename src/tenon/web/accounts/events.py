"""What happens at the door goes into the record: signing in and out, failing to, and changing what opens it.

These acts are allauth's, not of our services; its signals are sent once for each, in its own views.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import Signal
from django.http import HttpRequest

from tenon.web.accounts.actors import actor_of, sealed
from tenon.web.accounts.models import User
from tenon.web.accounts.selectors import account_called
from tenon.web.audit.services import PLATFORM, record

__all__ = ["record_events"]

_EVENTS: Mapping[str, Signal] = {
    "user.signed_in": account.user_logged_in,
    "user.signed_out": user_logged_out,
    "user.password_changed": account.password_changed,
    "user.password_reset": account.password_reset,
    "user.second_step_added": mfa.authenticator_added,
    "user.second_step_removed": mfa.authenticator_removed,
    "user.second_step_renewed": mfa.authenticator_reset,
    "user.second_step_failed": mfa.authentication_failed,
}


def record_events() -> None:
    """Have every event at the door recorded from now on."""
    for action, signal in _EVENTS.items():
        signal.connect(_recorder(action), weak=False, dispatch_uid=f"tenon.{action}")
    user_login_failed.connect(_failed, dispatch_uid="tenon.user.sign_in_failed")


def _recorder(action: str) -> Callable[..., None]:
    def recorder(
        sender: object,  # noqa: ARG001 - as signals call it
        request: HttpRequest,
        user: User | None = None,
        authenticator: Any = None,  # noqa: ANN401 - allauth leaves its models untyped
        **_rest: object,
    ) -> None:
        if user is not None:  # nobody: a session that had ended before
            details = {"kind": authenticator.type} if authenticator is not None else {}
            _write(request, user, action, details)

    return recorder


def _failed(
    sender: object,  # noqa: ARG001 - as signals call it
    credentials: Mapping[str, Any],
    request: HttpRequest | None = None,
    **_rest: object,
) -> None:
    """Record a password that was wrong. What was typed may be anything, a password too: only its seal is kept."""
    if request is None:
        return
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = account_called(typed)
    _write(request, user, "user.sign_in_failed", {} if user else {"address": sealed(typed)})


def _write(request: HttpRequest, user: User | None, action: str, details: Mapping[str, Any]) -> None:
    # Whoever fails to sign in has not shown to be the person: the entry is about the account and by nobody.
    known = user if action != "user.sign_in_failed" else None
    actor = replace(actor_of(request), user_id=known.pk if known else None)
    with transaction.atomic():
        record(actor, action, ("user", user.pk if user else "unknown"), chain=PLATFORM, details=details)
