"""``tenon serve``, ``tenon worker`` and ``tenon audit``: the platform, which runs in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import sys

import click

__all__ = ["audit", "serve", "worker"]


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
def verify() -> None:
    """Look at every entry of the record, and name the first that was changed, taken out or put in."""
    pass_on("verify_record")


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
