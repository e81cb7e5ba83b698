"""What all commands that talk to a platform share: where it is, and how an object is shown."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from tenon.client import Client

__all__ = ["client_of", "credentials_option", "json_option", "show_fields"]

F = TypeVar("F", bound=Callable[..., Any])


def credentials_option(command: F) -> F:
    """Give a group of commands the option that says where the platform is.

    Parameters
    ----------
    command : callable
        The group.

    Returns
    -------
    callable
        With ``--credentials``.
    """
    return click.option(
        "--credentials",
        type=click.Path(dir_okay=False, path_type=Path),
        help="TOML file with url and token, readable for you alone. Without it: TENON_URL and TENON_TOKEN, then "
        "platform.toml in your configuration folder.",
    )(command)


def json_option(command: F) -> F:
    """Give a command the option to print JSON.

    Parameters
    ----------
    command : callable
        The command.

    Returns
    -------
    callable
        With ``--json``.
    """
    return click.option("--json", "as_json", is_flag=True, help="As JSON, with everything.")(command)


def client_of(context: click.Context) -> Client:
    """Make a client of the platform that a command was told of.

    Parameters
    ----------
    context : Context
        Of the command; its object is the file of credentials, if there is one.

    Returns
    -------
    Client
        Sends nothing yet.
    """
    from tenon.client import Client, read_credentials

    known = read_credentials(os.environ, context.obj)
    return Client(known.url, known.token)


def show_fields(said: Mapping[str, Any], *, as_json: bool) -> None:
    """Print what the platform said of one object.

    Parameters
    ----------
    said : mapping
        Its JSON.
    as_json : bool
        Whether as it came; otherwise a line for each field that says something.
    """
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    for name, value in said.items():
        if value not in (None, "", [], {}):
            click.echo(f"{name + ':':<15} {_words(value)}")


def _words(value: object) -> str:
    if isinstance(value, dict):
        return str(value["name"] if "name" in value else _words(value.get("person", "")))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
