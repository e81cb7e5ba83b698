"""A chain in which one stage serves two, whose goods meet again; and how to change it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenon.planning import SafetyStockProblem

__all__ = ["problem"]


def problem(**changes: Any) -> SafetyStockProblem:
    """Steel goes into frames and wheels, and both go into carts."""
    columns: dict[str, Any] = {
        "name": "carts",
        "stages": ("cart", "frame", "wheel", "steel"),
        "supplier": np.array([3, 3, 1, 2]),
        "buyer": np.array([1, 2, 0, 0]),
        "units": np.array([2.0, 0.5, 1.0, 4.0]),
        "stage_days": np.array([1, 3, 2, 5]),
        "added_cost": np.array([10.0, 6.0, 1.0, 2.0]),
        "deviation": np.array([3.0, 0.0, 0.0, 0.0]),
        "service_days": np.array([0, np.inf, np.inf, np.inf]),
        "service_factor": 2.0,
        "holding_rate": 0.25,
        "currency": "EUR",
    }
    return SafetyStockProblem(**columns | changes)
