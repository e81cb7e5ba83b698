"""A company's chain as a supply network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.data import ChainNetwork, example_chain, network_from_chain
from tenon.schema import LabelError, Lanes, Mode, Parts, SparseLinks, SupplyChain
from tenon.vulnerability import normal_flows
from tests.chains import CASES, chain_of, floats, positions

SERIAL = CASES["serial"].chain
DUAL = CASES["dual source"].chain


def converted(chain: SupplyChain) -> ChainNetwork:
    flows = normal_flows(chain)
    return network_from_chain(chain, flows.flow, flows.unit_cost)


def links(found: ChainNetwork) -> SparseLinks:
    assert isinstance(found.network.links, SparseLinks)
    return found.network.links


def test_a_stage_with_finished_stock_becomes_a_maker_and_a_store() -> None:
    network = converted(SERIAL).network
    assert network.agents == ("s @ S", "P @ P", "stock of s @ S", "stock of P @ P")
    assert [network.products[product] for product in network.product] == ["s, as made", "P, as made", "s", "P"]
    assert converted(DUAL).network.agents[-1] == "stock of s @ S2"


def test_buyers_buy_from_stores_and_stores_from_their_makers() -> None:
    found = converted(SERIAL)
    pairs = list(zip(links(found).supplier.tolist(), links(found).buyer.tolist(), strict=True))
    assert pairs == [(2, 1), (0, 2), (1, 3)]
    assert found.link.tolist() == [0]
    assert found.seller.tolist() == [2, 3]
    assert found.network.final_demand.ravel().tolist() == [0, 0, 0, 20]


def test_flows_are_units_times_one_price_a_part() -> None:
    stages = replace(DUAL.stages, added_cost=floats(2.0, 4.0, 1.0))
    found = converted(replace(DUAL, stages=stages))
    assert found.price.tolist() == [3.0, 4.0]
    assert links(found).flow.tolist() == [15, 15, 15, 15]
    assert found.network.output.tolist() == [15, 15, 40, 15, 15]


def test_parts_that_cost_nothing_count_one_a_unit() -> None:
    free = replace(SERIAL, stages=replace(SERIAL.stages, added_cost=floats(0.0, 0.0)))
    assert converted(free).price.tolist() == [1.0, 1.0]


def test_stocks_come_on_top_of_a_day_of_goods() -> None:
    inputs = replace(SERIAL.inputs, stock=floats(15.0))
    # The input of P for a day and a half, S for two days, P for half a day.
    assert converted(replace(SERIAL, inputs=inputs)).network.inventory_days.tolist() == [2.5, 3.0, 1.5]


def test_goods_take_days_on_lanes_and_while_they_are_made() -> None:
    stages = replace(DUAL.stages, processing_days=floats(3.0, 2.0, 1.5), stock=floats(0.0, 8.0, 0.0))
    lanes = Lanes(labels=("sea",), mode=(Mode.SEA,), days=floats(10.4), capacity=floats(np.inf), passages=((),))
    supplies = replace(DUAL.supplies, lane=positions(0, 0))
    found = converted(replace(DUAL, stages=stages, lanes=lanes, supplies=supplies))
    # S1 has no store, so its goods take 13.4 days; S2 hands over to its store in 2 days.
    assert np.asarray(links(found).days).tolist() == [13, 10, 2]


def test_the_capacity_of_a_site_is_divided_as_on_an_undisturbed_day() -> None:
    chain = chain_of(
        [("A", 0, np.inf), ("B", 0, 12), ("P", 0, np.inf)], [("A", "P", "a", 2), ("B", "P", "b", 1)], [("P", 1, 10)]
    )
    shared = replace(chain.sites, capacity=floats(60.0, np.inf, np.inf))
    stages = replace(chain.stages, site=positions(0, 0, 2))
    found = converted(replace(chain, sites=shared, stages=stages))
    # A makes 20 and B 10 of 60: twice as much at most, and B no more than its own 12. P has no limit.
    assert np.asarray(found.network.capacity).tolist() == pytest.approx([40, 12, 100 * 10 * 4])


def test_a_stage_that_is_asked_for_too_much_is_named_and_taken_to_make_it() -> None:
    chain = replace(SERIAL, stages=replace(SERIAL.stages, capacity=floats(8.0, 10.0)))
    found = converted(chain)
    assert found.short_of_capacity.tolist() == [True, False]
    assert np.asarray(found.network.capacity)[0] == 10


def waiting(**changed: Any) -> SupplyChain:
    """Return the chain in which S2 must be started up and can make 6 of the 10 units that are needed."""
    supplies = replace(DUAL.supplies, start_up_days=floats(0, 5), **changed)
    stages = replace(DUAL.stages, capacity=floats(20.0, 6.0, 20.0), stock=floats(0.0, 8.0, 0.0))
    return replace(DUAL, supplies=supplies, stages=stages)


@pytest.mark.parametrize(("capacity", "most"), [([np.inf, np.inf], 6.0), ([np.inf, 4.0], 4.0), ([3.0, np.inf], 6.0)])
def test_a_source_to_be_started_up_is_a_reserve_link(capacity: list[float], most: float) -> None:
    found = converted(waiting(capacity=capacity))
    assert links(found).flow.tolist() == [10, 0]
    assert np.asarray(links(found).reserve).tolist() == [0, most]
    # Who makes nothing on an undisturbed day has no store.
    assert found.network.agents == DUAL.stage_labels


def test_supplies_into_a_stage_that_makes_nothing_are_left_out() -> None:
    chain = waiting()
    more = chain_of(
        [("S1", 0, 20), ("S2", 0, 6), ("X", 0, 9), ("P", 0, 20)],
        [("X", "S2", "x", 1), ("S1", "P", "s", 1), ("S2", "P", "s", 1)],
        [("P", 1, 10)],
    )
    more = replace(more, supplies=replace(more.supplies, start_up_days=floats(0, 0, 5)))
    assert len(chain.supplies) == 2
    assert converted(more).link.tolist() == [-1, 0, 1]


def test_regions_are_countries_and_demanders_customers() -> None:
    sites = replace(SERIAL.sites, country=("CHN", ""))
    network = converted(replace(SERIAL, sites=sites)).network
    assert network.demanders == ("all",)
    assert [network.regions[region] for region in network.region] == ["CHN", "unknown", "CHN", "unknown"]


def test_a_store_with_the_label_of_a_stage_is_refused() -> None:
    chain = chain_of([("S", 20, 10), ("P", 0, 10)], [("S", "P", "s", 1)], [("P", 7, 10)])
    parts = Parts(labels=("s", "stock of s"), units=("piece", "piece"))
    sites = replace(chain.sites, labels=("S", "S "))
    same = replace(chain, parts=parts, sites=replace(sites, labels=("S", "T")))
    stages = replace(same.stages, site=positions(0, 0))
    with pytest.raises(LabelError, match="stock of s @ S"):
        converted(replace(same, stages=stages))


def test_the_example_converts_with_balanced_stores() -> None:
    found = converted(example_chain())
    network, stores = found.network, found.seller[found.has_store]
    made = network.output[: len(found.chain.stages)][found.has_store]
    assert network.output[stores] == pytest.approx(made)
