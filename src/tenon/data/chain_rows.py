"""A chain as the rows of its workbook: the way back from positions to names.

What a chain says, the rows say: :func:`tenon.data.read_chain` makes the same chain of them again, with its inputs in
the order of their stages.
"""

from __future__ import annotations

import graphlib
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tenon.data.chain_cells import is_blank, read_cell
from tenon.data.chain_words import Column, Form, Sheet, chain_sheets
from tenon.schema.chain_columns import Lanes, Passages
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import StorageError

__all__ = ["Row", "chain_rows"]

Row = Mapping[str, object]
"""Cells of one row by column; a column that is left out is blank."""

Bill = tuple[tuple[str, float, float], ...]


def chain_rows(chain: SupplyChain) -> dict[str, list[Row]]:
    """Return the rows of every sheet.

    Parameters
    ----------
    chain : SupplyChain
        Any chain.

    Returns
    -------
    dict of str to list
        Rows by name of the sheet.

    Raises
    ------
    StorageError
        If a name or figure would not read the same again.
    """
    rows: dict[str, list[Row]] = {
        "about": [
            {
                "name": chain.name,
                "currency": chain.currency,
                "source": chain.source or None,
                "illustrative": chain.illustrative,
            }
        ],
        "sites": _sites(chain),
        "parts": [{"part": p, "unit": u} for p, u in zip(chain.parts.labels, chain.parts.units, strict=True)],
        "production": _production(chain),
        "bill of materials": _bill_of_materials(chain),
        "suppliers": _suppliers(chain),
        "lanes": _lanes(chain),
        "passages": [
            {"passage": label, **_closures(chain.passages, i)} for i, label in enumerate(chain.passages.labels)
        ],
        "demand": _demand(chain),
        "groups": [
            {"group": label, "kind": group.kind, "site": site, "events a year": group.events_per_year}
            for label, group in chain.groups.items()
            for site in group.sites
        ],
    }
    for sheet in chain_sheets():
        for number, row in enumerate(rows[sheet.name], start=2):
            _check_readable(sheet, number, row)
    return rows


def _check_readable(sheet: Sheet, number: int, row: Row) -> None:
    for column in sheet.columns:
        value = row.get(column.name)
        if is_blank(value):
            if column.required:
                message = (
                    f"{column.name!r} in row {number} of the sheet {sheet.name!r} is blank, but a workbook needs it; "
                    "fill it in the chain."
                )
                raise StorageError(message)
        elif read_cell(value, column.form) != (_listed(value) if column.form is Form.NAMES else value):
            message = (
                f"{column.name!r} in row {number} of the sheet {sheet.name!r} is {value!r}, which a workbook cannot "
                f"hold so that it reads the same; {_mend(column)}"
            )
            raise StorageError(message)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(str(value).split(";"))


def _mend(column: Column) -> str:
    if column.form is Form.COUNTRY:
        return "write the two or three capital letters of its ISO code."
    return "names have no blanks around them, no full-width signs or semicolons, and do not begin like a formula."


def _figure(value: float) -> float | None:
    """Return a figure, blank where it is unlimited or unknown."""
    return float(value) if math.isfinite(value) else None


def _sites(chain: SupplyChain) -> list[Row]:
    sites = chain.sites
    return [
        {
            "site": label,
            "country": sites.country[i],
            "latitude": _figure(sites.latitude[i]),
            "longitude": _figure(sites.longitude[i]),
            "shared capacity": _figure(sites.capacity[i]),
            "recovery low": float(sites.recovery_days[i, 0]),
            "recovery likely": float(sites.recovery_days[i, 1]),
            "recovery high": float(sites.recovery_days[i, 2]),
            "known from": sites.recovery_evidence[i].value,
            "events a year": float(sites.events_per_year[i]),
        }
        for i, label in enumerate(sites.labels)
    ]


def _production(chain: SupplyChain) -> list[Row]:
    stages = chain.stages
    bills = _bills(chain)
    rows: list[Row] = []
    for i in range(len(stages)):
        part = chain.parts.labels[stages.part[i]]
        rows.append(
            {
                "site": chain.sites.labels[stages.site[i]],
                "part": part,
                "activity": _activity(part, bills[i]),
                "capacity": _figure(stages.capacity[i]),
                "stock": float(stages.stock[i]),
                "site use": float(stages.site_use[i]),
                "added cost": float(stages.added_cost[i]),
                "days": float(stages.processing_days[i]),
            }
        )
    return rows


def _activity(part: str, bill: Bill) -> str:
    if not bill:
        return "buys in"
    return "passes on" if [needed for needed, _, _ in bill] == [part] else "makes"


