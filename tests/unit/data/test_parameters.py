"""Default parameters fit the sectors of a table."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tenon.data import load, sector_parameters
from tenon.data.names import oecd_industry_names, wiod_industry_names
from tenon.schema import LabelError
from tests.unit.data.examples import world


def test_every_sector_of_the_shipped_table_has_sound_defaults() -> None:
    table = load()
    parameters = sector_parameters(table)
    assert tuple(parameters) == table.sectors
    for sector, item in parameters.items():
        assert item.inventory_days > 1, sector
        assert item.restocking_days > 0, sector
        assert 0.4 < item.capital_to_value_added < 6, sector
        assert "BoARIO" in item.source
    assert sum(item.rebuilding_share for item in parameters.values()) == pytest.approx(1.0)


def test_goods_can_be_stored_and_services_cannot() -> None:
    parameters = sector_parameters(load())
    assert parameters["basic metals"].storable
    assert not parameters["electricity and gas"].storable
    assert not parameters["information"].storable


def test_the_lack_of_finance_stops_nobody() -> None:
    parameters = sector_parameters(load())
    assert math.isinf(parameters["finance and real estate"].inventory_days)
    assert parameters["finance and real estate"].unlimited
    assert not parameters["chemicals"].unlimited


@pytest.mark.parametrize("sectors", [tuple(oecd_industry_names()), tuple(wiod_industry_names())])
def test_industries_of_the_sources_take_the_defaults_of_their_sector(sectors: tuple[str, ...]) -> None:
    parameters = sector_parameters(world(("A",), sectors))
    assert tuple(parameters) == sectors
    assert sum(item.rebuilding_share for item in parameters.values()) == pytest.approx(1.0)


def test_a_sector_of_another_classification_is_refused() -> None:
    table = replace(load(), sectors=("electronic", *load().sectors[1:]), sector_names={})
    with pytest.raises(
        LabelError, match=r"no default parameters for sector 'electronic'.*did you mean 'electronics'\?"
    ):
        sector_parameters(table)
