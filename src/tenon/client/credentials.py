"""Where the platform is and what opens it, from the environment or from a file for this user alone."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenon.schema.errors import ParameterError

__all__ = ["Credentials", "read_credentials"]

_KEYS = {"url", "token"}


@dataclass(frozen=True)
class Credentials:
    """The address of a platform and an access token of it.

    Parameters
    ----------
    url : str
        Such as ``https://tenon.example.org``; without TLS only on this machine.
    token : str
        Made on the page "Access tokens"; it is not shown when this is printed.

    Raises
    ------
    ParameterError
        If the address is none, the token is empty, or it would cross a network in the clear.

    Examples
    --------
    >>> Credentials("https://tenon.example.org/", "tenon_x")
    Credentials(url='https://tenon.example.org')
    """

    url: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url.rstrip("/"))
        scheme, _, rest = self.url.partition("://")
        if scheme not in {"http", "https"} or not rest or "@" in rest:
            raise ParameterError(f"the platform's address must begin with https://; it is {self.url!r}.")
        if scheme == "http" and not _is_this_machine(rest.partition("/")[0]):
            raise ParameterError(f"{self.url} would let the token cross a network in the clear; use https://.")
        if not self.token or not self.token.isascii() or any(sign.isspace() for sign in self.token):
            raise ParameterError("an access token is required; make one on the page 'Access tokens' of the platform.")


def _is_this_machine(host: str) -> bool:
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def read_credentials(variables: Mapping[str, str], file: Path | None = None) -> Credentials:
    """Find the address and the token.

    Parameters
    ----------
    variables : mapping
        The environment: ``TENON_URL`` and ``TENON_TOKEN``, both or neither.
    file : Path, optional
        A TOML file with ``url`` and ``token`` that only this user can read; ``platform.toml`` in the user's
        configuration folder of tenon where none is named.

    Returns
    -------
    Credentials
        From the environment where it has them, else from the file.

    Raises
    ------
    ParameterError
        If neither has them, one of two is missing, or others can read the file.

    Examples
    --------
    >>> read_credentials({"TENON_URL": "http://127.0.0.1:8000", "TENON_TOKEN": "tenon_x"}).url
    'http://127.0.0.1:8000'
    """
    url, token = variables.get("TENON_URL", ""), variables.get("TENON_TOKEN", "")
    if file is None and (url or token):
        if not (url and token):
            absent = "TENON_TOKEN" if url else "TENON_URL"
            raise ParameterError(f"TENON_URL and TENON_TOKEN belong together; {absent} is not set.")
        return Credentials(url, token)
    return _from_file(file or _usual_file())


def _usual_file() -> Path:
    import platformdirs

    return Path(platformdirs.user_config_dir("tenon", appauthor=False)) / "platform.toml"


def _from_file(file: Path) -> Credentials:
    try:
        if file.stat().st_mode & 0o077:
            raise ParameterError(f"others can read {file}, which holds a token; run: chmod 600 {file}")
        read = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(
            f"the platform is not known: set TENON_URL and TENON_TOKEN, or write url and token into {file}."
        ) from None
    except (OSError, ValueError) as error:
        raise ParameterError(f"{file} could not be read as TOML; {error}.") from None
    if set(read) != _KEYS or not all(isinstance(value, str) for value in read.values()):
        raise ParameterError(f"{file} must hold url and token, both texts, and nothing else; it holds {sorted(read)}.")
    return Credentials(read["url"], read["token"])
