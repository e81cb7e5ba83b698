"""Supply networks refuse what contradicts itself, and mean the same in both storage forms."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tenon.schema import DenseLinks, LabelError, NetworkError, SparseLinks
from tests.unit.schema.examples import NETWORK, changed, links, network


def test_output_is_sales_to_all_users_less_what_comes_from_stocks() -> None:
    np.testing.assert_allclose(NETWORK.sales_to_agents, [6.0, 1.0, 0.0])
    np.testing.assert_allclose(NETWORK.output, [7.0, 8.0, 5.0])


def test_dense_storage_has_the_same_sales_and_output() -> None:
    np.testing.assert_allclose(NETWORK.to_dense().sales_to_agents, NETWORK.sales_to_agents)
    np.testing.assert_allclose(NETWORK.to_dense().output, NETWORK.output)


def test_a_product_block_holds_the_flows_of_its_makers_to_every_buyer() -> None:
    (miners, ore), (plants, metal) = NETWORK.to_dense().product_blocks()
    assert miners.tolist() == [0]
    assert plants.tolist() == [1, 2]
    np.testing.assert_allclose(ore, [[0.0, 4.0, 2.0]])
    np.testing.assert_allclose(metal, [[0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])


def test_a_product_that_nobody_makes_has_an_empty_block() -> None:
    dense = network(products=("ore", "metal", "scrap"), inventory_days=np.array([[10.0]])).to_dense()
    makers, flows = dense.product_blocks()[2]
    assert makers.size == 0
    assert flows.shape == (0, 3)


def test_product_blocks_of_named_links_are_refused() -> None:
    with pytest.raises(NetworkError, match="product blocks exist in dense storage only"):
        NETWORK.product_blocks()


def test_storage_forms_convert_into_themselves_for_nothing() -> None:
    dense = NETWORK.to_dense()
    assert dense.to_dense() is dense
    assert NETWORK.to_sparse() is NETWORK


def test_named_links_may_stand_in_any_order() -> None:
    assert isinstance(NETWORK.links, SparseLinks)
    order = np.array([2, 0, 1])
    other = SparseLinks(NETWORK.links.supplier[order], NETWORK.links.buyer[order], NETWORK.links.flow[order])
    dense, shuffled = NETWORK.to_dense().links, network(links=other).to_dense().links
    assert isinstance(dense, DenseLinks)
    assert isinstance(shuffled, DenseLinks)
    np.testing.assert_array_equal(dense.flows, shuffled.flows)


def test_inventories_given_link_by_link_cannot_be_stored_densely() -> None:
    with pytest.raises(NetworkError, match="inventory days given link by link cannot be stored densely"):
        network(inventory_days=np.array([5.0, 6.0, 7.0])).to_dense()


def test_a_network_of_all_pairs_of_region_and_product_is_recognized() -> None:
    pairs = network(
        agents=("A ore", "A metal", "B ore", "B metal"),
        product=[0, 1, 0, 1],
        region=[0, 0, 1, 1],
        links=links([0], [1], [1.0]),
        final_demand=np.ones((4, 2)),
        value_added=np.ones(4),
        capital=np.ones(4),
        stock_release=np.zeros(4),
    )
    assert pairs.is_region_by_product()
    assert not NETWORK.is_region_by_product()
    for region, product in (([0, 1, 0, 1], [0, 0, 1, 1]), ([0, 0, 1, 1], [1, 0, 1, 0]), ([1, 1, 0, 0], [0, 1, 0, 1])):
        assert not network(**{**vars(pairs), "region": region, "product": product}).is_region_by_product()


@pytest.mark.parametrize("days", [np.full((1, 1), 5.0), np.full((2, 3), 5.0), np.full((1, 3), 5.0), np.full(3, np.inf)])
def test_inventories_may_be_given_for_all_by_product_by_buyer_or_by_link(days: Any) -> None:
    np.testing.assert_array_equal(network(inventory_days=days).inventory_days, days)


def test_the_callers_array_stays_writable_and_the_networks_does_not() -> None:
    demand = np.array(NETWORK.final_demand)
    made = network(final_demand=demand)
    assert demand.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        made.final_demand[0, 0] = 1.0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agents": ("mine", "mine", "plant")}, "agents: 'mine' stands twice, at positions 0 and 1"),
        ({"products": ("ore", "")}, "products: the label at position 1 is blank"),
        ({"regions": "AB"}, "regions must be a list of labels, but is the single word 'AB'"),
        ({"demanders": ()}, "demanders: at least one is required"),
    ],
)
def test_labels_that_are_missing_blank_or_repeated_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(LabelError, match=re.escape(message)):
        network(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"product": [0, 1]}, "product must hold one position an agent (3), but has shape (2,)."),
        ({"product": [0, 1, 2]}, "product of agent 'plant two' must be between 0 and 1, but is 2."),
        ({"region": [0, -1, 1]}, "region of agent 'plant one' must be between 0 and 1, but is -1."),
        ({"region": [0, 0.5, 1]}, "positions must be whole numbers, but number 1 is 0.5."),
        ({"capital": np.ones(2)}, "capital of network 'small' must have shape (3,), but has (2,)."),
        ({"final_demand": np.ones((3, 1))}, "final_demand of network 'small' must have shape (3, 2), but has (3, 1)."),
        (
            {"inventory_days": np.ones((3, 2))},
            "inventory_days of network 'small' must have shape (1, 1) or (1, 3) or (2, 1) or (2, 3) or (3,), but has",
        ),
    ],
)
def test_positions_and_shapes_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(NetworkError, match=re.escape(message)):
        network(**changes)


@pytest.mark.parametrize(
    ("attribute", "at", "value", "message"),
    [
        (
            "final_demand",
            (2, 0),
            -1.0,
            "final_demand of 'plant two' in network 'small' must be finite and not negative",
        ),
        ("final_demand", (1, 0), np.nan, "final_demand of 'plant one' in network 'small' must be finite and not"),
        ("capital", (0,), np.inf, "capital of 'mine' in network 'small' must be finite and not negative, but is inf."),
        ("stock_release", (0,), -2.0, "stock_release of 'mine' in network 'small' must be finite and not negative"),
        ("value_added", (1,), np.nan, "value_added of 'plant one' in network 'small' must be finite, but is nan."),
    ],
)
def test_a_missing_infinite_or_negative_figure_is_refused_with_its_agent(
    attribute: str,
    at: tuple[int, ...],
    value: float,
    message: str,
) -> None:
    with pytest.raises(NetworkError, match=re.escape(message)):
        network(**{attribute: changed(getattr(NETWORK, attribute), at, value)})


@pytest.mark.parametrize(
    ("days", "where"),
    [
        ([[10.0], [0.0]], "'metal' at every buyer"),
        ([[1.0, -1.0, 1.0]], "every product at 'plant one'"),
        ([[1.0, 1.0, 1.0], [1.0, 1.0, np.nan]], "'metal' at 'plant two'"),
        ([1.0, 0.0, 1.0], "link 1"),
    ],
)
def test_a_stock_of_no_days_is_refused_with_its_place(days: list[Any], where: str) -> None:
    message = f"inventory_days of {where} in network 'small' must be above zero (infinite: never runs short), but is"
    with pytest.raises(NetworkError, match=re.escape(message)):
        network(inventory_days=np.array(days))


def test_negative_value_added_is_accepted() -> None:
    assert network(value_added=np.array([-1.0, 4.0, 2.0])).value_added[0] == -1.0


@pytest.mark.parametrize("unit", [0.0, np.nan])
def test_a_unit_that_is_no_amount_is_refused(unit: float) -> None:
    with pytest.raises(NetworkError, match="unit of network 'small' must be above 0"):
        network(unit=unit)


def test_a_link_that_stands_twice_is_refused_by_name() -> None:
    twice = links([0, 0, 0], [1, 2, 1], [1.0, 1.0, 1.0])
    with pytest.raises(NetworkError, match="the link from 'mine' to 'plant one' stands twice; add the two flows"):
        network(links=twice)


@pytest.mark.parametrize(
    ("supplier", "buyer", "message"),
    [
        ([3], [0], "the supplier of link 0 must be an agent between 0 and 2, but is 3."),
        ([0], [-1], "the buyer of link 0 must be an agent between 0 and 2, but is -1."),
    ],
)
def test_a_link_to_nobody_is_refused(supplier: list[int], buyer: list[int], message: str) -> None:
    with pytest.raises(NetworkError, match=re.escape(message)):
        network(links=links(supplier, buyer, [1.0]))


def test_lists_of_links_of_different_lengths_are_refused() -> None:
    with pytest.raises(NetworkError, match=re.escape("they have shapes (2,), (1,) and (1,).")):
        links([0, 1], [1], [1.0])


@pytest.mark.parametrize("flow", [0.0, -1.0, np.nan, np.inf])
def test_an_idle_negative_or_missing_flow_of_a_named_link_is_refused(flow: float) -> None:
    with pytest.raises(NetworkError, match="the flow of link 1 must be a finite number above zero, but is"):
        links([0, 1], [1, 2], [1.0, flow])


@pytest.mark.parametrize("flow", [-1.0, np.nan, np.inf])
def test_a_negative_or_missing_flow_of_dense_links_is_refused(flow: float) -> None:
    with pytest.raises(NetworkError, match="every flow must be a finite number, not negative; the one at position 1"):
        DenseLinks(np.array([0.0, flow]))


def test_a_matrix_given_for_flat_dense_links_is_refused() -> None:
    with pytest.raises(NetworkError, match=re.escape("must be one flat array, but have shape (2, 2); use DenseLinks")):
        DenseLinks(np.ones((2, 2)))


def test_dense_links_of_another_size_than_the_agents_are_refused() -> None:
    with pytest.raises(NetworkError, match="dense links of 3 agents need 9 flows, but 4 came"):
        network(links=DenseLinks(np.ones(4)))


def test_a_matrix_of_another_shape_than_the_agents_is_refused() -> None:
    with pytest.raises(NetworkError, match=re.escape("the matrix must be 2 x 2, one row and column an agent; it has")):
        DenseLinks.from_matrix(np.ones((2, 3)), [0, 1])


def test_a_matrix_is_scaled_to_flows_per_day() -> None:
    np.testing.assert_allclose(DenseLinks.from_matrix([[365.0]], [0], scale=1 / 365).flows, [1.0])


def test_a_network_without_links_is_accepted() -> None:
    alone = network(links=links([], [], []))
    np.testing.assert_allclose(alone.sales_to_agents, 0.0)
    assert [flows.sum() for _, flows in alone.to_dense().product_blocks()] == [0.0, 0.0]


def test_a_link_may_stand_by_and_goods_may_take_days() -> None:
    found = links([0, 1], [2, 2], [4.0, 0.0], days=[3, 10], reserve=[0.0, 5.0])
    assert found.days is not None
    assert found.days.tolist() == [3, 10]
    with pytest.raises(ValueError, match="read-only"):
        found.days[0] = 1


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reserve": [0.0, 5.0], "days": [1]}, r"days must hold one figure a link \(2\), but has shape \(1,\)"),
        ({"reserve": [0.0, 5.0], "days": [1, -2]}, "the days of link 1 must not be negative, but are -2"),
        ({"reserve": [0.0]}, r"reserve must hold one figure a link \(2\), but has shape \(1,\)"),
        (
            {"reserve": [1.0, 5.0]},
            "the reserve of link 0 .* zero where the link has a flow, but is 1.0 beside a flow of 4",
        ),
        ({"reserve": [0.0, np.inf]}, "the reserve of link 1 must be a finite number"),
        ({"reserve": [0.0, 0.0]}, "the flow of link 1 must be a finite number above zero, but is 0.0. Drop idle links"),
    ],
)
def test_days_and_reserves_that_cannot_be_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        links([0, 1], [2, 2], [4.0, 0.0], **more)


def test_days_and_reserves_cannot_be_stored_densely() -> None:
    assert isinstance(NETWORK.links, SparseLinks)
    ends = (NETWORK.links.supplier, NETWORK.links.buyer, NETWORK.links.flow)
    with pytest.raises(NetworkError, match="links with days under way or a reserve cannot be stored densely"):
        network(links=SparseLinks(*ends, days=np.ones(len(NETWORK.links), dtype=np.int64))).to_dense()


@pytest.mark.parametrize(
    ("capacity", "message"),
    [
        ([7.0, 8.0], r"capacity must hold one figure an agent \(3\), but has shape \(2,\)"),
        (
            [7.0, 7.9, 5.0],
            "capacity of '.*' must be a finite number and at least its undisturbed output, 8, but is 7.9",
        ),
        ([7.0, 8.0, np.inf], "must be a finite number and at least its undisturbed output, 5, but is inf"),
    ],
)
def test_a_capacity_below_output_is_refused(capacity: list[float], message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        network(capacity=np.array(capacity))
