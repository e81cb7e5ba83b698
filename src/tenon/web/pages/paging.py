"""A page of a long list, without counting the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

__all__ = ["OpenPage", "open_page"]

M = TypeVar("M", bound=Model)
# Further pages than this are not offered; whoever looks for something so far back narrows the list down.
_FURTHEST = 10_000


@dataclass(frozen=True)
class OpenPage(Generic[M]):
    """A page of a list whose length nobody knows; templates use it as they use a page of Django's paginator.

    Parameters
    ----------
    number : int
        From 1.
    rows : sequence
        What stands on it.
    has_next : bool
        Whether something follows.
    """

    number: int
    rows: Sequence[M]
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether something comes before."""
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        """Whether there is any other page."""
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        """The number of the page after."""
        return self.number + 1


def open_page(found: QuerySet[M], asked: str | None, most: int) -> OpenPage[M]:
    """Fetch a page of a list, and one row more to see whether anything follows.

    Parameters
    ----------
    found : QuerySet
        The list, in its order.
    asked : str, optional
        The number of the page as it was sent; the first where it is none.
    most : int
        Rows of a page.

    Returns
    -------
    OpenPage
        As far back as there are rows to fetch; counting them all would take longer than showing some.
    """
    number = _number(asked or "")
    first = (number - 1) * most
    rows = list(found[first : first + most + 1])
    return OpenPage(number, rows[:most], len(rows) > most)


def _number(asked: str) -> int:
    return min(max(int(asked[:9]), 1), _FURTHEST) if asked.isascii() and asked.isdecimal() else 1
