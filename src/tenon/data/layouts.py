"""Recognition of the layout of a table's file, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tenon.data.csv_folder import read_csv_folder
from tenon.data.oecd_icio import read_oecd_icio
from tenon.data.oecd_national import read_oecd_national
from tenon.data.storage import read_table
from tenon.data.wiod2013 import read_wiod_2013
from tenon.data.wiod2016 import read_wiod_2016
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

__all__ = ["Layout", "read_any"]


@dataclass(frozen=True)
class Layout:
    """A layout of files that tenon reads.

    Parameters
    ----------
    pattern : str
        How such files are called.
    what : str
        What they are.
    read : callable
        From the path to the table.
    """

    pattern: str
    what: str
    read: Callable[[Path], InputOutputTable]


LAYOUTS = (
    Layout("*.npz", "table stored by tenon", read_table),
    Layout("wiot_[12]???.RData", "WIOD 2013 release", read_wiod_2013),
    Layout("WIOT[12]???_*", "WIOD 2016 release", read_wiod_2016),
    Layout("[12]???_SML.csv", "OECD ICIO, small layout", read_oecd_icio),
    Layout("???????ttl.csv", "OECD national table, total use", read_oecd_national),
)


def read_any(path: str | Path) -> InputOutputTable:
    """Read a table in any layout that tenon knows; the name of the file says which.

    Parameters
    ----------
    path : str or Path
        A file or a folder.

    Returns
    -------
    InputOutputTable
        The checked table.

    Raises
    ------
    SourceError
        If there is nothing at the path, or its name fits no layout, or its content is damaged.
    LabelError, TableError
        If labels or figures contradict each other.
    """
    place = Path(path)
    if not place.exists():
        message = f"{place} does not exist; a file or folder with a table was expected. Check the path."
        raise SourceError(message)
    if place.is_dir():
        return read_csv_folder(place)
    for layout in LAYOUTS:
        if place.match(layout.pattern):
            return layout.read(place)
    known = "; ".join(f"{layout.pattern} ({layout.what})" for layout in LAYOUTS)
    known += "; a folder with table.toml, Z.csv, Y.csv, V.csv and x.csv"
    message = f"{place.name} is not named like a table that tenon reads. Layouts: {known}."
    raise SourceError(message)
