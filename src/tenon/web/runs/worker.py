"""The worker: takes up studies, has each made by a process of its own, and keeps what comes of it.

It may be killed at any moment. What it had taken up is taken up again when its lease ends; what its process had written
by then is used or written again, and the fencing number keeps it from writing over what others did meanwhile.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection  # one place: closed where it broke, and statistics

from tenon.schema.errors import SourceError
from tenon.web.runs import execution, folders, leases, outcome_services
from tenon.web.runs.configurations import EXAMPLE
from tenon.web.runs.execution import Attempt, Ending, Limits, Progress
from tenon.web.runs.models import Job, Study
from tenon.web.runs.rules import LateWriterError
from tenon.web.runs.selectors import study_of
from tenon.web.runs.summaries import MOST_CHARACTERS, read_summary

__all__ = ["Worker"]

_log = logging.getLogger(__name__)
_BUSY_PAUSE = timedelta(seconds=5)
_TOLD_EVERY_SECONDS = 1.0
_DATABASE_PAUSE_SECONDS = 2.0
_STATISTICS_SECONDS = 24 * 3600.0


class Worker:
    """Takes up one study after another.

    Parameters
    ----------
    lease : timedelta
        For how long a study is leased; renewed several times within it.
    pause_seconds : float
        How long to wait where there is nothing to do.
    """

    def __init__(self, lease: timedelta = timedelta(seconds=30), pause_seconds: float = 1.0) -> None:
        self._lease = lease
        self._pause = pause_seconds
        self._ending = threading.Event()
        self._statistics_due = time.monotonic()

    def end(self) -> None:
        """Let go of what is being done, and come to an end."""
        self._ending.set()

    def is_told_to_end(self, seconds: float) -> bool:
        """Wait, no longer than until it is told to end.

        Parameters
        ----------
        seconds : float
            How long at most.

        Returns
        -------
        bool
            Whether it was told so.
        """
        return self._ending.wait(seconds)

    def run(self) -> None:
        """Work until told to end. A database that does not answer is waited for."""
        while not self._ending.is_set():
            try:
                self._refresh_statistics()
                if not self.work_once():
                    self._ending.wait(self._pause)
            except (OperationalError, InterfaceError) as error:
                _log.warning("The database does not answer: %s", error)
                connection.close()
                self._ending.wait(_DATABASE_PAUSE_SECONDS)

    def _refresh_statistics(self) -> None:
        """Let SQLite look once a day at what its tables hold; PostgreSQL does so by itself.

        Without, it guesses how much an index spares, and sorts all that somebody may see to show the newest fifty.
        """
        if connection.vendor != "sqlite" or time.monotonic() < self._statistics_due:
            return
        with connection.cursor() as cursor:  # one place: statistics, and nothing that anybody stored
            cursor.execute("ANALYZE")  # one place: the same
        self._statistics_due = time.monotonic() + _STATISTICS_SECONDS

    def work_once(self) -> bool:
        """Take up one study, if any waits, and bring it to an end.

        Returns
        -------
        bool
            Whether there was something to do.
        """
        outcome_services.bury_lost()
        job = outcome_services.take_up(self._lease)
        if job is None:
            return False
        study = study_of(job.pk).get()
        try:
            self._settle(job, study, self._attempt(job, study))
        except LateWriterError as error:
            _log.info("What was made of study %s is not kept: %s", study.pk, error)
        return True

    def _attempt(self, job: Job, study: Study) -> Attempt:
        folder = folders.study_folder(study.pk)
        execution.prepare(folder, _wanted(study))
        told = time.monotonic()
        # Well within the lease, however short it is.
        often = min(_TOLD_EVERY_SECONDS, self._lease.total_seconds() / 4)

        def goes_on(progress: Progress) -> bool:
            nonlocal told
            if self._ending.is_set():
                return False
            if time.monotonic() - told < often:
                return True
            told = time.monotonic()
            job.stage, job.done, job.total = progress.stage, progress.done, progress.total
            try:
                leases.renew(job, self._lease)
            except LateWriterError:
                return False  # called off, or taken up by another worker
            return True

        return execution.run(folder, Limits(job.time_limit_seconds, job.memory_limit_mb), goes_on)

    def _settle(self, job: Job, study: Study, attempt: Attempt) -> None:
        match attempt.ending:
            case Ending.DONE:
                self._keep(job, study)
            case Ending.REFUSED | Ending.TOO_LONG | Ending.TOO_LARGE:
                outcome_services.refuse(job, attempt.reason)
            case Ending.BUSY:
                outcome_services.give_back(job, _BUSY_PAUSE)
            case Ending.STOPPED:
                outcome_services.give_back(job)  # refused as too late where it was called off
            case Ending.BROKE_OFF:
                outcome_services.attempt_broke_off(job, attempt.reason)

    @staticmethod
    def _keep(job: Job, study: Study) -> None:
        report = folders.study_folder(study.pk) / folders.REPORT
        try:
            summary = read_summary(_text(report / "summary.json"))
        except (OSError, SourceError) as error:
            shutil.rmtree(report, ignore_errors=True)  # so that the next attempt writes it again
            outcome_services.attempt_broke_off(job, f"its summary cannot be read: {error}")
            return
        files = {item.name: item.stat().st_size for item in sorted(report.iterdir()) if item.name != "summary.json"}
        outcome_services.complete(job, summary, files)
        shutil.rmtree(report.parent / "days", ignore_errors=True)


def _text(file: Path) -> str:
    with file.open(encoding="utf-8") as stream:
        return stream.read(MOST_CHARACTERS + 1)


def _wanted(study: Study) -> Mapping[str, Any]:
    """Say what `tenon job` shall run; a chain's digest becomes the path of its workbook."""
    wanted = {"kind": study.kind, "language": study.language, **study.parameters}
    if wanted.get("chain", EXAMPLE) != EXAMPLE:
        wanted["chain"] = str(folders.chain_path(wanted["chain"]))
    return wanted
