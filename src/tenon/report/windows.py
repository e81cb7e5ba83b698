"""When something was taken away: the days of the shocks, from the scenario or from what capacity shows."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from typing import Any

import numpy as np

from tenon.report.agents import agents_of, day_blocks, flat
from tenon.report.findings import Window
from tenon.schema import Result

__all__ = ["scenario_facts", "shock_windows"]

_LOST = 1e-6
_HARDLY_THERE = 0.05


def scenario_facts(result: Result, name: str) -> Mapping[str, Any]:
    """Return what the provenance of a result says about a scenario.

    Parameters
    ----------
    result : Result
        What a run found.
    name : str
        Label of the scenario.

    Returns
    -------
    mapping of str to object
        Title, description, horizon, sources, shocks and TOML text, as far as they are known.
    """
    scenarios = result.provenance.get("scenario")
    facts = scenarios.get(name) if isinstance(scenarios, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}


def shock_windows(result: Result, name: str) -> tuple[Window, ...]:
    """Return the days on which the shocks of a scenario are in effect.

    Parameters
    ----------
    result : Result
        What a run found.
    name : str
        Label of the scenario.

    Returns
    -------
    tuple of Window
        One a shock of the scenario's file; without a file, one that spans the days on which capacity was lost.
    """
    text = scenario_facts(result, name).get("toml")
    if isinstance(text, str) and text.strip():
        try:
            shocks = tomllib.loads(text).get("shocks", [])
        except tomllib.TOMLDecodeError:
            shocks = []
        windows = tuple(_window(shock) for shock in shocks if isinstance(shock, Mapping))
        if windows:
            return windows
    return _from_capacity(result, name)


def _window(shock: Mapping[str, Any]) -> Window:
    start = float(shock.get("day", shock.get("start_day", 0)))
    curve = shock.get("curve")
    if curve:
        return _curve_window(start, [(float(day), float(share)) for day, share in curve])
    full = start + float(shock.get("duration_days", 1))
    recovery = float(shock.get("recovery_days", 0.0))
    return Window(start, full, full + (recovery if math.isfinite(recovery) else 0.0))


def _curve_window(start: float, curve: list[tuple[float, float]]) -> Window:
    """Return the days on which a curve says that a loss is there; its last share holds on."""
    there = [at for at, (_, share) in enumerate(curve) if share > _HARDLY_THERE]
    if not there:
        return Window(start, start, start)
    end = curve[there[-1] + 1][0] if there[-1] + 1 < len(curve) else math.inf
    first = curve[max(0, there[0] - 1)][0]
    return Window(start + first, start + end, start + end)


def _from_capacity(result: Result, name: str) -> tuple[Window, ...]:
    if "capacity" not in result.values:
        return ()
    run = result.values.sel(scenario=name)
    agents = agents_of(run)
    baseline = flat(run["baseline_production"], agents)
    days = run["day"].to_numpy()
    hit = np.zeros(days.size, dtype=bool)
    for block in day_blocks(days.size, agents):
        capacity = flat(run["capacity"].isel(day=block), agents)
        hit[block] = (capacity < baseline * (1 - _LOST)).any(axis=1)
    if not hit.any():
        return ()
    start, end = float(days[hit][0]), float(days[hit][-1])
    return (Window(start, end, end),)
