"""``python -m tenon.web backup``, which ``tenon backup`` calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import DatabaseError, connection

from tenon.schema.errors import TenonError
from tenon.web.config.backup import write_backup


class Command(BaseCommand):
    """Writes everything that the platform holds into one archive."""

    help = "Write everything that the platform holds into one archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the archive.

        Parameters
        ----------
        parser : CommandParser
            Takes it.
        """
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Write the archive.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            The file.

        Raises
        ------
        CommandError
            If it cannot be written or there is no platform.
        """
        try:
            connection.ensure_connection()
            if connection.vendor == "sqlite":
                # A transaction that only reads takes no lock: people go on working meanwhile.
                connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # of the SQLite backend
            manifest = write_backup(options["file"])
        except TenonError as error:
            raise CommandError(str(error), returncode=2) from None
        except DatabaseError as error:
            raise CommandError(f"the database cannot be read: {error}.", returncode=2) from None
        rows = sum(table["rows"] for table in manifest["tables"])
        self.stdout.write(
            f"{options['file']} holds {rows} rows of {len(manifest['tables'])} tables, {len(manifest['files'])} files "
            f"and {len(manifest['chains'])} chains of the record. It does not hold the secret key of the platform."
        )
