"""From a result to findings: the one place that knows the variables of a result."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tenon.report.agents import Agents, agents_of, day_blocks, flat, sums_by
from tenon.report.findings import Findings, Group, Origins, Route, Shortages, Unmet, back_from, step_of
from tenon.report.language import Money
from tenon.schema import Float, ParameterError, Result

if TYPE_CHECKING:
    import xarray

__all__ = ["find", "scenario_names"]

_NEEDED = ("baseline_production", "baseline_value_added", "total_production", "value_added_lost")
_WORDS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_CAPACITY, _DEMAND = -2, -3
_TINY = np.finfo(float).tiny


def scenario_names(result: Result) -> tuple[str, ...]:
    """Return the labels of the scenarios of a result.

    Parameters
    ----------
    result : Result
        What a run found.

    Returns
    -------
    tuple of str
        In the order of the result.
    """
    return tuple(str(name) for name in result.values["scenario"].to_numpy())


def find(result: Result) -> tuple[Findings, ...]:
    """Read the findings of every scenario from a result.

    Parameters
    ----------
    result : Result
        What a run found.

    Returns
    -------
    tuple of Findings
        One a scenario, in the order of the result.

    Raises
    ------
    ParameterError
        If the result lacks a variable that every report needs.
    """
    missing = [name for name in _NEEDED if name not in result.values]
    if missing:
        message = (
            f"a report needs {', '.join(_NEEDED)} in the result, but {', '.join(missing)} is missing; "
            "keep these records when the run is made."
        )
        raise ParameterError(message)
    agents, money = agents_of(result.values), _money(result)
    return tuple(_one(result.values.isel(scenario=at), agents, money) for at in range(result.values.sizes["scenario"]))


def _one(run: xarray.Dataset, agents: Agents, money: Money) -> Findings:
    days = run["day"].to_numpy().astype(np.float64)
    baseline = flat(run["baseline_production"], agents).astype(np.float64)
    tally = _Tally(run, agents, baseline)
    each = Group(
        labels=tuple(agents.labels.tolist()),
        lost=flat(run["value_added_lost"], agents).astype(np.float64),
        baseline=flat(run["baseline_value_added"], agents).astype(np.float64),
        causes=tally.causes,
        back=_back(run, agents),
    )
    total = max(float(baseline.sum()), _TINY)
    return Findings(
        name=str(run["scenario"].item()),
        days=days,
        agents=agents,
        money=money,
        each=each,
        regions=_group(each, agents.regions, agents.region, tally.by_region, days),
        sectors=_group(each, agents.sectors, agents.sector, tally.by_sector, days),
        index=run["total_production"].to_numpy() / total,
        shortages=tally.shortages,
        unmet=_unmet(run),
        origins=_origins(run),
        routes=_routes(run),
    )


def _group(each: Group, labels: tuple[str, ...], member: np.ndarray, production: Float | None, days: Float) -> Group:
    size = len(labels)
    causes = each.causes
    back = np.full(size, np.nan) if production is None else back_from(production, days)
    return Group(
        labels=labels,
        lost=sums_by(each.lost, member, size)[:size],
        baseline=sums_by(each.baseline, member, size)[:size],
        causes=None if causes is None else sums_by(causes.T, member, size)[:, :size].T,
        production=production,
        back=back,
    )


class _Tally:
    """Sums over all days and agents, read in blocks of days so that large runs fit into memory."""

    def __init__(self, run: xarray.Dataset, agents: Agents, baseline: Float) -> None:
        self.by_region: Float | None = None
        self.by_sector: Float | None = None
        self.causes: Float | None = None
        self.shortages: Shortages | None = None
        if "production" not in run:
            return
        days = run.sizes["day"]
        value_added = flat(run["baseline_value_added"], agents)
        step = step_of(run["day"].to_numpy())
        weight = step * np.divide(value_added, baseline, out=np.zeros_like(baseline), where=baseline > 0)
        by_region, by_sector = np.empty((days, len(agents.regions))), np.empty((days, len(agents.sectors)))
        counts = _Counts(run, agents, days) if "limiting" in run else None
        for block in day_blocks(days, agents):
            production = flat(run["production"].isel(day=block), agents)
            by_region[block] = sums_by(production, agents.region, len(agents.regions))[:, : len(agents.regions)]
            by_sector[block] = sums_by(production, agents.sector, len(agents.sectors))[:, : len(agents.sectors)]
            if counts is not None:
                counts.add(block, flat(run["limiting"].isel(day=block), agents), (baseline - production) * weight)
        self.by_region = _relative(by_region.T, sums_by(baseline, agents.region, len(agents.regions)))
        self.by_sector = _relative(by_sector.T, sums_by(baseline, agents.sector, len(agents.sectors)))
        if counts is not None:
            self.causes, self.shortages = counts.causes, counts.shortages()


class _Counts:
    """Losses and agent-days by what limited production."""

    def __init__(self, run: xarray.Dataset, agents: Agents, days: int) -> None:
        self.agents = agents
        self.products = tuple(str(label) for label in run["product"].to_numpy())
        self.causes = np.zeros((len(agents), 4))
        self.held_back = np.zeros((days, len(self.products)), dtype=np.int64)
        self.lost = np.zeros((len(self.products), max(1, len(agents.regions))))

    def add(self, block: slice, limiting: np.ndarray, short: Float) -> None:
        """Count some days: what limited each agent (d, N), and how much value added it lost (d, N)."""
        by_input = (limiting >= 0) & (short > 0)
        cause = np.select([short <= 0, by_input, limiting == _CAPACITY, limiting == _DEMAND], [3, 1, 0, 2], default=3)
        for column in range(4):
            self.causes[:, column] += np.where(cause == column, short, 0.0).sum(axis=0)
        day, agent = np.nonzero(by_input)
        product = limiting[day, agent].astype(np.int64)
        size, regions = len(self.products), self.lost.shape[1]
        cells = np.bincount(day * size + product, minlength=limiting.shape[0] * size)
        self.held_back[block] = cells.reshape(-1, size)
        key = product * regions + self.agents.region[agent]
        self.lost += np.bincount(key, weights=short[day, agent], minlength=size * regions).reshape(size, regions)

    def shortages(self) -> Shortages:
        """Return what was counted about inputs."""
        return Shortages(
            products=self.products,
            held_back=self.held_back.T,
            lost=self.lost.sum(axis=1),
            by_region=self.lost[:, : len(self.agents.regions)],
        )


def _relative(production: Float, baseline: Float) -> Float:
    base = baseline[: len(production), None]
    return np.divide(production, base, out=np.ones_like(production), where=base > 0)


def _back(run: xarray.Dataset, agents: Agents) -> Float:
    if "recovery_day" not in run:
        return np.full(len(agents), np.nan)
    return flat(run["recovery_day"], agents).astype(np.float64)


def _unmet(run: xarray.Dataset) -> Unmet | None:
    if "unmet_final_demand" not in run or "baseline_final_demand" not in run:
        return None
    missing = run["unmet_final_demand"].transpose("day", "demander", "product").to_numpy()
    return Unmet(
        demanders=tuple(str(label) for label in run["demander"].to_numpy()),
        products=tuple(str(label) for label in run["product"].to_numpy()),
        missing=missing.sum(axis=0) * step_of(run["day"].to_numpy()),
        baseline=run["baseline_final_demand"].transpose("demander", "product").to_numpy(),
    )


def _origins(run: xarray.Dataset) -> Origins | None:
    if "loss_by_origin" not in run:
        return None
    array = run["loss_by_origin"].transpose("region", "origin")
    return Origins(
        regions=tuple(str(label) for label in array["region"].to_numpy()),
        origins=tuple(str(label) for label in array["origin"].to_numpy()),
        lost=np.nan_to_num(array.to_numpy().astype(np.float64)),
    )


def _routes(run: xarray.Dataset) -> tuple[Route, ...]:
    if "path_loss" not in run:
        return ()
    losses = run["path_loss"].to_numpy()
    agents = run["path_agent"].transpose("path", "step").to_numpy().astype(str)
    reasons = run["path_reason"].transpose("path", "step").to_numpy().astype(str)
    routes = []
    for loss, names, whys in zip(losses, agents, reasons, strict=True):
        steps = tuple((str(name), str(why)) for name, why in zip(names, whys, strict=True) if name)
        if steps and np.isfinite(loss) and loss > 0:
            routes.append(Route(steps, float(loss)))
    return tuple(sorted(routes, key=lambda route: -route.lost))


def _money(result: Result) -> Money:
    table = result.provenance.get("table")
    if isinstance(table, Mapping) and table.get("currency"):
        return Money(str(table["currency"]), float(table.get("unit", 1.0)))
    units = str(result.values["value_added_lost"].attrs.get("units", ""))
    found = re.fullmatch(r"(?:(thousand|million|billion) )?([A-Z]{3})", units.strip())
    return Money(units, 1.0) if found is None else Money(found[2], _WORDS.get(found[1] or "", 1.0))
