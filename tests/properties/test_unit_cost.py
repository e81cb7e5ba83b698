"""A unit costs the same wherever it is asked what it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.planning import safety_stock_problem
from tenon.schema import SupplyChain
from tenon.vulnerability import normal_flows
from tests.random_chains import random_chain


def in_whole_days(chain: SupplyChain) -> SupplyChain:
    """Round the times that safety stocks want in whole days."""
    return replace(
        chain,
        stages=replace(chain.stages, processing_days=np.ceil(chain.stages.processing_days)),
        lanes=replace(chain.lanes, days=np.ceil(chain.lanes.days)),
        demands=replace(chain.demands, service_days=np.floor(chain.demands.service_days)),
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_unit_costs_the_same_in_a_stress_test_and_in_safety_stocks(seed: int) -> None:
    chain = in_whole_days(random_chain(seed))
    np.testing.assert_allclose(safety_stock_problem(chain).unit_cost, normal_flows(chain).unit_cost, rtol=1e-12)
