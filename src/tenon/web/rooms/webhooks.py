"""Sending to addresses that users chose, without letting them reach into this network.

Only https on port 443 of hosts whose every address is public; the connection goes to the very address that was checked,
so that a name which answers differently the second time leads nowhere. Redirects are not followed, and no more than the
first line of the answer is read.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tenon.schema.errors import ParameterError, TenonError

__all__ = ["Target", "WebhookError", "new_salt", "post", "refusal_of_address", "secret_of", "target_of"]

_PORT = 443
_LONGEST_URL = 500
_SECONDS = 10.0
_LINE = 1024
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)
_TARGET = re.compile(r"/[!-~]*", re.ASCII)
# Addresses of version 6 behind which any of version 4 can stand: translated (RFC 6052) and local translated (RFC 8215).
_TRANSLATED = tuple(ipaddress.ip_network(item) for item in ("64:ff9b::/96", "64:ff9b:1::/48"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class WebhookError(TenonError):
    """A message could not be handed over; the sentence says why."""


class Target(tuple[str, str]):
    """Host, and path with query, of an address that passed the checks of `target_of`."""

    __slots__ = ()

    @property
    def host(self) -> str:
        """The host's name or address."""
        return self[0]

    @property
    def path(self) -> str:
        """Path and query."""
        return self[1]


def target_of(url: str) -> Target:
    """Take the address of a webhook apart.

    Parameters
    ----------
    url : str
        As a person gave it.

    Returns
    -------
    Target
        Host and path.

    Raises
    ------
    ParameterError
        If it is not https on port 443 of a public host, or holds a password.

    Examples
    --------
    >>> target_of("https://hooks.example.org/tenon?team=7").path
    '/tenon?team=7'
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
        host = (parts.hostname or "").encode("idna").decode().lower()
    except ValueError:
        raise ParameterError(_("The address of a webhook must be https://HOST/PATH; this cannot be read.")) from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if len(url) > _LONGEST_URL or parts.scheme != "https" or port != _PORT or not _TARGET.fullmatch(path):
        what = _("The address of a webhook must be https://HOST/PATH on port %(port)s, of at most %(most)s characters.")
        raise ParameterError(what % {"port": _PORT, "most": _LONGEST_URL})
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ParameterError(
            _("The address of a webhook must hold no user, password or fragment; use its path instead.")
        )
    literal = _literal(host)
    if literal is None and (not _HOST.fullmatch(host) or "." not in host or host.rpartition(".")[2].isdigit()):
        raise ParameterError(_("The address of a webhook must name a host on the Internet, such as hooks.example.org."))
    if literal is not None and refusal_of_address(literal):
        what = _("The address of a webhook must be public; %(host)s is %(kind)s.")
        raise ParameterError(what % {"host": host, "kind": refusal_of_address(literal)})
    return Target((host, path))


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def refusal_of_address(address: Address) -> str:
    """Say why nothing is sent to an address.

    Parameters
    ----------
    address : IPv4Address or IPv6Address
        Where a host name leads.

    Returns
    -------
    str
        What it is: private, loopback, link-local and the like; empty where it is public.

    Examples
    --------
    >>> refusal_of_address(ipaddress.ip_address("169.254.169.254"))
    'link-local'
    >>> refusal_of_address(ipaddress.ip_address("9.9.9.9"))
    ''
    """
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped is not None or address.sixtofour is not None or address.teredo is not None
        if wrapped or any(address in network for network in _TRANSLATED):
            return "one of version 4 in disguise"
    kinds = {
        "loopback": address.is_loopback,
        "link-local": address.is_link_local,
        "multicast": address.is_multicast,
        "unspecified": address.is_unspecified,
        "private": address.is_private,
        "reserved": address.is_reserved or not address.is_global,
    }
    return next((name for name, holds in kinds.items() if holds), "")


def new_salt() -> str:
    """Return what makes a webhook's secret its own.

    Returns
    -------
    str
        32 random hexadecimal digits.

    Examples
    --------
    >>> len(new_salt())
    32
    """
    return secrets.token_hex(16)


def secret_of(identifier: object, salt: str) -> str:
    """Return the secret with which messages to a webhook are signed.

    Parameters
    ----------
    identifier : UUID
        Of the webhook.
    salt : str
        Its salt.

    Returns
    -------
    str
        64 hexadecimal digits, made from the platform's secret key: the database alone does not tell it, and a new key
        of the platform gives every webhook a new secret.
    """
    return salted_hmac("tenon.webhook", f"{identifier}:{salt}", algorithm="sha256").hexdigest()


def _resolve(host: str) -> list[str]:
    found = socket.getaddrinfo(host, _PORT, type=socket.SOCK_STREAM)
    return [str(item[4][0]) for item in found]


def _connect(address: str, host: str) -> socket.socket:
    plain = socket.create_connection((address, _PORT), timeout=_SECONDS)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    resolve: Callable[[str], list[str]] = _resolve,
    connect: Callable[[str, str], socket.socket] = _connect,
) -> None:
    """Send a message to a webhook.

    Parameters
    ----------
    url : str
        Its address; checked again.
    body : bytes
        JSON.
    headers : mapping
        What is said beside.
    resolve : callable
        Gives all addresses of a host.
    connect : callable
        Opens a connection to one of them, and checks that it is the host's.

    Raises
    ------
    WebhookError
        If the host is not public or does not answer in time with a status of 200 to 299.
    """
    target = target_of(url)
    try:
        addresses = resolve(target.host)
        if not addresses:
            raise WebhookError(f"{target.host} has no address.")
        for address in addresses:
            refusal = refusal_of_address(ipaddress.ip_address(address.partition("%")[0]))
            if refusal:
                raise WebhookError(f"{target.host} leads to an address that is {refusal}; nothing was sent.")
        with connect(addresses[0], target.host) as line:
            status = _exchange(line, _request(target, body, headers))
    except (OSError, ValueError) as error:
        raise WebhookError(f"{target.host} could not be reached: {error}.") from error
    if not 200 <= status <= 299:  # noqa: PLR2004 - as HTTP numbers success
        raise WebhookError(f"{target.host} answered with status {status}; 200 to 299 was expected.")


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    said = {
        "Host": host,
        "User-Agent": "tenon",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _exchange(line: socket.socket, request: bytes) -> int:
    """Send a request and return the status of the answer, within a few seconds in all."""
    end = time.monotonic() + _SECONDS
    line.settimeout(_SECONDS)
    line.sendall(request)
    answer = b""
    while b"\n" not in answer:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        line.settimeout(left)
        piece = line.recv(_LINE)
        if not piece or len(answer) > _LINE:
            raise ValueError("the answer is none of HTTP")
        answer += piece
    found = re.match(rb"HTTP/1\.[01] (\d{3})[ \r\n]", answer)
    if found is None:
        raise ValueError("the answer is none of HTTP")
    return int(found[1])
