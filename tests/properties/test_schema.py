"""Properties of the value types that hold for every table, network, shock and scenario."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenon.schema import InputOutputTable, RecoveryShape, Scenario, SparseLinks, SupplyNetwork, Timing
from tests.strategies import in_unit, networks, relabelled, scenarios, table_networks, tables, timings


def concordances(labels: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    """Draw which of three groups each label goes to."""
    groups = st.lists(st.sampled_from(["north", "south", "rest"]), min_size=len(labels), max_size=len(labels))
    return groups.map(lambda drawn: dict(zip(labels, drawn, strict=True)))


def permuted(table: InputOutputTable, order: list[int]) -> InputOutputTable:
    """Return the same table with its regions in another order."""
    sectors, categories = len(table.sectors), len(table.final_demand_categories)
    industry = (np.array(order)[:, None] * sectors + np.arange(sectors)).ravel()
    user = (np.array(order)[:, None] * categories + np.arange(categories)).ravel()
    return replace(
        table,
        regions=tuple(table.regions[position] for position in order),
        Z=table.Z[np.ix_(industry, industry)],
        Y=table.Y[np.ix_(industry, user)],
        V=table.V[:, industry],
        x=table.x[industry],
        satellites={name: replace(item, values=item.values[industry]) for name, item in table.satellites.items()},
    )


def outputs(table: InputOutputTable) -> dict[str, float]:
    return dict(zip(table.labels, table.x.tolist(), strict=True))


@given(st.data())
def test_aggregation_keeps_every_total(data: st.DataObject) -> None:
    table = data.draw(tables())
    regions, sectors = data.draw(concordances(table.regions)), data.draw(concordances(table.sectors))
    small = table.aggregate(regions, sectors, name="small")
    for name in ("Z", "Y", "V", "x"):
        np.testing.assert_allclose(getattr(small, name).sum(), getattr(table, name).sum(), rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(small.satellites["jobs"].values.sum(), table.satellites["jobs"].values.sum())
    assert small.balance().relative <= table.balance().relative + 1e-12


@given(st.data())
def test_aggregation_in_two_steps_is_aggregation_in_one(data: st.DataObject) -> None:
    table = data.draw(tables())
    regions, sectors = data.draw(concordances(table.regions)), data.draw(concordances(table.sectors))
    one = table.aggregate(regions, sectors, name="one")
    two = table.aggregate(regions, name="half").aggregate(sectors=sectors, name="two")
    assert one.labels == two.labels
    np.testing.assert_allclose(one.Z, two.Z)
    np.testing.assert_allclose(one.Y, two.Y)


@given(st.data())
def test_aggregation_of_a_table_in_another_order_permutes_the_answer(data: st.DataObject) -> None:
    table = data.draw(tables())
    order = data.draw(st.permutations(range(len(table.regions))))
    regions = data.draw(concordances(table.regions))
    small, other = table.aggregate(regions, name="a"), permuted(table, order).aggregate(regions, name="b")
    first, second = outputs(small), outputs(other)
    assert first.keys() == second.keys()
    np.testing.assert_allclose([second[label] for label in first], list(first.values()))


@given(tables())
def test_coefficients_times_output_give_the_flows_back(table: InputOutputTable) -> None:
    np.testing.assert_allclose(table.A * table.x, table.Z, rtol=1e-12, atol=0.0)


@given(table_networks() | networks(dense=True))
def test_dense_links_survive_the_way_through_named_ones(network: SupplyNetwork) -> None:
    again = network.to_sparse().to_dense()
    for (makers, flows), (same_makers, same_flows) in zip(
        network.product_blocks(), again.product_blocks(), strict=True
    ):
        np.testing.assert_array_equal(makers, same_makers)
        np.testing.assert_array_equal(flows, same_flows)
    np.testing.assert_allclose(network.output, network.to_sparse().output)


@given(networks(dense=True))
def test_named_links_of_a_dense_network_are_ordered_by_product_buyer_and_supplier(network: SupplyNetwork) -> None:
    links = network.to_sparse().links
    assert isinstance(links, SparseLinks)
    order = np.lexsort((links.supplier, links.buyer, network.product[links.supplier]))
    np.testing.assert_array_equal(order, np.arange(len(links)))


@given(st.data())
def test_relabelling_agents_permutes_their_output(data: st.DataObject) -> None:
    network = data.draw(networks())
    order = np.array(data.draw(st.permutations(range(len(network)))))
    np.testing.assert_allclose(relabelled(network, order).output, network.output[order])


@given(networks(), st.sampled_from([0.5, 2.0, 1000.0]))
def test_another_currency_unit_scales_money_and_nothing_else(network: SupplyNetwork, factor: float) -> None:
    other = in_unit(network, factor)
    np.testing.assert_allclose(other.output, network.output * factor)
    assert other.unit * factor == network.unit
    np.testing.assert_array_equal(other.inventory_days, network.inventory_days)


@given(timings(), st.integers(0, 200))
def test_the_loss_in_effect_is_a_share_and_nothing_before_its_start(timing: Timing, day: int) -> None:
    share = timing.remaining(day)
    assert 0.0 <= share <= 1.0
    assert share == 0.0 or day >= timing.start_day


@given(timings(), st.integers(0, 200))
def test_a_loss_without_a_curve_of_its_own_never_grows_back(timing: Timing, day: int) -> None:
    if timing.recovery is not RecoveryShape.CURVE and day >= timing.start_day:
        assert timing.remaining(day + 1) <= timing.remaining(day)
        assert timing.remaining(timing.start_day + timing.duration_days - 1) == 1.0


@given(st.data())
def test_every_drawn_scenario_fits_its_network(data: st.DataObject) -> None:
    network = data.draw(networks() | table_networks())
    scenario: Scenario = data.draw(scenarios(network))
    for shock in scenario.shocks:
        for end in ("target", "suppliers", "buyers"):
            target = getattr(shock, end, None)
            if target is not None:
                assert scenario.expand(target.regions, network.regions, "region") == target.regions
                assert scenario.expand(target.agents, network.agents, "agent") == target.agents
