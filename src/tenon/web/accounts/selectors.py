"""Reading accounts."""

from __future__ import annotations

from tenon.web.accounts.models import User

__all__ = ["has_any_account"]


def has_any_account() -> bool:
    """Say whether anybody has an account yet.

    Returns
    -------
    bool
        False before the first start.
    """
    return User.objects.exists()
