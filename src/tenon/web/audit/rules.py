"""What a row of the record says, and how its digest is made: plain Python, without a database.

A chain is a sequence of entries. Each holds the digest of the entry before; its own digest is the SHA-256 of everything
it says, in canonical JSON. Whoever changes, drops or inserts an entry makes a digest wrong, and `first_fault` names it.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

__all__ = ["BEGINNING", "Actor", "Fault", "Statement", "canonical", "digest", "first_fault", "merkle_root"]

# What the first entry of a chain holds in place of the digest of an entry before it.
BEGINNING = "0" * 64


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom, and from where.

    Parameters
    ----------
    user_id : UUID, optional
        The person; none for the platform itself and for visitors without an account.
    organization_id : UUID, optional
        The organization in whose name the person acts.
    on_behalf_of : UUID, optional
        The organization for which a report was made.
    request_id : str
        Groups what one request did.
    address : str
        Digest of the address that the request came from; the address itself is not kept.
    """

    user_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    on_behalf_of: uuid.UUID | None = None
    request_id: str = ""
    address: str = ""


@dataclass(frozen=True)
class Statement:
    """What one entry says.

    Parameters
    ----------
    chain : str
        The chain it belongs to.
    number : int
        Its place in the chain, from 1.
    time : datetime
        When, in UTC.
    actor : Actor
        Who.
    action : str
        What, such as ``membership.ended``.
    subject_kind, subject_id : str
        To what.
    details : mapping
        What changed; JSON values.
    previous : str
        Digest of the entry before.
    """

    chain: str
    number: int
    time: datetime
    actor: Actor
    action: str
    subject_kind: str
    subject_id: str
    details: Mapping[str, Any] = field(default_factory=dict)
    previous: str = BEGINNING


@dataclass(frozen=True)
class Fault:
    """Where a chain stops to be what was written.

    Parameters
    ----------
    chain : str
        The chain.
    number : int
        The first entry that is wrong.
    reason : str
        What is wrong with it.
    """

    chain: str
    number: int
    reason: str


def canonical(value: object) -> str:
    """Write a value as JSON in the one way that gives the same text for the same value.

    Parameters
    ----------
    value : object
        Of JSON types, UUIDs and times with a zone.

    Returns
    -------
    str
        Keys sorted, no spaces, times in UTC to the microsecond.

    Raises
    ------
    TypeError
        If the value holds anything else.

    Examples
    --------
    >>> canonical({"b": 1, "a": ["ü"]})
    '{"a":["ü"],"b":1}'
    """
    return json.dumps(value, default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _plain(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"a record holds JSON values, UUIDs and times with a zone; it got {value!r}.")


def digest(statement: Statement) -> str:
    """Return the digest of an entry.

    Parameters
    ----------
    statement : Statement
        What it says, the digest of the entry before included.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.
    """
    return hashlib.sha256(canonical(asdict(statement)).encode()).hexdigest()


def first_fault(entries: Iterable[tuple[Statement, str]]) -> Fault | None:
    """Find the first entry of one chain that is not what was written.

    Parameters
    ----------
    entries : iterable of (Statement, str)
        The entries of one chain in their order, each with the digest that was stored with it.

    Returns
    -------
    Fault or None
        None where every entry follows from the one before.
    """
    previous = BEGINNING
    for number, (statement, stored) in enumerate(entries, start=1):
        if statement.number != number:
            return Fault(
                statement.chain, number, f"entry {number} is missing; entry {statement.number} comes in its place"
            )
        if statement.previous != previous:
            return Fault(statement.chain, number, "it does not hold the digest of the entry before")
        if digest(statement) != stored:
            return Fault(statement.chain, number, "it was changed: its digest is not that of what it says")
        previous = stored
    return None


def merkle_root(digests: Iterable[str]) -> str:
    """Return one digest that stands for many: the root of their hash tree.

    Parameters
    ----------
    digests : iterable of str
        Hexadecimal digests, in their order.

    Returns
    -------
    str
        Root of the tree of RFC 6962, section 2.1: leaves are hashed behind a zero byte, pairs behind a one, and a list
        is split at the largest power of two below its length. The root of nothing is the SHA-256 of nothing.

    Examples
    --------
    >>> merkle_root([])[:8]
    'e3b0c442'
    """
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(item)).digest() for item in digests]
    return _root(leaves).hex()


def _root(nodes: list[bytes]) -> bytes:
    if not nodes:
        return hashlib.sha256(b"").digest()
    if len(nodes) == 1:
        return nodes[0]
    half = 1 << (len(nodes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(nodes[:half]) + _root(nodes[half:])).digest()
