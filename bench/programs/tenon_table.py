"""Days of tenon on a table, under one scenario or many.

``rules``: ``default`` or ``boario_compatible``. ``scenarios``: how many, side by side; the event of the comparison with
BoARIO if left out. All records are kept that tenon keeps by default.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from bench.programs.channel import Channel, stopping
from tenon.data import supply_network
from tenon.propagation import Parameters, boario_compatible, propagate
from tenon.schema import CapitalShock, InputOutputTable, RecoveryShape, Scenario, SupplyNetwork, Target, Timing


def read_table(folder: Path) -> InputOutputTable:
    """Make a table of the arrays that the bench wrote."""
    x = np.load(folder / "x.npy")
    Z = np.load(folder / "Z.npy")
    Y = np.load(folder / "Y.npy")
    regions = Y.shape[1]
    return InputOutputTable(
        name="synthetic",
        regions=tuple(f"r{r:03d}" for r in range(regions)),
        sectors=tuple(f"s{s:03d}" for s in range(x.size // regions)),
        final_demand_categories=("final",),
        value_added_items=("value added",),
        Z=Z,
        Y=Y,
        V=(x - Z.sum(axis=0))[None, :],
        x=x,
        currency="USD",
        unit=1e6,
        year=2022,
        source="made by the bench",
        license="facts",
    )


def reference_scenario(network: SupplyNetwork, config: dict[str, Any]) -> Scenario:
    """Return the event of the comparison: capital is destroyed, and comes back in a straight line."""
    lost = np.load(Path(config["folder"]) / "lost.npy")
    damage = {network.agents[i]: float(lost[i]) for i in np.flatnonzero(lost)}
    # BoARIO's event of this duration is in full effect for two days more.
    timing = Timing(
        start_day=1,
        duration_days=config["duration"] + 2,
        recovery=RecoveryShape.LINEAR,
        recovery_days=config["recovery"],
    )
    shock = CapitalShock(damage=damage, damage_unit=network.unit, timing=timing)
    return Scenario(name="reference", horizon_days=config["days"], shocks=(shock,))


def regional_scenarios(network: SupplyNetwork, config: dict[str, Any]) -> list[Scenario]:
    """Return scenarios that hit one region after the other, each by another share."""
    count = config["scenarios"]
    timing = Timing(
        start_day=0, duration_days=config["duration"], recovery=RecoveryShape.LINEAR, recovery_days=config["recovery"]
    )
    return [
        Scenario(
            name=f"scenario {number}",
            horizon_days=config["days"],
            shocks=(
                CapitalShock(
                    target=Target(regions=(network.regions[number % len(network.regions)],)),
                    loss=0.1 + 0.8 * number / max(count, 64),
                    timing=timing,
                ),
            ),
        )
        for number in range(count)
    ]


def main() -> None:
    """Make the network and live through the days that the parent asks for."""
    channel = Channel()
    config = channel.config
    network = supply_network(read_table(Path(config["folder"])))
    parameters = boario_compatible() if config["rules"] == "boario_compatible" else Parameters()
    scenarios = regional_scenarios(network, config) if "scenarios" in config else [reference_scenario(network, config)]
    result = propagate(
        network,
        scenarios,
        parameters,
        threads=config["threads"],
        progress=stopping(channel),
    )
    total = result.values["total_production"].values
    channel.finish(totals=(total[0] / network.output.sum()).tolist())


if __name__ == "__main__":
    main()
