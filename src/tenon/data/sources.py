"""Opening the files of sources, and saying plainly what is wrong when they cannot be opened."""

from __future__ import annotations

from pathlib import Path

from tenon.schema.errors import SourceError

__all__ = ["file_or_refuse"]


def file_or_refuse(path: str | Path, what: str) -> Path:
    """Return the path of an existing file with something in it.

    Parameters
    ----------
    path : str or Path
        Where the file should be.
    what : str
        What it should hold, for the message.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    SourceError
        If there is no such file or it is empty.
    """
    file = Path(path)
    if file.is_dir():
        message = f"{file} is a folder, but {what} is read from a file; name the file."
        raise SourceError(message)
    if not file.is_file():
        where = "the folder exists" if file.parent.is_dir() else f"there is not even a folder {file.parent}"
        message = f"{file} does not exist ({where}); {what} was expected there. Check the path."
        raise SourceError(message)
    if file.stat().st_size == 0:
        message = f"{file} is empty; {what} was expected. Fill it in, or get it again."
        raise SourceError(message)
    return file
