"""Tenon's own file of a table: a compressed NumPy archive (``.npz``) with its description as JSON inside.

The archive holds the arrays ``Z``, ``Y``, ``V``, ``x`` (and ``satellites`` if there are any) and a text ``metadata``:
labels, units, source, license, repairs, the version of the format and the SHA-256 digest of the figures. Arrays are
stored in single precision where that loses nothing. Nothing in it needs Python to be trusted: pickles are refused.

A file appears whole or not at all: it is written beside its place and then renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError, StorageError
from tenon.schema.tables import InputOutputTable, Satellite

__all__ = ["atomic_file", "read_metadata", "read_table", "write_table"]

FORMAT = "tenon table 1"

_TEXTS = ("name", "currency", "source", "license")
_LISTS = ("regions", "sectors", "final_demand_categories", "value_added_items", "repairs")
_NUMBERS = ("unit", "year", "estimated", "balance_tolerance")
_NAMES = ("region_names", "sector_names")
_ARRAYS = ("Z", "Y", "V", "x")
_DAMAGES = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def write_table(table: InputOutputTable, path: str | Path) -> Path:
    """Store a table in a file, whole or not at all.

    Parameters
    ----------
    table : InputOutputTable
        What to store.
    path : str or Path
        File to make; an older one is replaced. Folders are made as needed.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StorageError
        If the disk is full or the place cannot be written to; an older file stays as it was.
    """
    arrays = {name: getattr(table, name) for name in _ARRAYS}
    if table.satellites:
        arrays["satellites"] = np.stack([satellite.values for satellite in table.satellites.values()])
    metadata: dict[str, Any] = {"format": FORMAT}
    metadata |= {key: getattr(table, key) for key in (*_TEXTS, *_NUMBERS)}
    metadata |= {key: list(getattr(table, key)) for key in _LISTS}
    metadata |= {key: dict(getattr(table, key)) for key in _NAMES}
    metadata["satellites"] = [
        {"name": key, "unit": satellite.unit, "source": satellite.source} for key, satellite in table.satellites.items()
    ]
    metadata["sha256"] = _digest(arrays)
    text = np.array(json.dumps(metadata, ensure_ascii=False))
    with atomic_file(path) as stream:
        contents = {"metadata": text, **{name: _compact(array) for name, array in arrays.items()}}
        np.savez_compressed(stream, allow_pickle=False, **contents)
    return Path(path)


def read_table(path: str | Path) -> InputOutputTable:
    """Read a table that :func:`write_table` stored.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    InputOutputTable
        The same table.

    Raises
    ------
    SourceError
        If the file is missing, cut short, altered or of another kind.
    """
    file = file_or_refuse(path, "a stored table")
    metadata = read_metadata(file)
    try:
        with _archive(file) as archive:
            arrays = {name: archive[name].astype(np.float64) for name in _ARRAYS}
            if metadata["satellites"]:
                arrays["satellites"] = archive["satellites"].astype(np.float64)
    except _DAMAGES as error:
        raise _damaged(file, error) from error
    if _digest(arrays) != metadata["sha256"]:
        message = f"{file}: the figures are not those that were stored (their digest differs). Import the table again."
        raise SourceError(message)
    fields: dict[str, Any] = {key: metadata[key] for key in (*_TEXTS, *_NUMBERS, *_NAMES, *_LISTS)}
    fields |= {key: arrays[key] for key in _ARRAYS}
    fields["satellites"] = {
        item["name"]: Satellite(arrays["satellites"][row], item["unit"], item["source"])
        for row, item in enumerate(metadata["satellites"])
    }
    return InputOutputTable(**fields)


def read_metadata(path: str | Path) -> dict[str, Any]:
    """Read the description of a stored table without its figures.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    dict
        The description.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another kind.
    """
    file = file_or_refuse(path, "a stored table")
    try:
        with _archive(file) as archive:
            metadata: dict[str, Any] = json.loads(str(archive["metadata"]))
    except _DAMAGES as error:
        raise _damaged(file, error) from error
    if metadata.get("format") != FORMAT:
        message = (
            f"{file} is of format {metadata.get('format')!r}, but {FORMAT!r} is read here. "
            "Import the table again with this version."
        )
        raise SourceError(message)
    missing = [key for key in (*_TEXTS, *_NUMBERS, *_NAMES, *_LISTS, "satellites", "sha256") if key not in metadata]
    if missing:
        message = f"{file}: its description lacks {missing[0]!r}; the file was altered. Import the table again."
        raise SourceError(message)
    return metadata


@contextmanager
def atomic_file(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file that takes its place only when it is complete.

    Parameters
    ----------
    path : str or Path
        Where the file shall stand; folders are made as needed.

    Yields
    ------
    binary stream
        To write to.

    Raises
    ------
    StorageError
        If anything cannot be written; what stood at the path before stays.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not by tempfile, whose files nobody else may read.
        temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except OSError as error:
        message = (
            f"{target} could not be written ({error.strerror or error}); nothing was stored and an older file stays as "
            "it was. Make room on the disk or choose another folder."
        )
        raise StorageError(message) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


@contextmanager
def _archive(file: Path) -> Iterator[Mapping[str, np.ndarray[Any, Any]]]:
    # NumPy would leave a damaged file open, and would take a bare array for an archive.
    with file.open("rb") as stream:
        if not zipfile.is_zipfile(stream):
            message = "no archive"
            raise zipfile.BadZipFile(message)
        stream.seek(0)
        with np.load(stream, allow_pickle=False) as archive:
            yield archive


def _compact(values: Float) -> np.ndarray[Any, Any]:
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    return single if np.array_equal(single.astype(np.float64), values) else np.asarray(values)


def _digest(arrays: Mapping[str, Float]) -> str:
    digest = hashlib.sha256()
    for name, values in arrays.items():
        digest.update(f"{name}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values).astype("<f8").tobytes())
    return digest.hexdigest()


def _damaged(file: Path, error: Exception) -> SourceError:
    message = f"{file} is not a whole table file of tenon ({type(error).__name__}: {error}). Import the table again."
    return SourceError(message)
