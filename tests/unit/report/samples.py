"""Results made by hand: plausible worlds with a shock, always the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray

from tenon.data.names import label_names, region_places
from tenon.schema import Float, Result, Status

REGIONS = (
    "ARG", "AUS", "BRA", "CAN", "CHN", "DEU", "FRA", "GBR", "IDN", "IND", "ITA", "JPN", "KOR", "MEX", "MYS", "NLD",
    "RUS", "SAU", "SGP", "THA", "TUR", "USA", "VNM", "ZAF", "XEU", "XER", "XSE", "XAS", "XME", "XAF", "XLA", "ROW",
)  # fmt: skip
SECTORS = (
    "agriculture", "energy mining", "other mining", "food", "textiles", "refined petroleum", "chemicals",
    "pharmaceuticals", "rubber and plastics", "glass and cement", "basic metals", "metal products", "electronics",
    "electrical equipment", "machinery", "motor vehicles", "other transport equipment", "construction", "trade",
    "land transport", "water transport", "information", "finance and real estate", "business services",
    "public services",
)  # fmt: skip
TOML = """\
name = "sample"
title = "An earthquake stops electronics in Japan"
horizon_days = 365

[[shocks]]
kind = "capacity"
regions = ["JPN"]
sectors = ["electronics"]
loss = 0.6
start_day = 20
duration_days = 30
recovery = "linear"
recovery_days = 90
"""
_CAPACITY, _DEMAND, _NOTHING = -2, -3, -1


def world(*, scenarios: int = 1, days: int = 365, seed: int = 7) -> Result:
    """A table of 32 regions x 25 sectors in which an earthquake stops electronics in Japan."""
    rng = np.random.default_rng(seed)
    size = (len(REGIONS), len(SECTORS))
    weight = rng.lognormal(0.0, 0.9, size[0])[:, None] * rng.lognormal(0.0, 0.7, size[1])
    weight[REGIONS.index("USA")] *= 6
    weight[REGIONS.index("CHN")] *= 5
    weight[REGIONS.index("JPN")] *= 2
    production = 500_000.0 * weight / weight.sum()
    ratio = rng.uniform(0.3, 0.6, size)
    runs = [_run(rng, production, days, strength=1.0 / (number + 1)) for number in range(scenarios)]
    names = ["sample", *(f"milder {number}" for number in range(1, scenarios))]
    return Result(
        values=_dataset(names, runs, production, ratio),
        status=Status.COMPLETE,
        residuals={"goods delivered against goods received": 3.1e-16, "stocks against their flows": 2.4e-15},
        notes=("Stocks of electricity are taken as unlimited, because it cannot be stored.",),
        provenance=_provenance(names),
    )


def firms(*, days: int = 60, seed: int = 3) -> Result:
    """A network of 40 firms in 3 unplaced regions, without attribution."""
    rng = np.random.default_rng(seed)
    count, regions, products = 40, ("north", "south", "east"), ("steel", "parts", "cars")
    production = rng.lognormal(3.0, 0.5, count)
    fall = np.zeros((days, count))
    fall[5:35, :8] = 0.5
    fall[12:45, 8:20] = 0.2
    limiting = np.where(fall > 0, np.where(np.arange(count) < 8, _CAPACITY, 0), _NOTHING).astype(np.int16)
    made = production * (1 - fall)
    lost = (production - made).sum(axis=0)
    units = {"units": "thousand EUR"}
    values = xarray.Dataset(
        {
            "production": (("scenario", "day", "agent"), made[None]),
            "limiting": (("scenario", "day", "agent"), limiting[None]),
            "total_production": (("scenario", "day"), made.sum(axis=1)[None]),
            "baseline_production": ("agent", production),
            "baseline_value_added": ("agent", 0.4 * production),
            "production_lost": (("scenario", "agent"), lost[None]),
            "value_added_lost": (("scenario", "agent"), 0.4 * lost[None], units),
            "recovery_day": (("scenario", "agent"), _recovery(fall)[None]),
        },
        coords={
            "scenario": ["strike"],
            "day": np.arange(days),
            "product": list(products),
            "agent": [f"firm {number}" for number in range(count)],
            "agent_region": ("agent", [regions[number % 3] for number in range(count)]),
            "agent_product": ("agent", [products[number % 3] for number in range(count)]),
        },
    )
    return Result(values=values, status=Status.COMPLETE, residuals={}, provenance={"tenon": "0.1.0"})


def _run(rng: np.random.Generator, production: Float, days: int, *, strength: float) -> dict[str, Any]:
    """One scenario: how far each industry falls on each day, and what limits it."""
    day = np.arange(days)[:, None, None]
    japan, electronics = REGIONS.index("JPN"), SECTORS.index("electronics")
    # Those who buy electronics follow with a delay; the effect is larger in Asia and in vehicles and machinery.
    reach = rng.gamma(0.6, 0.035, production.shape)
    for region in ("THA", "MYS", "KOR", "CHN", "VNM", "SGP"):
        reach[REGIONS.index(region)] *= 2.5
    for sector in ("motor vehicles", "machinery", "electrical equipment", "electronics"):
        reach[:, SECTORS.index(sector)] *= 3.0
    reach = strength * np.minimum(reach, 0.5)
    start = rng.integers(28, 60, production.shape)
    wave = np.clip((day - start) / 20, 0, 1) * np.clip(1 - (day - start - 45) / 80, 0, 1)
    again = 0.08 * np.clip((day - start - 125) / 10, 0, 1) * np.clip(1 - (day - start - 160) / 40, 0, 1)
    fall = reach * wave - reach * again
    direct = 0.6 * strength * np.clip(1 - (day[:, 0, 0] - 50) / 90, 0, 1) * (day[:, 0, 0] >= 20)
    fall[:, japan, electronics] = direct
    product = rng.choice(
        [electronics, electronics, SECTORS.index("basic metals"), SECTORS.index("chemicals")], reach.shape
    )
    by_demand = rng.random(reach.shape) < 0.25
    limits = np.where(by_demand, _DEMAND, product)
    limits[japan, electronics] = _CAPACITY
    limiting = np.where(fall > 1e-9, limits, _NOTHING).astype(np.int16)
    return {"production": production * (1 - fall), "limiting": limiting, "fall": fall, "direct": direct}


def _dataset(names: list[str], runs: list[dict[str, Any]], production: Float, ratio: Float) -> xarray.Dataset:
    made = np.stack([run["production"] for run in runs])
    lost = (production - made).sum(axis=1)
    demand = 0.5 * np.tile(production.sum(axis=0), (len(REGIONS), 1)) / len(REGIONS)
    fall = np.stack([run["fall"] for run in runs])
    unmet = 0.3 * np.maximum(fall, 0).mean(axis=2)[:, :, None, :] * demand
    full = ("scenario", "day", "region", "sector")
    units = {"units": "million USD"}
    variables: dict[str, Any] = {
        "production": (full, made),
        "limiting": (full, np.stack([run["limiting"] for run in runs])),
        "total_production": (("scenario", "day"), made.sum(axis=(2, 3))),
        "unmet_final_demand": (("scenario", "day", "demander", "product"), unmet),
        "baseline_production": (("region", "sector"), production),
        "baseline_value_added": (("region", "sector"), ratio * production),
        "baseline_final_demand": (("demander", "product"), demand),
        "production_lost": (("scenario", "region", "sector"), lost, units),
        "value_added_lost": (("scenario", "region", "sector"), ratio * lost, units),
        "recovery_day": (("scenario", "region", "sector"), np.stack([_recovery(run["fall"]) for run in runs])),
    }
    variables |= _attribution(ratio * lost)
    places, english, chinese = region_places(), label_names("en"), label_names("zh")
    coordinates: dict[str, Any] = {
        "scenario": names,
        "day": np.arange(made.shape[1]),
        "region": list(REGIONS),
        "sector": list(SECTORS),
        "product": list(SECTORS),
        "demander": list(REGIONS),
        "origin": [*REGIONS, "final demand", "unexplained"],
        "longitude": ("region", [places[label].longitude for label in REGIONS]),
        "latitude": ("region", [places[label].latitude for label in REGIONS]),
    }
    for dimension, labels in (("region", REGIONS), ("sector", SECTORS), ("product", SECTORS)):
        coordinates[f"{dimension}_name"] = (dimension, [english[label] for label in labels])
        coordinates[f"{dimension}_name_zh"] = (dimension, [chinese[label] for label in labels])
    return xarray.Dataset(variables, coords=coordinates)


def _attribution(lost: Float) -> dict[str, Any]:
    """Most of each region's loss began in Japan, some in the region itself and some with its customers."""
    by_region = lost.sum(axis=2)
    origins = np.zeros((*by_region.shape, len(REGIONS) + 2))
    origins[:, :, REGIONS.index("JPN")] = 0.7 * by_region
    for at in range(len(REGIONS)):
        origins[:, at, at] += 0.1 * by_region[:, at]
    origins[:, :, REGIONS.index("CHN")] += 0.1 * by_region
    origins[:, :, len(REGIONS)] = 0.07 * by_region
    origins[:, :, len(REGIONS) + 1] = 0.03 * by_region
    chains = (
        (("JPN:electronics", "capacity"),),
        (("CHN:electronics", "input: electronics"), ("JPN:electronics", "capacity")),
        (("THA:motor vehicles", "input: electronics"), ("JPN:electronics", "capacity")),
        (
            ("DEU:motor vehicles", "input: electrical equipment"),
            ("CHN:electrical equipment", "input: electronics"),
            ("JPN:electronics", "capacity"),
        ),
        (("AUS:other mining", "demand"), ("CHN:basic metals", "demand"), ("JPN:electronics", "capacity")),
    )
    agents = np.array([[*(agent for agent, _ in chain), "", "", ""][:4] for chain in chains])
    reasons = np.array([[*(reason for _, reason in chain), "", "", ""][:4] for chain in chains])
    total = by_region.sum(axis=1)
    return {
        "loss_by_origin": (("scenario", "region", "origin"), origins),
        "path_loss": (("scenario", "path"), total[:, None] * np.array([0.3, 0.12, 0.05, 0.02, 0.01])),
        "path_agent": (("scenario", "path", "step"), np.broadcast_to(agents, (len(total), *agents.shape))),
        "path_reason": (("scenario", "path", "step"), np.broadcast_to(reasons, (len(total), *reasons.shape))),
    }


