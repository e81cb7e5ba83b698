"""What a year of bad luck costs a company's chain."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tenon.ensemble import processes, run_each
from tenon.schema import Outage, ParameterError, Result, SupplyChain
from tenon.schema.hits import lanes_of_passages
from tenon.studies.chain_stores import prepare_risk_store
from tenon.vulnerability import OutageImpact, annual_losses, every_site, stress_chain
from tenon.vulnerability.annual_losses import check_choices

__all__ = ["chain_risk"]


def chain_risk(  # noqa: PLR0913  # budget: independent choices of a study, by keyword and with a default
    chain: SupplyChain,
    *,
    years: int = 10_000,
    seed: int = 0,
    correlation: float = 0.0,
    levels: Sequence[float] = (0.9, 0.95, 0.99),
    workers: int = 1,
    store: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Draw many years of outages of a chain, and price every one with the program of the stress test.

    Parameters
    ----------
    chain : SupplyChain
        With ``events_per_year`` of sites, groups, lanes and passages.
    years : int, at least 2
        How many years are drawn.
    seed : int, at least 0
        The same seed gives the same years.
    correlation : float, from 0 to 1
        How far good and bad years are the same for all groups.
    levels : sequence of float, probabilities
        Levels of the value at risk.
    workers : int, at least 1
        Processes that price outages; figures do not depend on it.
    store : Path, optional
        File to which finished prices are appended; the same study goes on from it.
    progress : callable, optional
        Called with the portions of outages priced and all.

    Returns
    -------
    Result
        The variables of the attribute table ``annual_loss_values``. Events of one site, lane or passage alone that
        costs nothing for its longest time are not priced; those of groups always are.

    Raises
    ------
    ParameterError
        If a figure is out of its range.
    ChainError
        If nothing can fail, because every rate is zero.
    ConvergenceError
        If a program cannot be solved.
    SourceError
        If the store holds prices of another study, or something else.
    StorageError
        If the store is a folder, or cannot be written.
    """
    if workers < 1:
        message = f"workers must be at least 1, but are {workers}; use as many as the machine has cores."
        raise ParameterError(message)
    # Here too, because the stress test of all sites comes before them and may take long.
    check_choices(years=years, seed=seed, correlation=correlation, levels=levels)
    if store is not None:
        prepare_risk_store(chain, store, years=years, seed=seed, correlation=correlation)
    started = time.perf_counter()
    result = annual_losses(
        chain,
        OutageImpact(chain),
        years=years,
        seed=seed,
        correlation=correlation,
        levels=levels,
        idle=_idle(chain),
        each=partial(run_each, pool=processes(workers) if workers > 1 else None, store=store, progress=progress),
    )
    about = {
        "name": chain.name,
        "source": chain.source,
        "currency": chain.currency,
        "illustrative": chain.illustrative,
    }
    seconds = round(time.perf_counter() - started, 3)
    return replace(result, provenance={**result.provenance, "chain": about, "seconds": seconds})


def _idle(chain: SupplyChain) -> list[str]:
    """Sites, lanes and passages of which each, by itself, costs nothing however long it is out.

    What is lost in all never falls with the duration, so nothing at the longest is nothing before; that holds only
    where nothing is lost undisturbed either. A label that stands for two things is idle if both are.
    """
    outages = [*every_site(chain), *_closures(chain)]
    numbered = [replace(outage, name=str(number)) for number, outage in enumerate(outages)]
    values = stress_chain(chain, numbered, prices=False).values.sel(recovery="high")
    lost = (values["performance_impact"] + values["undisturbed_loss"]).to_numpy()
    costs = {outage.name for outage, loss in zip(outages, lost, strict=True) if loss > 0}
    return [label for label in dict.fromkeys(outage.name for outage in outages) if label not in costs]


def _closures(chain: SupplyChain) -> list[Outage]:
    """Closures of lanes and passages that happen now and then, for their own times."""
    lanes, passages, passed = chain.lanes, chain.passages, lanes_of_passages(chain)
    return [
        *(
            Outage(name=label, lanes=(label,))
            for label, rate in zip(lanes.labels, lanes.events_per_year, strict=True)
            if rate
        ),
        *(
            Outage(name=label, passages=(label,))
            for label, rate in zip(passages.labels, passages.events_per_year, strict=True)
            if rate and label in passed
        ),
    ]
