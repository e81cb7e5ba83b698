"""Reader of the World Input-Output Database, 2016 release (``WIOT2014_Nov16_ROW.RData``): 44 regions, 56 industries.

One wide frame a year. Columns ``IndustryCode``, ``IndustryDescription``, ``Country``, ``RNr``, ``Year``, then users
``AUS1`` ... ``ROW56`` (industries) and ``AUS57`` ... ``ROW61`` (final demand), then ``TOT``. After the rows of the
industries come rows of totals, taxes, margins, value added (``VA``) and output (``GO``), whose country is ``TOT``.
Current million USD. The same frame is also read from ``.csv`` and ``.xlsx``; save an ``.xlsb`` as one of them.

Source: Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), Review of International Economics 23(3), 575-605;
https://doi.org/10.34894/PJ2M1C, CC BY 4.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenon.data.drafts import Draft, Origin
from tenon.data.frames import block, read_frame, region_major, same_labels
from tenon.data.names import economy_names
from tenon.data.rdata_files import read_rdata
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.data.sources import file_or_refuse
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_wiod_2016"]

_WHAT = "a table of the WIOD 2016 release such as WIOT2014_Nov16_ROW.RData"
_KEYS = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")
_TOTAL = "TOT"
_CATEGORIES = ("households", "non-profit institutions", "government", "fixed capital formation", "inventories")
_PRIMARY = {
    "VA": "value added",
    "TXSP": "taxes less subsidies on products",
    "EXP_adj": "adjustments of exports",
    "PURR": "direct purchases abroad by residents",
    "PURNR": "purchases of non-residents",
    "IntTTM": "international transport margins",
}


def read_wiod_2016(path: str | Path) -> InputOutputTable:
    """Read a year of the WIOD 2016 release.

    Parameters
    ----------
    path : str or Path
        A file such as ``WIOT2014_Nov16_ROW.RData``, or the same frame as ``.csv`` or ``.xlsx``.

    Returns
    -------
    InputOutputTable
        All regions and industries (labels: the codes of the source, such as ``C10-C12``), million USD.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another layout, or a cell is not a number.
    LabelError
        If an industry is missing, stands twice or is out of place.
    TableError
        If the figures contradict each other.
    """
    file = file_or_refuse(path, _WHAT)
    if file.suffix.lower() == ".xlsb":
        message = f"{file}: .xlsb files are not read. Use the .RData file of the same year, or save it as .csv."
        raise SourceError(message)
    frame = _frame(file)
    draft = _draft(file, frame)
    draft = repair_negative_flows(draft, into="inventories")
    draft = repair_excess_inputs(draft, into="inventories")
    draft = repair_row_residuals(draft, into="inventories")
    draft = repair_column_residuals(draft, into="value added")
    year = _year(file, frame)
    origin = Origin(
        name=f"wiod2016-{year}",
        currency="USD",
        unit=1e6,
        year=year,
        source=(
            "World Input-Output Database, 2016 release (Timmer et al. 2015, Review of International Economics "
            f"23:575-605), {year}, https://doi.org/10.34894/PJ2M1C"
        ),
        license="CC BY 4.0",
    )
    return draft.table(origin)


def _frame(file: Path) -> pd.DataFrame:
    if file.suffix.lower() == ".rdata":
        content = read_rdata(file, _WHAT)
        if "frame" not in content:
            message = f"{file} holds a list, not a frame; {_WHAT} was expected. The 2013 release is called wiot_2011."
            raise SourceError(message)
        frame: pd.DataFrame = content["frame"].reset_index(drop=True)
    else:
        frame = read_frame(file, _WHAT)
    missing = [key for key in (*_KEYS, _TOTAL) if key not in frame.columns]
    if missing:
        message = f"{file}: column {missing[0]!r} is missing; {_WHAT} was expected. The file may be cut short."
        raise SourceError(message)
    return frame


def _draft(file: Path, frame: pd.DataFrame) -> Draft:
    countries = [str(label).strip() for label in frame["Country"]]
    codes = [str(label).strip() for label in frame["IndustryCode"]]
    size = countries.index(_TOTAL) if _TOTAL in countries else 0
    missing = [code for code in ("VA", "GO") if code not in codes[size:]]
    if not size or missing:
        message = f"{file}: the rows VA and GO after the industries are missing. The file may be cut short."
        raise SourceError(message)
    regions, sectors = region_major(list(zip(countries[:size], codes[:size], strict=True)), f"{file}, rows")
    first = len(_KEYS)
    users = len(regions) * len(_CATEGORIES)
    numbers = len(sectors)
    columns = [str(label) for label in frame.columns]
    wanted = _columns(regions, range(1, numbers + 1)) + _columns(regions, range(numbers + 1, numbers + 6)) + [_TOTAL]
    same_labels(columns[first:], wanted, f"{file}, columns")
    industries = slice(first, first + size)
    items = [code for code in _PRIMARY if code in codes[size:]]
    rows = [size + codes[size:].index(code) for code in items]
    output = size + codes[size:].index("GO")
    descriptions = [str(text).strip() for text in frame["IndustryDescription"]]
    names = economy_names()
    return Draft(
        regions=regions,
        sectors=sectors,
        final_demand_categories=_CATEGORIES,
        value_added_items=tuple(_PRIMARY[code] for code in items),
        Z=block(frame, slice(0, size), industries, file=file),
        Y=block(frame, slice(0, size), slice(first + size, first + size + users), file=file),
        V=np.vstack([block(frame, slice(row, row + 1), industries, file=file) for row in rows]),
        x=np.ravel(block(frame, slice(output, output + 1), industries, file=file)),
        region_names={region: names[region] for region in regions if region in names},
        sector_names=dict(zip(sectors, descriptions[:numbers], strict=True)),
    )


def _columns(regions: Sequence[str], numbers: range) -> list[str]:
    return [f"{region}{number}" for region in regions for number in numbers]


def _year(file: Path, frame: pd.DataFrame) -> int:
    found = re.search(r"(19|20)\d\d", str(frame["Year"].iloc[0]))
    if found is None:
        message = f"{file}: column Year begins with {str(frame['Year'].iloc[0])!r}, but a year was expected."
        raise SourceError(message)
    return int(found.group())
