from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.schema import SupplyChain
from tenon.schema.sourcing import most_fed_output, most_output, shares_in_use
from tenon.vulnerability import normal_flows
from tenon.vulnerability._program import lay_out
from tenon.vulnerability._recovery import Recovery
from tests.chains import CASES, floats
from tests.random_chains import random_chain

DUAL = CASES["dual source"].chain


def with_supplies(**columns: Any) -> SupplyChain:
    return replace(DUAL, supplies=replace(DUAL.supplies, **columns))


def test_blank_shares_follow_what_can_be_delivered() -> None:
    assert shares_in_use(with_supplies(capacity=[2, 3])).tolist() == [0.4, 0.6]
    assert shares_in_use(with_supplies(share=[0.7, np.nan])) == pytest.approx([0.7, 0.3])


def test_an_unlimited_source_takes_what_limited_ones_would_share() -> None:
    unlimited = replace(DUAL, stages=replace(DUAL.stages, capacity=floats(np.inf, 6, 20)))
    assert shares_in_use(unlimited).tolist() == [1, 0]


def test_a_source_that_must_be_started_up_has_no_share() -> None:
    assert shares_in_use(with_supplies(start_up_days=[0, 9])).tolist() == [1, 0]
    assert shares_in_use(with_supplies(start_up_days=[9, 9])).tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(20))
def test_shares_of_an_input_add_up_to_one(seed: int) -> None:
    chain = random_chain(seed)
    total = np.bincount(chain.input_of_supply, shares_in_use(chain), len(chain.inputs))
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


def test_a_stage_makes_no_more_than_its_site_allows() -> None:
    stages = replace(DUAL.stages, site_use=floats(2, 0, 1))
    chain = replace(DUAL, stages=stages, sites=replace(DUAL.sites, capacity=floats(8, 3, 30)))
    assert most_output(chain).tolist() == [4, 6, 20]


def test_what_a_stage_can_make_is_limited_by_all_that_reaches_it() -> None:
    """Two sources of 5 and 6 a day feed a plant that could make 20 of one each; a contract lets one bring only 2."""
    chain = replace(DUAL, stages=replace(DUAL.stages, capacity=floats(5, 6, 20)))
    assert most_fed_output(chain).tolist() == [5, 6, 11]
    chain = replace(chain, supplies=replace(chain.supplies, capacity=floats(2, np.inf), start_up_days=floats(0, 30)))
    assert most_fed_output(chain).tolist() == [5, 6, 8]
    chain = replace(chain, inputs=replace(chain.inputs, units=floats(4)))
    assert most_fed_output(chain).tolist() == [5, 6, 2]


@pytest.mark.parametrize("seed", range(20))
def test_the_program_of_the_stress_test_never_serves_more_than_can_be_fed(seed: int) -> None:
    chain = random_chain(seed)
    program = lay_out(chain, normal_flows(chain))
    lost = Recovery(program, prices=False).without_end()[0][program.places.lost]
    served = np.bincount(chain.demands.stage, chain.demands.quantity * (1 - lost), len(chain.stages))
    assert (served <= most_fed_output(chain) * (1 + 1e-7)).all()