def _bills(chain: SupplyChain) -> list[Bill]:
    """Return what each stage needs: parts, units and stocks in the order of the chain."""
    bills: list[list[tuple[str, float, float]]] = [[] for _ in range(len(chain.stages))]
    inputs = chain.inputs
    for stage, part, units, stock in zip(inputs.stage, inputs.part, inputs.units, inputs.stock, strict=True):
        bills[stage].append((chain.parts.labels[part], float(units), float(stock)))
    return [tuple(bill) for bill in bills]


def _bill_of_materials(chain: SupplyChain) -> list[Row]:
    """Write one bill for all makers of a part where they agree, and a bill for each site where they do not."""
    bills = _bills(chain)
    makers: dict[str, list[int]] = defaultdict(list)
    rows: list[Row] = []
    for i, bill in enumerate(bills):
        part = chain.parts.labels[chain.stages.part[i]]
        if _activity(part, bill) == "makes":
            makers[part].append(i)
        elif bill and bill[0][1:] != (1.0, 0.0):
            rows += _bill_rows(chain.sites.labels[chain.stages.site[i]], part, bill)
    common = {part: bills[stages[0]] for part, stages in makers.items() if len({bills[i] for i in stages}) == 1}
    if _runs_in_a_loop(common):
        common = {}
    for part, stages in makers.items():
        if part in common:
            rows += _bill_rows(None, part, common[part])
        else:
            for i in stages:
                rows += _bill_rows(chain.sites.labels[chain.stages.site[i]], part, bills[i])
    return rows


def _bill_rows(site: str | None, part: str, bill: Bill) -> list[Row]:
    return [
        {"site": site, "part": part, "input": needed, "units": units, "stock": stock} for needed, units, stock in bill
    ]


def _runs_in_a_loop(bills: Mapping[str, Bill]) -> bool:
    try:
        graphlib.TopologicalSorter({part: [needed for needed, _, _ in bill] for part, bill in bills.items()}).prepare()
    except graphlib.CycleError:
        return True
    return False


def _suppliers(chain: SupplyChain) -> list[Row]:
    stages, supplies, parts = chain.stages, chain.supplies, chain.parts.labels
    needing: dict[tuple[int, int], list[int]] = defaultdict(list)
    for stage, part in zip(chain.inputs.stage.tolist(), chain.inputs.part.tolist(), strict=True):
        needing[int(stages.site[stage]), part].append(stage)
    rows: list[Row] = []
    for i, (supplier, buyer) in enumerate(zip(supplies.supplier.tolist(), supplies.buyer.tolist(), strict=True)):
        part = int(stages.part[supplier])
        alone = _is_alone(needing[int(stages.site[buyer]), part], supplier)
        rows.append(
            {
                "supplier": chain.sites.labels[stages.site[supplier]],
                "part": parts[part],
                "buyer": chain.sites.labels[stages.site[buyer]],
                "for part": None if alone else parts[stages.part[buyer]],
                "share": _figure(supplies.share[i]),
                "contract capacity": _figure(supplies.capacity[i]),
                "lane": chain.lanes.labels[supplies.lane[i]] if supplies.lane[i] >= 0 else None,
                "start-up days": float(supplies.start_up_days[i]),
                "verified": bool(supplies.verified[i]),
            }
        )
    return rows


def _is_alone(needing: Sequence[int], supplier: int) -> bool:
    """Say whether one stage of the site needs the part, so that it need not be named."""
    return len([stage for stage in needing if stage != supplier]) == 1


def _lanes(chain: SupplyChain) -> list[Row]:
    lanes = chain.lanes
    return [
        {
            "lane": label,
            "mode": lanes.mode[i].value,
            "days": float(lanes.days[i]),
            "capacity": _figure(lanes.capacity[i]),
            "passages": ";".join(lanes.passages[i]),
            **_closures(lanes, i),
        }
        for i, label in enumerate(lanes.labels)
    ]


def _closures(closing: Lanes | Passages, row: int) -> Row:
    low, likely, high = closing.closure_days[row]
    return {
        "events a year": float(closing.events_per_year[row]),
        "closure low": _figure(low),
        "closure likely": _figure(likely),
        "closure high": _figure(high),
    }


def _demand(chain: SupplyChain) -> list[Row]:
    demands = chain.demands
    rows: list[Row] = []
    for i, stage in enumerate(demands.stage.tolist()):
        rows.append(
            {
                "site": chain.sites.labels[chain.stages.site[stage]],
                "part": chain.parts.labels[chain.stages.part[stage]],
                "customer": demands.customer[i],
                "quantity": float(demands.quantity[i]),
                "margin": float(demands.margin[i]),
                "deviation": float(demands.deviation[i]),
                "service days": float(demands.service_days[i]),
            }
        )
    return rows
