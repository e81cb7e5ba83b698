"""What holds for every page: no text that databases do not keep comes in, and browsers keep nothing that goes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["PrivateMiddleware", "TextMiddleware"]

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class PrivateMiddleware:
    """Tells browsers to keep no copy of what somebody sees who signed in; after signing out the way back is empty."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response


class TextMiddleware:
    """Refuses the character of number zero in addresses and forms: PostgreSQL takes it for an error of the program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],  # noqa: ARG002 - as Django calls it
        arguments: tuple[Any, ...],  # noqa: ARG002 - the same
        named: dict[str, Any],
    ) -> None:
        """Look at everything that a page reads as text; the interface looks at its bodies by itself."""
        if any("\0" in text for text in chain(_texts(request), map(str, named.values()))):
            raise BadRequest("A request must not hold the character of number zero.")


def _texts(request: HttpRequest) -> Iterator[str]:
    sent = [request.GET]
    is_page = request.resolver_match is not None and not request.resolver_match.namespaces
    if is_page and request.method == "POST" and request.content_type in _FORMS:
        sent.append(request.POST)
    for values in sent:
        for name, items in values.lists():
            yield name
            yield from items
