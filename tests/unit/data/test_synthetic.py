from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.data import FirmTraits, load, synthetic_firms
from tenon.schema import Float, InputOutputTable, Integer, ParameterError, SparseLinks, SupplyNetwork
from tests.unit.data.synthetic_samples import industry_flows, industry_of, two_regions

PRECISION = 1e-9


@pytest.fixture(scope="module")
def world() -> InputOutputTable:
    return load("world-2022")


@pytest.fixture(scope="module")
def economy(world: InputOutputTable) -> SupplyNetwork:
    """Return a network that pools some flows of the world table."""
    return synthetic_firms(world, firms=20_000, links=100_000, seed=3)


def degrees(network: SupplyNetwork) -> tuple[Integer, Integer]:
    """Return the numbers of customers and suppliers of each firm."""
    links = network.links
    assert isinstance(links, SparseLinks)
    size = len(network)
    return np.bincount(links.supplier, minlength=size), np.bincount(links.buyer, minlength=size)


def tail_exponent(values: Float | Integer, largest: int) -> float:
    """Return Hill's estimate (1975, *Annals of Statistics* 3:1163) from so many of the largest values."""
    top = np.sort(values)[::-1][: largest + 1].astype(np.float64)
    return float(largest / np.log(top[:-1] / top[-1]).sum())


def test_flows_between_industries_final_demand_and_value_added_add_up_to_the_table() -> None:
    table = two_regions()
    network = synthetic_firms(table, firms=200, links=900, seed=1)
    np.testing.assert_allclose(industry_flows(table, network), table.Z, rtol=PRECISION)
    demand = np.zeros((len(table), len(table.regions)))
    np.add.at(demand, industry_of(network), network.final_demand * 365)
    np.testing.assert_allclose(demand, np.maximum(table.final_demand_by_region, 0.0), rtol=PRECISION, atol=0)
    released = np.bincount(industry_of(network), weights=network.stock_release * 365, minlength=len(table))
    np.testing.assert_allclose(released, np.maximum(-table.final_demand_by_region, 0.0).sum(axis=1), rtol=PRECISION)
    added = np.bincount(industry_of(network), weights=network.value_added * 365, minlength=len(table))
    np.testing.assert_allclose(added, table.value_added, rtol=PRECISION)


def test_pooling_keeps_what_industries_sell_and_what_they_buy_of_each_product(
    world: InputOutputTable, economy: SupplyNetwork
) -> None:
    flows = industry_flows(world, economy)
    np.testing.assert_allclose(flows.sum(axis=1), world.Z.sum(axis=1), rtol=PRECISION)
    sectors = len(world.sectors)
    bought, wanted = (Z.reshape(-1, sectors, len(world)).sum(axis=0) for Z in (flows, world.Z))
    np.testing.assert_allclose(bought, wanted, rtol=PRECISION, atol=PRECISION * wanted.max())
    assert "8.70% of the flows between industries pooled by product" in economy.source
    # Pooled mass is the only thing that moved.
    moved = np.abs(flows - world.Z).sum() / 2
    assert moved <= 0.0871 * world.Z.sum()


def test_the_same_seed_gives_the_same_network_bit_for_bit(world: InputOutputTable, economy: SupplyNetwork) -> None:
    again = synthetic_firms(world, firms=20_000, links=100_000, seed=3)
    other = synthetic_firms(world, firms=20_000, links=100_000, seed=4)
    assert isinstance(economy.links, SparseLinks)
    assert isinstance(again.links, SparseLinks)
    assert isinstance(other.links, SparseLinks)
    for name in ("supplier", "buyer", "flow"):
        assert getattr(economy.links, name).tobytes() == getattr(again.links, name).tobytes()
        assert getattr(economy.links, name).tobytes() != getattr(other.links, name).tobytes()
    for name in ("final_demand", "value_added", "capital"):
        assert getattr(economy, name).tobytes() == getattr(again, name).tobytes()


