"""The stress test of real chains is what stocks of ten days at every stage imply; see source.md."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import xarray

from tenon.data import read_willems_chains
from tenon.schema import Float, Outage, Status, SupplyChain
from tenon.vulnerability import normal_flows, single_points, stress_chain

pytestmark = pytest.mark.slow

STOCK_DAYS = 10.0
# Stages, arcs, tiers.
PUBLISHED = {
    1: (8, 10, 3), 2: (13, 13, 4), 8: (40, 48, 8), 9: (49, 52, 5), 10: (58, 176, 2), 18: (154, 224, 8),
    20: (156, 169, 10), 22: (253, 253, 9),
}  # fmt: skip
LARGEST = 38


class Examined(NamedTuple):
    chain: SupplyChain
    stressed: xarray.Dataset
    stoppers: set[str]


class Ways(NamedTuple):
    """Stages on the shortest and the longest way from each stage to customers, and the demands that it serves."""

    shortest: Float
    longest: Float
    serves: np.ndarray[tuple[int, int], np.dtype[np.bool_]]


@pytest.fixture(scope="module")
def chains(shared: Path) -> dict[int, SupplyChain]:
    file = shared / "data" / "willems_2008" / "MSOM-06-038-R2.xlsx"
    if not file.is_file():
        pytest.skip(f"no {file}")
    numbers = (*PUBLISHED, LARGEST)
    return {number: read.chain for number, read in zip(numbers, read_willems_chains(file, numbers), strict=True)}


@pytest.fixture(scope="module")
def examined(chains: dict[int, SupplyChain]) -> dict[int, Examined]:
    found = {}
    for number in PUBLISHED:
        stressed = stress_chain(chains[number], prices=False)
        assert stressed.status is Status.COMPLETE
        assert max(stressed.residuals.values()) < 1e-9
        stoppers = set(single_points(chains[number]).values["cause"].values.tolist())
        found[number] = Examined(chains[number], stressed.values, stoppers)
    return found


@pytest.fixture(scope="module")
def largest(chains: dict[int, SupplyChain]) -> SupplyChain:
    return chains[LARGEST]


def ways(chain: SupplyChain) -> Ways:
    """Follow every supply once, those of the last tier first."""
    sold, count = chain.demands.stage, len(chain.stages)
    shortest, longest = np.full(count, np.inf), np.full(count, -np.inf)
    shortest[sold] = longest[sold] = 1.0
    serves = np.zeros((count, sold.size), dtype=bool)
    serves[sold, np.arange(sold.size)] = True
    for k in np.argsort(chain.depth[chain.supplies.buyer], kind="stable"):
        supplier, buyer = chain.supplies.supplier[k], chain.supplies.buyer[k]
        shortest[supplier] = min(shortest[supplier], 1 + shortest[buyer])
        longest[supplier] = max(longest[supplier], 1 + longest[buyer])
        serves[supplier] |= serves[buyer]
    return Ways(shortest, longest, serves)


@pytest.mark.parametrize("number", PUBLISHED)
def test_chains_have_their_published_size(examined: dict[int, Examined], number: int) -> None:
    chain = examined[number].chain
    assert (len(chain.stages), len(chain.supplies), int(chain.depth.max()) + 1) == PUBLISHED[number]


@pytest.mark.parametrize("number", PUBLISHED)
def test_nothing_is_lost_exactly_where_the_chain_survives(examined: dict[int, Examined], number: int) -> None:
    values = examined[number].stressed
    impact, days = values["performance_impact"].values, values["recovery_days"].values
    survives = values["survival_days"].values[:, None] >= (1 - 1e-9) * days
    np.testing.assert_array_equal(impact == 0, survives)
    assert survives.any()
    assert not survives.all()


@pytest.mark.parametrize("number", PUBLISHED)
def test_customers_notice_exactly_the_sites_that_stop_a_product(examined: dict[int, Examined], number: int) -> None:
    chain, values, stoppers = examined[number]
    noticed = ~values["survival_is_capped"].values
    assert {label for label, seen in zip(chain.sites.labels, noticed, strict=True) if seen} == stoppers


@pytest.mark.parametrize("number", PUBLISHED)
def test_survival_lies_between_the_stocks_of_the_shortest_and_the_longest_way(
    examined: dict[int, Examined], number: int
) -> None:
    chain, values, _ = examined[number]
    way = ways(chain)
    noticed = ~values["survival_is_capped"].values
    days = values["survival_days"].values[noticed]
    assert (days >= (1 - 1e-9) * STOCK_DAYS * way.shortest[noticed]).all()
    assert (days <= (1 + 1e-9) * STOCK_DAYS * way.longest[noticed]).all()


@pytest.mark.parametrize("number", PUBLISHED)
def test_impact_is_the_margin_of_the_days_that_are_not_survived(examined: dict[int, Examined], number: int) -> None:
    chain, values, _ = examined[number]
    serves = ways(chain).serves
    missing = np.maximum(0.0, values["recovery_days"].values - values["survival_days"].values[:, None])
    most = (serves @ (chain.demands.quantity * chain.demands.margin))[:, None] * missing
    impact = values["performance_impact"].values
    tolerance = 1e-6 * most.max()
    assert (impact <= most + tolerance).all()
    alone = serves.sum(axis=1) == 1
    np.testing.assert_allclose(impact[alone], most[alone], rtol=1e-6, atol=tolerance)


def test_some_sites_serve_one_demand_from_far_and_some_serve_many(examined: dict[int, Examined]) -> None:
    """Otherwise the tests above would show little."""
    found = [ways(examined[number].chain) for number in PUBLISHED]
    assert sum(int(((way.serves.sum(axis=1) == 1) & (way.shortest > 2)).sum()) for way in found) > 20
    assert sum(int(((way.serves.sum(axis=1) > 1) & (way.shortest < way.longest)).sum()) for way in found) > 20


def test_flows_of_the_largest_chain_are_conserved(largest: SupplyChain) -> None:
    flows, inputs, supplies, demands = normal_flows(largest), largest.inputs, largest.supplies, largest.demands
    assert (len(largest.stages), len(supplies)) == (2025, 16225)
    brought = np.bincount(largest.input_of_supply, flows.flow, len(inputs))
    np.testing.assert_allclose(brought, inputs.units * flows.output[inputs.stage], rtol=1e-12)
    sent = np.bincount(supplies.supplier, flows.flow, len(largest.stages))
    taken = sent + np.bincount(demands.stage, demands.quantity, len(largest.stages))
    np.testing.assert_allclose(flows.output, taken, rtol=1e-12)
    # The reader added flows up on its own.
    np.testing.assert_allclose(largest.stages.stock, STOCK_DAYS * flows.output, rtol=1e-12)


def test_sites_of_the_largest_chain_survive_as_long_as_stocks_on_the_way(largest: SupplyChain) -> None:
    sample = np.linspace(0, len(largest.sites) - 1, 20).astype(int)
    outages = [Outage(name=name, sites=(name,)) for name in np.array(largest.sites.labels)[sample].tolist()]
    result = stress_chain(largest, outages, prices=False)
    assert result.status is Status.COMPLETE
    way, days = ways(largest), result.values["survival_days"].values
    assert (days >= (1 - 1e-9) * STOCK_DAYS * way.shortest[sample]).all()
    assert (days <= (1 + 1e-9) * STOCK_DAYS * way.longest[sample]).all()
    survives = days[:, None] >= (1 - 1e-9) * result.values["recovery_days"].values
    np.testing.assert_array_equal(result.values["performance_impact"].values == 0, survives)
