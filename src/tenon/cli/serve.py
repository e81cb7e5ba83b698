"""``tenon serve``, ``worker``, ``audit``, ``backup``, ``restore``: the platform, in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import sys
from datetime import datetime

import click

__all__ = ["audit", "backup", "restore", "serve", "worker"]


@click.command(short_help="Run the platform: organizations, hazards and studies in a browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--demo", is_flag=True, help="Fill a platform of its own with a made-up world to look around in.")
def serve(host: str, port: int, *, demo: bool) -> None:
    """Run the platform on this machine.

    The first start makes the database and asks for the first administrator, or takes address and password from the
    environment. All settings: docs/reference/platform.
    """
    pass_on("serve", "--host", host, "--port", str(port), *(["--demo"] if demo else []))


@click.command(short_help="Run the studies that people ask the platform for.")
def worker() -> None:
    """Take up studies from the platform's queue, one after another, until interrupted.

    'tenon serve' starts one; start more of them, on this machine, where studies wait too long. What a worker had taken
    up when it ended is taken up by another.
    """
    pass_on("worker")


@click.group(short_help="Check the platform's record of who did what.")
def audit() -> None:
    """The record of who did what on the platform."""


@audit.command(short_help="Find the first entry that was changed.")
@click.option(
    "--receipt", type=click.Path(exists=True, dir_okay=False), help="Hold the record to what a partner signed."
)
def verify(receipt: str | None) -> None:
    """Look at every entry of the record, and name the first that was changed, taken out or put in."""
    pass_on("verify_record", *(["--receipt", receipt] if receipt else []))


@audit.command(short_help="Write the one digest that stands for the record of a day.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="In UTC; without it, yesterday.")
def roots(day: datetime | None) -> None:
    """Print the root of a day as JSON, for partners to sign. It says nothing about anybody."""
    pass_on("daily_root", *(["--day", day.date().isoformat()] if day else []))


@audit.command(short_help="Sign for the record of another platform.")
@click.argument("root", type=click.Path(exists=True, dir_okay=False))
@click.option("--partner", required=True, help="Who signs, such as the name of your organization.")
@click.option("--key", required=True, type=click.Path(dir_okay=False), help="Your key; made where there is none.")
def countersign(root: str, partner: str, key: str) -> None:
    """Print a receipt for ROOT, the root of a day that a partner's platform gave you.

    Keep it: it shows whether entries were changed later.
    """
    pass_on("countersign", root, "--partner", partner, "--key", key)


@click.command(short_help="Write everything that the platform holds into one file.")
@click.argument("file", type=click.Path(dir_okay=False))
def backup(file: str) -> None:
    """Write rows, files and the ends of the record's chains as they are at one moment into FILE.

    People can go on working meanwhile. The secret key is not in it: keep a copy of it elsewhere.
    """
    pass_on("backup", file)


@click.command(short_help="Read a backup into an empty platform.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def restore(file: str) -> None:
    """Read FILE into an empty platform, on SQLite or PostgreSQL, whichever it came from.

    Counts, sums and every entry of the record are checked; where anything does not fit, nothing is changed.
    """
    pass_on("restore", file)


def pass_on(*arguments: str) -> None:
    """Become the platform's own process with a command of it.

    Parameters
    ----------
    *arguments : str
        The command and its options.

    Raises
    ------
    ParameterError
        If the packages of the platform are not installed.
    """
    if importlib.util.find_spec("django") is None:
        from tenon.schema.errors import ParameterError

        raise ParameterError("the platform needs more packages; install them with: pip install 'tenon[web]'")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "tenon.web", *arguments])  # noqa: S606 - our own program, no shell
