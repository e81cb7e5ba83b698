"""The shipped table is small, exact in its identities, and keeps what is needed apart."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from tenon.data import load
from tenon.data.world_aggregate import aggregate_world_2022, round_table
from tenon.schema import LabelError, TableError
from tests.unit.data.examples import world

G20 = (
    *("ARG", "AUS", "BRA", "CAN", "CHN", "DEU", "FRA", "GBR", "IDN", "IND"),
    *("ITA", "JPN", "KOR", "MEX", "RUS", "SAU", "TUR", "USA", "ZAF"),
)


def test_members_of_the_g20_stand_on_their_own() -> None:
    assert set(G20) <= set(load().regions)


def test_sectors_that_scenarios_need_are_apart() -> None:
    wanted = {"electronics", "motor vehicles", "basic metals", "energy mining", "other mining", "chemicals"}
    wanted |= {"pharmaceuticals", "refined petroleum", "electricity and gas", "construction"}
    wanted |= {"land transport", "water transport", "air transport and post"}
    assert wanted <= set(load().sectors)


def test_the_shipped_file_is_at_most_three_mebibytes() -> None:
    assert len(files("tenon.data").joinpath("shipped", "world-2022.npz").read_bytes()) <= 3 * 2**20


def test_the_shipped_table_balances_exactly() -> None:
    balance = load().balance()
    assert balance.relative < 1e-14
    assert balance.relative_columns < 1e-14


def test_the_shipped_table_has_the_size_of_the_world() -> None:
    table = load()
    assert table.x.sum() / 1e6 == pytest.approx(207.5, abs=0.1)
    assert table.V[0].sum() / 1e6 == pytest.approx(98.6, abs=0.1)
    china = table.final_demand_by_region[:, table.regions.index("CHN")].sum() / 1e6
    assert 15 < china < 20


def test_rounding_keeps_digits_and_both_identities() -> None:
    table = world()
    rounded = round_table(table, bits=10, smallest=0.0)
    assert np.allclose(rounded.Z, table.Z, rtol=2.0**-10)
    assert rounded.balance().relative < 1e-15
    assert rounded.balance().relative_columns < 1e-15
    assert rounded.repairs[-1].startswith("round_table: flows kept to 10 binary digits")


def test_small_flows_become_zero() -> None:
    table = world()
    rounded = round_table(table, bits=20, smallest=float(np.median(table.Z)))
    assert ((rounded.Z == 0) == (np.median(table.Z) > table.Z)).all()


def test_no_digits_at_all_are_refused() -> None:
    with pytest.raises(TableError, match="bits must be at least 1, but is 0"):
        round_table(world(), bits=0, smallest=0.0)


def test_a_table_of_other_regions_is_refused() -> None:
    with pytest.raises(LabelError, match="the region concordance says nothing about 'A'"):
        aggregate_world_2022(world())
