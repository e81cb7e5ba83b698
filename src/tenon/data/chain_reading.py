"""Reading a company's chain from a workbook or a folder of CSV files, and checking one before it is read.

>>> from tenon.data import check_chain, example_chain
>>> len(example_chain().sites) > 50
True
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tenon.data.chain_balance import check_whole
from tenon.data.chain_files import open_chain
from tenon.data.chain_language import workbook_language, workbook_words
from tenon.data.chain_plausibility import check_plausible
from tenon.data.chain_problems import ChainProblem, Findings, Place
from tenon.data.chain_sheet_reading import Filled, read_sheets
from tenon.data.chain_wiring import Wiring, wire
from tenon.data.names import Language
from tenon.schema.arrays import Float, Integer
from tenon.schema.chain_columns import (
    Demands,
    Evidence,
    Group,
    Inputs,
    Lanes,
    Mode,
    Parts,
    Passages,
    Sites,
    Stages,
    Supplies,
)
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import SourceError, TenonError

__all__ = ["build_chain", "check_chain", "read_chain"]

_SHOWN = 3


def read_chain(path: str | Path, *, language: Language | None = None) -> SupplyChain:
    """Read a company's chain from an Excel workbook or a folder of CSV files.

    Parameters
    ----------
    path : str or Path
        Workbook (``.xlsx``) or folder, with the sheets that :func:`write_chain_template` writes.
    language : {"en", "zh"}, optional
        Language of messages; that of the workbook if left out (:func:`workbook_language`).

    Returns
    -------
    SupplyChain
        The checked chain; stages stand in the order of the sheet ``production``, inputs in the order of their stages.

    Raises
    ------
    SourceError
        If the file cannot be opened, or says something that is wrong: the first problems, and how many more there are.
    """
    words = workbook_words(language or workbook_language(path))
    chain, problems = _look(path, words.language)
    if chain is None:
        refused = [problem for problem in problems if not problem.warning]
        first = enumerate(refused[:_SHOWN], start=1)
        listed = " ".join(words.say("read.one_of", number=number, problem=problem) for number, problem in first)
        more = len(refused) - _SHOWN
        key = "read.refused_and_more" if more > 0 else "read.refused"
        raise SourceError(words.say(key, path=path, listed=listed, number=more))
    return chain


def check_chain(path: str | Path, *, language: Language | None = None) -> tuple[ChainProblem, ...]:
    """Find every problem of a chain's workbook or folder.

    Parameters
    ----------
    path : str or Path
        Workbook (``.xlsx``) or folder of CSV files.
    language : {"en", "zh"}, optional
        Language of messages; that of the workbook if left out (:func:`workbook_language`).

    Returns
    -------
    tuple of ChainProblem
        Causes first: errors in sheets, headings, cells and names, then warnings, then what may only follow from the
        errors. None if all is well; where only warnings are left, the chain can be read.

    Raises
    ------
    SourceError
        If the file cannot be opened: missing, damaged, protected by a password, of another kind.
    """
    return _look(path, language or workbook_language(path))[1]


def _look(path: str | Path, language: Language) -> tuple[SupplyChain | None, tuple[ChainProblem, ...]]:
    findings = Findings(language)
    cells = open_chain(path, findings)
    filled = read_sheets(cells, findings)
    wiring = wire(filled, findings)
    check_whole(filled, wiring, findings)
    chain = None
    if not findings.refused():
        try:
            chain = build_chain(filled, wiring, Path(path).name)
            check_plausible(chain, filled, wiring, findings)
        except TenonError as error:
            # Everything that a chain refuses is checked above; should something slip through, it is said all the same.
            findings.note(Place(""), "whole.refused", error=str(error))
    return chain, findings.problems([sheet.title for sheet in filled.values()])


def build_chain(filled: Mapping[str, Filled], wiring: Wiring, name: str) -> SupplyChain:
    """Make a chain of rows in which nothing is wrong.

    Parameters
    ----------
    filled : mapping of str to Filled
        Every sheet.
    wiring : Wiring
        What their rows mean.
    name : str
        Name of the file, which is the source where the sheet ``about`` names none.

    Returns
    -------
    SupplyChain
        The chain.
    """
    about = filled["about"].values
    return SupplyChain(
        name=str(about["name"][0]),
        sites=_sites(filled["sites"]),
        parts=Parts(labels=_names(filled["parts"], "part"), units=_names(filled["parts"], "unit")),
        stages=_stages(filled["production"], wiring),
        inputs=Inputs(
            stage=_positions(item.stage for item in wiring.inputs),
            part=_positions(wiring.parts[item.part] for item in wiring.inputs),
            units=np.array([item.units for item in wiring.inputs], dtype=np.float64),
            stock=np.array([item.stock for item in wiring.inputs], dtype=np.float64),
        ),
        supplies=_supplies(filled["suppliers"], wiring),
        lanes=_lanes(filled["lanes"]),
        passages=_passages(filled["passages"]),
        demands=_demands(filled["demand"], wiring),
        groups={label: _group(filled["groups"], rows) for label, rows in wiring.groups.items()},
        currency=str(about["currency"][0]),
        source=str(about["source"][0] or name),
        illustrative=bool(about["illustrative"][0]),
    )


def _positions(items: Iterable[int]) -> Integer:
    return np.array(list(items), dtype=np.int64)


def _figures(filled: Filled, column: str, rows: list[int] | None = None) -> Float:
    values = filled.values[column]
    chosen = values if rows is None else [values[row] for row in rows]
    return np.array(chosen, dtype=np.float64)


def _names(filled: Filled, column: str) -> tuple[str, ...]:
    return tuple(str(value) for value in filled.values[column])


def _times(filled: Filled, what: str) -> Float:
    """Return low, likely and high; where one end is blank it is the likely time."""
    likely = _figures(filled, f"{what} likely")
    low, high = (_figures(filled, f"{what} {end}") for end in ("low", "high"))
    return np.stack([np.where(np.isnan(low), likely, low), likely, np.where(np.isnan(high), likely, high)], axis=1)


def _sites(sites: Filled) -> Sites:
    return Sites(
        labels=_names(sites, "site"),
        country=_names(sites, "country"),
        latitude=_figures(sites, "latitude"),
        longitude=_figures(sites, "longitude"),
        capacity=_figures(sites, "shared capacity"),
        recovery_days=_times(sites, "recovery"),
        recovery_evidence=tuple(Evidence(word) for word in _names(sites, "known from")),
        events_per_year=_figures(sites, "events a year"),
    )


def _stages(production: Filled, wiring: Wiring) -> Stages:
    rows = [stage.row for stage in wiring.stages]
    return Stages(
        site=_positions(wiring.sites[stage.site] for stage in wiring.stages),
        part=_positions(wiring.parts[stage.part] for stage in wiring.stages),
        capacity=_figures(production, "capacity", rows),
        stock=_figures(production, "stock", rows),
        site_use=_figures(production, "site use", rows),
        added_cost=_figures(production, "added cost", rows),
        processing_days=_figures(production, "days", rows),
    )


def _supplies(suppliers: Filled, wiring: Wiring) -> Supplies:
    rows = [supply.row for supply in wiring.supplies]
    lanes = suppliers.texts("lane")
    return Supplies(
        supplier=_positions(supply.supplier for supply in wiring.supplies),
        buyer=_positions(supply.buyer for supply in wiring.supplies),
        share=_figures(suppliers, "share", rows),
        capacity=_figures(suppliers, "contract capacity", rows),
        lane=_positions(wiring.lanes[lane] if (lane := lanes[row]) else -1 for row in rows),
        start_up_days=_figures(suppliers, "start-up days", rows),
        verified=np.array([suppliers.values["verified"][row] for row in rows], dtype=bool),
    )


def _lanes(lanes: Filled) -> Lanes:
    passages: list[Any] = lanes.values["passages"]
    return Lanes(
        labels=_names(lanes, "lane"),
        mode=tuple(Mode(word) for word in _names(lanes, "mode")),
        days=_figures(lanes, "days"),
        capacity=_figures(lanes, "capacity"),
        passages=tuple(passages),
        events_per_year=_figures(lanes, "events a year"),
        closure_days=_times(lanes, "closure"),
    )


def _passages(passages: Filled) -> Passages:
    return Passages(
        labels=_names(passages, "passage"),
        events_per_year=_figures(passages, "events a year"),
        closure_days=_times(passages, "closure"),
    )


def _demands(demand: Filled, wiring: Wiring) -> Demands:
    rows = [row for _, row in wiring.demands]
    return Demands(
        stage=_positions(stage for stage, _ in wiring.demands),
        customer=tuple(str(demand.values["customer"][row]) for row in rows),
        quantity=_figures(demand, "quantity", rows),
        margin=_figures(demand, "margin", rows),
        deviation=_figures(demand, "deviation", rows),
        service_days=_figures(demand, "service days", rows),
    )


def _group(groups: Filled, rows: list[int]) -> Group:
    rate = groups.values["events a year"][rows[0]]
    return Group(
        kind=str(groups.values["kind"][rows[0]]),
        sites=tuple(str(groups.values["site"][row]) for row in rows),
        events_per_year=float(rate) if isinstance(rate, float) else math.nan,
    )
