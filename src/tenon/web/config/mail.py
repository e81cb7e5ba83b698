"""Where mail goes: to the server named in the settings, or into files that an administrator can read."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail.backends import filebased, smtp

from tenon.schema.errors import ParameterError

__all__ = ["EmailBackend", "smtp_options"]

_PORTS = {"smtp": 587, "smtps": 465}


def smtp_options(url: str) -> dict[str, Any]:
    """Take the address of a mail server apart.

    Parameters
    ----------
    url : str
        ``smtp://USER:PASSWORD@HOST:PORT`` (upgraded to TLS), or ``smtps://...`` (TLS from the start).

    Returns
    -------
    dict
        What Django's mail backend takes.

    Raises
    ------
    ParameterError
        If the address is none of a mail server.

    Examples
    --------
    >>> smtp_options("smtps://post:secret@mail.example.org")["port"]
    465
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ParameterError(
            f"TENON_WEB_EMAIL_URL must be smtp://HOST or smtps://HOST, with user and password; it is {url!r}."
        )
    return {
        "host": parts.hostname,
        "port": parts.port or _PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp",
        "use_ssl": parts.scheme == "smtps",
    }


def EmailBackend(**options: Any) -> smtp.EmailBackend | filebased.EmailBackend:  # noqa: N802, ANN401 - Django names a class here, and passes what it likes
    """Return the mail backend that the settings ask for.

    Parameters
    ----------
    **options : Any
        What Django passes on, such as ``fail_silently``.

    Returns
    -------
    EmailBackend
        One that sends, or one that writes files into the data folder.
    """
    url = settings.ENVIRONMENT.email_url
    if url:
        return smtp.EmailBackend(**{**options, **smtp_options(url)})
    return filebased.EmailBackend(**options)
