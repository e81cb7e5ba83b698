"""What happened in the made-up world, in the order in which it happened."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from tenon.web.config.demo.clock import past, told_by

__all__ = ["Story"]

_BEGIN, _HOURS = 7, 11  # of a working day


class Story:
    """Acts with the moments at which they are done; earlier ones first, those of one moment as they were added.

    Parameters
    ----------
    now : datetime
        When the story ends.
    """

    def __init__(self, now: datetime) -> None:
        self._now = timezone.localtime(now)
        self._acts: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()

    def moment(self, days: float) -> datetime:
        """Return a moment so many days before the end, within the working hours of its day.

        Parameters
        ----------
        days : float, days
            Before the end; below zero, after it.

        Returns
        -------
        datetime
            Later for fewer days, always.
        """
        exact = self._now - timedelta(days=days)
        if exact.date() == self._now.date():
            return exact
        midnight = datetime.combine(exact.date(), time(), exact.tzinfo)
        return midnight + timedelta(hours=_BEGIN) + (exact - midnight) * _HOURS / 24

    def add(self, days: float, act: Callable[[], object]) -> None:
        """Add an act.

        Parameters
        ----------
        days : float, days
            Before the end.
        act : callable
            What is done.
        """
        heapq.heappush(self._acts, (self.moment(days), next(self._order), act))

    def play(self) -> None:
        """Do everything, with the platform's clock at each act's moment."""
        with past():
            while self._acts:
                moment, _order, act = heapq.heappop(self._acts)
                with told_by(moment):
                    act()
