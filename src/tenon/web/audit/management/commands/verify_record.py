"""``python -m tenon.web verify_record``, which ``tenon audit verify`` calls."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import OperationalError, connection

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import chain_names, find_fault


class Command(BaseCommand):
    """Looks at every entry of every chain."""

    help = "Find the first entry of the record that was changed, taken out or put in."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Verify all chains and say what is wrong.

        Parameters
        ----------
        *_args : Any
            None.
        **_options : Any
            None.

        Raises
        ------
        CommandError
            If there is no record yet.
        SystemExit
            With 1 if any chain is not what was written.
        """
        try:
            there = Entry._meta.db_table in connection.introspection.table_names()  # noqa: SLF001 - documented by Django
        except OperationalError as error:
            raise CommandError(f"the database cannot be opened: {error}.", returncode=2) from None
        if not there:
            raise CommandError(
                "the database has no record yet; the first start of the platform makes it.", returncode=2
            )
        names = chain_names()
        faults = [fault for fault in map(find_fault, names) if fault is not None]
        for fault in faults:
            self.stderr.write(f"{fault.chain}, entry {fault.number}: {fault.reason}.")
        if faults:
            raise SystemExit(1)
        self.stdout.write(f"The record is whole: {len(names)} chains, every entry follows from the one before.")
