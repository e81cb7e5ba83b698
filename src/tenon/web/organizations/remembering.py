"""What was worked out for a viewer is remembered for as long as nothing changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches

from tenon.web.audit.selectors import entries_written
from tenon.web.organizations.policies import Viewer

__all__ = ["remembered"]

T = TypeVar("T")
# Time itself changes answers: what was due becomes overdue.
_SECONDS = 60


def remembered(viewer: Viewer, question: str, work_out: Callable[[], T]) -> T:
    """Answer a question for a viewer, from memory where nothing was recorded since.

    Every change writes the record in its own transaction, so the number of entries tells whether an answer still holds.

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
