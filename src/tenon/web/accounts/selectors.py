"""Reading accounts."""

from __future__ import annotations

from tenon.web.accounts.models import User

__all__ = ["has_any_account", "user_with"]


def has_any_account() -> bool:
    """Say whether anybody has an account yet.

    Returns
    -------
    bool
        False before the first start.
    """
    return User.objects.exists()


def user_with(email: str) -> User | None:
    """Find the account with an address.

    Parameters
    ----------
    email : str
        The address, in small letters.

    Returns
    -------
    User or None
        None where there is none.
    """
    return User.objects.filter(email=email).first()
