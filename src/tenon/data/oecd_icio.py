"""Reader of the OECD's Inter-Country Input-Output tables, small layout (``2022_SML.csv``, edition 2023 and later).

One year a file: rows ``AGO_A01`` ... ``ROW_T`` and then ``TLS`` (taxes less subsidies on products), ``VA`` and ``OUT``;
columns the same industries, then final demand ``AGO_HFCE`` ... ``ROW_DPABR`` and ``OUT``. Current million USD at basic
prices. See the sheet "Structure" of the ReadMe that comes with the files, https://oe.cd/icio.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from tenon.data.drafts import Draft, Origin
from tenon.data.frames import block, read_frame, region_major, same_labels
from tenon.data.names import economy_names, oecd_industry_names
from tenon.data.oecd_national import OECD_LICENSE
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.data.sources import file_or_refuse
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

__all__ = ["read_oecd_icio"]

_LAST_ROWS = ("TLS", "VA", "OUT")
_LAST_COLUMN = "OUT"


def read_oecd_icio(path: str | Path) -> InputOutputTable:
    """Read an OECD Inter-Country Input-Output table in the small layout.

    Parameters
    ----------
    path : str or Path
        A file such as ``2022_SML.csv``.

    Returns
    -------
    InputOutputTable
        All regions and industries of the file, million USD.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another layout, or a cell is not a number.
    LabelError
        If an industry is missing, stands twice or is out of place.
    TableError
        If the figures contradict each other.
    """
    file = file_or_refuse(path, "an OECD ICIO table such as 2022_SML.csv")
    year = re.match(r"(19|20)\d\d", file.name)
    if year is None:
        message = f"{file.name}: the name must begin with the year, as in 2022_SML.csv. Rename the file."
        raise SourceError(message)
    draft = _draft(file)
    draft = repair_negative_flows(draft, into="INVNT")
    draft = repair_excess_inputs(draft, into="INVNT")
    draft = repair_row_residuals(draft, into="INVNT")
    draft = repair_column_residuals(draft, into="VA")
    origin = Origin(
        name=f"oecd-icio-{year.group()}",
        currency="USD",
        unit=1e6,
        year=int(year.group()),
        source=f"OECD, Inter-Country Input-Output Tables, {year.group()}, https://oe.cd/icio",
        license=OECD_LICENSE,
    )
    return draft.table(origin)


def _draft(file: Path) -> Draft:
    frame = read_frame(file, "an OECD ICIO table")
    rows = [str(label).strip() for label in frame.iloc[:, 0]]
    size = len(rows) - len(_LAST_ROWS)
    if size < 1 or tuple(rows[size:]) != _LAST_ROWS or frame.columns[-1] != _LAST_COLUMN:
        message = (
            f"{file}: the last rows must be {', '.join(_LAST_ROWS)} and the last column {_LAST_COLUMN}, but the file "
            f"ends with row {rows[-1] if rows else 'none'} and column {frame.columns[-1]}. It may be cut short; "
            "download it again from https://oe.cd/icio."
        )
        raise SourceError(message)
    regions, sectors = region_major([_split(label, file) for label in rows[:size]], f"{file}, rows")
    columns = [str(label) for label in frame.columns[1:]]
    same_labels(columns[:size], rows[:size], f"{file}, columns of industries")
    final_regions, categories = region_major(
        [_split(label, file) for label in columns[size:-1]], f"{file}, columns of final demand"
    )
    same_labels(final_regions, regions, f"{file}, regions of final demand")
    industries, users = slice(1, 1 + size), slice(1 + size, len(columns))
    region_names, industry_names = economy_names(), oecd_industry_names()
    return Draft(
        regions=regions,
        sectors=sectors,
        final_demand_categories=categories,
        value_added_items=("VA", "TLS"),
        Z=block(frame, slice(0, size), industries, file=file),
        Y=block(frame, slice(0, size), users, file=file),
        V=block(frame, slice(size, size + 2), industries, file=file)[::-1],
        x=np.ravel(block(frame, slice(size + 2, size + 3), industries, file=file)),
        region_names={region: region_names[region] for region in regions if region in region_names},
        sector_names={sector: industry_names[sector] for sector in sectors if sector in industry_names},
    )


def _split(label: str, file: Path) -> tuple[str, str]:
    region, mark, sector = label.partition("_")
    if not mark:
        message = f"{file}: label {label!r} is not a region and an industry as in AGO_A01. It is of another layout."
        raise SourceError(message)
    return region, sector
