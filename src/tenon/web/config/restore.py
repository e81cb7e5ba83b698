"""Reading a backup into an empty platform: everything fits and is committed, or nothing was changed."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction

import tenon
from tenon.schema.errors import SourceError, StorageError
from tenon.web.accounts.models import User
from tenon.web.audit.models import Entry
from tenon.web.audit.rules import Actor
from tenon.web.audit.selectors import chain_ends, chain_names, find_fault
from tenon.web.audit.services import PLATFORM, record
from tenon.web.config.archive import (
    FORMAT,
    MANIFEST,
    Table,
    fields_of,
    file_folders,
    migrations_of,
    read_row,
    row_name,
    safe_path,
    tables,
)

__all__ = ["read_backup"]

_BATCH = 500
_CHUNK = 2**20
_LONGEST_MANIFEST = 2**28


def read_backup(source: Path) -> dict[str, Any]:
    """Read an archive into an empty platform, and look whether all of it arrived.

    Parameters
    ----------
    source : Path
        As `tenon.web.config.backup.write_backup` wrote it.

    Returns
    -------
    dict
        Its manifest.

    Raises
    ------
    SourceError
        If it is no backup, was made by a version with other tables, or is damaged.
    StorageError
        If the platform is not empty or cannot be written.
    """
    _must_be_empty()
    data = Path(settings.ENVIRONMENT.data)
    try:
        with zipfile.ZipFile(source) as archive, tempfile.TemporaryDirectory(dir=data, prefix="restore-") as staging:
            manifest = _manifest(archive)
            _restore(archive, manifest, Path(staging), data)
    except OSError as error:
        raise StorageError(f"{source} could not be restored; {error.strerror or error}.") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise SourceError(f"{source} is no whole archive; {error}. Nothing was changed.") from None
    except IntegrityError as error:
        raise SourceError(f"{source} contradicts itself; {error}. Nothing was changed.") from None
    return manifest


def _must_be_empty() -> None:
    folders = [folder.name for folder in file_folders() if any(folder.iterdir())]
    if User.objects.exists() or Entry.objects.exists() or folders:
        what = f"files in {', '.join(folders)}" if folders else "accounts or entries of the record"
        raise StorageError(
            f"a backup is restored into an empty platform, and this one has {what}. "
            "Name another data folder (TENON_WEB_DATA) and another database (DATABASE_URL)."
        )


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Read what the archive says of itself, and refuse what does not fit this platform or itself."""
    try:
        if archive.getinfo(MANIFEST).file_size > _LONGEST_MANIFEST:
            raise SourceError("the manifest of the backup is too long to be one.")
        manifest = json.loads(archive.read(MANIFEST))
        form, made_by, steps = manifest["format"], manifest["tenon"], manifest["migrations"]
        columns = {table["name"]: table["columns"] for table in manifest["tables"]}
        parts = [MANIFEST, *map(row_name, columns), *(f"files/{item['path']}" for item in manifest["files"])]
    except (KeyError, TypeError, ValueError):
        raise SourceError("the archive holds no manifest of a backup of tenon.") from None
    if form != FORMAT or steps != migrations_of():
        raise SourceError(
            f"the backup was made by tenon {made_by}, whose tables are not those of tenon {tenon.__version__}. "
            f"Restore it with tenon {made_by}, and upgrade then."
        )
    if columns != {table.name: [field.attname for field in fields_of(table.model)] for table in tables()}:
        raise SourceError("the backup holds other tables than its version has; the archive is damaged.")
    if sorted(parts) != sorted(archive.namelist()):
        raise SourceError("the archive holds other parts than its manifest says; it is damaged.")
    for item in manifest["files"]:
        safe_path(item["path"])
    return manifest  # type: ignore[no-any-return]  # JSON, looked at above


def _restore(archive: zipfile.ZipFile, manifest: dict[str, Any], staging: Path, data: Path) -> None:
    for item in manifest["files"]:
        _extract(archive, item, staging)
    moved: list[Path] = []
    try:
        _restore_rows(archive, manifest, lambda: _move(staging, data, moved))
    except BaseException:
        for folder in moved:
            shutil.rmtree(folder)
        raise


