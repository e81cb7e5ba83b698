"""The stress test of a company's chain: what an outage costs, how long the chain survives it, on whom it hangs."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from tenon.schema import Outage, ParameterError, Result, Status, SupplyChain
from tenon.schema.hits import read_hits
from tenon.studies.chain_days import follow_outages
from tenon.vulnerability import (
    NormalFlows,
    critical_pairs,
    every_group,
    every_lane,
    every_passage,
    every_site,
    normal_flows,
    single_points,
    stress_chain,
)

if TYPE_CHECKING:
    import xarray

__all__ = ["stress_site", "stress_supply_chain"]

_CLOSURE_DAYS = 30.0
_MOST_SITES_FOR_PAIRS = 2000
_MOST_PRICES = 10_000_000
_FOLLOWED = 10
_PRICES = ("value_of_stock", "value_of_capacity", "value_of_shared_capacity")


def stress_supply_chain(  # noqa: PLR0913  # budget: independent choices of a study, by keyword and with a default
    chain: SupplyChain,
    outages: Sequence[Outage] = (),
    *,
    closure_days: float = _CLOSURE_DAYS,
    within_days: float = 0.0,
    follow: int = _FOLLOWED,
    progress: Callable[[int, int], None] | None = None,
    follow_progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Stress-test a chain: every site, group, lane and passage, and combinations of one's own.

    Parameters
    ----------
    chain : SupplyChain
        The chain.
    outages : sequence of Outage
        Combinations to test besides.
    closure_days : float, days, above 0
        How long lanes and passages stay closed of which the chain has no time; sites and groups have their own times
        to recover.
    within_days : float, days, at least 0
        Sources that must be started up first count against single points of failure if they can be within this time.
    follow : int, at least 0
        How many outages are followed from day to day (:func:`tenon.studies.follow_outages`): those that cost most, then
        those that come nearest to costing anything.
    progress : callable, optional
        Called with the outages done and all.
    follow_progress : callable, optional
        Called with the days done and all, while outages are followed.

    Returns
    -------
    Result
        What :func:`tenon.vulnerability.stress_chain` finds, with ``outage_kind`` and, instead of all prices, the stage
        where stock helps most (``remedy_stage``), what a unit of it saves (``remedy_value``, currency per unit) and
        what it saves for its cost (``remedy_return``); one ``point`` for each single point
        of failure and one ``pair`` for each critical pair of sites; and the chain for drawing: ``stage_site``,
        ``stage_depth``, ends, flow, standing and start-up days of each ``supply`` and whether a contract limits it,
        ``spend`` (site; currency per day), ``recovery_evidence`` (site), ``margin`` (product; currency per day).
        What is followed from day to day stands along ``followed`` and ``day``.

    Raises
    ------
    ParameterError
        If a figure is out of its range.
    ShockError
        If two outages have one name.
    ConvergenceError
        If a program cannot be solved.
    """
    _check(closure_days, follow)
    named = _named(
        {
            "site": every_site(chain),
            "group": every_group(chain),
            "lane": every_lane(chain, closure_days),
            "passage": every_passage(chain, closure_days),
            "combination": tuple(outages),
        }
    )
    followed = partial(_follow, chain, named, most=follow, progress=follow_progress)
    result = _stress(chain, named, within_days, followed, progress)
    return _with_parameters(result, closure_days=closure_days)


