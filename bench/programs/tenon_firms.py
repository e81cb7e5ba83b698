"""Days of tenon on a random network of firms. ``rationing``: name of the rule."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from bench.programs.channel import Channel, stopping
from tenon.propagation import RationingRule, inoue_todo, propagate
from tenon.schema import CapacityShock, RecoveryShape, Scenario, SparseLinks, SupplyNetwork, Target, Timing


def read_network(folder: Path) -> SupplyNetwork:
    """Make a network of the arrays that the bench wrote."""
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    firms, products = arrays["product"].size, int(arrays["product"].max()) + 1
    return SupplyNetwork(
        name="random firms",
        agents=tuple(f"f{i}" for i in range(firms)),
        products=tuple(f"s{s}" for s in range(products)),
        product=arrays["product"],
        regions=("all",),
        region=np.zeros(firms, dtype=np.int64),
        links=SparseLinks(arrays["supplier"], arrays["buyer"], arrays["flow"]),
        demanders=("people",),
        final_demand=arrays["final_demand"][:, None],
        value_added=arrays["value_added"],
        capital=np.zeros(firms),
        inventory_days=np.array([[15.0]]),
        stock_release=np.zeros(firms),
        currency="EUR",
        unit=1.0,
        source="made by the bench",
    )


def main() -> None:
    """Make the network and live through the days that the parent asks for."""
    channel = Channel()
    config = channel.config
    started = time.perf_counter()
    network = read_network(Path(config["folder"]))
    made = time.perf_counter() - started
    # Every hundredth firm loses between a fifth and all of its capacity, and has it back after thirty days.
    timing = Timing(start_day=0, duration_days=1, recovery=RecoveryShape.LINEAR, recovery_days=30)
    shocks = tuple(
        CapacityShock(target=Target(agents=network.agents[100 * k :: 500]), loss=0.2 * (k + 1), timing=timing)
        for k in range(5)
    )
    scenario = Scenario(name="hit", horizon_days=config["days"], shocks=shocks)
    result = propagate(
        network,
        scenario,
        inoue_todo(rationing=RationingRule(config["rationing"])),
        records=("total_production",),
        threads=config["threads"],
        progress=stopping(channel),
    )
    total = result.values["total_production"].values
    channel.finish(
        network_wall=made,
        run_wall=result.provenance["seconds"],
        slots=_slots(network),
        totals=(total[0] / network.output.sum()).tolist(),
    )


def _slots(network: SupplyNetwork) -> int:
    """Return how many pairs of buyer and product the network has."""
    links = network.links
    assert isinstance(links, SparseLinks)  # noqa: S101 - made so above
    return int(np.unique(links.buyer * len(network.products) + network.product[links.supplier]).size)


if __name__ == "__main__":
    main()
