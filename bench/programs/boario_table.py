"""Days of BoARIO on a table, for comparison. Runs in an environment of its own and shares no code with tenon.

Written from the tutorials and docstrings of BoARIO 0.7.2 (https://spjuhel.github.io/BoARIO).
"""

from __future__ import annotations

import logging
from pathlib import Path

import boario.event
import numpy as np
import pandas as pd
import pymrio
from boario.extended_models import ARIOPsiModel
from boario.simulation import Simulation

from bench.programs.channel import Channel


def read_table(folder: Path) -> pymrio.IOSystem:
    """Make pymrio's form of the arrays that the bench wrote."""
    x, Y = np.load(folder / "x.npy"), np.load(folder / "Y.npy")
    regions = [f"r{r:03d}" for r in range(Y.shape[1])]
    sectors = [f"s{s:03d}" for s in range(x.size // len(regions))]
    industries = pd.MultiIndex.from_product([regions, sectors], names=["region", "sector"])
    demand = pd.MultiIndex.from_product([regions, ["final"]], names=["region", "category"])
    Z = pd.DataFrame(np.load(folder / "Z.npy"), index=industries, columns=industries)
    output = pd.DataFrame(x, index=industries, columns=["indout"])
    # What the model asks for and no more: calc_all would also invert a matrix.
    return pymrio.IOSystem(
        Z=Z, A=pymrio.calc_A(Z, output), Y=pd.DataFrame(Y, index=industries, columns=demand), x=output
    )


def main() -> None:
    """Make the model and live through the days that the parent asks for."""
    channel = Channel()
    config = channel.config
    logging.disable(logging.INFO)
    folder = Path(config["folder"])
    table = read_table(folder)
    simulation = Simulation(ARIOPsiModel(table), n_temporal_units_to_sim=config["days"])
    industries = table.Z.index
    del table
    lost = pd.Series(np.load(folder / "lost.npy"), index=industries)
    simulation.add_event(
        boario.event.from_series(
            lost[lost > 0],
            event_type="recovery",
            occurrence=1,
            duration=config["duration"],
            recovery_tau=config["recovery"],
            recovery_function="linear",
            event_monetary_factor=10**6,
        )
    )
    for _ in range(config["days"]):
        simulation.next_step()
        if not channel.day_done():
            break
    total = simulation.production_realised.to_numpy().sum(axis=1) * 365 / np.load(folder / "x.npy").sum()
    channel.finish(totals=total[: channel.days_done].tolist())


if __name__ == "__main__":
    main()
