"""Firms and the sales between them from two CSV files, which a spreadsheet or a statistical office can write.

==============  ======================================================================================
file            columns
==============  ======================================================================================
``firms.csv``   ``firm``, ``sector``, and if known ``region`` and ``revenue`` (a year, of all sales)
``links.csv``   ``supplier``, ``buyer`` (names of firms), ``amount`` (a year; above zero)
==============  ======================================================================================

Columns may stand in any order. Nothing is repaired: a line that contradicts another is refused by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tenon.data.frames import block, read_frame
from tenon.data.sources import file_or_refuse
from tenon.schema import Float, Integer, LabelError, SourceError, SparseLinks, SupplyNetwork, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_essentiality", "read_firms"]

_DAYS_A_YEAR = 365.0
# How much of its revenue a firm's sales to firms may exceed it by: figures are rounded.
_ROUNDING = 1e-6


def read_firms(path: str | Path, links: str | Path | None = None, *, currency: str = "XXX") -> SupplyNetwork:
    """Read a network of firms from a file of firms and a file of links.

    Parameters
    ----------
    path : str or Path
        Folder with ``firms.csv`` and ``links.csv``, or the file of firms.
    links : str or Path, optional
        The file of links; ``links.csv`` beside the file of firms if left out.
    currency : str
        ISO code of the currency; XXX where it does not matter.

    Returns
    -------
    SupplyNetwork
        Firms in the order of the file, sectors as products in the order of their names. Final demand is revenue minus
        sales to firms, and value added revenue minus purchases; both are zero where no revenue is given.

    Raises
    ------
    SourceError
        If a file or column is missing, a cell is blank or no number above zero, a firm trades with itself, a pair
        stands twice, or a firm sells more to firms than its revenue; with the line.
    LabelError
        If a firm stands twice, or a link names an unknown one; with the line.
    """
    given = Path(path)
    firms_file = given / "firms.csv" if given.is_dir() else given
    links_file = firms_file.with_name("links.csv") if links is None else Path(links)
    firms = _columns(firms_file, "firms", required=("firm", "sector"), optional=("region", "revenue"))
    trades = _columns(links_file, "links", required=("supplier", "buyer", "amount"), optional=())
    names = _texts(firms, "firm", firms_file)
    _refuse_repeated(names, firms_file)
    flow = _links(trades, names, links_file)
    sectors, product = np.unique(_texts(firms, "sector", firms_file), return_inverse=True)
    places = _texts(firms, "region", firms_file) if "region" in firms else np.full(names.size, "all")
    regions, region = np.unique(places, return_inverse=True)
    demand, added = _accounts(firms, names, flow, firms_file)
    return SupplyNetwork(
        name=given.name if given.is_dir() else given.stem,
        agents=tuple(names.tolist()),
        products=tuple(sectors.tolist()),
        product=product,
        regions=tuple(regions.tolist()),
        region=region,
        links=flow,
        demanders=("final users",),
        final_demand=demand[:, None],
        value_added=added,
        capital=np.zeros(names.size),
        inventory_days=np.array([[90.0]]),
        stock_release=np.zeros(names.size),
        currency=currency,
        unit=1.0,
        source=f"{firms_file.name} and {links_file.name}",
    )


def read_essentiality(path: str | Path, sectors: Sequence[str]) -> Integer:
    """Read how much sectors need each other's products: 0 not, 1 non-essential, 2 essential.

    Parameters
    ----------
    path : str or Path
        CSV file with sectors of the input as rows and of the buyer as columns, in any order; others are ignored.
    sectors : sequence of str
        The ``S`` sectors wanted, in order.

    Returns
    -------
    (S, S) array of int
        By sector of the input and of the buyer.

    Raises
    ------
    SourceError
        If the file cannot be read, or a cell is none of 0, 1 and 2.
    LabelError
        If a sector is missing or stands twice.
    """
    file = file_or_refuse(path, "a matrix of essentiality")
    frame = read_frame(file, "a matrix of essentiality")
    axes = {"rows": [str(label).strip() for label in frame.iloc[:, 0]], "columns": [*frame.columns[1:]]}
    figures = block(frame, slice(0, len(frame)), slice(1, None), file=file)
    places = []
    for axis, labels in axes.items():
        position = {label: number for number, label in enumerate(labels)}
        if len(position) < len(labels):
            twice = next(label for label in labels if labels.count(label) > 1)
            message = f"{file}, {axis}: {twice!r} stands twice; remove one of them."
            raise LabelError(message)
        for sector in sectors:
            if sector not in position:
                message = f"{file}, {axis}: sector {sector!r} is missing; {nearest(sector, labels)}"
                raise LabelError(message)
        places.append([position[sector] for sector in sectors])
    found = figures[np.ix_(*places)]
    bad = np.argwhere(~np.isin(found, (0.0, 1.0, 2.0)))
    if bad.size:
        row, column = (int(number) for number in bad[0])
        message = (
            f"{file}, row {sectors[row]!r}, column {sectors[column]!r}: essentiality must be 0 (ignored), 1 "
            f"(non-essential) or 2 (essential), but is {found[row, column]:g}."
        )
        raise SourceError(message)
    return found.astype(np.int64)


def _columns(path: Path, what: str, *, required: tuple[str, ...], optional: tuple[str, ...]) -> pd.DataFrame:
    """Read a file as text and check the names of its columns."""
    import pandas as pd

    file = file_or_refuse(path, f"the list of {what} ({', '.join(required)})")
    try:
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
        message = f"{file} cannot be read as CSV ({type(error).__name__}: {error}). Save it as CSV in UTF-8."
        raise SourceError(message) from error
    frame.columns = frame.columns.str.strip()
    for name in required:
        if name not in frame:
            message = f"{file}: column {name!r} is missing; it has {', '.join(map(repr, frame.columns))}."
            raise SourceError(message)
    for name in frame.columns:
        if name not in required + optional:
            message = f"{file}: unknown column {name!r}; {nearest(name, required + optional)} Rename or remove it."
            raise SourceError(message)
    if frame.empty:
        message = f"{file} has no line below its head; at least one of the {what} is required."
        raise SourceError(message)
    return frame


def _texts(frame: pd.DataFrame, name: str, file: Path) -> NDArray[np.str_]:
    values = frame[name].str.strip()
    blank = np.flatnonzero((values == "").to_numpy())
    if blank.size:
        message = f"{file}, line {blank[0] + 2}: {name} is blank ({blank.size} such lines). Fill it in."
        raise SourceError(message)
    return values.to_numpy(dtype=np.str_)


def _amounts(frame: pd.DataFrame, name: str, file: Path, *, above_zero: bool) -> Float:
    import pandas as pd

    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64)
    good = np.isfinite(values) & ((values > 0) if above_zero else (values >= 0))
    bad = np.flatnonzero(~good)
    if bad.size:
        rule = "a number above zero" if above_zero else "a number that is not negative"
        message = (
            f"{file}, line {bad[0] + 2}: {name} must be {rule}, but is {frame[name].iloc[bad[0]]!r} ({bad.size} such "
            "lines). Write figures with a decimal point and without separators of thousands."
        )
        raise SourceError(message)
    return values


def _refuse_repeated(names: NDArray[np.str_], file: Path) -> None:
    _, first, count = np.unique(names, return_index=True, return_counts=True)
    if (count > 1).any():
        name = names[first[count > 1].min()]
        lines = np.flatnonzero(names == name) + 2
        message = f"{file}, lines {lines[0]} and {lines[1]}: firm {str(name)!r} stands twice. Rename or merge them."
        raise LabelError(message)


def _links(frame: pd.DataFrame, names: NDArray[np.str_], file: Path) -> SparseLinks:
    import pandas as pd

    index = pd.Index(names)
    ends = []
    for column in ("supplier", "buyer"):
        written = _texts(frame, column, file)
        position = index.get_indexer(pd.Index(written))
        unknown = np.flatnonzero(position < 0)
        if unknown.size:
            message = (
                f"{file}, line {unknown[0] + 2}: {column} {str(written[unknown[0]])!r} is not among the firms "
                f"({unknown.size} such lines); {nearest(str(written[unknown[0]]), names[:10_000].tolist())}"
            )
            raise LabelError(message)
        ends.append(position.astype(np.int64))
    own = np.flatnonzero(ends[0] == ends[1])
    if own.size:
        message = (
            f"{file}, line {own[0] + 2}: firm {str(names[ends[0][own[0]]])!r} sells to itself ({own.size} such lines). "
            "Remove the line: sales inside a firm are no links."
        )
        raise SourceError(message)
    keys = ends[0] * names.size + ends[1]
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(keys[order[1:]] == keys[order[:-1]])
    if again.size:
        lines = order[again[0] : again[0] + 2] + 2
        message = (
            f"{file}, lines {lines[0]} and {lines[1]}: {str(names[ends[0][lines[0] - 2]])!r} sells to "
            f"{str(names[ends[1][lines[0] - 2]])!r} twice. Add the two amounts together."
        )
        raise SourceError(message)
    return SparseLinks(ends[0], ends[1], _amounts(frame, "amount", file, above_zero=True) / _DAYS_A_YEAR)


def _accounts(frame: pd.DataFrame, names: NDArray[np.str_], links: SparseLinks, file: Path) -> tuple[Float, Float]:
    """Return final demand and value added a day; zero where no revenue is given."""
    if "revenue" not in frame:
        return np.zeros(names.size), np.zeros(names.size)
    revenue = _amounts(frame, "revenue", file, above_zero=False) / _DAYS_A_YEAR
    sales = np.bincount(links.supplier, weights=links.flow, minlength=names.size)
    over = np.flatnonzero(sales > revenue * (1 + _ROUNDING))
    if over.size:
        at = over[0]
        message = (
            f"{file}, line {at + 2}: firm {str(names[at])!r} has a revenue of {revenue[at] * _DAYS_A_YEAR:g}, but "
            f"sells {sales[at] * _DAYS_A_YEAR:g} to firms ({over.size} such firms). Revenue holds all sales of a year, "
            "in the currency and unit of the links."
        )
        raise SourceError(message)
    purchases = np.bincount(links.buyer, weights=links.flow, minlength=names.size)
    return np.maximum(revenue - sales, 0.0), revenue - purchases