def _restore_rows(archive: zipfile.ZipFile, manifest: dict[str, Any], before_commit: Callable[[], None]) -> None:
    with transaction.atomic(durable=True):
        by_name = {table.name: table for table in tables()}
        # What migrations put into fresh tables comes back with the rows of the backup.
        for table in by_name.values():
            rows = table.model._default_manager.all()  # noqa: SLF001 - Django's documented interface
            # Where there are none, triggers that refuse to delete are not asked; and in any order, since references are
            # looked at when the transaction ends.
            if rows.exists():
                rows._raw_delete(connection.alias)  # noqa: SLF001 - delete() looks at once
        for described in manifest["tables"]:
            _fill(archive, described, by_name[described["name"]])
        connection.check_constraints()
        _reset_numbers(list(by_name.values()))
        _compare_chains(manifest["chains"])
        details = {"made": manifest["made"], "by": manifest["tenon"]}
        record(Actor(), "backup.restored", ("platform", tenon.__version__), chain=PLATFORM, details=details)
        before_commit()


def _extract(archive: zipfile.ZipFile, item: dict[str, Any], staging: Path) -> None:
    target = staging / safe_path(item["path"])
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file, _checked(archive, f"files/{item['path']}", item) as member:
        while chunk := member.read(_CHUNK):
            file.write(chunk)


class _Measured:
    """Reads a part of the archive, and keeps its sum and size.

    Parameters
    ----------
    member : file
        The part.
    most : int
        How many bytes it may have; a bomb stops here.
    """

    def __init__(self, member: IO[bytes], most: int) -> None:
        self.member, self.left, self.sha256 = member, most, hashlib.sha256()

    def read(self, size: int) -> bytes:
        return self._seen(self.member.read(size))

    def __iter__(self) -> Iterator[bytes]:
        # A line is never longer than all of them together.
        while line := self._seen(self.member.readline(self.left + 1)):
            yield line

    def _seen(self, part: bytes) -> bytes:
        self.sha256.update(part)
        self.left -= len(part)
        if self.left < 0:
            raise SourceError("a part of the backup is longer than its manifest says; the archive is damaged.")
        return part


@contextmanager
def _checked(archive: zipfile.ZipFile, name: str, described: dict[str, Any]) -> Iterator[_Measured]:
    with archive.open(name) as member:
        measured = _Measured(member, described["bytes"])
        yield measured
        if measured.left != 0 or measured.sha256.hexdigest() != described["sha256"]:
            raise SourceError(f"{name} is not what the manifest of the backup says; the archive is damaged.")


def _fill(archive: zipfile.ZipFile, described: dict[str, Any], table: Table) -> None:
    fields = fields_of(table.model)
    with _checked(archive, row_name(table.name), described) as lines:
        rows = (table.model(**read_row(line, fields)) for line in lines)
        while batch := list(islice(rows, _BATCH)):
            table.model._default_manager.bulk_create(batch)  # noqa: SLF001 - Django's documented interface
    found = table.model._default_manager.count()  # noqa: SLF001 - as above
    if found != described["rows"]:
        raise SourceError(f"{table.name} has {found} rows of {described['rows']}; the archive is damaged.")


def _reset_numbers(restored: list[Table]) -> None:
    """Let counted identifiers go on behind the highest that was restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in restored]):
            cursor.execute(statement)


def _compare_chains(expected: list[dict[str, Any]]) -> None:
    if chain_ends() != expected:
        raise SourceError("the chains of the record do not end as the manifest of the backup says; it is damaged.")
    for fault in filter(None, map(find_fault, chain_names())):
        raise SourceError(
            f"the record in the backup is not whole: {fault.chain}, entry {fault.number}: {fault.reason}."
        )


def _move(staging: Path, data: Path, moved: list[Path]) -> None:
    """Move the files to where they belong, and say which folders came."""
    for folder in sorted(staging.iterdir()):
        target = data / folder.name
        if target.exists():
            target.rmdir()  # empty, as was looked at before
        folder.rename(target)
        moved.append(target)
