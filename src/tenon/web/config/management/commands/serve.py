"""``python -m tenon.web serve``, which ``tenon serve`` calls."""

from __future__ import annotations

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.core.management.base import CommandParser
from django.db import connections

from tenon.schema.errors import TenonError
from tenon.web.accounts.selectors import has_any_account
from tenon.web.config.demo import fill
from tenon.web.config.first_start import add_first_administrator, check_address
from tenon.web.config.worker import worker_beside


class Command(BaseCommand):
    """Makes the database where there is none, the first administrator too, and serves."""

    help = "Make the database, ask for the first administrator, and serve on this machine."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it; they run below, when tables exist

    def add_arguments(self, parser: CommandParser) -> None:
        """Take host, port and whether to fill a made-up world.

        Parameters
        ----------
        parser : CommandParser
            Takes them.
        """
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--demo", action="store_true", help="Fill an empty platform with a made-up world.")
        parser.add_argument("--no-worker", action="store_true", help="Start no worker: others run the studies.")
        parser.add_argument("--only-prepare", action="store_true", help="Do everything but serve.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Prepare and serve.

        Parameters
        ----------
        *_args : Any
            None.
        **options : Any
            Host, port.

        Raises
        ------
        CommandError
            If something is missing or cannot be.
        """
        try:
            check_address(options["host"], settings.ENVIRONMENT)
            call_command("migrate", interactive=False, verbosity=0)
            if options["demo"]:
                self._fill()
            made = add_first_administrator(os.environ)
        except TenonError as error:
            raise CommandError(str(error), returncode=2) from None
        if made:
            self.stdout.write(f"The first administrator is {made}.")
        connections.close_all()  # each process opens its own
        if options["only_prepare"]:
            return
        from tenon.web.config import server  # gunicorn is imported by whoever serves

        self.stdout.write(f"tenon is at http://{options['host']}:{options['port']}/ (Ctrl-C ends it).")
        self.stdout.write(f"Its data are in {settings.ENVIRONMENT.data}.")
        if options["no_worker"]:
            server.run(options["host"], options["port"])
            return
        with worker_beside():
            server.run(options["host"], options["port"])

    def _fill(self) -> None:
        if has_any_account():
            self.stdout.write("The made-up world is there already; its password was said when it was made.")
            return
        password = secrets.token_urlsafe(9)
        people = fill(password)
        self.stdout.write(f"A made-up world is ready. Everybody signs in with the password {password}, such as:")
        for user in people[:4]:
            self.stdout.write(f"  {user.email:<22} {user.name}")
        self.stdout.write(f"and {len(people) - 4} more, who stand on the pages of their organizations.")
