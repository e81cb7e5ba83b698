"""A small draft that tests change one thing of, and files of the layouts that readers know."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tenon.data import Draft, Origin
from tenon.schema import InputOutputTable
from tests.unit.schema.examples import TABLE

ORIGIN = Origin(name="small", currency="EUR", unit=1e6, year=2020, source="made up", license="none")

DRAFT = Draft(
    regions=TABLE.regions,
    sectors=TABLE.sectors,
    final_demand_categories=TABLE.final_demand_categories,
    value_added_items=TABLE.value_added_items,
    Z=TABLE.Z,
    Y=TABLE.Y,
    V=TABLE.V,
    x=TABLE.x,
)


def draft(**changes: Any) -> Draft:
    """Return the small draft with some figures changed."""
    return replace(DRAFT, **changes)


def changed(values: np.ndarray[Any, Any], at: tuple[int, ...], value: float) -> np.ndarray[Any, Any]:
    """Return a copy of an array with one cell changed."""
    copy = values.copy()
    copy[at] = value
    return copy


def world(
    regions: Sequence[str] = ("A", "B", "C"), sectors: Sequence[str] = ("1", "2"), *, seed: int = 5
) -> InputOutputTable:
    """Return a balanced table with trade between all regions."""
    generator = np.random.default_rng(seed)
    size, categories = len(regions) * len(sectors), ("households", "inventories")
    Z = generator.uniform(1.0, 5.0, (size, size)) / size
    Y = generator.uniform(5.0, 20.0, (size, len(regions) * len(categories)))
    x = Z.sum(axis=1) + Y.sum(axis=1)
    return InputOutputTable(
        name="world",
        regions=tuple(regions),
        sectors=tuple(sectors),
        final_demand_categories=categories,
        value_added_items=("value added",),
        Z=Z,
        Y=Y,
        V=(x - Z.sum(axis=0))[None, :],
        x=x,
        currency="USD",
        unit=1e6,
        year=2020,
        source="made up",
        license="none",
    )


def write_rows(file: Path, rows: Iterable[Sequence[object]]) -> Path:
    """Write rows of cells as CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return file


def read_rows(file: Path) -> list[list[str]]:
    """Read rows of cells."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))
