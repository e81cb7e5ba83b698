"""Writing a backup: one archive of what the platform held at one moment, while people go on working."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

import tenon
from tenon.schema.errors import StorageError
from tenon.web.audit.rules import Actor
from tenon.web.audit.selectors import chain_ends
from tenon.web.audit.services import PLATFORM, record
from tenon.web.config.archive import (
    FORMAT,
    MANIFEST,
    Table,
    fields_of,
    file_folders,
    migrations_of,
    row_name,
    tables,
    write_row,
)
from tenon.web.organizations.row_policies import as_platform

__all__ = ["write_backup"]

_CHUNK = 2**20


def write_backup(target: Path) -> dict[str, Any]:
    """Write everything that the platform holds into one archive.

    Parameters
    ----------
    target : Path
        Where; nothing may be there yet.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    StorageError
        If the archive is there already or cannot be written.
    """
    partial = target.with_name(target.name + ".partial")
    if target.exists():
        raise StorageError(f"{target} is there already; a backup overwrites nothing. Choose another name.")
    try:
        # For this user alone: it holds what everybody else may not see.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                manifest = _fill(archive)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise StorageError(f"the backup {target} could not be written; {error.strerror or error}.") from None
    finally:
        partial.unlink(missing_ok=True)
    counts = {"rows": sum(table["rows"] for table in manifest["tables"]), "files": len(manifest["files"])}
    with transaction.atomic():
        record(Actor(), "backup.made", ("platform", tenon.__version__), chain=PLATFORM, details=counts)
    return manifest


def _fill(archive: zipfile.ZipFile) -> dict[str, Any]:
    with as_platform(), transaction.atomic(durable=True):
        _see_one_moment()
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "tenon": tenon.__version__,
            "made": timezone.now().isoformat(),
            "migrations": migrations_of(),
            "chains": chain_ends(),
            "tables": [_table(archive, table) for table in tables()],
        }
    # After the rows: files are written before the rows that name them, and not changed afterwards.
    manifest["files"] = [_file(archive, path) for folder in file_folders() for path in _files_in(folder)]
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _see_one_moment() -> None:
    """Let the transaction see what was committed when it began, and nothing that comes later."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            moment = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            cursor.execute(moment)


def _table(archive: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    fields = fields_of(table.model)
    # Large contents are not collected many at a time.
    chunk = 4 if any(isinstance(field, models.BinaryField) for field in fields) else 2000
    names = [field.attname for field in fields]
    rows = table.model._default_manager.order_by("pk").values_list(*names)  # noqa: SLF001 - Django's documented interface
    written = _member(archive, row_name(table.name), (write_row(row) for row in rows.iterator(chunk_size=chunk)))
    return {"name": table.name, "columns": names, "rows": written.pop("parts"), **written}


def _file(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    name = path.relative_to(settings.ENVIRONMENT.data).as_posix()
    with path.open("rb") as file:
        written = _member(archive, f"files/{name}", _chunks(file))
    written.pop("parts")
    return {"path": name, **written}


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield plain files; a link could lead anywhere."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _member(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes]) -> dict[str, Any]:
    """Write one part of the archive; return how much it is and its sum."""
    sha256, size, count = hashlib.sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as member:
        for part in parts:
            member.write(part)
            sha256.update(part)
            size += len(part)
            count += 1
    return {"bytes": size, "sha256": sha256.hexdigest(), "parts": count}
