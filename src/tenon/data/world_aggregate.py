"""The shipped table: the estimated world of 2022 brought to 33 regions and 30 sectors.

Members of the G20 and a few hubs of supply chains stand on their own; all other economies go to a rest of their part
of the world. Codes of groups begin with ``X``, which ISO 3166 leaves to users. The concordances are the columns
``region`` of ``labels/economies.csv`` and ``sector`` of ``labels/industries.csv``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tenon.data.drafts import Progress
from tenon.data.names import label_names, region_of_economies, sector_of_industries, shipped_labels
from tenon.data.storage import write_table
from tenon.data.world_2022 import build_world_2022
from tenon.schema.arrays import Float
from tenon.schema.errors import TableError
from tenon.schema.tables import InputOutputTable

__all__ = ["aggregate_world_2022", "round_table", "write_world_2022"]

CATEGORIES = {
    "HFCE": "households",
    "NPISH": "households",
    "DPABR": "households",
    "CONS_NONRES": "households",
    "GGFC": "government",
    "GFCF": "investment",
    "INVNT": "inventories",
}
"""From the categories of the OECD tables to those of the shipped table."""

_BITS = 12
_SMALLEST = 0.01


def aggregate_world_2022(table: InputOutputTable) -> InputOutputTable:
    """Bring the 81 x 50 table to the regions, sectors and final demand categories of the shipped one.

    Parameters
    ----------
    table : InputOutputTable
        From :func:`tenon.data.build_world_2022`.

    Returns
    -------
    InputOutputTable
        ``world-2022`` with 33 regions, 30 sectors and 4 categories of final demand; totals are unchanged.

    Raises
    ------
    LabelError
        If the table has other regions or sectors.
    """
    smaller = _in_order(table.aggregate(region_of_economies(), sector_of_industries(), name="world-2022"))
    names = label_names()
    new = tuple(dict.fromkeys(CATEGORIES.values()))
    old = [new.index(CATEGORIES[category]) for category in smaller.final_demand_categories]
    sales = smaller.Y.reshape(len(smaller), len(smaller.regions), len(old))
    merged = np.zeros((*sales.shape[:2], len(new)))
    for position, category in enumerate(old):
        merged[:, :, category] += sales[:, :, position]
    return replace(
        smaller,
        final_demand_categories=new,
        Y=merged.reshape(len(smaller), -1),
        region_names={region: names[region] for region in smaller.regions},
        sector_names={sector: names[sector] for sector in smaller.sectors},
        repairs=(
            *smaller.repairs,
            f"aggregated from {len(table.regions)} regions x {len(table.sectors)} industries",
        ),
    )


def round_table(table: InputOutputTable, *, bits: int, smallest: float) -> InputOutputTable:
    """Round a table so that it stores in little room, and balance it again exactly.

    Flows keep ``bits`` binary digits; flows below ``smallest`` become zero. Output is then the sum of sales, and the
    first item of value added the remainder of output minus all other costs.

    Parameters
    ----------
    table : InputOutputTable
        What to round.
    bits : int, dimensionless
        Digits to keep, at least 1; the relative error is at most ``2**-bits``.
    smallest : float, currency per year
        Flows below it in absolute value become zero.

    Returns
    -------
    InputOutputTable
        The rounded table.

    Raises
    ------
    TableError
        If the inputs of an industry are more than its output after rounding.
    """
    if bits < 1:
        message = f"bits must be at least 1, but is {bits}."
        raise TableError(message)
    Z, Y, V = (_rounded(values, bits, smallest) for values in (table.Z, table.Y, table.V))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    V[0] = x - Z.sum(axis=0) - V[1:].sum(axis=0)
    record = (
        f"round_table: flows kept to {bits} binary digits, flows below {smallest:g} set to zero; output and "
        f"{table.value_added_items[0]!r} recomputed so that both identities hold"
    )
    return replace(table, Z=Z, Y=Y, V=V, x=x, repairs=(*table.repairs, record))


def write_world_2022(folder: str | Path, path: str | Path, *, progress: Progress | None = None) -> InputOutputTable:
    """Make the table file that ships inside the package.

    Parameters
    ----------
    folder : str or Path
        Source files, as :func:`tenon.data.build_world_2022` wants them.
    path : str or Path
        File to write.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    InputOutputTable
        What was written.

    Raises
    ------
    SourceError
        If a source file is missing, cut short or of another layout.
    StorageError
        If the file cannot be written.
    """
    table = aggregate_world_2022(build_world_2022(folder, progress=progress))
    rounded = round_table(table, bits=_BITS, smallest=_SMALLEST)
    write_table(rounded, path)
    return rounded


def _in_order(table: InputOutputTable) -> InputOutputTable:
    """Put regions and sectors into the order of the lists of labels: single economies first."""
    regions = tuple(label for label in shipped_labels("regions") if label in table.regions)
    sectors = tuple(label for label in shipped_labels("sectors") if label in table.sectors)
    region = np.array([table.regions.index(label) for label in regions])
    sector = np.array([table.sectors.index(label) for label in sectors])
    categories = len(table.final_demand_categories)
    industry = (region[:, None] * len(sectors) + sector).ravel()
    user = (region[:, None] * categories + np.arange(categories)).ravel()
    return replace(
        table,
        regions=regions,
        sectors=sectors,
        Z=table.Z[np.ix_(industry, industry)],
        Y=table.Y[np.ix_(industry, user)],
        V=table.V[:, industry],
        x=table.x[industry],
        satellites={key: replace(item, values=item.values[industry]) for key, item in table.satellites.items()},
    )


def _rounded(values: Float, bits: int, smallest: float) -> Float:
    fraction, exponent = np.frexp(np.where(np.abs(values) < smallest, 0.0, values))
    return np.asarray(np.ldexp(np.round(np.ldexp(fraction, bits)), exponent - bits))
