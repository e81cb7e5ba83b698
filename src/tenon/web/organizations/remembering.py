"""What was worked out for a viewer is remembered for as long as nothing changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TypeVar

from django.core.cache import caches
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tenon.web.audit.selectors import entries_written
from tenon.web.organizations.policies import Viewer

__all__ = ["remembered", "remembered_part"]

T = TypeVar("T")
# Time itself changes answers: what was due becomes overdue.
_SECONDS = 60


def remembered(viewer: Viewer, question: str, work_out: Callable[[], T]) -> T:
    """Answer a question for a viewer, from memory where nothing was recorded since.

    Every change writes the record in its own transaction, so the number of entries tells whether an answer still holds.
    They are counted before the answer is worked out: what it stands on must be read after that, or be named in the
    question.

    Parameters
    ----------
    viewer : Viewer
        Who asks; what they may see is part of the question.
    question : str
        What is asked.
    work_out : callable
        Works the answer out.

    Returns
    -------
    object
        The answer, at most a minute old.
    """
    sight = (viewer.actor.user_id, sorted(viewer.capabilities), sorted(map(str, viewer.own)))
    reach = (
        sorted((str(key), str(since)) for key, since in viewer.groups.items()),
        sorted(map(str, viewer.ceilings.items())),
    )
    text = repr((question, sight, reach, entries_written()))
    return caches["remembered"].get_or_set(
        f"remembered:{hashlib.sha256(text.encode()).hexdigest()}", work_out, _SECONDS
    )  # type: ignore[return-value]  # what work_out returned


def remembered_part(viewer: Viewer, question: str, wanted: Mapping[str, str], write: Callable[[], SafeString]) -> str:
    """Write a part of a page that takes long to work out, from memory where nothing was recorded since.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    question : str
        What the part shows.
    wanted : mapping
        What it is narrowed by.
    write : callable
        Writes it, without anything that belongs to one request alone.

    Returns
    -------
    str
        The part in the language of the page, at most a minute old.
    """
    return remembered(viewer, f"{question}, {sorted(wanted.items())}, {get_language()}", write)