def _recovery(fall: Float) -> Float:
    below = fall > 0.01
    last = fall.shape[0] - 1 - below[::-1].argmax(axis=0)
    back: Float = np.where(below.any(axis=0), last + 1.0, 0.0)
    return np.where(back >= fall.shape[0], np.nan, back)


def _provenance(names: list[str]) -> dict[str, object]:
    facts: dict[str, object] = {
        "title": "An earthquake stops electronics in Japan",
        "title_zh": "地震使日本电子业停产",
        "description": "Six tenths of Japan's electronics stand still for a month and come back within three.",
        "description_zh": "日本电子业六成产能停产一个月，此后三个月内逐步恢复。",
        "horizon_days": 365,
        "sources": ["A made-up event for tests, see https://example.org/earthquake."],
        "shocks": [
            "electronics in JPN: 60 % of capacity are lost from day 20 for 30 days, then come back linearly in 90 days."
        ],
        "toml": TOML,
    }
    milder = {"title": "A milder earthquake", "title_zh": "较轻的地震", "shocks": [], "sources": []}
    return {
        "tenon": "0.1.0",
        "python": "3.11.7",
        "numpy": "2.4.6",
        "table": {
            "name": "world-2022",
            "year": 2022,
            "source": "OECD national tables 2022, joined by estimated trade",
            "license": "CC BY 4.0",
            "currency": "USD",
            "unit": 1e6,
            "estimated": True,
            "repairs": ["2 columns of A above one were scaled to 0.99."],
        },
        "scenario": {name: facts if name == "sample" else milder for name in names},
        "parameters": {"psi": 0.8, "tau_restock_days": 60, "unlimited": ["electricity"]},
        "made": "2026-11-23T12:50:00+00:00",
        "seconds": 0.42,
    }
