"""The little that these tests read of the workbook of Willems (2008)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import openpyxl

from tenon.planning import SafetyStockProblem
from tenon.schema import Float

__all__ = ["read_chain"]


@lru_cache
def read_chain(path: Path, number: int, factor: float) -> SafetyStockProblem:
    """Read one chain; times that are not whole days are rounded up, holding costs 20 %, and units are one to one."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    head, *rows = (row for row in book[f"{number:02d}_SD"].iter_rows(values_only=True) if row[0])
    names = tuple(str(row[0]) for row in rows)

    def column(name: str, default: float) -> Float:
        place = head.index(name)
        return np.array([default if row[place] is None else float(str(row[place])) for row in rows])

    supplies = [row[:2] for row in book[f"{number:02d}_LL"].iter_rows(min_row=2, values_only=True) if row[0]]
    position = {name: place for place, name in enumerate(names)}
    return SafetyStockProblem(
        name=f"Willems {number:02d}",
        stages=names,
        supplier=np.array([position[str(supplier)] for supplier, _ in supplies]),
        buyer=np.array([position[str(buyer)] for _, buyer in supplies]),
        units=np.ones(len(supplies)),
        stage_days=np.ceil(column("stageTime", 0.0)),
        added_cost=column("stageCost", 0.0),
        deviation=column("stdDevDemand", 0.0),
        service_days=np.floor(column("maxServiceTime", np.inf)),
        service_factor=factor,
        holding_rate=0.2,
        currency="USD",
    )
