"""``python -m tenon.web worker``, which ``tenon worker`` calls, and ``tenon serve`` starts."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management import BaseCommand, call_command
from django.core.management.base import CommandParser
from django.db import connection  # one place: closed after each look at the clocks

from tenon.web.runs.worker import Worker

_log = logging.getLogger(__name__)
_MINUTE = 60.0


class Command(BaseCommand):
    """Takes up studies until it is told to end."""

    help = "Run the studies that people ask for, one after another, and look every minute at what is due."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it; the server checks

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long a lease holds, and whether to end with whoever started this.

        Parameters
        ----------
        parser : CommandParser
            Takes them.
        """
        parser.add_argument("--attended", action="store_true", help="End when standard input is closed.")
        parser.add_argument("--lease-seconds", type=float, default=30.0, help="For how long a study is leased.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Work.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            Lease, and whether attended.
        """
        worker = Worker(lease=timedelta(seconds=options["lease_seconds"]))

        def stop(_signal: int, _frame: FrameType | None) -> None:
            worker.end()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        if options["attended"]:
            threading.Thread(target=_end_with_input, args=(worker,), daemon=True).start()
        threading.Thread(target=keep_time, args=(worker,), daemon=True).start()
        worker.run()


def keep_time(worker: Worker, seconds: float = _MINUTE) -> None:
    """Do every minute what is due, such as reminders and letters, beside the studies, which may take long.

    Parameters
    ----------
    worker : Worker
        Until it is told to end.
    seconds : float
        How long to wait in between.
    """
    while not worker.is_told_to_end(seconds):
        try:
            call_command("tick", stdout=io.StringIO())
        except Exception:  # noqa: BLE001 - whatever went wrong with one, the next minute is another
            _log.exception("What is due was not done; it is tried again in a minute")
        finally:
            connection.close()


def _end_with_input(worker: Worker) -> None:
    """Wait until whoever started this process is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.end()
