"""``python -m tenon.web restore``, which ``tenon restore`` calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import DatabaseError

from tenon.schema.errors import TenonError
from tenon.web.config.restore import read_backup


class Command(BaseCommand):
    """Reads a backup into an empty platform."""

    help = "Read a backup into an empty platform."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it; there are no tables yet

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the archive.

        Parameters
        ----------
        parser : CommandParser
            Takes it.
        """
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Make the tables and fill them.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            The file.

        Raises
        ------
        CommandError
            If the archive is none, is damaged, or does not fit, or the platform is not empty.
        """
        if not options["file"].is_file():
            raise CommandError(f"there is no file {options['file']}.", returncode=2)
        try:
            call_command("migrate", interactive=False, verbosity=0)
            manifest = read_backup(options["file"])
        except TenonError as error:
            raise CommandError(str(error), returncode=2) from None
        except DatabaseError as error:
            raise CommandError(f"the database cannot be written: {error}.", returncode=2) from None
        self.stdout.write(
            f"Restored what the platform held on {manifest['made']}: every row, file and chain of the record is there. "
            "Everybody signs in again."
        )
