"""``python -m tenon.web daily_root``, which ``tenon audit roots`` calls."""

from __future__ import annotations

import json
from datetime import UTC, date, timedelta
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.utils import timezone

from tenon.schema.errors import TenonError
from tenon.web.audit.receipts import statement
from tenon.web.audit.services import make_root


class Command(BaseCommand):
    """Makes the root of a day and prints it."""

    help = "Print the one digest that stands for the record of a day, for partners to sign."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day.

        Parameters
        ----------
        parser : CommandParser
            Takes it.
        """
        parser.add_argument("--day", type=date.fromisoformat, help="In UTC; without it, yesterday.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Make the root and print it as JSON.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            The day.

        Raises
        ------
        CommandError
            If the day has not ended.
        """
        try:
            made = make_root(options["day"] or timezone.now().astimezone(UTC).date() - timedelta(days=1))
        except TenonError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(json.dumps(statement(made.day, made.root, len(made.lengths)), indent=2))
