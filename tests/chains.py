"""Small company chains for tests, written in a line or two; V1 to V5 are cases that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tenon.schema import (
    Demands,
    Evidence,
    Float,
    Group,
    Inputs,
    Integer,
    Lanes,
    Parts,
    Sites,
    Stages,
    Supplies,
    SupplyChain,
)

__all__ = ["CASES", "Case", "chain_of", "floats", "positions"]

Stage = tuple[str, float, float]  # name, stock, capacity
Arc = tuple[str, str, str, float]  # supplier, buyer, material of the buyer's bill, units of it a unit of output
Need = tuple[str, float, float]  # stage, margin, demand


def floats(*values: float) -> Float:
    """Make a column of figures."""
    return np.array(values, dtype=np.float64)


def positions(*values: int) -> Integer:
    """Make a column of positions."""
    return np.array(values, dtype=np.int64)


def chain_of(
    stages: Sequence[Stage],
    arcs: Sequence[Arc],
    needs: Sequence[Need],
    *,
    recovery_days: float = 10.0,
    groups: Mapping[str, Group] | None = None,
) -> SupplyChain:
    """Make a chain in which every stage stands at a site of its own.

    Suppliers that serve a buyer under one material name make the same part; a stage makes one part, named after the
    first material under which it is sold, or after itself.
    """
    names = [name for name, _, _ in stages]
    made = {name: name for name in names}
    made |= {supplier: material for supplier, _, material, _ in reversed(arcs)}
    parts = tuple(dict.fromkeys(made.values()))
    position = {name: i for i, name in enumerate(names)}
    bill = {(position[buyer], parts.index(made[supplier])): units for supplier, buyer, _, units in arcs}
    return SupplyChain(
        name="small",
        sites=_sites(names, recovery_days),
        parts=Parts(labels=parts, units=("piece",) * len(parts)),
        stages=_stages(stages, positions(*(parts.index(made[name]) for name in names))),
        inputs=Inputs(
            stage=positions(*(stage for stage, _ in bill)),
            part=positions(*(part for _, part in bill)),
            units=floats(*bill.values()),
            stock=np.zeros(len(bill)),
        ),
        supplies=_supplies([(position[supplier], position[buyer]) for supplier, buyer, _, _ in arcs]),
        lanes=Lanes(labels=(), mode=(), days=floats(), capacity=floats(), passages=()),
        demands=Demands(
            stage=positions(*(position[name] for name, _, _ in needs)),
            customer=("all",) * len(needs),
            quantity=floats(*(demand for _, _, demand in needs)),
            margin=floats(*(margin for _, margin, _ in needs)),
            deviation=np.zeros(len(needs)),
            service_days=np.zeros(len(needs)),
        ),
        groups=groups or {},
        currency="EUR",
        source="made by the tests",
    )


def _sites(names: Sequence[str], recovery_days: float) -> Sites:
    count = len(names)
    return Sites(
        labels=tuple(names),
        country=("",) * count,
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        capacity=np.full(count, np.inf),
        recovery_days=np.full((count, 3), recovery_days),
        recovery_evidence=(Evidence.ASSUMED,) * count,
        events_per_year=np.zeros(count),
    )


def _stages(stages: Sequence[Stage], part: Integer) -> Stages:
    return Stages(
        site=np.arange(part.size),
        part=part,
        capacity=floats(*(capacity for _, _, capacity in stages)),
        stock=floats(*(stock for _, stock, _ in stages)),
        site_use=np.ones(part.size),
        added_cost=np.ones(part.size),
        processing_days=np.ones(part.size),
    )


def _supplies(pairs: Sequence[tuple[int, int]]) -> Supplies:
    return Supplies(
        supplier=positions(*(supplier for supplier, _ in pairs)),
        buyer=positions(*(buyer for _, buyer in pairs)),
        share=np.full(len(pairs), np.nan),
        capacity=np.full(len(pairs), np.inf),
        lane=np.full(len(pairs), -1),
        start_up_days=np.zeros(len(pairs)),
        verified=np.ones(len(pairs), dtype=bool),
    )


@dataclass(frozen=True)
class Case:
    """A chain, the site that fails and for how many days, and what follows: lost margin and days survived."""

    chain: SupplyChain
    site: str
    days: float
    impact: float
    survives: float


V1 = chain_of([("S", 20, 10), ("P", 5, 10)], [("S", "P", "s", 1)], [("P", 7, 10)])
V2 = chain_of([("S1", 8, 6), ("S2", 8, 6), ("P", 0, 20)], [("S1", "P", "s", 1), ("S2", "P", "s", 1)], [("P", 1, 10)])
V3 = chain_of([("A", 30, 30), ("B", 4, 12), ("P", 6, 15)], [("A", "P", "a", 2), ("B", "P", "b", 1)], [("P", 3, 10)])
V4 = chain_of(
    [("S", 60, 20), ("P1", 0, 20), ("P2", 10, 20)],
    [("S", "P1", "s", 1), ("S", "P2", "s", 1)],
    [("P1", 5, 10), ("P2", 3, 10)],
)
V5 = chain_of(
    [("X", 5, 20), ("S1", 10, 10), ("S2", 10, 10), ("P", 0, 10)],
    [("X", "S1", "x", 1), ("X", "S2", "x", 1), ("S1", "P", "s", 1), ("S2", "P", "s", 1)],
    [("P", 2, 10)],
)

# Worked out by hand; the programs are those of Simchi-Levi et al. 2015, Interfaces 45:375.
CASES = {
    "serial": Case(V1, "S", 6, 245, 2.5),
    "dual source": Case(V2, "S1", 10, 24, 4),
    "bill of materials, first input": Case(V3, "A", 5, 87, 2.1),
    "bill of materials, second input": Case(V3, "B", 5, 120, 1.0),
    "choice by margin": Case(V4, "S", 6, 150, 3.5),
    "first of two sources": Case(V5, "S1", 4, 0, np.inf),
    "second of two sources": Case(V5, "S2", 4, 0, np.inf),
    "hidden in the second tier": Case(V5, "X", 4, 30, 2.5),
}
