"""What the sign-in of the platform does differently from allauth's: nobody makes an account without an invitation."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

__all__ = ["AccountAdapter"]


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth leaves its classes untyped
    """Accounts come from invitations alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as allauth calls it
        """Say whether anybody may make an account.

        Parameters
        ----------
        request : HttpRequest
            Not needed.

        Returns
        -------
        bool
            False.
        """
        return False
