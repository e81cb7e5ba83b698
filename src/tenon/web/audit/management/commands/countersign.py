"""``python -m tenon.web countersign``, which ``tenon audit countersign`` calls."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import CommandParser

from tenon.schema.errors import TenonError
from tenon.web.audit.receipts import check_root, countersign, read_json, signing_key


class Command(BaseCommand):
    """Signs for the root of a day of another platform; it needs no platform of its own."""

    help = "Print a receipt for the root of a day that a partner's platform gave away."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it; nothing of the platform is used

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the root, the signer and the key.

        Parameters
        ----------
        parser : CommandParser
            Takes them.
        """
        parser.add_argument("root", type=Path)
        parser.add_argument("--partner", required=True)
        parser.add_argument("--key", type=Path, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Sign and print.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            Root, partner and key.

        Raises
        ------
        CommandError
            If the root is none or the key cannot be used.
        """
        try:
            root = check_root(read_json(options["root"]))
            receipt = countersign(root, options["partner"], datetime.now(UTC), signing_key(options["key"]))
        except TenonError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(json.dumps(receipt, ensure_ascii=False, indent=2))
