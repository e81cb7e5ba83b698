"""Reading bodies: JSON that means one thing, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from tenon.web.interface.problems import RefusedError

__all__ = ["JsonParser", "object_of"]


def object_of(text: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read JSON.

    Parameters
    ----------
    text : bytes
        In UTF-8.

    Returns
    -------
    object
        What it says.

    Raises
    ------
    ValueError
        If it is no JSON, names something twice, or holds a number that JSON does not know.

    Examples
    --------
    >>> object_of(b'{"a": 1}')
    {'a': 1}
    """
    return json.loads(text.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON.")


class JsonParser(Parser):
    """Takes bodies of the media type ``application/json``."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Read the body of a request.

        Parameters
        ----------
        request : HttpRequest
            The request.

        Returns
        -------
        object
            What its JSON says.

        Raises
        ------
        RefusedError
            415 for another media type, 400 for what is no JSON.
        """
        if request.content_type != "application/json":
            raise RefusedError(415, _("The body must be application/json."))
        try:
            return object_of(request.body)
        except (ValueError, RecursionError):
            raise RefusedError(400, _("The body is no JSON, or names something twice.")) from None
