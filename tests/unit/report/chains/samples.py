"""Results of stressed chains for the tests of their pages, with figures that are easy to recognize."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray

from tenon.schema import Result, Status
from tenon.vulnerability import single_points
from tests.chains import CASES

__all__ = ["daily", "sample"]

CHAIN = CASES["hidden in the second tier"].chain


def daily(**changed: Any) -> dict[str, Any]:
    """Return what following X and S1 over twelve days adds to a result: X loses 45 on days 6 to 8, S1 nothing."""
    lost = np.zeros((2, 12))
    lost[0, 6:9] = [20.0, 20.0, 5.0]

    def words(*items: str) -> tuple[str, np.ndarray]:
        return "followed", np.array(items, dtype=object)

    return {
        "followed": ["X", "S1"],
        "day": np.arange(12),
        "delivered": (("followed", "day", "product"), 1 - lost[:, :, None] / 20),
        "margin_lost_a_day": (("followed", "day"), lost, {"units": "EUR/day"}),
        "margin_lost": ("followed", lost.sum(axis=1), {"units": "EUR"}),
        "first_loss_day": ("followed", [6.0, np.nan]),
        "over_day": ("followed", [9.0, np.nan]),
        "first_product": words("P @ P", ""),
        "first_customer": words("all", ""),
        "first_short_day": ("followed", [2.0, np.nan]),
        "first_short_stage": words("x @ X", ""),
        "first_short_part": words("x", ""),
        "out_days": ("followed", [4, 4]),
    } | changed


def sample(**changed: Any) -> Result:
    """Return the result of a chain in which X, two tiers up, costs 30 and S1 and S2 cost nothing."""
    points = single_points(CHAIN).values.rename(product="point_product")
    impact = np.array([[10.0, 30.0, 60.0], [0, 0, 0], [0, 0, 0], [40, 80, 120], [15, 45, 90]])
    values = xarray.Dataset(
        {
            "performance_impact": (("outage", "recovery"), impact, {"units": "EUR"}),
            "undisturbed_loss": (("outage", "recovery"), np.zeros((5, 3)), {"units": "EUR"}),
            "recovery_days": (("outage", "recovery"), np.tile([2.0, 4.0, 8.0], (5, 1)), {"units": "day"}),
            "survival_days": ("outage", [2.5, 365, 365, 1.0, 2.0], {"units": "day"}),
            "survival_is_capped": ("outage", [False, True, True, False, False]),
            "risk_exposure_index": ("outage", impact[:, 1] / 80),
            "outage_kind": ("outage", ["site", "site", "site", "site", "group"]),
            "spend": ("site", [5.0, 20.0, 30.0, 0.0], {"units": "EUR/day"}),
            "value_of_earlier_recovery": ("outage", [20.0, 0.0, 0.0, 20.0, 20.0]),
            "remedy_stage": ("outage", np.array(["x @ X", "", "", "P @ P", "P @ P"], dtype=object)),
            "remedy_return": ("outage", [2.0, 0.0, 0.0, 0.5, 0.5]),
            "margin": ("product", [20.0], {"units": "EUR/day"}),
            "first": ("pair", ["S1"]),
            "second": ("pair", ["S2"]),
            "pair_stake": ("pair", [20.0]),
            "stage_site": ("stage", list(CHAIN.sites.labels)),
            "stage_depth": ("stage", CHAIN.depth),
            "supply_supplier": ("supply", CHAIN.supplies.supplier),
            "supply_buyer": ("supply", CHAIN.supplies.buyer),
            "supply_flow": ("supply", [5.0, 5.0, 5.0, 0.0]),
            "supply_verified": ("supply", [True, True, True, False]),
        },
        coords={
            "outage": ["X", "S1", "S2", "P", "valley"],
            "recovery": ["low", "likely", "high"],
            "site": list(CHAIN.sites.labels),
            "product": ["P @ P"],
            "stage": list(CHAIN.stage_labels),
        },
    ).merge(points)
    about = {"name": "small chain", "currency": "EUR", "source": "made by the tests", "illustrative": True}
    return Result(
        values=values.assign(changed),
        status=Status.COMPLETE,
        residuals={},
        notes=("A note.",),
        provenance={"tenon": "0.1.0", "made": "2026-11-24T12:00:00+00:00", "chain": about, "seconds": 0.5},
    )
