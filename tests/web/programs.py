"""Programs that use the interface with a token, as the tests see them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.test import Client

from tenon.web.organizations import token_services
from tenon.web.organizations.models import Membership
from tenon.web.organizations.rules import Capability
from tests.web.worlds import viewer


def secret_of(membership: Membership, scope: Collection[Capability] | None = None, *, second_step: bool = True) -> str:
    """Make a token for a member; with all that the role allows, unless a scope is named."""
    who = viewer(membership, second_step=second_step)
    return token_services.make_token(who, "a program", who.capabilities if scope is None else scope, 30)[1]


class Program:
    """Sends requests to the interface.

    Parameters
    ----------
    secret : str
        The token.
    """

    def __init__(self, secret: str) -> None:
        self.client = Client()
        self.secret = secret

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send a request; headers are named with underscores."""
        sent: dict[str, Any] = {"HTTP_" + name.upper(): value for name, value in headers.items()}
        if self.secret:
            sent["HTTP_AUTHORIZATION"] = f"Bearer {self.secret}"
        if body is not None:
            sent["data"] = body
        sent["content_type"] = "application/json"
        return getattr(self.client, method)(f"/api/v1{path}", **sent)


def program_of(membership: Membership, scope: Collection[Capability] | None = None) -> Program:
    """Return a program that acts for a member."""
    return Program(secret_of(membership, scope))
