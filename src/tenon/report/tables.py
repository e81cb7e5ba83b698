"""Tables of the report: figures with units, shown in the language of the reader and downloadable as CSV."""

from __future__ import annotations

import base64
import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["Cell", "Column", "Table", "csv_text", "data_uri", "slug"]

Cell = str | float | int | None
"""What stands in a table."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    title : str
        Its heading.
    unit : str
        Unit of the figures in the file; the page shows ``shown_unit``.
    show : callable, optional
        From a figure to what the page shows; columns without one hold text.
    shown_unit : str
        Unit of the figures on the page.
    file_only : bool
        Whether the page leaves the column out.
    missing : str
        What the page shows where there is no figure.
    """

    title: str
    unit: str = ""
    show: Callable[[float], str] | None = None
    shown_unit: str = ""
    file_only: bool = False
    missing: str = "–"

    @property
    def numeric(self) -> bool:
        """Whether the column holds figures."""
        return self.show is not None

    def display(self, cell: Cell) -> str:
        """Return what the page shows for a cell.

        Parameters
        ----------
        cell : str or number
            What the table holds.

        Returns
        -------
        str
            Text.
        """
        if cell is None:
            return self.missing
        if isinstance(cell, str) or self.show is None:
            return str(cell)
        return self.show(float(cell)) if math.isfinite(cell) else self.missing


@dataclass(frozen=True)
class Table:
    """A table with a caption.

    Parameters
    ----------
    name : str
        Short name; part of the name of the file.
    caption : str
        What it shows.
    columns : tuple of Column
        Its columns; the first names the row.
    rows : tuple of tuple
        All rows.
    shown : int, optional
        How many rows the page shows; all if left out.
    every : int
        The page shows every so many-th row only; files hold all.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shown: int | None = None
    every: int = field(default=1)

    def displayed(self) -> list[list[str]]:
        """Return the rows that the page shows, as text."""
        rows: Sequence[tuple[Cell, ...]] = self.rows[:: self.every]
        return [
            [column.display(cell) for column, cell in zip(self.columns, row, strict=True) if not column.file_only]
            for row in rows[: self.shown]
        ]

    def heads(self) -> list[Column]:
        """Return the columns that the page shows."""
        return [column for column in self.columns if not column.file_only]


def csv_text(table: Table) -> str:
    r"""Return a table as CSV.

    Parameters
    ----------
    table : Table
        What is written.

    Returns
    -------
    str
        All rows with plain figures of six digits; units stand in the headings, missing figures are empty.

    Examples
    --------
    >>> csv_text(Table("t", "c", (Column("name"), Column("loss", "USD", str)), (("a", 1 / 3), ("b", None))))
    'name,loss (USD)\r\na,0.333333\r\nb,\r\n'
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([f"{column.title} ({column.unit})" if column.unit else column.title for column in table.columns])
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def data_uri(table: Table) -> str:
    """Return a link that holds a table as a CSV file, in UTF-8 with a byte order mark for spreadsheets.

    Parameters
    ----------
    table : Table
        What is written.

    Returns
    -------
    str
        A ``data:`` link.
    """
    content = base64.b64encode(csv_text(table).encode("utf-8-sig")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{content}"


def slug(text: str) -> str:
    """Return a text as part of a file name or identifier.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Small letters, digits and hyphens.

    Examples
    --------
    >>> slug("Japan's earthquake, 2011")
    'japan-s-earthquake-2011'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def _plain(cell: Cell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if not math.isfinite(cell):
        return ""
    return str(cell) if isinstance(cell, int) else f"{cell:.6g}"
