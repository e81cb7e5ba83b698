"""What a partner signs so that the record can be held to it later: one digest for all chains of a day.

The platform gives away the root of a day, which says nothing about anybody. A partner adds a name, a time and a
signature, and keeps that receipt. Whoever changes an entry of that day or of one before it changes the root, and the
receipt shows it.
Plain Python, without a database: a partner needs no platform.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenon.schema.errors import SourceError
from tenon.web.audit.rules import canonical, merkle_root

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = [
    "ROOT",
    "check_receipt",
    "check_root",
    "countersign",
    "day_root",
    "fingerprint",
    "read_json",
    "signing_key",
    "statement",
]

ROOT = "tenon-daily-root-1"
_RECEIPT = "tenon-receipt-1"
_KEYS = {"format", "day", "root", "chains"}
_ADDED = {"partner", "signed", "key", "signature"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def day_root(ends: Iterable[tuple[str, int, str]]) -> str:
    """Return the one digest that stands for all chains.

    Parameters
    ----------
    ends : iterable of (str, int, str)
        Name, length and last digest of each chain.

    Returns
    -------
    str
        Merkle root over the chains in the order of their names; a leaf is the SHA-256 of the three in canonical JSON.

    Examples
    --------
    >>> day_root([("b", 1, "0"), ("a", 2, "1")]) == day_root([("a", 2, "1"), ("b", 1, "0")])
    True
    """
    return merkle_root(hashlib.sha256(canonical(list(end)).encode()).hexdigest() for end in sorted(ends))


def statement(day: date, root: str, chains: int) -> dict[str, Any]:
    """Return what the platform gives to its partners.

    Parameters
    ----------
    day : date
        In UTC.
    root : str
        Of all chains at its end.
    chains : int
        How many they are.

    Returns
    -------
    dict
        JSON values.

    Examples
    --------
    >>> statement(date(2026, 11, 30), "0" * 64, 3)["day"]
    '2026-11-30'
    """
    return {"format": ROOT, "day": day.isoformat(), "root": root, "chains": chains}


def check_root(said: object) -> Mapping[str, Any]:
    """Refuse what is no root of a day.

    Parameters
    ----------
    said : object
        As it was read from a file.

    Returns
    -------
    mapping
        The same.

    Raises
    ------
    SourceError
        If it is none.
    """
    if not isinstance(said, dict) or set(said) != _KEYS or said["format"] != ROOT or not _is_root(said):
        raise SourceError("this is no root of a day, as 'tenon audit roots' writes it.")
    return said


def _is_root(said: Mapping[str, Any]) -> bool:
    try:
        date.fromisoformat(said["day"])
        return isinstance(said["chains"], int) and bool(_DIGEST.fullmatch(said["root"]))
    except (TypeError, ValueError):
        return False


def countersign(said: Mapping[str, Any], partner: str, now: datetime, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Make a receipt: the partner has seen this root at this time.

    Parameters
    ----------
    said : mapping
        The root of a day.
    partner : str
        Who signs.
    now : datetime
        When.
    key : Ed25519PrivateKey
        The partner's.

    Returns
    -------
    dict
        JSON values, with an Ed25519 signature over all others in canonical JSON.

    Raises
    ------
    SourceError
        If it is no root of a day, or the partner has no name.
    """
    if not partner.strip():
        raise SourceError("a receipt names the partner who signs it.")
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    signed = now.astimezone(UTC).isoformat(timespec="seconds")
    receipt = {**check_root(said), "format": _RECEIPT, "partner": partner.strip(), "signed": signed, "key": public}
    return {**receipt, "signature": base64.b64encode(key.sign(canonical(receipt).encode())).decode()}


def check_receipt(said: object) -> Mapping[str, Any]:
    """Refuse what is no receipt, or was changed since it was signed.

    Parameters
    ----------
    said : object
        As it was read from a file.

    Returns
    -------
    mapping
        The same. It is as good as its key: compare `fingerprint` with what the partner says on another way.

    Raises
    ------
    SourceError
        If it is none, or its signature does not fit.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not isinstance(said, dict) or set(said) != _KEYS | _ADDED or said["format"] != _RECEIPT or not _is_root(said):
        raise SourceError("this is no receipt, as 'tenon audit countersign' writes it.")
    signed = {name: value for name, value in said.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(said["key"], validate=True))
        key.verify(base64.b64decode(said["signature"], validate=True), canonical(signed).encode())
    except (InvalidSignature, TypeError, ValueError):
        raise SourceError("the signature of the receipt does not fit what it says; it was changed.") from None
    return said


def fingerprint(said: Mapping[str, Any]) -> str:
    """Return a short name of the key that signed a receipt, for people to compare.

    Parameters
    ----------
    said : mapping
        The receipt.

    Returns
    -------
    str
        Eight groups of four hexadecimal digits of the key's SHA-256.

    Examples
    --------
    >>> fingerprint({"key": "AAAA"})[:9]
    '709e 80c8'
    """
    digits = hashlib.sha256(base64.b64decode(said["key"])).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def read_json(file: Path) -> object:
    """Read a root or a receipt from a file.

    Parameters
    ----------
    file : Path
        Which; of at most a megabyte.

    Returns
    -------
    object
        What its JSON says.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    try:
        with file.open("rb") as source:
            return json.loads(source.read(2**20))
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"{file} could not be read as JSON; {error}.") from None


def signing_key(file: Path) -> Ed25519PrivateKey:
    """Read a partner's key, or make one where there is no file.

    Parameters
    ----------
    file : Path
        PKCS 8 in PEM, readable for its owner alone.

    Returns
    -------
    Ed25519PrivateKey
        The key.

    Raises
    ------
    SourceError
        If the file holds no such key, others can read it, or it cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    try:
        if file.exists():
            if file.stat().st_mode & 0o077:
                raise SourceError(f"others can read the key {file}; run: chmod 600 {file}")
            key = load_pem_private_key(file.read_bytes(), password=None)
            if not isinstance(key, Ed25519PrivateKey):
                raise SourceError(f"{file} holds a key, but none of Ed25519.")
            return key
        made = Ed25519PrivateKey.generate()
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    except (OSError, TypeError, ValueError) as error:
        raise SourceError(f"the key {file} could not be read or made; {error}.") from None
    return made
