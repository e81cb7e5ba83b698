"""Chains of Willems (2008) examined one after the other. ``path``: the workbook; ``numbers``: which chains."""

from __future__ import annotations

import time

import numpy as np

from bench.programs.channel import Channel
from tenon.data import read_willems_chains
from tenon.schema import SupplyChain
from tenon.vulnerability import single_points, stress_chain

_YEAR_DAYS = 365.0


def examine(chain: SupplyChain) -> dict[str, float]:
    """Let every site fail in turn, find the single points, and return the figures of the summary."""
    began = time.process_time()
    stressed = stress_chain(chain, prices=False).values
    between = time.process_time()
    points = single_points(chain).values
    ended = time.process_time()
    impact = stressed["performance_impact"].sel(recovery="likely").to_numpy()
    noticed = stressed["survival_days"].to_numpy()[~stressed["survival_is_capped"].to_numpy()]
    return {
        "stages": len(chain.stages),
        "arcs": len(chain.supplies),
        "tiers": int(chain.depth.max()) + 1,
        "sites": len(chain.sites),
        "sites_with_impact": int((impact > 0).sum()),
        "hidden": np.unique(points["cause"].to_numpy()[points["hidden"].to_numpy()]).size,
        "worst_share": float(impact.max() / (_YEAR_DAYS * (chain.demands.quantity @ chain.demands.margin))),
        "shortest_days": float(noticed.min()),
        "longest_days": float(noticed.max()),
        "stress_seconds": between - began,
        "points_seconds": ended - between,
    }


def main() -> None:
    """Examine the chains and tell of each."""
    channel = Channel()
    numbers = channel.config["numbers"]
    # What is compiled or loaded at the first use does not count.
    (first,) = read_willems_chains(channel.config["path"], numbers[:1])
    examine(first.chain)
    for read in read_willems_chains(channel.config["path"], numbers):
        channel.tell(**examine(read.chain))
    channel.finish()


if __name__ == "__main__":
    main()
