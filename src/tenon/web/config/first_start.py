"""From nothing to a platform that somebody can sign in to."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from getpass import getpass
from pathlib import Path

from tenon.schema.errors import ParameterError, StorageError
from tenon.web.config.environment import UNSAFE_KEY, Environment, read_environment

__all__ = ["add_first_administrator", "check_address", "prepare_folder"]

_LOOPBACK = ("127.", "localhost", "::1", "[::1]")


def prepare_folder(variables: Mapping[str, str]) -> Path:
    """Make the data folder and, where none is given, a secret key in it, both for this user alone.

    Parameters
    ----------
    variables : mapping
        The environment.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StorageError
        If it cannot be made or written.
    """
    environment = read_environment(variables)
    key = environment.data / "secret-key"
    try:
        environment.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if environment.secret_key == UNSAFE_KEY:
            descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(64) + "\n")
    except FileExistsError:
        pass  # another process made it meanwhile
    except OSError as error:
        raise StorageError(
            f"the data folder {environment.data} must be writable for this user; {error.strerror}. "
            "Set TENON_WEB_DATA to another."
        ) from None
    return environment.data


def check_address(host: str, environment: Environment) -> None:
    """Refuse to serve beyond this machine without what that needs.

    Parameters
    ----------
    host : str
        The address to listen on.
    environment : Environment
        The settings.

    Raises
    ------
    ParameterError
        If others could reach the platform, and errors are shown in full, everybody knows the secret key, or no public
        address is set, so that passwords would cross the network in the clear.
    """
    if host.startswith(_LOOPBACK):
        return
    if environment.debug:
        raise ParameterError(f"TENON_WEB_DEBUG=yes is for this machine alone; {host} is reached by others. Unset it.")
    if environment.secret_key == UNSAFE_KEY:
        raise ParameterError(
            f"{host} is reached by others, and everybody knows the secret key; set TENON_WEB_SECRET_KEY."
        )
    if not environment.secure:
        raise ParameterError(
            f"{host} is reached by others: set TENON_WEB_PUBLIC_URL to the https:// address of the server before it."
        )


def add_first_administrator(variables: Mapping[str, str]) -> str:
    """Make the first account where there is none, from the environment or by asking.

    Parameters
    ----------
    variables : mapping
        The environment.

    Returns
    -------
    str
        The address of the account made; empty where there are accounts already.

    Raises
    ------
    ParameterError
        If nobody can be asked and the environment does not say, or address or password are none that can be.
    """
    from django.core.exceptions import ValidationError

    from tenon.web.accounts.selectors import has_any_account
    from tenon.web.accounts.services import create_user
    from tenon.web.audit.rules import Actor

    if has_any_account():
        return ""
    email = variables.get("TENON_WEB_ADMINISTRATOR_EMAIL", "")
    password = variables.get("TENON_WEB_ADMINISTRATOR_PASSWORD", "")
    if not (email and password):
        if not sys.stdin.isatty():
            raise ParameterError(
                "nobody has an account yet and there is no terminal to ask at: set TENON_WEB_ADMINISTRATOR_EMAIL and "
                "TENON_WEB_ADMINISTRATOR_PASSWORD for the first start."
            )
        email = email or input("E-mail address of the first administrator: ").strip()
        password = password or getpass("Password, at least 12 characters: ")
    try:
        create_user(Actor(), email, email.partition("@")[0], password, is_operator=True)
    except ValidationError as error:
        raise ParameterError(f"the first administrator: {' '.join(error.messages)}") from None
    return email
