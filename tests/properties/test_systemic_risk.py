"""What holds for the economic systemic risk index of every network and under every rule."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tenon.schema import Float, SparseLinks, SupplyNetwork, TenonWarning
from tenon.vulnerability import Converged, EarlyStop, Essentiality, SystemicRules, systemic_risk
from tests.strategies import SEEDS
from tests.unit.vulnerability.samples import random_firms

PRECISION = 1e-12


@st.composite
def rules(draw: st.DrawFn, products: int = 4) -> SystemicRules:
    """Draw rules; the converged ones count final demand, as they must."""
    converged = draw(st.booleans())
    needs = np.random.default_rng(draw(SEEDS)).integers(0, 3, (products, products))
    return SystemicRules(
        essentiality=needs if draw(st.booleans()) else draw(st.sampled_from(Essentiality)),
        replaceable=draw(st.booleans()),
        # The precision below is that of early stops; a converged cascade stays within its eps over its speed.
        stopping=Converged(1e-13) if converged else EarlyStop(draw(st.sampled_from([0.01, 0.05]))),
        count_final_demand=converged or draw(st.booleans()),
        count_value_added=draw(st.booleans()) or converged,
    )


def index(network: SupplyNetwork, psi: Float, chosen: SystemicRules) -> Float:
    """Return the index with its two parts when each firm loses the share ``psi`` of its output."""
    failure = {"failure": dict(zip(network.agents, psi.tolist(), strict=True))}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TenonWarning)
        values = systemic_risk(network, failure, chosen).values
    return np.array([float(values[name][0]) for name in ("esri", "esri_downstream", "esri_upstream")])


def selling(seed: int) -> SupplyNetwork:
    """Return a network in which every firm sells something to people."""
    network = random_firms(seed)
    return replace(network, final_demand=network.final_demand + 0.1)


@settings(deadline=None, max_examples=40)
@given(SEEDS, rules())
def test_no_failure_no_loss(seed: int, chosen: SystemicRules) -> None:
    assert index(selling(seed), np.zeros(12), chosen).tolist() == [0.0, 0.0, 0.0]


@settings(deadline=None, max_examples=40)
@given(SEEDS, rules())
def test_when_all_fail_all_is_lost(seed: int, chosen: SystemicRules) -> None:
    np.testing.assert_allclose(index(selling(seed), np.ones(12), chosen), 1.0, rtol=0, atol=PRECISION)


@settings(deadline=None, max_examples=60)
@given(SEEDS, rules())
def test_the_index_lies_between_its_parts_and_above_the_direct_loss(seed: int, chosen: SystemicRules) -> None:
    network = selling(seed)
    psi = np.random.default_rng(seed).random(12) ** 3
    total, down, up = index(network, psi, chosen)
    sales = network.sales_to_agents + (network.final_demand.sum(axis=1) if chosen.count_final_demand else 0.0)
    direct = float(psi @ sales / sales.sum())
    assert max(down, up, direct) <= total + PRECISION
    assert total <= min(1.0, down + up) + PRECISION


@settings(deadline=None, max_examples=60)
@given(SEEDS, rules())
def test_a_larger_failure_never_costs_less(seed: int, chosen: SystemicRules) -> None:
    """The fixed point and the iterates of a round are monotone; only how many rounds are made may differ."""
    network = selling(seed)
    random = np.random.default_rng(seed)
    small = random.random(12) ** 2
    large = small + (1.0 - small) * random.random(12)
    if isinstance(chosen.stopping, EarlyStop):
        # After equally many rounds.
        chosen = replace(chosen, stopping=EarlyStop(1e-15), most_rounds=int(random.integers(1, 9)))
    assert (index(network, small, chosen) <= index(network, large, chosen) + 1e-10).all()


@settings(deadline=None, max_examples=40)
@given(SEEDS, rules())
def test_the_order_of_firms_does_not_matter(seed: int, chosen: SystemicRules) -> None:
    network = selling(seed)
    order = np.random.default_rng(seed).permutation(12)
    assert isinstance(network.links, SparseLinks)
    place = np.argsort(order)
    shuffled = replace(
        network,
        agents=tuple(network.agents[firm] for firm in order),
        product=network.product[order],
        region=network.region[order],
        links=SparseLinks(place[network.links.supplier], place[network.links.buyer], network.links.flow),
        final_demand=network.final_demand[order],
        value_added=network.value_added[order],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TenonWarning)
        first = systemic_risk(network, rules=chosen).values
        second = systemic_risk(shuffled, rules=chosen).values.sel(failure=list(network.agents))
    for name in ("esri", "esri_downstream", "esri_upstream"):
        np.testing.assert_allclose(second[name], first[name], rtol=0, atol=1e-10)


@settings(deadline=None, max_examples=40)
@given(SEEDS, rules(), st.sampled_from([1e-6, 2.0, 1e9]))
def test_the_currency_unit_does_not_matter(seed: int, chosen: SystemicRules, factor: float) -> None:
    network = selling(seed)
    assert isinstance(network.links, SparseLinks)
    links = SparseLinks(network.links.supplier, network.links.buyer, network.links.flow * factor)
    scaled = replace(
        network, links=links, final_demand=network.final_demand * factor, value_added=network.value_added * factor
    )
    psi = np.random.default_rng(seed).random(12) ** 3
    np.testing.assert_allclose(index(scaled, psi, chosen), index(network, psi, chosen), rtol=0, atol=1e-10)
