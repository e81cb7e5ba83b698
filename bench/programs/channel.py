"""How a measured program talks to the process that started it: one line of JSON at a time, nothing else in between.

Only the standard library is used, because every environment that is measured imports this module.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["Channel", "peak_memory", "stopping"]


class Channel:
    """The line to the parent, and the clock of the days that it asks for.

    Days are told to :meth:`day_done` one after the other. The first ``warm_up_days`` count as set-up; then the program
    waits, between days, until the parent asks for more.
    """

    def __init__(self) -> None:
        self.config: dict[str, Any] = json.loads(sys.argv[1])
        # Whatever libraries print goes to the log, so that the line carries nothing but answers.
        self._line = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self.days_done = 0
        self._to_warm_up = int(self.config.get("warm_up_days", 1))
        self._wanted = 0
        self._processor: list[float] = []
        self._wall: list[float] = []
        self._since = (time.process_time(), time.perf_counter())

    def tell(self, **values: object) -> None:
        """Send one answer."""
        self._line.write(json.dumps(values) + "\n")
        self._line.flush()

    def day_done(self) -> bool:
        """Take the time of a day; answer and wait at the end of those that were asked for.

        Returns
        -------
        bool
            Whether the parent wants another day.
        """
        now = (time.process_time(), time.perf_counter())
        self.days_done += 1
        if self._to_warm_up > 0:
            self._to_warm_up -= 1
            if self._to_warm_up == 0:
                self.tell(set_up_processor=now[0], set_up_wall=now[1] - self._since[1])
                return self._wait()
            return True
        self._processor.append(now[0] - self._since[0])
        self._wall.append(now[1] - self._since[1])
        if len(self._wall) == self._wanted:
            self.tell(processor=self._processor, wall=self._wall)
            return self._wait()
        self._since = (time.process_time(), time.perf_counter())
        return True

    def finish(self, **values: object) -> None:
        """Send the last answer: the peak of memory, and what else is to be said."""
        self.tell(peak=peak_memory(), **values)

    def _wait(self) -> bool:
        answer = sys.stdin.readline()
        if not answer:
            return False
        self._wanted = int(answer)
        self._processor, self._wall = [], []
        self._since = (time.process_time(), time.perf_counter())
        return True


def stopping(channel: Channel) -> Callable[[int, int], None]:
    """Return the progress callback that takes times, and ends the run as Ctrl-C does when no more days are wanted."""

    def progress(_done: int, _total: int) -> None:
        if not channel.day_done():
            raise KeyboardInterrupt

    return progress


def peak_memory() -> int:
    """Return the largest resident memory that this process has had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss, VmHWM does not include what the parent held when it started this process.
        lines = status.read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
