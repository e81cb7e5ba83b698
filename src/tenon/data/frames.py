"""Labelled frames of numbers: taking figures out by label, and refusing what is not where it should be."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenon.schema.arrays import Float
from tenon.schema.errors import LabelError, SourceError, nearest

if TYPE_CHECKING:
    import pandas as pd

_DAMAGES = (ValueError, KeyError, OSError, UnicodeDecodeError, zipfile.BadZipFile)

__all__ = ["block", "read_frame", "region_major", "same_labels"]


def read_frame(file: Path, what: str) -> pd.DataFrame:
    """Read a CSV or Excel file whose first column and first row are labels.

    Parameters
    ----------
    file : Path
        An existing file; ``.xlsx`` is read as Excel, anything else as CSV.
    what : str
        What it should hold, for messages.

    Returns
    -------
    pandas.DataFrame
        Columns under their names as written, repeated ones included; no index is set.

    Raises
    ------
    SourceError
        If the file cannot be read as a table.
    """
    import pandas as pd

    try:
        if file.suffix.lower() == ".xlsx":
            raw = pd.read_excel(file, header=None)
            labels, frame = list(raw.iloc[0]), raw.iloc[1:].reset_index(drop=True)
        else:
            # The first line is read apart: pandas would rename labels that stand twice.
            with file.open(encoding="utf-8-sig", newline="") as stream:
                labels = next(csv.reader(stream), [])
            frame = pd.read_csv(
                file, header=None, skiprows=1, dtype={0: str}, keep_default_na=False, na_values=[""], low_memory=False
            )
    except (*_DAMAGES, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        message = f"{file} cannot be read as {what} ({type(error).__name__}: {error}). It may be cut short or damaged."
        raise SourceError(message) from error
    if frame.shape[1] != len(labels):
        message = f"{file}: the first line has {len(labels)} labels, but the lines below have {frame.shape[1]} cells."
        raise SourceError(message)
    frame.columns = pd.Index([str(label).strip() for label in labels])
    return frame


def block(frame: pd.DataFrame, rows: slice, columns: slice, *, file: Path) -> Float:
    """Take a block of figures out of a frame by position.

    Parameters
    ----------
    frame : pandas.DataFrame
        From :func:`read_frame`.
    rows, columns : slice
        Positions.
    file : Path
        For messages.

    Returns
    -------
    array
        The figures.

    Raises
    ------
    SourceError
        If a cell is empty or not a number.
    """
    import pandas as pd

    part = frame.iloc[rows, columns]
    values = np.empty(part.shape)
    for position in range(part.shape[1]):
        values[:, position] = pd.to_numeric(part.iloc[:, position], errors="coerce")
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        row, column = (int(index) for index in bad[0])
        label, cell = frame.iloc[(rows.start or 0) + row, 0], str(part.iloc[row, column])
        empty = bool(part.iloc[[row], [column]].isna().to_numpy().all())
        message = (
            f"{file}, row {label!s}, column {part.columns[column]}: a number was expected, but there is "
            f"{'nothing' if empty else repr(cell)} ({len(bad)} such cells). Fill the gaps or download the file again."
        )
        raise SourceError(message)
    return values


def region_major(pairs: Sequence[tuple[str, str]], where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split labels of industries into regions and sectors, which must form a complete grid, region by region.

    Parameters
    ----------
    pairs : sequence of tuple of str
        Region and sector of each industry in order.
    where : str
        File and axis, for messages.

    Returns
    -------
    tuple of two tuples of str
        Regions and sectors in order.

    Raises
    ------
    LabelError
        If an industry is missing, stands twice or is out of place.

    Examples
    --------
    >>> region_major([("A", "1"), ("A", "2"), ("B", "1"), ("B", "2")], "example")
    (('A', 'B'), ('1', '2'))
    """
    regions = tuple(dict.fromkeys(region for region, _ in pairs))
    sectors = tuple(dict.fromkeys(sector for _, sector in pairs))
    wanted = [(region, sector) for region in regions for sector in sectors]
    same_labels([":".join(pair) for pair in pairs], [":".join(pair) for pair in wanted], where)
    return regions, sectors


def same_labels(came: Sequence[str], wanted: Sequence[str], where: str) -> None:
    """Refuse labels that are not exactly the wanted ones in the wanted order.

    Parameters
    ----------
    came, wanted : sequence of str
        Labels as they are and as they must be.
    where : str
        File and axis, for messages.

    Raises
    ------
    LabelError
        Naming the first label that stands twice, is unknown, is missing, or is out of place.
    """
    seen: set[str] = set()
    known = set(wanted)
    for position, label in enumerate(came):
        if label in seen:
            message = f"{where}: {label!r} stands twice; labels must be unique. Rename or remove one of them."
            raise LabelError(message)
        seen.add(label)
        if label not in known:
            message = f"{where}: {label!r} at position {position + 1} is not among the labels; {nearest(label, wanted)}"
            raise LabelError(message)
    missing = [label for label in wanted if label not in seen]
    if missing:
        message = (
            f"{where}: {missing[0]!r} is missing ({len(missing)} of {len(wanted)} labels). The file may be cut short; "
            "every region must have every sector."
        )
        raise LabelError(message)
    for position, (label, right) in enumerate(zip(came, wanted, strict=True)):
        if label != right:
            message = (
                f"{where}: {label!r} stands at position {position + 1}, where {right!r} was expected. Labels are not "
                "put in order for you: sort rows and columns alike, region by region, and the figures with them."
            )
            raise LabelError(message)
