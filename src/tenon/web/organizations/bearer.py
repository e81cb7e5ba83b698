"""How programs show who they are: a token in the header, and nothing else; no cookie counts here."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import SimpleRateThrottle

from tenon.web.accounts.actors import sealed
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.models import Token
from tenon.web.organizations.row_policies import see_as
from tenon.web.organizations.token_services import bearer_of

__all__ = ["AccessToken", "PerToken", "ProgramRequest"]


class ProgramRequest(ViewerRequest):
    """A request of a program: with the viewer that its token makes."""

    auth: Token


class AccessToken(HttpBearer):
    """``Authorization: Bearer TOKEN``."""

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """Find the token, and let the request see what it brings.

        Parameters
        ----------
        request : HttpRequest
            Its viewer becomes that of the token.
        token : str
            As it was sent.

        Returns
        -------
        Token or None
            None where it does not count.
        """
        found = bearer_of(token, sealed(request.META.get("REMOTE_ADDR", "")))
        if found is None:
            return None
        cast("ViewerRequest", request).viewer = found.viewer
        see_as(found.viewer)
        return found.token


class PerToken(SimpleRateThrottle):
    """So many requests a minute with one token; each process of the server counts for itself."""

    scope = "token"

    def get_cache_key(self, request: HttpRequest) -> str:
        """Name what is counted.

        Parameters
        ----------
        request : HttpRequest
            Of a program.

        Returns
        -------
        str
            Of its token.
        """
        token: Any = cast("ProgramRequest", request).auth
        return f"token-{token.pk}"
