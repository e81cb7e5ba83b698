from __future__ import annotations

import numpy as np
import pytest

from tenon.report import agents as module
from tenon.report.agents import agents_of, day_blocks, flat, sums_by
from tests.unit.report import samples


def test_industries_of_a_table_are_flattened_region_by_region() -> None:
    values = samples.world(days=3).values
    agents = agents_of(values)
    assert agents.labels[26] == "AUS:energy mining"
    assert (agents.regions[agents.region[26]], agents.sectors[agents.sector[26]]) == ("AUS", "energy mining")
    production = flat(values["production"].transpose("sector", "region", "day", "scenario"), agents)
    assert production.shape == (3, 1, 800)
    assert production[1, 0, 26] == values["production"].sel(region="AUS", sector="energy mining").values[0, 1]


def test_agents_of_a_network_keep_their_regions_and_products() -> None:
    agents = agents_of(samples.firms(days=50).values)
    assert not agents.industries
    assert agents.regions[agents.region[4]] == "south"
    assert agents.sectors[agents.sector[5]] == "cars"


def test_agents_without_regions_belong_to_none() -> None:
    values = samples.firms(days=50).values.drop_vars(["agent_region", "agent_product"])
    agents = agents_of(values)
    assert (agents.regions, agents.sectors) == ((), ())


def test_sums_by_group_add_members_on_each_day() -> None:
    values = np.array([[1.0, 2.0, 4.0], [0.0, 1.0, 3.0]])
    group = np.array([1, 0, 1])
    assert sums_by(values, group, 3).tolist() == [[2.0, 5.0, 0.0], [1.0, 3.0, 0.0]]
    assert sums_by(values[0], group, 2).tolist() == [2.0, 5.0]


def test_blocks_cover_every_day_once(monkeypatch: pytest.MonkeyPatch) -> None:
    agents = agents_of(samples.firms(days=50).values)
    monkeypatch.setattr(module, "_CELLS_IN_A_BLOCK", 3 * len(agents))
    blocks = list(day_blocks(8, agents))
    assert [(block.start, block.stop) for block in blocks] == [(0, 3), (3, 6), (6, 8)]
