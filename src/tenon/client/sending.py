"""Sending requests: again where the answer was lost, under the same key, so that nothing happens twice."""

from __future__ import annotations

import http.client
import json
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

import tenon
from tenon.client.credentials import Credentials
from tenon.schema.errors import ParameterError, PlatformError

__all__ = ["Reply", "Sender", "path_to"]

# Too many requests, and a server that is being restarted: worth another try; everything else is an answer.
_PASSING = {429, 502, 503, 504}
_LONGEST_ANSWER = 64 * 2**20


@dataclass(frozen=True)
class Reply:
    """What the platform answered.

    Parameters
    ----------
    body : object
        Its JSON.
    tag : str
        The header ``ETag``; empty where there is none.
    """

    body: Any
    tag: str = ""


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: another address must not get the token."""

    def redirect_request(self, *_args: object, **_options: object) -> None:
        return None


@dataclass(frozen=True)
class Sender:
    """Sends requests to one platform.

    Parameters
    ----------
    credentials : Credentials
        Where it is and what opens it.
    attempts : int
        How often a request is sent before the platform counts as unreachable, at least 1.
    timeout_seconds : float
        How long one answer may take.
    """

    credentials: Credentials
    attempts: int = 4
    timeout_seconds: float = 30.0

    def send(
        self, method: str, path: str, *, body: object = None, query: Mapping[str, str] | None = None, tag: str = ""
    ) -> Reply:
        """Send a request and read its answer.

        Parameters
        ----------
        method, path : str
            Of HTTP; the path below ``/api/v1``.
        body : object, optional
            Becomes JSON.
        query : mapping, optional
            Stands behind the path.
        tag : str
            The ETag of what was seen, for a change.

        Returns
        -------
        Reply
            The answer.

        Raises
        ------
        PlatformError
            If the platform refuses, with its sentence, or cannot be reached.
        """
        url = f"{self.credentials.url}/api/v1{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {
            "Authorization": f"Bearer {self.credentials.token}",
            "Accept": "application/json, application/problem+json",
            "User-Agent": f"tenon/{tenon.__version__}",
        }
        if method != "GET":
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if tag:
            headers["If-Match"] = tag
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=False).encode()
        return self._insist(Request(url, data, headers, method=method))  # noqa: S310 - Credentials allow http and https alone

    def pages(self, path: str, wanted: Mapping[str, object] | None = None) -> Iterator[Mapping[str, Any]]:
        """List what stands on all pages of a list; each page is fetched when it is needed.

        Parameters
        ----------
        path : str
            Below ``/api/v1``.
        wanted : mapping, optional
            What the list is narrowed by; what is None is left out.

        Yields
        ------
        mapping
            One item after another.
        """
        query = {name: str(value) for name, value in (wanted or {}).items() if value is not None} | {"limit": "100"}
        cursor: str | None = ""
        while cursor is not None:
            page = self.send("GET", path, query=query | ({"cursor": cursor} if cursor else {})).body
            yield from page["items"]
            cursor = page["next"]

    def _insist(self, request: Request) -> Reply:
        opener = build_opener(_NoRedirect)
        reason = ""
        for attempt in range(self.attempts):
            if attempt:
                # Doubling, with some chance, so that many programs do not come back together.
                time.sleep(min(8.0, 0.25 * 2**attempt) * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            try:
                return self._once(opener, request)
            except HTTPError as error:
                with error:
                    if error.code not in _PASSING:
                        raise _refusal(error) from None
                    reason = f"it answered {error.code}"
            except (URLError, http.client.HTTPException, OSError) as error:
                reason = str(getattr(error, "reason", error)) or type(error).__name__
        raise PlatformError(
            f"{self.credentials.url} could not be reached in {self.attempts} attempts; {reason}. "
            "Nothing was done twice; send it again later."
        )

    def _once(self, opener: OpenerDirector, request: Request) -> Reply:
        with opener.open(request, timeout=self.timeout_seconds) as answer:
            text = answer.read(_LONGEST_ANSWER)
            try:
                return Reply(json.loads(text) if text else None, answer.headers.get("ETag", ""))
            except ValueError:
                raise PlatformError(f"{self.credentials.url} answered with something else than JSON.") from None


def path_to(kind: str, identifier: str, *below: str) -> str:
    """Return the path of one object; what is no UUID could lead elsewhere.

    Parameters
    ----------
    kind : str
        As it stands in the path, such as ``findings``.
    identifier : str
        Its UUID.
    *below : str
        What follows.

    Returns
    -------
    str
        Below ``/api/v1``.

    Raises
    ------
    ParameterError
        If the identifier is none.

    Examples
    --------
    >>> path_to("rooms", "0193a6f0-5a3e-7c11-9d5b-1f2e3d4c5b6a", "steps")
    '/rooms/0193a6f0-5a3e-7c11-9d5b-1f2e3d4c5b6a/steps'
    """
    try:
        checked = uuid.UUID(identifier)
    except ValueError:
        raise ParameterError(f"{kind} are named by their identifiers, each a UUID; it is {identifier!r}.") from None
    return "/".join([f"/{kind}", str(checked), *below])


def _refusal(error: HTTPError) -> PlatformError:
    """Turn an answer of application/problem+json into an error with its sentence."""
    try:
        problem = json.loads(error.read(_LONGEST_ANSWER))
        said = " ".join(
            [str(problem["detail"]), *(f"{item['pointer']}: {item['detail']}" for item in problem["errors"])]
        )
    except (ValueError, KeyError, TypeError):
        said = f"the platform answered {error.code} {error.reason}; is {error.url} one of tenon?"
    return PlatformError(said, status=error.code)
