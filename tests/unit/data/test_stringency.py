from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import load, load_scenario, lockdown_profiles, pandemic_scenario, read_gdp, read_stringency
from tenon.data.stringency import WORK_LOST
from tenon.schema import LaborShock, Scenario, SourceError

HEAD = "CountryCode,CountryName,RegionCode,RegionName,CityCode,CityName,Jurisdiction,01Jan2020,02Jan2020"


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


def test_countries_are_read_and_states_come_before_them(tmp_path: Path) -> None:
    file = write(
        tmp_path / "index.csv",
        "JPN,Japan,,,,,NAT_TOTAL,10,20",
        "CHN,China,,,,,NAT_TOTAL,90,",
        "CHN,China,CHN_A,A,,,STATE_TOTAL,10,30",
        "CHN,China,CHN_B,B,,,STATE_TOTAL,30,50",
        "BRA,Brazil,BRA_X,X,BRA_XX,XX,CITY_TOTAL,77,77",
    )
    found = read_stringency(file)
    assert sorted(found) == ["CHN", "JPN"]
    np.testing.assert_array_equal(found["JPN"], [10, 20])
    np.testing.assert_array_equal(found["CHN"], [20, 40])


def test_another_layout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "index.csv"
    file.write_text("country,day,index\nJPN,1,2\n", encoding="utf-8")
    with pytest.raises(
        SourceError, match=r"does not begin as the wide files of OxCGRT do .* but with country, day, index"
    ):
        read_stringency(file)


def test_regions_of_several_countries_are_weighted_by_gdp() -> None:
    days = 26 * 14
    index = {"THA": np.full(days, 50.0), "PHL": np.full(days, 90.0), "MMR": np.full(days, 30.0), "XKX": np.zeros(days)}
    profiles = lockdown_profiles(index, {"PHL": 3.0, "MMR": 1.0})
    assert profiles["THA"] == (0.5,) * 26
    assert profiles["XSE"] == ((3 * 0.9 + 0.3) / 4,) * 26
    # Countries that no region claims are the rest of the world.
    assert profiles["ROW"] == (0.0,) * 26


def test_work_is_lost_in_proportion_above_half_of_the_index() -> None:
    frame = Scenario(name="p", horizon_days=40, groups={"contact": ("other services",), "on-site": ("food",)})
    scenario = pandemic_scenario({"JPN": (0.4, 0.75, 1.0), "CHN": (0.5, 0.2, 0.1)}, frame)
    assert len(scenario.shocks) == len(WORK_LOST)
    for shock, (group, loss) in zip(scenario.shocks, WORK_LOST.items(), strict=True):
        assert isinstance(shock, LaborShock)
        assert (shock.target.regions, shock.target.sectors, shock.loss) == (("JPN",), (group,), loss)
        assert shock.timing.curve == ((7.0, 0.0), (21.0, 0.5), (35.0, 1.0), (42.0, 0.0))


def test_the_pandemic_of_the_library_follows_from_the_source(shared: Path) -> None:
    profiles = lockdown_profiles(
        read_stringency(shared / "data/disruption/oxcgrt/OxCGRT_timeseries_StringencyIndex_v1.csv"),
        read_gdp(shared / "data/geo/worldbank_gdp.csv"),
    )
    library = load_scenario("pandemic-2020")
    assert pandemic_scenario(profiles, library) == library


def test_the_index_is_that_of_the_source(shared: Path) -> None:
    index = read_stringency(shared / "data/disruption/oxcgrt/OxCGRT_timeseries_StringencyIndex_v1.csv")
    # Italy on 1 April 2020, as published.
    assert index["ITA"][91] == 85.19


def test_the_direct_loss_of_work_is_below_the_total_that_the_ilo_estimated() -> None:
    table, scenario = load("world-2022"), load_scenario("pandemic-2020")
    value_added = table.value_added.reshape(len(table.regions), -1)
    second_quarter = range(91, 182)
    lost = 0.0
    for shock in scenario.shocks:
        assert isinstance(shock, LaborShock)
        region = table.regions.index(shock.target.regions[0])
        sectors = [table.sectors.index(label) for label in scenario.groups[shock.target.sectors[0]]]
        share = np.mean([shock.timing.remaining(day) for day in second_quarter])
        lost += float(value_added[region, sectors].sum() * shock.loss * share)
    assert lost / value_added.sum() == pytest.approx(0.079, abs=0.001)
