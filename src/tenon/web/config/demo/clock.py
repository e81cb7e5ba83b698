"""Telling the platform that it is another time, while a made-up past is written by the services of today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, tzinfo

from django.utils import timezone

__all__ = ["past", "told_by"]

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


class _Clock(datetime):
    """What `django.utils.timezone.now` asks: says another time to whoever was told one, and the true one to others."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]  # a plain moment, as databases take it
        """Return the time as it was told to this thread.

        Parameters
        ----------
        tz : tzinfo, optional
            The zone.

        Returns
        -------
        datetime
            The moment.
        """
        told = _told.get()
        return datetime.now(tz) if told is None else told.astimezone(tz)


@contextmanager
def past() -> Iterator[None]:
    """Let this thread be told what time it is, as long as this lasts; other threads go by the true time.

    Rows, events and entries of the record carry `timezone.now`, in many places. Asking that one clock keeps the made-up
    past a matter of the made-up world alone.

    Examples
    --------
    >>> from datetime import UTC
    >>> with past(), told_by(datetime(2026, 8, 3, tzinfo=UTC)):
    ...     timezone.now().month
    8
    """
    true = timezone.datetime  # type: ignore[attr-defined]  # what Django's `now` calls
    timezone.datetime = _Clock  # type: ignore[attr-defined]  # the same
    try:
        yield
    finally:
        timezone.datetime = true  # type: ignore[attr-defined]  # the same


@contextmanager
def told_by(moment: datetime) -> Iterator[None]:
    """Say what time it is, within `past`.

    Parameters
    ----------
    moment : datetime
        With a zone.
    """
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
