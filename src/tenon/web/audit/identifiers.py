"""Identifiers that sort by the time they were made: UUIDs of version 7."""

from __future__ import annotations

import secrets
import time
import uuid

__all__ = ["new_identifier"]


def new_identifier() -> uuid.UUID:
    """Make an identifier: 48 bits of the time in milliseconds, then 74 random bits.

    Returns
    -------
    UUID
        Of version 7, as RFC 9562, section 5.7, lays it out.

    Examples
    --------
    >>> new_identifier().version
    7
    """
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    high, low = random >> 62, random & ((1 << 62) - 1)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
