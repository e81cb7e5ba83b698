"""What a backup holds: every row of every table in one portable form, every file, and a manifest to check them by.

::

    rows/accounts.user.jsonl       a row a line, a JSON list of its columns
    files/studies/.../result.nc    what is kept beside the database
    manifest.json                  counts, SHA-256 sums, and the end of every chain of the record
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

from tenon.schema.errors import SourceError

__all__ = [
    "FORMAT",
    "MANIFEST",
    "Table",
    "fields_of",
    "file_folders",
    "migrations_of",
    "read_row",
    "row_name",
    "safe_path",
    "tables",
    "write_row",
]

FORMAT = "tenon-backup-1"
MANIFEST = "manifest.json"
# Rows that the platform makes itself, and sessions: after a restore everybody signs in again.
_LEFT_OUT = {"auth", "contenttypes", "sessions", "usersessions"}
# Mail that was not sent, and counts of requests.
_NO_FILES = {"mail", "metrics"}


@dataclass(frozen=True)
class Table:
    """One table of the platform.

    Parameters
    ----------
    name : str
        Such as ``accounts.user``.
    model : type
        Its model.
    """

    name: str
    model: type[models.Model]


def tables() -> list[Table]:
    """List the tables that a backup holds.

    Returns
    -------
    list of Table
        By name. Their order matters to no database: references are looked at when the transaction ends.
    """
    kept = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in _LEFT_OUT  # noqa: SLF001 - Django's documented interface of models
    ]
    return sorted((Table(model._meta.label_lower, model) for model in kept), key=lambda table: table.name)  # noqa: SLF001 - as above


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """List the columns of a table.

    Parameters
    ----------
    model : type
        Its model.

    Returns
    -------
    list of Field
        In the order of the model.
    """
    return list(model._meta.concrete_fields)  # noqa: SLF001 - Django's documented interface of models


def migrations_of() -> list[list[str]]:
    """List the steps that made the tables.

    Returns
    -------
    list of [str, str]
        App and name of each; a backup fits tables made by the same.
    """
    labels = {table.model._meta.app_label for table in tables()}  # noqa: SLF001 - Django's documented interface of models
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations() if app in labels)


def file_folders() -> Iterator[Path]:
    """List the folders of files that are kept beside the database.

    Yields
    ------
    Path
        Each folder in the data folder, but mail and counts.
    """
    data = Path(settings.ENVIRONMENT.data)
    if data.is_dir():
        yield from sorted(path for path in data.iterdir() if path.is_dir() and path.name not in _NO_FILES)


def row_name(table: str) -> str:
    """Name the part of an archive that holds a table.

    Parameters
    ----------
    table : str
        Its name.

    Returns
    -------
    str
        The part.

    Examples
    --------
    >>> row_name("audit.entry")
    'rows/audit.entry.jsonl'
    """
    return f"rows/{table}.jsonl"


def write_row(values: tuple[Any, ...]) -> bytes:
    r"""Write a row as one line that both databases read back alike.

    Parameters
    ----------
    values : tuple
        In the order of the columns.

    Returns
    -------
    bytes
        JSON and the end of the line; times to the microsecond.

    Raises
    ------
    TypeError
        If a column holds what no column of the platform holds.

    Examples
    --------
    >>> write_row((1, Decimal("2.50"), b"ab"))
    b'[1,"2.50","YWI="]\n'
    """
    return json.dumps(values, default=_plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"a backup holds no value like {value!r}.")


def read_row(line: bytes, fields: list[models.Field[Any, Any]]) -> dict[str, Any]:
    """Read a row.

    Parameters
    ----------
    line : bytes
        As `write_row` wrote it.
    fields : list of Field
        Its columns.

    Returns
    -------
    dict
        Values by the names of columns.

    Raises
    ------
    SourceError
        If it is no such line.
    """
    from django.core.exceptions import ValidationError

    try:
        values = json.loads(line)
        return {field.attname: field.to_python(value) for field, value in zip(fields, values, strict=True)}
    except (ValueError, TypeError, ValidationError):
        raise SourceError("the backup holds a row that does not fit its table; the archive is damaged.") from None


def safe_path(name: str) -> PurePosixPath:
    """Return where a file of an archive belongs below the data folder.

    Parameters
    ----------
    name : str
        Its path in the manifest.

    Returns
    -------
    PurePosixPath
        Relative, and nowhere else.

    Raises
    ------
    SourceError
        If it leads out of the data folder, or to what is no folder of files there.

    Examples
    --------
    >>> safe_path("studies/1/result.nc").parts[0]
    'studies'
    """
    path = PurePosixPath(name)
    parts = name.split("/")
    strange = {"", ".", ".."}.intersection(parts) or "\\" in name or "\0" in name or ":" in name
    if strange or len(parts) < 2 or parts[0] in _NO_FILES:  # noqa: PLR2004 - a folder and a name
        raise SourceError(f"the backup holds a file for {name!r}, where no file of the platform belongs.")
    return path
