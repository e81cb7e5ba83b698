"""Reader of the OECD's harmonized national input-output tables, total use (``XXX2022ttl.csv``).

A file holds one economy. "ttl" means domestic plus imported use, so that a row reads
``Z + final demand + EXPO + IMPO = OUTPUT`` with imports entered as negative figures, and a column reads
``Z + IMP_OTHER + TXS_INT_FNL + VALU = OUTPUT``. Figures are current million USD at basic prices. An empty cell means
that the source has no such flow.

Source: OECD (2025), OECD Inter-Country Input-Output Tables, 2025 edition, https://oe.cd/icio.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenon.data.drafts import Draft, Origin
from tenon.data.names import oecd_industry_names
from tenon.data.repairs import repair_column_residuals, repair_excess_inputs, repair_row_residuals
from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OECD_CITATION", "OECD_LICENSE", "NationalUse", "read_oecd_national", "read_oecd_use"]

OECD_CITATION = "OECD (2025), OECD Inter-Country Input-Output Tables, 2025 edition, https://oe.cd/icio"
OECD_LICENSE = "OECD open-by-default policy: CC BY 4.0"

USE_CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR", "CONS_NONRES")
"""Final demand: households, non-profit institutions, government, fixed capital, inventories and valuables, direct
purchases abroad by residents, consumption of non-residents."""

_TRADE_COLUMNS = ("EXPO", "IMPO")
_PRIMARY_ROWS = ("VALU", "TXS_INT_FNL", "IMP_OTHER")


@dataclass(frozen=True, eq=False, kw_only=True)
class NationalUse:
    """Total use of one economy as the source gives it; currency: million USD per year.

    Parameters
    ----------
    economy : str
        ISO 3166 alpha-3 code.
    year : int
        Calendar year.
    industries : tuple of str
        Codes of the ``S`` industries.
    Z : (S, S) array
        Use of product ``i`` by industry ``j``, domestic and imported.
    Y : (S, 7) array
        Final use by the categories ``USE_CATEGORIES``.
    exports, imports : (S,) array
        Both positive.
    primary : (3, S) array
        Value added, taxes less subsidies on products, other imports.
    output : (S,) array
        Gross output.
    """

    economy: str
    year: int
    industries: tuple[str, ...]
    Z: Float
    Y: Float
    exports: Float
    imports: Float
    primary: Float
    output: Float


def read_oecd_use(path: str | Path) -> NationalUse:
    """Read one ``XXX2022ttl.csv`` file without changing a figure.

    Parameters
    ----------
    path : str or Path
        The file; its name begins with the economy and the year.

    Returns
    -------
    NationalUse
        The figures; empty cells are zero.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another layout.
    """
    import pandas as pd

    file = file_or_refuse(path, "an OECD national table such as CHN2022ttl.csv")
    economy, year = file.name[:3], file.name[3:7]
    if not (economy.isalpha() and year.isdigit()):
        message = f"{file.name}: the name must begin with an economy and a year, as in CHN2022ttl.csv. Rename the file."
        raise SourceError(message)
    try:
        frame = pd.read_csv(file, index_col=0)
        figures = frame.astype(np.float64).fillna(0.0)
    except (ValueError, UnicodeDecodeError) as error:
        message = f"{file} cannot be read as a table of numbers ({error}). Download it again."
        raise SourceError(message) from error
    industries = tuple(str(column) for column in figures.columns if f"TTL_{column}" in figures.index)
    _check_layout(file, figures, industries)
    rows, columns = [f"TTL_{industry}" for industry in industries], list(industries)
    return NationalUse(
        economy=economy,
        year=int(year),
        industries=industries,
        Z=figures.loc[rows, columns].to_numpy(),
        Y=figures.loc[rows, list(USE_CATEGORIES)].to_numpy(),
        exports=figures.loc[rows, "EXPO"].to_numpy(),
        imports=-figures.loc[rows, "IMPO"].to_numpy(),
        primary=figures.loc[list(_PRIMARY_ROWS), columns].to_numpy(),
        output=figures.loc["OUTPUT", columns].to_numpy(dtype=np.float64),
    )


def read_oecd_national(path: str | Path) -> InputOutputTable:
    """Read one national table as a table of one region.

    Imports are a category of final demand with negative figures, as in the source; the intermediate flows are total
    use, domestic and imported.

    Parameters
    ----------
    path : str or Path
        A file such as ``CHN2022ttl.csv``.

    Returns
    -------
    InputOutputTable
        One region and 50 industries, million USD.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another layout.
    TableError
        If its figures contradict each other.
    """
    use = read_oecd_use(path)
    names = oecd_industry_names()
    draft = Draft(
        regions=(use.economy,),
        sectors=use.industries,
        final_demand_categories=(*USE_CATEGORIES, *_TRADE_COLUMNS),
        value_added_items=_PRIMARY_ROWS,
        Z=use.Z,
        Y=np.column_stack([use.Y, use.exports, -use.imports]),
        V=use.primary,
        x=use.output,
        sector_names={code: names[code] for code in use.industries if code in names},
    )
    draft = repair_excess_inputs(draft, into="INVNT")
    draft = repair_row_residuals(draft, into="INVNT")
    draft = repair_column_residuals(draft, into="VALU")
    origin = Origin(
        name=f"oecd-{use.economy.lower()}-{use.year}",
        currency="USD",
        unit=1e6,
        year=use.year,
        source=f"{OECD_CITATION}; national table of total use, {use.economy} {use.year}",
        license=OECD_LICENSE,
    )
    return draft.table(origin)


def _check_layout(file: Path, figures: pd.DataFrame, industries: tuple[str, ...]) -> None:
    wanted = (*(f"TTL_{column}" for column in figures.columns if str(column)[:1].isupper()),)
    missing = [row for row in (*_PRIMARY_ROWS, "OUTPUT") if row not in figures.index]
    missing += [column for column in (*USE_CATEGORIES, *_TRADE_COLUMNS) if column not in figures.columns]
    outside = {f"TTL_{column}" for column in (*USE_CATEGORIES, *_TRADE_COLUMNS, "TOTAL")}
    missing += [row for row in wanted if row not in outside and row not in figures.index]
    if not industries or missing:
        first = missing[0] if missing else "TTL_A01"
        message = (
            f"{file} is not a whole OECD table of total use: row or column {first} is missing "
            f"({len(missing)} in all). The file may be cut short; download it again from https://oe.cd/icio."
        )
        raise SourceError(message)
    for axis, labels in (("row", figures.index), ("column", figures.columns)):
        repeated = labels[labels.duplicated()]
        if len(repeated):
            message = f"{file}: {axis} {repeated[0]!r} stands twice; labels must be unique. Download the file again."
            raise SourceError(message)
