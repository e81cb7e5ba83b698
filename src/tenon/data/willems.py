"""The 38 chains of Willems (2008), "Data Set: Real-World Multiechelon Supply Chains Used for Inventory Optimization".

The workbook is the supplement of the paper, *Manufacturing & Service Operations Management* 10(1):19-23. It holds two
sheets a chain: ``NN_SD`` with the stages and ``NN_LL`` with the links. Each stage makes a part of its own and stands at
a site of its own, and needs one unit of what each stage before it makes. Capacities, stocks, margins and times to
recover are not in the source: they follow from :class:`WillemsAssumptions`, and ``source`` of the chain says so.
"""

from __future__ import annotations

import graphlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float, Integer
from tenon.schema.chain_columns import Demands, Evidence, Inputs, Lanes, Parts, Sites, Stages, Supplies
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import ParameterError, SourceError

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["WILLEMS_CHAINS", "WillemsAssumptions", "WillemsChain", "read_willems", "read_willems_chains"]

WILLEMS_CHAINS = range(1, 39)
"""Numbers of the chains."""

_PAPER = "Willems (2008), Manufacturing & Service Operations Management 10(1):19-23, chain {number:02}"
_STAGE_COLUMNS = (
    "Stage Name", "stageCost", "stageClassification", "avgDemand", "stdDevDemand", "maxServiceTime", "serviceLevel",
    "stageTime", "stdDev stageTime",
)  # fmt: skip
_LINK_COLUMNS = ("sourceStage", "destinationStage")
_RECOVERY = MappingProxyType(
    {
        "Part": (15.0, 30.0, 90.0),
        "Manuf": (20.0, 60.0, 150.0),
        "Trans": (3.0, 10.0, 40.0),
        "Dist": (5.0, 20.0, 60.0),
        "Retail": (2.0, 7.0, 30.0),
    }
)


