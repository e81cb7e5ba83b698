"""What the headers of a request say: plain functions, without Django."""

from __future__ import annotations

import hashlib
import re

__all__ = ["KEY_LENGTH", "STALE", "request_digest", "tag_of", "version_in"]

# The code with which services refuse a change that was made against an older version.
STALE = "stale"

# The longest Idempotency-Key; a UUID has 36 characters.
KEY_LENGTH = 128
_TAG = re.compile(r'^"([1-9][0-9]{0,8})"$')


def tag_of(version: int) -> str:
    """Write a version as a strong entity tag (RFC 9110, section 8.8.3).

    Parameters
    ----------
    version : int
        Of the object.

    Returns
    -------
    str
        For the header ``ETag``.

    Examples
    --------
    >>> tag_of(7)
    '"7"'
    """
    return f'"{version}"'


def version_in(tag: str) -> int | None:
    """Read the version that a program saw from the header ``If-Match``.

    Parameters
    ----------
    tag : str
        One entity tag as it was sent. Neither ``*`` nor a list says which version was seen, and a weak tag never
        matches (RFC 9110, section 13.1.1).

    Returns
    -------
    int or None
        None where the tag names no version.

    Examples
    --------
    >>> version_in('"7"')
    7
    >>> version_in("*") is None
    True
    """
    found = _TAG.match(tag.strip())
    return int(found[1]) if found else None


def request_digest(method: str, address: str, body: bytes) -> str:
    """Return a digest by which a request that is sent again is known.

    Parameters
    ----------
    method, address : str
        Of the request.
    body : bytes
        As it was sent.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Examples
    --------
    >>> request_digest("POST", "/a", b"{}") == request_digest("POST", "/a", b"{ }")
    False
    """
    return hashlib.sha256(f"{method} {address}\n".encode() + body).hexdigest()
