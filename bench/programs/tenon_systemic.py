"""The systemic risk of firms of a random network. ``failing``: how many firms fail, or 0 for all."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bench.programs.channel import Channel
from bench.programs.tenon_firms import read_network
from tenon.schema import SupplyNetwork
from tenon.vulnerability import SystemicRules, systemic_risk

_SEED = 20220512


def main() -> None:
    """Let firms fail, each alone, and tell how long that took."""
    channel = Channel()
    config = channel.config
    network = read_network(Path(config["folder"]))
    rules = SystemicRules(essentiality=_needs(network), replaceable=config["replaceable"])
    # Compiles the kernels, or reads them from the disk.
    systemic_risk(network, network.agents[:2], rules)
    chosen = None
    if config["failing"]:
        random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(0,)))
        firms = random.choice(len(network), size=config["failing"], replace=False)
        chosen = [network.agents[firm] for firm in firms]
    began = time.process_time(), time.perf_counter()
    values = systemic_risk(network, chosen, rules, threads=config["threads"]).values
    channel.finish(
        processor=time.process_time() - began[0],
        wall=time.perf_counter() - began[1],
        failures=values.sizes["failure"],
        rounds=float(values["iterations"].mean()),
        largest=float(values["esri"].max()),
    )


def _needs(network: SupplyNetwork) -> np.ndarray:
    """Return a matrix in which one input in ten is ignored, half are non-essential and the others essential."""
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(1,)))
    size = len(network.products)
    return random.choice(3, size=(size, size), p=[0.1, 0.5, 0.4])


if __name__ == "__main__":
    main()
