"""Making and changing accounts; each change is recorded in the same transaction."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import PLATFORM, record

__all__ = ["close_account", "create_user", "prefer_language"]


def create_user(actor: Actor, email: str, name: str, password: str, *, is_operator: bool = False) -> User:
    """Make an account.

    Parameters
    ----------
    actor : Actor
        Who makes it.
    email, name : str
        Address to sign in with, and the name that others read.
    password : str
        In the clear; stored as an Argon2 hash.
    is_operator : bool
        Whether the person runs the platform.

    Returns
    -------
    User
        The account, stored.

    Raises
    ------
    ValidationError
        If the address is none or taken, or the password is too short or too common.
    """
    user = User(email=email.strip().lower(), name=name.strip(), is_operator=is_operator)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    with transaction.atomic():
        user.save(force_insert=True)
        record(actor, "user.created", ("user", user.pk), chain=PLATFORM, details={"operator": is_operator})
    return user


def prefer_language(user: User, language: str) -> None:
    """Remember the language that a person chose.

    Parameters
    ----------
    user : User
        The person.
    language : str
        One of the platform's languages.
    """
    with transaction.atomic():
        record(
            Actor(user_id=user.pk),
            "user.language",
            ("user", user.pk),
            chain=PLATFORM,
            details={"language": [user.language, language]},
        )
        user.language = language
        user.save(update_fields=["language"])


def close_account(actor: Actor, user: User) -> None:
    """Close an account: the person cannot sign in any more, and is signed out everywhere.

    Parameters
    ----------
    actor : Actor
        Who closes it.
    user : User
        Whose account.
    """
    from allauth.usersessions.models import UserSession

    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(actor, "user.closed", ("user", user.pk), chain=PLATFORM)
        for session in UserSession.objects.filter(user=user):
            session.end()