@dataclass(frozen=True, kw_only=True)
class WillemsAssumptions:
    """What the source does not say of its chains.

    Parameters
    ----------
    capacity_slack : float, dimensionless, at least 1
        Capacity of each stage over what it makes in normal times.
    stock_days : float, days, not negative
        Finished stock of each stage, in days of what it makes in normal times.
    margin_share : float, dimensionless, not negative
        Margin of a unit sold, as a share of the cost added to it along the chain.
    recovery_days : mapping of str to tuple of float, days
        Low, likely and high time to recover by class of the stage: Part, Manuf, Trans, Dist and Retail.

    Raises
    ------
    ParameterError
        If a figure is out of its range or a class is missing.

    Examples
    --------
    >>> WillemsAssumptions(stock_days=20).recovery_days["Part"]
    (15.0, 30.0, 90.0)
    """

    capacity_slack: float = 1.5
    stock_days: float = 10.0
    margin_share: float = 0.3
    recovery_days: Mapping[str, tuple[float, float, float]] = field(default_factory=lambda: _RECOVERY)

    def __post_init__(self) -> None:
        for name, least in (("capacity_slack", 1.0), ("stock_days", 0.0), ("margin_share", 0.0)):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= least):
                message = f"{name} must be a finite number of at least {least:g}, but is {value}."
                raise ParameterError(message)
        missing = [name for name in _RECOVERY if name not in self.recovery_days]
        if missing:
            message = f"recovery_days must name every class of stage; {', '.join(missing)} is missing."
            raise ParameterError(message)

    def describe(self) -> str:
        """Say in a sentence what was assumed.

        Returns
        -------
        str
            For the source of the chain.
        """
        times = ", ".join(f"{name} {'/'.join(f'{day:g}' for day in days)}" for name, days in self.recovery_days.items())
        return (
            f"assumed: capacity {self.capacity_slack:g} times the normal flow, stocks of {self.stock_days:g} days of "
            f"it, margin {self.margin_share:g} of the cost added along the chain, days to recover (low/likely/high) "
            f"{times}, one unit of each input a unit"
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class WillemsChain:
    """A chain of the data set with what a company's chain has no place for.

    Parameters
    ----------
    chain : SupplyChain
        ``N`` stages and ``V`` demands; stages in the order of the workbook.
    classes : tuple of str
        Class of each stage: Part, Manuf, Trans, Dist or Retail.
    time_deviation : (N,) array, days
        Standard deviation of the time of each stage; zero where the source says nothing.
    service_level : (V,) array, dimensionless
        Probability, 0 to 1, with which each demand is to be served from its safety stock.
    """

    chain: SupplyChain
    classes: tuple[str, ...]
    time_deviation: Float
    service_level: Float


def read_willems(path: str | Path, number: int, assumptions: WillemsAssumptions | None = None) -> SupplyChain:
    """Read one of the chains of Willems (2008).

    Parameters
    ----------
    path : str or Path
        The workbook ``MSOM-06-038-R2.xlsx``.
    number : int
        Which chain, 1 to 38.
    assumptions : WillemsAssumptions, optional
        What the source does not say; its defaults if left out.

    Returns
    -------
    SupplyChain
        Costs, times, demands and service times of the source; the rest as assumed. Costs are in the currency of the
        source, which it does not name ("XXX").

    Raises
    ------
    ParameterError
        If there is no chain of this number.
    SourceError
        If the file is missing or of another layout.
    """
    return next(read_willems_chains(path, (number,), assumptions)).chain


def read_willems_chains(
    path: str | Path, numbers: Sequence[int] = WILLEMS_CHAINS, assumptions: WillemsAssumptions | None = None
) -> Iterator[WillemsChain]:
    """Read chains of Willems (2008) one after the other, opening the workbook once.

    Parameters
    ----------
    path : str or Path
        The workbook ``MSOM-06-038-R2.xlsx``.
    numbers : sequence of int
        Which chains, 1 to 38; all if left out.
    assumptions : WillemsAssumptions, optional
        What the source does not say; its defaults if left out.

    Yields
    ------
    WillemsChain
        The next chain, with classes, deviations of stage times and service levels.

    Raises
    ------
    ParameterError
        If there is no chain of one of these numbers.
    SourceError
        If the file is missing or of another layout.
    """
    import zipfile

    import openpyxl

    for number in numbers:
        if number not in WILLEMS_CHAINS:
            message = (
                f"the chains of Willems (2008) have numbers 1 to {WILLEMS_CHAINS[-1]}, but {number} was asked for."
            )
            raise ParameterError(message)
    file = file_or_refuse(path, "the workbook MSOM-06-038-R2.xlsx of Willems (2008)")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        message = f"{file} is no whole workbook ({type(error).__name__}: {error}); download it again."
        raise SourceError(message) from error
    with closing(book):
        for number in numbers:
            stages = _columns(book, f"{number:02}_SD", _STAGE_COLUMNS, file)
            links = _columns(book, f"{number:02}_LL", _LINK_COLUMNS, file)
            yield _chain(number, stages, links, assumptions or WillemsAssumptions())


def _columns(book: Workbook, name: str, wanted: Sequence[str], file: Path) -> dict[str, list[Any]]:
    if name not in book.sheetnames:
        message = f"{file} has no sheet {name!r}; the workbook MSOM-06-038-R2.xlsx of Willems (2008) was expected."
        raise SourceError(message)
    rows = book[name].iter_rows(values_only=True)
    heading = list(next(rows, ()))
    missing = [column for column in wanted if column not in heading]
    if missing:
        message = f"{file}, sheet {name!r}: the column {missing[0]!r} is missing. Download the workbook again."
        raise SourceError(message)
    places = [heading.index(column) for column in wanted]
    body = [row for row in rows if row[places[0]] is not None]
    return {column: [row[place] for row in body] for column, place in zip(wanted, places, strict=True)}


def _figures(values: Sequence[Any]) -> Float:
    """Return a column of figures; what the source leaves blank is zero."""
    return np.array([0.0 if value is None else value for value in values], dtype=np.float64)


def _chain(
    number: int, stages: Mapping[str, list[Any]], links: Mapping[str, list[Any]], assumptions: WillemsAssumptions
) -> WillemsChain:
    labels = tuple(str(name) for name in stages["Stage Name"])
    supplier, buyer = _links(number, labels, links)
    classes = tuple("Part" if name == "Parts" else str(name) for name in stages["stageClassification"])
    demand, cost = _figures(stages["avgDemand"]), _figures(stages["stageCost"])
    onward = _order(len(labels), supplier, buyer)
    flow, unit_cost = _sums(demand, supplier, buyer, onward[::-1]), _sums(cost, buyer, supplier, onward)
    sold = np.flatnonzero(demand > 0)
    chain = SupplyChain(
        name=f"Willems {number:02}",
        sites=_sites(labels, classes, assumptions),
        parts=Parts(labels=labels, units=("unit",) * len(labels)),
        stages=Stages(
            site=np.arange(len(labels)),
            part=np.arange(len(labels)),
            capacity=assumptions.capacity_slack * flow,
            stock=assumptions.stock_days * flow,
            site_use=np.ones(len(labels)),
            added_cost=cost,
            processing_days=_figures(stages["stageTime"]),
        ),
        inputs=Inputs(stage=buyer, part=supplier, units=np.ones(buyer.size), stock=np.zeros(buyer.size)),
        supplies=_supplies(supplier, buyer),
        lanes=Lanes(labels=(), mode=(), days=np.zeros(0), capacity=np.zeros(0), passages=()),
        demands=Demands(
            stage=sold,
            customer=("all",) * sold.size,
            quantity=demand[sold],
            margin=assumptions.margin_share * unit_cost[sold],
            deviation=_figures(stages["stdDevDemand"])[sold],
            service_days=_figures(stages["maxServiceTime"])[sold],
        ),
        currency="XXX",
        source=f"{_PAPER.format(number=number)}; {assumptions.describe()}",
    )
    return WillemsChain(
        chain=chain,
        classes=classes,
        time_deviation=_figures(stages["stdDev stageTime"]),
        service_level=_figures(stages["serviceLevel"])[sold],
    )


def _links(number: int, labels: tuple[str, ...], links: Mapping[str, list[Any]]) -> tuple[Integer, Integer]:
    """Return both ends of each link, in the order of buyers, as inputs stand in every chain that tenon reads."""
    position = {label: place for place, label in enumerate(labels)}
    try:
        supplier = np.array([position[name] for name in links["sourceStage"]], dtype=np.int64)
        buyer = np.array([position[name] for name in links["destinationStage"]], dtype=np.int64)
    except KeyError as error:
        message = f"chain {number:02}: a link names the unknown stage {error}. Download the workbook again."
        raise SourceError(message) from error
    order = np.lexsort((supplier, buyer))
    return supplier[order], buyer[order]


def _order(count: int, supplier: Integer, buyer: Integer) -> Integer:
    """Return the stages so that each stands behind all those that it needs."""
    needs: dict[int, list[int]] = {stage: [] for stage in range(count)}
    for first, second in zip(supplier.tolist(), buyer.tolist(), strict=True):
        needs[second].append(first)
    return np.array(list(graphlib.TopologicalSorter(needs).static_order()), dtype=np.int64)


def _sums(own: Float, to: Integer, of: Integer, order: Integer) -> Float:
    """Add to each stage what comes along its links: ``x[to] = own[to] + sum of x[of]``, in the given order."""
    total = own.copy()
    by_end: dict[int, list[int]] = {}
    for end, start in zip(to.tolist(), of.tolist(), strict=True):
        by_end.setdefault(end, []).append(start)
    for stage in order.tolist():
        total[stage] += total[by_end.get(stage, [])].sum()
    return total


def _sites(labels: tuple[str, ...], classes: tuple[str, ...], assumptions: WillemsAssumptions) -> Sites:
    count = len(labels)
    return Sites(
        labels=labels,
        country=("",) * count,
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        capacity=np.full(count, np.inf),
        recovery_days=np.array([assumptions.recovery_days[name] for name in classes]),
        recovery_evidence=(Evidence.ASSUMED,) * count,
        events_per_year=np.zeros(count),
    )


def _supplies(supplier: Integer, buyer: Integer) -> Supplies:
    return Supplies(
        supplier=supplier,
        buyer=buyer,
        share=np.ones(supplier.size),
        capacity=np.full(supplier.size, np.inf),
        lane=np.full(supplier.size, -1),
        start_up_days=np.zeros(supplier.size),
        verified=np.ones(supplier.size, dtype=bool),
    )
