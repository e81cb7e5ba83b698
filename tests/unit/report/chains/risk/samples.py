"""Years of bad luck that can be worked out in the head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tenon.schema import Result, SupplyChain
from tenon.vulnerability import annual_losses
from tests.chains import CASES
from tests.unit.vulnerability.risky_chains import closing, risky

SERIAL = CASES["serial"].chain


def years(chain: SupplyChain, levels: tuple[float, ...] = (0.9, 0.99)) -> Result:
    """Draw years of a chain in which each day of any outage costs ten."""
    found = annual_losses(chain, lambda _, days, __: 10.0 * days, years=2000, seed=1, levels=levels)
    return replace(found, provenance={**found.provenance, "chain": {"name": chain.name, "illustrative": True}})


def sites_alone(levels: tuple[float, ...] = (0.9, 0.99)) -> Result:
    """S fails every second year, for ten days: 50 a year."""
    sites = replace(SERIAL.sites, events_per_year=np.array([0.5, 0.0]))
    return years(replace(SERIAL, sites=sites), levels)


def everything(passages: Mapping[str, float] | None = None) -> Result:
    """S, the group of S and P, a lane and a strait fail now and then, each for ten days."""
    chain = risky(SERIAL, [0.5, 0.0], 10.0, {"coast": (("S", "P"), 0.2)})
    rates = {"strait": 0.4} if passages is None else passages
    return years(closing(chain, {"sea": (("strait",), 0.1)}, rates, 10.0))
