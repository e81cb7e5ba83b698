"""Properties of chains that are followed from day to day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.data import network_from_chain, scenario_from_outage
from tenon.propagation import propagate
from tenon.schema import Outage, Scenario, SupplyChain
from tenon.studies import chain_rules, follow_outages
from tenon.vulnerability import normal_flows
from tests.chains import chain_of
from tests.random_chains import random_chain, random_outage
from tests.twins.chain_days import live_through

seeds = st.integers(0, 2**20)


@given(seed=seeds, restocking_days=st.sampled_from([1.0, 5.0, 20.0]))
def test_without_an_outage_the_network_stays_still(seed: int, restocking_days: float) -> None:
    chain = random_chain(seed)
    flows = normal_flows(chain)
    network = network_from_chain(chain, flows.flow, flows.unit_cost).network
    run = propagate(
        network,
        [Scenario(name="calm", horizon_days=60)],
        chain_rules(restocking_days),
        records=("production", "orders"),
    )
    made = run.values["production"].to_numpy().reshape(60, -1)
    np.testing.assert_allclose(made, np.tile(network.output, (60, 1)), rtol=1e-9, atol=1e-9 * network.output.max())


@given(seed=seeds, restocking_days=st.sampled_from([1.0, 5.0]))
def test_the_engine_lives_through_the_days_as_the_plain_model_does(seed: int, restocking_days: float) -> None:
    chain = random_chain(seed)
    flows = normal_flows(chain)
    converted = network_from_chain(chain, flows.flow, flows.unit_cost)
    scenario = scenario_from_outage(converted, random_outage(chain, seed), horizon_days=80)
    run = propagate(converted.network, [scenario], chain_rules(restocking_days), records=("production", "orders"))
    production, demand = live_through(converted.network, scenario, restocking_days=restocking_days)
    near = 1e-7 * converted.network.output.max()
    # Agents that happen to form a table are labelled by region and sector.
    found = {name: run.values[name].to_numpy().reshape(80, -1) for name in ("production", "orders")}
    np.testing.assert_allclose(found["production"], production, rtol=1e-6, atol=near)
    np.testing.assert_allclose(found["orders"], demand, rtol=1e-6, atol=near)


@given(seed=seeds)
def test_an_outage_takes_no_more_than_all_margin_while_anybody_goes_short(seed: int) -> None:
    chain = random_chain(seed)
    found = follow_outages(chain, [random_outage(chain, seed)], horizon_days=120)
    values = found.values.isel(outage=0)
    earned = (chain.demands.quantity * chain.demands.margin).sum()
    lost = values["margin_lost_a_day"].to_numpy()
    assert (lost >= 0).all()
    assert (lost <= earned * (1 + 1e-9)).all()
    assert max(found.residuals.values(), default=0.0) < 1e-9
    first = values["first_loss_day"].item()
    assert np.isnan(first) or not (values["delivered"].to_numpy()[: int(first)] < 0.999).any()


@given(
    stocks=st.tuples(*[st.floats(0, 80)] * 3), days=st.integers(1, 30), more=st.integers(1, 10), less=st.floats(0, 1)
)
def test_in_a_row_a_longer_outage_and_less_stock_never_lose_less(
    stocks: tuple[float, float, float], days: int, more: int, less: float
) -> None:
    def lost(held: tuple[float, ...], out: int) -> float:
        a, b, c = held
        chain = chain_of(
            [("A", a, 10), ("B", b, 12), ("C", c, 15)], [("A", "B", "a", 1), ("B", "C", "b", 1)], [("C", 2, 10)]
        )
        outage = Outage(name="out", sites=("A",), days=out)
        return float(follow_outages(chain, [outage], horizon_days=150).values["margin_lost"].item())

    usual = lost(stocks, days)
    assert lost(stocks, days + more) >= usual - 1e-6
    assert lost((less * stocks[0], *stocks[1:]), days) >= usual - 1e-6


@given(seed=seeds, data=st.data())
def test_the_order_of_stages_changes_nothing(seed: int, data: st.DataObject) -> None:
    chain = random_chain(seed)
    outage = random_outage(chain, seed)
    order = np.array(data.draw(st.permutations(range(len(chain.stages)))))
    here = follow_outages(chain, [outage], horizon_days=90).values
    there = follow_outages(_relabelled(chain, order), [outage], horizon_days=90).values
    products = here["product"].to_numpy()
    np.testing.assert_allclose(there["delivered"].sel(product=products), here["delivered"], atol=1e-6)
    assert there["margin_lost"].item() == pytest.approx(here["margin_lost"].item(), rel=1e-6, abs=1e-6)


def _relabelled(chain: SupplyChain, order: np.ndarray) -> SupplyChain:
    """Put stages into another order; everything else points at where they stand then."""
    place = np.argsort(order)
    columns = {name: getattr(chain.stages, name)[order] for name in vars(chain.stages)}
    supplies = chain.supplies
    return replace(
        chain,
        stages=replace(chain.stages, **columns),
        inputs=replace(chain.inputs, stage=place[chain.inputs.stage]),
        supplies=replace(supplies, supplier=place[supplies.supplier], buyer=place[supplies.buyer]),
        demands=replace(chain.demands, stage=place[chain.demands.stage]),
    )
