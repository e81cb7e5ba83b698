"""What chain_risk leaves out to be quick costs nothing, in random chains with groups of sites that stand in."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import replace

import numpy as np
import pytest

from tenon.schema import Float, Group, Passages, SupplyChain
from tenon.schema.hits import lanes_of_passages
from tenon.studies import chain_risk
from tenon.vulnerability import OutageImpact, annual_losses
from tests.random_chains import random_chain

YEARS = 20
LEVELS = (0.0, 0.5, 0.9)
REDUNDANT = (40, 42, 50, 54, 56, 74, 82, 148, 166)
"""Even seeds of chains with a group that costs much though none of its sites costs anything alone."""


def failing(seed: int) -> SupplyChain:
    """Let every site fail, and together all sites that supply one input: each may stand in for the others.

    In every second chain nothing is scarce and nothing is stocked, so that they really can.
    """
    chain = random_chain(seed) if seed % 2 else abundant(random_chain(seed))
    groups: dict[str, Group] = {}
    for number in range(len(chain.inputs)):
        suppliers = chain.supplies.supplier[chain.input_of_supply == number]
        labels = tuple(chain.sites.labels[site] for site in np.unique(chain.stages.site[suppliers]))
        groups[f"input {number}"] = Group(kind="owner", sites=labels, events_per_year=0.2)
    sites = replace(chain.sites, events_per_year=rates(chain.sites))
    return closing(replace(chain, sites=sites, groups=groups))


def closing(chain: SupplyChain) -> SupplyChain:
    """Let every lane and every passage close now and then."""
    named = tuple(lanes_of_passages(chain))
    passages = Passages(labels=named, events_per_year=rates(named), closure_days=times(named))
    lanes = replace(chain.lanes, events_per_year=rates(chain.lanes), closure_days=times(chain.lanes))
    return replace(chain, lanes=lanes, passages=passages)


def rates(rows: Sized) -> Float:
    return np.full(len(rows), 0.2)


def times(rows: Sized) -> Float:
    return np.tile([2.0, 10.0, 40.0], (len(rows), 1))


def abundant(chain: SupplyChain) -> SupplyChain:
    free = np.full(len(chain.supplies), np.inf)
    return replace(
        chain,
        sites=replace(chain.sites, capacity=np.full(len(chain.sites), np.inf)),
        stages=replace(chain.stages, capacity=np.full(len(chain.stages), np.inf), stock=np.zeros(len(chain.stages))),
        inputs=replace(chain.inputs, stock=np.zeros(len(chain.inputs))),
        supplies=replace(chain.supplies, capacity=free, start_up_days=np.zeros(free.size), lane=np.full(free.size, -1)),
    )


@pytest.mark.parametrize("seed", [*range(10), *REDUNDANT])
def test_chain_risk_is_annual_losses_of_which_none_is_left_out(seed: int) -> None:
    chain = failing(seed)
    quick = chain_risk(chain, years=YEARS, seed=seed, levels=LEVELS).values
    whole = annual_losses(chain, OutageImpact(chain), years=YEARS, seed=seed, levels=LEVELS).values
    tolerance = 1e-9 * float(chain.demands.margin @ chain.demands.quantity) * float(chain.sites.recovery_days.max())
    assert set(quick.data_vars) == set(whole.data_vars)
    for name in whole.data_vars:
        np.testing.assert_allclose(quick[name], whole[name], rtol=0, atol=tolerance, err_msg=str(name))


@pytest.mark.parametrize("seed", REDUNDANT)
def test_some_of_these_groups_cost_much_though_each_of_their_sites_costs_nothing(seed: int) -> None:
    """Else the property above would say nothing about them."""
    chain = failing(seed)
    impact = OutageImpact(chain)
    assert any(
        impact(group.sites, 40.0) > 1.0 and not any(impact((site,), 40.0) for site in group.sites)
        for group in chain.groups.values()
    )