def test_nobody_is_alone_or_its_own_customer(economy: SupplyNetwork) -> None:
    assert isinstance(economy.links, SparseLinks)
    customers, suppliers = degrees(economy)
    assert (customers + suppliers).min() >= 1
    assert (economy.links.supplier != economy.links.buyer).all()
    assert len(economy.links) == 100_000
    assert len(economy) == 20_000


def test_the_largest_firm_of_an_industry_comes_first(economy: SupplyNetwork) -> None:
    demand = economy.final_demand.sum(axis=1)
    same = industry_of(economy)[1:] == industry_of(economy)[:-1]
    assert (demand[1:][same] <= demand[:-1][same]).all()
    assert economy.agents[0].endswith(":1")


@pytest.mark.slow
def test_sizes_and_degrees_have_heavy_tails(world: InputOutputTable) -> None:
    network = synthetic_firms(world, firms=300_000, links=1_500_000, seed=2)
    customers, suppliers = degrees(network)
    # Zipf's law, and its exponent over the elasticity of 0.75; industries of finite size cut the tails a little.
    assert 0.95 < tail_exponent(network.output, 5000) < 1.2
    assert 1.25 < tail_exponent(customers, 5000) < 1.7
    assert 1.25 < tail_exponent(suppliers, 5000) < 1.7
    assert customers.max() > 100 * customers.mean()


def test_larger_firms_have_more_partners(economy: SupplyNetwork) -> None:
    customers, suppliers = degrees(economy)
    output = np.log(economy.output)
    assert 0.6 < float(np.corrcoef(output, np.log(customers + suppliers))[0, 1]) < 0.95


def test_few_firms_spend_more_than_they_earn(economy: SupplyNetwork) -> None:
    losing = economy.value_added < 0
    assert economy.output[losing].sum() < 0.05 * economy.output.sum()


def test_a_lower_elasticity_evens_out_the_numbers_of_partners() -> None:
    table = two_regions()
    largest = [
        max(
            degrees(synthetic_firms(table, firms=2000, links=8000, seed=1, traits=FirmTraits(degree_elasticity=power)))[
                0
            ]
        )
        for power in (0.0, 0.9)
    ]
    assert largest[0] < 0.2 * largest[1]


def test_idle_industries_have_no_firms() -> None:
    table = two_regions(idle=True)
    network = synthetic_firms(table, firms=100, links=500, seed=1)
    assert not (industry_of(network) == 3).any()
    np.testing.assert_allclose(industry_flows(table, network), table.Z, rtol=PRECISION)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"firms": 1}, r"firms must be a whole number of at least 2, but is 1"),
        (
            {"firms": 11},
            r"11 firms are too few for table 'two regions': 6 .* trade, and each needs two firms, 12 in all",
        ),
        ({"links": 0}, r"links must be a whole number of at least 1, but is 0"),
        ({"links": 10}, r"10 links are too few for table 'two regions'.*Ask for 72 links or more"),
        ({"links": 10**6}, r"1000000 links are too many: .* have room for \d+ \(half of their pairs\)"),
        ({"firms": 2000, "links": 100}, r"100 links are too few: \d+ of 2000 firms would have neither supplier nor"),
        ({"seed": -1}, r"seed must be a whole number of at least 0, but is -1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(numbers: dict[str, int], message: str) -> None:
    chosen = {"firms": 100, "links": 500, "seed": 1} | numbers
    with pytest.raises(ParameterError, match=message):
        synthetic_firms(two_regions(), firms=chosen["firms"], links=chosen["links"], seed=chosen["seed"])


def test_a_table_without_flows_is_refused() -> None:
    table = two_regions()
    empty = replace(table, Z=np.zeros_like(table.Z), Y=table.x[:, None] * [[0.5, 0.0, 0.5, 0.0]], V=table.x[None, :])
    with pytest.raises(ParameterError, match="has no flows between industries, so there is nothing for links to carry"):
        synthetic_firms(empty, firms=100, links=100, seed=1)


@pytest.mark.parametrize(("name", "value"), [("size_exponent", 0.1), ("degree_elasticity", 1.5), ("most_pooled", 0.9)])
def test_traits_out_of_range_are_refused(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=rf"{name} must be from .* to .*, but is {value}"):
        FirmTraits(**{name: value})
