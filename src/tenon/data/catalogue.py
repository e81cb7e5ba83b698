"""Tables by name: those that ship with the package and those that the user stored."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from tenon.data.layouts import read_any
from tenon.data.storage import read_metadata, read_table, write_table
from tenon.schema.errors import SourceError, StorageError, nearest
from tenon.schema.tables import InputOutputTable

__all__ = ["CatalogueEntry", "catalogue", "data_folder", "import_table", "load", "store_table"]

_SUFFIX = ".npz"


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """What is known about a table without reading its figures.

    Parameters
    ----------
    name : str
        The name that :func:`load` takes.
    year : int
        Calendar year of the flows.
    regions, sectors : tuple of str
        Labels.
    currency : str
        ISO code of the currency.
    source, license : str
        Citation, and what may be done with the figures.
    estimated : bool
        Whether flows between regions were estimated.
    bundled : bool
        Whether the table ships with the package.
    path : Path
        The file.
    """

    name: str
    year: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    currency: str
    source: str
    license: str
    estimated: bool
    bundled: bool
    path: Path


def load(name_or_path: str | Path = "world-2022") -> InputOutputTable:
    """Table of a name in the catalogue, or of a file in any layout that tenon knows.

    Parameters
    ----------
    name_or_path : str or Path
        A name such as ``"world-2022"``, or the path of a file or folder.

    Returns
    -------
    InputOutputTable
        The checked table.

    Raises
    ------
    SourceError
        If there is no such table, or its file is damaged or of an unknown layout.

    Examples
    --------
    >>> table = load("world-2022")
    >>> table.year, table.estimated, len(table.regions), len(table.sectors)
    (2022, True, 33, 30)
    """
    entries = _files()
    if str(name_or_path) in entries:
        return read_table(entries[str(name_or_path)])
    path = Path(name_or_path)
    if path.exists():
        return read_any(path)
    known = sorted(entries)
    message = (
        f"there is no table and no file {str(name_or_path)!r}; {nearest(str(name_or_path), known)} "
        "Tables of your own are stored by tenon data import."
    )
    raise SourceError(message)


def catalogue() -> tuple[CatalogueEntry, ...]:
    """All tables that :func:`load` knows by name, bundled ones first.

    Returns
    -------
    tuple of CatalogueEntry
        One entry a table.

    Raises
    ------
    SourceError
        If a stored file is damaged.

    Examples
    --------
    >>> catalogue()[0].name
    'world-2022'
    """
    shipped = _shipped_folder()
    return tuple(_entry(name, path, bundled=path.parent == shipped) for name, path in _files().items())


def import_table(path: str | Path, *, name: str | None = None) -> CatalogueEntry:
    """Check a table in any layout that tenon knows and store it in the user's data folder.

    Parameters
    ----------
    path : str or Path
        A file or a folder.
    name : str, optional
        Name under which to store it; default: the name that its reader gives it.

    Returns
    -------
    CatalogueEntry
        The stored table.

    Raises
    ------
    SourceError
        If the file is missing, damaged or of an unknown layout.
    LabelError, TableError
        If labels or figures contradict each other.
    StorageError
        If the name belongs to a bundled table or cannot be a file name, or the disk is full.
    """
    table = read_any(path)
    return store_table(table, name=name or table.name)


def store_table(table: InputOutputTable, *, name: str) -> CatalogueEntry:
    """Store a table in the user's data folder, replacing an older one of that name.

    Parameters
    ----------
    table : InputOutputTable
        What to store.
    name : str
        Name under which :func:`load` finds it.

    Returns
    -------
    CatalogueEntry
        The stored table.

    Raises
    ------
    StorageError
        If the name belongs to a bundled table or cannot be a file name, or the disk is full.
    """
    if not name or name.startswith(".") or any(mark in name for mark in '/\\:*?"<>|') or not name.isprintable():
        message = f"{name!r} cannot be the name of a table: it becomes a file name. Use letters, digits and hyphens."
        raise StorageError(message)
    if (_shipped_folder() / f"{name}{_SUFFIX}").exists():
        message = f"{name!r} is the name of a table that ships with tenon; choose another name."
        raise StorageError(message)
    path = write_table(table, data_folder() / "tables" / f"{name}{_SUFFIX}")
    return _entry(name, path, bundled=False)


def data_folder() -> Path:
    """Folder in which tenon keeps what the user stores: ``TENON_DATA``, or the place usual on the system.

    Returns
    -------
    Path
        The folder; it need not exist.
    """
    chosen = os.environ.get("TENON_DATA")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_path("tenon", appauthor=False))


def _shipped_folder() -> Path:
    return Path(str(files("tenon.data"))) / "shipped"


def _files() -> dict[str, Path]:
    shipped = {path.stem: path for path in sorted(_shipped_folder().glob(f"*{_SUFFIX}"))}
    stored = {path.stem: path for path in sorted((data_folder() / "tables").glob(f"*{_SUFFIX}"))}
    return shipped | {name: path for name, path in stored.items() if name not in shipped}


def _entry(name: str, path: Path, *, bundled: bool) -> CatalogueEntry:
    known: dict[str, Any] = read_metadata(path)
    return CatalogueEntry(
        name=name,
        year=known["year"],
        regions=tuple(known["regions"]),
        sectors=tuple(known["sectors"]),
        currency=known["currency"],
        source=known["source"],
        license=known["license"],
        estimated=known["estimated"],
        bundled=bundled,
        path=path,
    )
