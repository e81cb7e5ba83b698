"""``python -m tenon.web verify_record``, which ``tenon audit verify`` calls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser
from django.db import OperationalError, connection

from tenon.schema.errors import TenonError
from tenon.web.audit.models import Entry
from tenon.web.audit.receipts import check_receipt, fingerprint, read_json
from tenon.web.audit.selectors import chain_names, find_fault, receipt_fault


class Command(BaseCommand):
    """Looks at every entry of every chain."""

    help = "Find the first entry of the record that was changed, taken out or put in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a receipt.

        Parameters
        ----------
        parser : CommandParser
            Takes it.
        """
        parser.add_argument("--receipt", type=Path, help="What a partner signed; the record is held to it, too.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Verify all chains and say what is wrong.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            A receipt.

        Raises
        ------
        CommandError
            If there is no record yet, or the receipt is none.
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
        found = [fault for fault in map(find_fault, names) if fault is not None]
        faults = [f"{fault.chain}, entry {fault.number}: {fault.reason}" for fault in found]
        if options["receipt"]:
            faults += self._held_to(options["receipt"])
        for fault in faults:
            self.stderr.write(f"{fault}.")
        if faults:
            raise SystemExit(1)
        self.stdout.write(f"The record is whole: {len(names)} chains, every entry follows from the one before.")

    def _held_to(self, file: Path) -> list[str]:
        """Hold the record to a receipt; return what does not fit."""
        try:
            receipt = check_receipt(read_json(file))
        except TenonError as error:
            raise CommandError(f"{file}: {error}", returncode=2) from None
        fault = receipt_fault(receipt)
        if not fault:
            self.stdout.write(
                f"The record up to {receipt['day']} is what {receipt['partner']} signed for on {receipt['signed']} "
                f"with the key {fingerprint(receipt)}."
            )
        return [fault] if fault else []
