"""Which files are taken and how they are called: decided by what they hold, never by their name; plain Python."""

from __future__ import annotations

import re
from enum import StrEnum

__all__ = ["PER_FINDING", "SIZE_MOST", "FileKind", "kind_of_file", "shown_name"]

SIZE_MOST = 8 * 2**20
PER_FINDING = 20
_NAME_MOST = 80


class FileKind(StrEnum):
    """The kinds of file that are taken."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


_SUFFIX = {FileKind.JPEG: ".jpg", FileKind.PNG: ".png", FileKind.PDF: ".pdf"}


def kind_of_file(content: bytes) -> FileKind | None:
    """Recognize a file by its first and last bytes.

    Parameters
    ----------
    content : bytes
        All of it.

    Returns
    -------
    FileKind or None
        None for everything else: SVG, HTML and archives among it, whatever their names say, and for files whose end is
        missing. JPEG begins with SOI and a marker and holds EOI (ITU-T T.81, table B.1); PNG begins with its signature
        and IHDR and ends with IEND (RFC 2083); PDF begins with its version and ends with ``%%EOF`` (ISO 32000-1, 7.5).

    Examples
    --------
    >>> kind_of_file(b"<svg xmlns='http://www.w3.org/2000/svg'/>") is None
    True
    """
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-1024:]:
        return FileKind.JPEG
    png_begins = content.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    if png_begins and content.endswith(b"IEND\xaeB`\x82"):
        return FileKind.PNG
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return FileKind.PDF
    return None


def shown_name(sent: str, kind: FileKind) -> str:
    """Return the name under which a file is offered again.

    Parameters
    ----------
    sent : str
        As the sender's machine calls it.
    kind : FileKind
        What it is.

    Returns
    -------
    str
        Letters, digits, spaces, ``-``, ``_`` and ``.`` of its last part, with the ending of its kind; it never names a
        place on the disk.

    Examples
    --------
    >>> shown_name("../../kiln <2>.exe", FileKind.JPEG)
    'kiln 2.jpg'
    """
    last = re.split(r"[\\/]", sent)[-1]
    stem = last.rpartition(".")[0] or last
    kept = " ".join("".join(sign for sign in stem if sign.isalnum() or sign in " -_.").split()).strip(" .")
    return (kept[:_NAME_MOST].rstrip(" .") or "file") + _SUFFIX[kind]
