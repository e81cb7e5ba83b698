"""A stress test of a company's chain. ``first``: stage from which on each ``step``-th fails in turn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.programs.channel import Channel
from tenon.schema import Demands, Evidence, Inputs, Lanes, Outage, Parts, Sites, Stages, Supplies, SupplyChain
from tenon.vulnerability import stress_chain


def read_chain(folder: Path) -> SupplyChain:
    """Make a chain of the arrays that the bench wrote."""
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    count, inputs, supplies = arrays["part"].size, arrays["units"].size, arrays["feeds"].size
    products, kinds = arrays["demand"].size, int(arrays["part"].max()) + 1
    return SupplyChain(
        name="random chain",
        sites=Sites(
            labels=tuple(f"s{number}" for number in range(count)),
            country=("",) * count,
            latitude=np.full(count, np.nan),
            longitude=np.full(count, np.nan),
            capacity=np.full(count, np.inf),
            recovery_days=np.repeat(arrays["recovery"][:, None], 3, axis=1),
            recovery_evidence=(Evidence.ASSUMED,) * count,
            events_per_year=np.zeros(count),
        ),
        parts=Parts(labels=tuple(f"p{kind}" for kind in range(kinds)), units=("piece",) * kinds),
        stages=Stages(
            site=np.arange(count),
            part=arrays["part"],
            capacity=arrays["capacity"],
            stock=arrays["stock"],
            site_use=np.ones(count),
            added_cost=np.ones(count),
            processing_days=np.zeros(count),
        ),
        inputs=Inputs(
            stage=arrays["input_stage"], part=arrays["input_part"], units=arrays["units"], stock=np.zeros(inputs)
        ),
        supplies=Supplies(
            supplier=arrays["supplier"],
            buyer=arrays["input_stage"][arrays["feeds"]],
            share=np.full(supplies, np.nan),
            capacity=np.full(supplies, np.inf),
            lane=np.full(supplies, -1),
            start_up_days=np.zeros(supplies),
            verified=np.ones(supplies, dtype=bool),
        ),
        lanes=Lanes(labels=(), mode=(), days=np.zeros(0), capacity=np.zeros(0), passages=()),
        demands=Demands(
            stage=np.arange(products),
            customer=("all",) * products,
            quantity=arrays["demand"],
            margin=arrays["margin"],
            deviation=np.zeros(products),
            service_days=np.zeros(products),
        ),
        currency="EUR",
        source="made by the bench",
    )


def main() -> None:
    """Make the chain and let its stages fail one after another."""
    channel = Channel()
    config = channel.config
    chain = read_chain(Path(config["folder"]))
    sites = chain.sites.labels[config["first"] :: config["step"]]
    outages = [Outage(name=site, sites=(site,)) for site in sites]
    result = stress_chain(chain, outages, prices=False, cap_days=config["cap_days"])
    channel.finish(
        outages=len(outages),
        programs=result.provenance["programs"],
        recovery_seconds=result.provenance["recovery_seconds"],
        survival_seconds=result.provenance["survival_seconds"],
        impact=result.values["performance_impact"].sel(recovery="likely").values.tolist(),
        survives=result.values["survival_days"].values.tolist(),
    )


if __name__ == "__main__":
    main()
