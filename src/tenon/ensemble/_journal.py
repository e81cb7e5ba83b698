"""The store of an ensemble: a file to which finished draws are appended, one line each, and never changed.

Its first line says which run it belongs to; a line before it may say so in words, see :mod:`tenon.ensemble.stores`.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np

from tenon.schema import Float, ParameterError, SourceError, StorageError

__all__ = [
    "FORMAT",
    "LONGEST_FIRST_LINE",
    "Journal",
    "check_store",
    "fingerprint",
    "no_store",
    "not_written",
    "pickled",
    "told",
]

FORMAT = "tenon ensemble 1"
LONGEST_FIRST_LINE = 10_000


def pickled(thing: object, what: str) -> bytes:
    """Return a thing as bytes that another process can read.

    Parameters
    ----------
    thing : object
        Anything.
    what : str
        What it is, for the message.

    Returns
    -------
    bytes
        The pickled thing.

    Raises
    ------
    ParameterError
        If it cannot be pickled.
    """
    try:
        return pickle.dumps(thing, protocol=5)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        message = (
            f"{what} cannot be handed to other processes or stored ({error}); define functions at the top of a module "
            "rather than inside another function or as a lambda, or run without pool and store."
        )
        raise ParameterError(message) from error


def fingerprint(function: object, items: Sequence[object]) -> str:
    """Return what tells one run from another: a hash of tenon's version, the function and what it is called with.

    Of a function counts what is pickled (its name, and what a partial function or an object holds) and its source, or
    that of the class of an object that can be called; so does the source of functions handed to a partial function.
    Not noticed are changes of what these call in turn outside of tenon, of other packages, of files that they read,
    and of code whose source cannot be had, such as compiled code and what is typed at a prompt.

    Parameters
    ----------
    function : callable
        What is run.
    items : sequence
        What it is called with.

    Returns
    -------
    str
        Hexadecimal digits.

    Raises
    ------
    ParameterError
        If the function or an item cannot be pickled.
    """
    digest = hashlib.sha256(json.dumps([version("tenon"), *_sources(function)]).encode())
    digest.update(pickled(function, "the function"))
    for item in items:
        digest.update(pickled(item, "an item"))
    return digest.hexdigest()


def _sources(thing: Any) -> Iterator[str]:  # noqa: ANN401 - anything may be handed to a partial function
    """Source of what can be called, and of what a partial function holds that can be; blank where it cannot be had."""
    if isinstance(thing, partial):
        for part in (thing.func, *thing.args, *thing.keywords.values()):
            yield from _sources(part)
    elif callable(thing):
        try:
            yield inspect.getsource(thing if inspect.isroutine(thing) or inspect.isclass(thing) else type(thing))
        except (OSError, TypeError):
            yield ""


def check_store(path: Path) -> None:
    """Refuse a store that is a folder, or that would stand in none."""
    if path.is_dir():
        message = (
            f"the store must be a file, but {path} is a folder; name a file in it, such as {path / 'draws'}, which "
            "is made if absent."
        )
        raise StorageError(message)
    if not path.parent.is_dir():
        message = (
            f"the store {path} cannot be made, because there is no folder {path.parent}; make it, or mend the name."
        )
        raise StorageError(message)


def no_store(path: Path) -> SourceError:
    """Return the error of a file that holds something else."""
    return SourceError(f"{path} is not the store of an ensemble and is left as it is; give another file to store in.")


def not_written(path: Path, error: OSError, what: str = "the store") -> StorageError:
    """Return the error of a store that could not be written."""
    return StorageError(
        f"{what} could not be written to {path} ({error.strerror}); draws before it are kept. Free some space and run "
        "the same again to go on, or choose another file."
    )


def told(words: Mapping[str, object]) -> str:
    """Return in one line what a store says of its run."""
    return ", ".join(f"{name} {value}" for name, value in words.items())


class Journal:
    """Finished draws of one run, in a file.

    Parameters
    ----------
    path : Path
        The file; made if absent.
    signature : str
        Fingerprint of the run.
    total : int
        Number of draws of the run.

    Raises
    ------
    SourceError
        If the file is not such a journal, or holds another run.
    StorageError
        If it is a folder, there is no folder around it, or it cannot be written.
    """

    def __init__(self, path: Path, signature: str, total: int) -> None:
        self._path = path
        self._about = {"format": FORMAT, "fingerprint": signature, "draws": total}
        self._words: Mapping[str, object] = {}
        self.finished: dict[int, Float] = {}
        check_store(path)
        try:
            # Appending mode makes the file if it is absent and leaves what it holds.
            self._file: BinaryIO = path.open("a+b")
        except OSError as error:
            raise not_written(path, error) from error
        try:
            self._read()
        except Exception:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def append(self, number: int, values: Float) -> None:
        """Keep the values of a draw; a crash loses the line that is being written and no other."""
        line = {"draw": number, "shape": values.shape, "values": values.astype("<f8").tobytes().hex()}
        self._write(line, f"draw {number}")

    def _read(self) -> None:
        begin = kept = self._read_words()
        first = self._file.readline(LONGEST_FIRST_LINE)
        number = 2 if begin else 1
        # What a crash left of our own first line is written again; anything else belongs to somebody.
        if not json.dumps(self._about).encode().startswith(first):
            self._check(self._parsed(first, number))
            kept += len(first)
        self._file.seek(kept)
        for later, line in enumerate(self._file, start=number + 1):
            if line.endswith(b"\n"):
                self._take(line, later)
                kept += len(line)
        self._file.truncate(kept)
        self._file.seek(0, os.SEEK_END)
        if kept == begin:
            self._write(self._about, "its first line")

    def _read_words(self) -> int:
        """Read what the store says of its run in words, if it does, and return the length of that line."""
        self._file.seek(0)
        line = self._file.readline(LONGEST_FIRST_LINE)
        words = self._parsed(line, 1).get("about") if line.endswith(b"\n") else None
        if isinstance(words, dict):
            self._words = words
            return len(line)
        self._file.seek(0)
        return 0

    def _take(self, line: bytes, number: int) -> None:
        entry = self._parsed(line, number)
        try:
            values = np.frombuffer(bytes.fromhex(str(entry["values"])), dtype="<f8").astype(np.float64)
            self.finished[int(str(entry["draw"]))] = values.reshape(entry["shape"])  # type: ignore[call-overload]  # refused below if it is no shape
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(number, error) from error

    def _check(self, about: dict[str, object]) -> None:
        if about.get("format") != FORMAT:
            raise no_store(self._path)
        if about != self._about:
            words = f" ({told(self._words)})" if self._words else ""
            message = (
                f"the ensemble stored in {self._path}{words} has another function, code, parameters or draws than this "
                f"one, or was made by another version of tenon ({about.get('draws')} draws there, "
                f"{self._about['draws']} here); run the same again to go on with it, or give another file."
            )
            raise SourceError(message)

    def _parsed(self, line: bytes, number: int) -> dict[str, object]:
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise self._damaged(number, error) from error
        return entry if isinstance(entry, dict) else {}

    def _write(self, line: dict[str, object], what: str) -> None:
        try:
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            raise not_written(self._path, error, what) from error

    def _damaged(self, number: int, error: Exception) -> SourceError:
        return SourceError(
            f"{self._path}, line {number}, is no finished draw of an ensemble ({type(error).__name__}); give another "
            "file to start anew."
        )
