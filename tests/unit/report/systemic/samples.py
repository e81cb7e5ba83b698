"""Results of systemic risk for the tests of their page, with figures that are easy to recognize."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray

from tenon.schema import Result, Status

__all__ = ["sample"]


def sample(status: Status = Status.COMPLETE, **changed: Any) -> Result:
    """Return five firms in three sectors: the mill costs 40 %, the farm 25 %, others little or nothing."""
    figures = {
        "esri": [0.25, 0.4, 0.002, 0.0, 0.03],
        "esri_downstream": [0.25, 0.1, 0.001, 0.0, 0.03],
        "esri_upstream": [0.01, 0.4, 0.002, 0.0, 0.0],
        "failing_share": [0.3, 0.1, 0.001, 0.0, 0.02],
    }
    values = xarray.Dataset(
        {
            **{name: ("failure", np.array(shares), {"units": "1"}) for name, shares in figures.items()},
            "iterations": ("failure", [4, 7, 2, 1, 3]),
            "last_decrease": ("failure", np.full(5, 0.005)),
            "settled": ("failure", np.ones(5, dtype=bool)),
            "eps": ((), 0.01),
        },
        coords={
            "failure": ["farm", "mill", "shop", "idle", "other farm"],
            "sector": ("failure", ["grain", "flour", "trade", "trade", "grain"]),
            "region": ("failure", ["north", "south", "south", "south", "north"]),
        },
    )
    rules = {
        "essentiality": "essential", "replaceable": True, "stopping": "EarlyStop(eps=0.01)", "count_final_demand": True,
    }  # fmt: skip
    network = {
        "name": "bread", "source": "firms.csv and links.csv", "currency": "EUR", "estimated": False, "firms": 5,
        "links": 12,
    }  # fmt: skip
    return Result(
        values=values.assign(changed),
        status=status,
        residuals={},
        notes=("A note.",),
        provenance={
            "tenon": "0.1.0", "made": "2026-11-24T12:00:00+00:00", "network": network, "rules": rules, "seconds": 0.5,
        },
    )  # fmt: skip
