"""Reading accounts."""

from __future__ import annotations

from tenon.web.accounts.models import User

__all__ = ["account_called", "has_any_account"]


def has_any_account() -> bool:
    """Say whether anybody has an account yet.

    Returns
    -------
    bool
        False before the first start.
    """
    return User.objects.exists()


def account_called(address: str) -> User | None:
    """Find the account that somebody tried to sign in to.

    Parameters
    ----------
    address : str
        As it was typed, in small letters.

    Returns
    -------
    User or None
        None where nobody has this address.
    """
    return User.objects.filter(email=address).first()
