"""Safety stocks on a random tree of stages. ``stages``: how many; ``days``: longest way through the chain."""

from __future__ import annotations

import time

import numpy as np

from bench.programs.channel import Channel
from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks.solve_tree import solve_tree

_SEED = 20000116
_TIMES = 7


def main() -> None:
    """Solve one problem several times, each from the start, and tell the processor time of each."""
    channel = Channel()
    problem = _tree(channel.config["stages"], channel.config["days"])
    # Compiles the kernel, or reads it from the disk.
    solve_tree(problem)
    seconds = []
    for _ in range(_TIMES):
        began = time.process_time()
        service = solve_tree(problem)
        seconds.append(time.process_time() - began)
    channel.finish(seconds=seconds, longest=int(service.max()))


def _tree(stages: int, days: int) -> SafetyStockProblem:
    """Make a tree in tiers: each stage supplies one stage of the tier below it, customers are served from stock."""
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(stages, days)))
    tiers = np.sort(random.integers(0, 8, stages))
    tiers[0] = 0
    supplier = np.flatnonzero(tiers > tiers[0])
    below = np.searchsorted(tiers, tiers[supplier])
    buyer = (random.random(supplier.size) * below).astype(int)
    ends = ~np.isin(np.arange(stages), supplier)
    return SafetyStockProblem(
        name="random tree",
        stages=tuple(f"stage {number}" for number in range(stages)),
        supplier=supplier,
        buyer=buyer,
        units=np.ones(supplier.size),
        stage_days=random.integers(1, max(days // 8, 2), stages),
        added_cost=random.lognormal(2.0, 1.0, stages),
        deviation=np.where(ends, random.lognormal(3.0, 1.0, stages), 0.0),
        service_days=np.where(ends, 0.0, np.inf),
        currency="EUR",
    )


if __name__ == "__main__":
    main()
