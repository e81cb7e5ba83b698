"""``python -m tenon.web worker``, which ``tenon worker`` calls, and ``tenon serve`` starts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from types import FrameType
from typing import Any

from django.core.management import BaseCommand
from django.core.management.base import CommandParser

from tenon.web.runs.worker import Worker


class Command(BaseCommand):
    """Takes up studies until it is told to end."""

    help = "Run the studies that people ask for, one after another."
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
        worker.run()


def _end_with_input(worker: Worker) -> None:
    """Wait until whoever started this process is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    worker.end()