def stress_site(
    chain: SupplyChain,
    site: str,
    *,
    days: float | None = None,
    within_days: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Say what it costs if one site stops, and follow that from day to day.

    Parameters
    ----------
    chain : SupplyChain
        The chain.
    site : str
        Label of the site.
    days : float, days, above 0, optional
        How long it stops; its own times to recover if left out.
    within_days : float, days, at least 0
        As in :func:`stress_supply_chain`.
    progress : callable, optional
        Called with the outages done and all.

    Returns
    -------
    Result
        As from :func:`stress_supply_chain`, of this outage alone, which is followed even where it costs nothing.

    Raises
    ------
    ShockError, LabelError
        If the chain has no such site, or the days are none that can be.
    ConvergenceError
        If a program cannot be solved.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> result = stress_site(example_chain(), "Ghent melt shop", days=60)
    >>> bool(result.values["margin_lost"][0] > 0)
    True
    """
    outage = Outage(name=site, sites=(site,), days=days)
    read_hits(chain, [outage])

    def followed(_stressed: Result) -> Result:
        result = follow_outages(chain, [outage])
        return replace(result, values=result.values.rename(outage="followed"))

    return _stress(chain, [(outage, "site")], within_days, followed, progress)


def _stress(
    chain: SupplyChain,
    named: Sequence[tuple[Outage, str]],
    within_days: float,
    follow: Callable[[Result], Result],
    progress: Callable[[int, int], None] | None,
) -> Result:
    """Examine outages and put together what pages and tables need."""
    started = time.perf_counter()
    # First, because they are found at once and refuse what they cannot work with.
    points = single_points(chain, within_days=within_days)
    priced = len(named) * len(chain.stages) <= _MOST_PRICES
    stressed = stress_chain(chain, [outage for outage, _ in named], prices=priced, progress=progress)
    kind_of = {outage.name: kind for outage, kind in named}
    flows = normal_flows(chain)
    values = stressed.values.drop_vars(_PRICES, errors="ignore").assign(
        outage_kind=("outage", [kind_of[str(name)] for name in stressed.values["outage"].to_numpy()])
    )
    if priced:
        values = values.assign(_remedies(chain, stressed.values, flows))
    values = values.merge(points.values.rename(product="point_product"), join="exact")
    notes = [*_interrupted(values.sizes["outage"], len(named)), *stressed.notes, *points.notes]
    if len(chain.sites) <= _MOST_SITES_FOR_PAIRS:
        pairs = critical_pairs(chain, within_days=within_days)
        values = values.merge(pairs.values.rename(margin_at_stake="pair_stake"), join="exact")
        notes += pairs.notes
    days = follow(stressed)
    result = Result(
        values=values.merge(days.values, join="exact").merge(_drawing(chain, flows), join="exact"),
        status=days.status,
        residuals={**stressed.residuals, **days.residuals},
        notes=(*notes, *days.notes),
        provenance={
            **stressed.provenance,
            "outages": {"examined": values.sizes["outage"], "wanted": len(named)},
            "seconds": round(time.perf_counter() - started, 3),
        },
    )
    return _with_parameters(result, within_days=within_days)


def _with_parameters(result: Result, **parameters: float) -> Result:
    own = cast("Mapping[str, object]", result.provenance["parameters"])
    return replace(result, provenance={**result.provenance, "parameters": {**own, **parameters}})


def _check(closure_days: float, follow: int) -> None:
    if not (math.isfinite(closure_days) and closure_days > 0):
        message = f"closure_days must be a finite number above zero, but is {closure_days}."
        raise ParameterError(message)
    if follow < 0:
        message = f"follow must be a number of outages, at least 0, but is {follow}."
        raise ParameterError(message)


def _follow(
    chain: SupplyChain,
    named: Sequence[tuple[Outage, str]],
    stressed: Result,
    *,
    most: int,
    progress: Callable[[int, int], None] | None,
) -> Result:
    """Follow the most exposed outages from day to day; none after an interrupt, or where nothing is exposed."""
    import xarray

    names = _most_exposed(stressed.values)[:most]
    if stressed.status is not Status.COMPLETE or not names:
        return replace(stressed, values=xarray.Dataset(), residuals={}, notes=())
    by_name = {outage.name: outage for outage, _ in named}
    days = follow_outages(chain, [by_name[name] for name in names], progress=progress)
    return replace(days, values=days.values.rename(outage="followed"))


def _most_exposed(stressed: xarray.Dataset) -> list[str]:
    """Order outages by what they cost, then by how near they come to costing anything.

    What the program takes for harmless may still come as a late wave of goods that were not made; the less time stocks
    leave until the site is back, the sooner. Where they outlast the cap, nothing comes: such outages are left out.
    """
    likely, high = (stressed["performance_impact"].sel(recovery=name).to_numpy() for name in ("likely", "high"))
    exposed = np.flatnonzero((likely > 0) | ~stressed["survival_is_capped"].to_numpy())
    keys = (high, stressed["gap_days"].to_numpy(), likely)
    ranked = exposed[np.lexsort([-key[exposed] for key in keys])]
    return [str(name) for name in stressed["outage"].to_numpy()[ranked]]


def _interrupted(examined: int, wanted: int) -> list[str]:
    """Say what is missing after an interrupt: outages are examined from the shortest to the longest."""
    note = (
        f"The test was interrupted after {examined} of {wanted} outages; the longest are missing, so what costs most "
        "may not be among these."
    )
    return [note] if examined < wanted else []


def _named(kinds: Mapping[str, Sequence[Outage]]) -> list[tuple[Outage, str]]:
    """Put outages in one list with their kinds; where a name is taken, the kind tells the two apart."""
    named: list[tuple[Outage, str]] = []
    taken: set[str] = set()
    for kind, outages in kinds.items():
        for outage in outages:
            # Names of one's own combinations are refused where they stand twice, not changed.
            clash = outage.name in taken and kind != "combination"
            named.append((replace(outage, name=f"{outage.name} ({kind})") if clash else outage, kind))
            taken.add(named[-1][0].name)
    return named


def _remedies(chain: SupplyChain, stressed: xarray.Dataset, flows: NormalFlows) -> dict[str, xarray.Variable]:
    """Return, for each outage, the stage where a little more stock saves most for what the stock costs.

    The value of stock is the dual of the stress test, so it holds for small changes. Stages whose units cost nothing
    are left out: no return can be worked out for them.
    """
    import xarray

    value = stressed["value_of_stock"].to_numpy()
    costs = flows.unit_cost > 0
    saved = np.where(costs, value / np.where(costs, flows.unit_cost, 1.0), 0.0)
    best = saved.argmax(axis=1)
    rows = np.arange(best.size)
    helps = saved[rows, best] > 0
    labels = np.where(helps, np.array(chain.stage_labels, dtype=object)[best], "")
    money = chain.currency
    about = {
        "remedy_stage": (labels, {"long_name": "where a little more stock saves most for its cost"}),
        "remedy_value": (value[rows, best] * helps, {"units": f"{money}/unit", "long_name": "saved by a unit of it"}),
        "remedy_return": (saved[rows, best], {"units": "1", "long_name": "saved for what a unit of it costs"}),
    }
    return {name: xarray.Variable("outage", values, attrs) for name, (values, attrs) in about.items()}


def _drawing(chain: SupplyChain, flows: NormalFlows) -> xarray.Dataset:
    """Return what pictures and tables need of the chain itself."""
    import xarray

    stages, supplies = chain.stages, chain.supplies
    earned = np.bincount(chain.demands.stage, chain.demands.quantity * chain.demands.margin, len(stages))
    products = np.unique(chain.demands.stage)
    labels = np.array(chain.stage_labels, dtype=object)
    evidence = np.array([item.value for item in chain.sites.recovery_evidence], dtype=object)
    money = f"{chain.currency}/day"
    return xarray.Dataset(
        {
            "stage_site": ("stage", np.array(chain.sites.labels, dtype=object)[stages.site]),
            "stage_depth": ("stage", chain.depth, {"units": "1", "long_name": "supplies to the end of the chain"}),
            "supply_supplier": ("supply", supplies.supplier),
            "supply_buyer": ("supply", supplies.buyer),
            "supply_flow": ("supply", flows.flow, {"units": "units/day", "long_name": "undisturbed flow"}),
            "supply_verified": ("supply", supplies.verified),
            "supply_start_up_days": ("supply", supplies.start_up_days, {"units": "day", "long_name": "start-up first"}),
            "supply_is_limited": ("supply", np.isfinite(supplies.capacity), {"long_name": "limited by a contract"}),
            "recovery_evidence": ("site", evidence, {"long_name": "how well the time to recover is known"}),
            "spend": ("site", flows.spend, {"units": money, "long_name": "bought from the site, undisturbed"}),
            "margin": ("product", earned[products], {"units": money, "long_name": "margin, undisturbed"}),
        },
        coords={
            "stage": labels,
            "site": np.array(chain.sites.labels, dtype=object),
            "product": labels[products],
        },
    )
