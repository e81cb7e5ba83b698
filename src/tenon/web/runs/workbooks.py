"""Uploaded workbooks: what is refused before a worker reads them, and where they are kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from tenon.schema.errors import SourceError

__all__ = ["MOST_BYTES", "check_workbook", "keep_workbook"]

MOST_BYTES = 8 * 2**20
"""Largest workbook, in bytes."""
_MOST_ENTRIES = 2000
_MOST_UNPACKED = 200 * 2**20
_NEEDED = frozenset({"[Content_Types].xml", "xl/workbook.xml"})


def check_workbook(file: IO[bytes], size: int) -> None:
    """Refuse what is no workbook, or would unpack to more than a worker should read.

    Parameters
    ----------
    file : binary file
        As uploaded.
    size : int
        Its bytes.

    Raises
    ------
    SourceError
        With what is wrong.
    """
    if size > MOST_BYTES:
        raise SourceError(f"a workbook must have at most {MOST_BYTES // 2**20} MB; this one has {size / 2**20:.1f}.")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise SourceError("this is no workbook; save the chain as .xlsx.") from None
    if not {entry.filename for entry in entries} >= _NEEDED:
        raise SourceError("this is no workbook; save the chain as .xlsx.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError("the workbook is locked by a password; save it without.")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise SourceError("the workbook holds macros; save it as .xlsx, without them.")
    # What the archive says of its entries holds: whoever unpacks stops there.
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise SourceError(
            f"the workbook unpacks to more than {_MOST_UNPACKED // 2**20} MB; leave out what is no chain."
        )


def keep_workbook(file: IO[bytes], folder: Path) -> tuple[str, int]:
    """Keep a workbook under the digest of its content.

    Parameters
    ----------
    file : binary file
        Checked.
    folder : Path
        Where workbooks are kept.

    Returns
    -------
    digest : str
        SHA-256, 64 hexadecimal digits.
    size : int
        Bytes.
    """
    file.seek(0)
    content = file.read(MOST_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    path = folder / f"{digest}.xlsx"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".part-")
        with os.fdopen(descriptor, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        Path(draft).replace(path)
    return digest, len(content)
