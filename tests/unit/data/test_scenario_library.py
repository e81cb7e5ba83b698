from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest

from tenon.data import library, load, load_scenario, open_scenario
from tenon.schema import CapacityShock, CapitalShock, InventoryShock, Scenario, ScenarioError, SourceError, Target

LIBRARY = library()
NAMES = sorted(LIBRARY)


def test_the_library_has_what_was_promised() -> None:
    assert len(NAMES) >= 10
    assert set(NAMES) >= {
        "tohoku-2011",
        "thailand-floods-2011",
        "pandemic-2020",
        "hormuz-closure",
        "rare-earths-2025",
        "taiwan-electronics",
        "supplier-outage-2022",
        "two-blocs",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_named_as_its_file_and_told_in_two_languages_with_sources(name: str) -> None:
    scenario = LIBRARY[name]
    assert scenario.name == name
    assert scenario.sources
    assert scenario.shocks
    assert scenario.title.isascii()
    for text in (scenario.title_zh, scenario.description_zh):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text)
    # What was published and what is assumed are told apart, in both languages.
    assert "Assumptions of ours:" in scenario.description
    assert "本库的假设：" in scenario.description_zh
    for text in (scenario.description, scenario.description_zh, *scenario.sources):
        assert "  " not in text
        assert "\n" not in text


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_give_the_same_percentages(name: str) -> None:
    def percentages(text: str) -> list[float]:
        both_ends = re.sub(r"([\d.]+) to ([\d.]+) %", r"\1 % \2 %", text)
        return sorted(float(figure) for figure in re.findall(r"([\d.]+) ?%", both_ends))

    assert percentages(LIBRARY[name].description) == percentages(LIBRARY[name].description_zh)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_dated_or_a_series(name: str) -> None:
    assert all(re.search(r"\((\w+ )*\d{4}\)|[A-Z]+\.[A-Z.]+", source) for source in LIBRARY[name].sources)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_of_a_scenario_is_in_the_bundled_table(name: str) -> None:
    table, scenario = load("world-2022"), LIBRARY[name]
    industries = set(table.labels)
    for shock in scenario.shocks:
        for entry in fields(shock):
            value = getattr(shock, entry.name)
            if isinstance(value, Target):
                assert scenario.expand(value.regions, table.regions, "region") or not value.regions
                assert scenario.expand(value.sectors, table.sectors, "sector") or not value.sectors
                assert set(value.agents) <= industries
        if isinstance(shock, CapitalShock):
            assert set(shock.damage or {}) <= industries
            assert set(shock.household_damage) <= set(table.regions)
            assert shock.reconstruction is None or set(shock.reconstruction.sectors) <= set(table.sectors)
        if isinstance(shock, InventoryShock):
            assert set(shock.products) <= set(table.sectors)


@pytest.mark.parametrize("name", NAMES)
def test_every_group_of_a_scenario_is_used(name: str) -> None:
    written = tomllib.loads(open_scenario(name).text)
    assert all(f"'{group}'" in repr(written["shocks"]) for group in written.get("groups", {}))


def test_the_damage_of_tohoku_adds_up_to_the_published_figure() -> None:
    shock = LIBRARY["tohoku-2011"].shocks[0]
    assert isinstance(shock, CapitalShock)
    dollars = sum((shock.damage or {}).values()) + sum(shock.household_damage.values())
    # 16.9 trillion yen at 79.8 yen a dollar, in billions.
    assert dollars == pytest.approx(16.9e3 / 79.8, abs=0.1)
    assert shock.damage_unit == 1e9


def test_the_loss_of_vehicle_capacity_in_tohoku_follows_the_published_output() -> None:
    shock = LIBRARY["tohoku-2011"].shocks[1]
    assert isinstance(shock, CapacityShock)
    april, may = 1 - 292_001 / (292_001 + 439_828), 1 - 489_723 / 709_113
    # Days 30 and 80 after the earthquake lie in April and at the end of May.
    start = shock.timing.start_day
    assert shock.loss * shock.timing.remaining(start + 30) == pytest.approx(april, abs=0.005)
    assert shock.loss * shock.timing.remaining(start + 80) == pytest.approx(may, abs=0.01)


def test_the_damage_of_the_thai_floods_is_half_of_the_published_figure_for_manufacturing() -> None:
    shock = LIBRARY["thailand-floods-2011"].shocks[0]
    assert isinstance(shock, CapitalShock)
    # 70 % of 46.5 billion USD of damage and losses, half of it damage.
    assert sum((shock.damage or {}).values()) == pytest.approx(0.7 * 46.5 / 2, rel=0.01)


def test_the_share_of_one_suppliers_site_is_computed() -> None:
    shock = LIBRARY["supplier-outage-2022"].shocks[0]
    assert not isinstance(shock, CapitalShock | InventoryShock)
    assert getattr(shock, "loss", None) == pytest.approx(13_000 / (7_846_958 / 244), abs=0.005)


def test_the_shares_of_shanghai_are_computed() -> None:
    out, into, work = LIBRARY["shanghai-port-2022"].shocks
    half_of_the_port = 47.0 / 282.72 / 2
    assert getattr(out, "loss", None) == getattr(into, "loss", None) == pytest.approx(half_of_the_port, abs=0.0005)
    assert getattr(work, "loss", None) == pytest.approx(1.0 / 37.3 * 0.615, abs=0.0006)


def test_a_scenario_is_found_by_name_or_path(tmp_path: Path) -> None:
    path = tmp_path / "calm.toml"
    path.write_text('name = "calm"\nhorizon_days = 3\n', encoding="utf-8")
    assert load_scenario(path) == load_scenario(str(path)) == Scenario(name="calm", horizon_days=3)
    assert load_scenario("tohoku-2011") == LIBRARY["tohoku-2011"]


def test_the_library_comes_before_a_file_of_the_same_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tohoku-2011").write_text('name = "calm"\nhorizon_days = 3\n', encoding="utf-8")
    assert load_scenario("tohoku-2011").name == "tohoku-2011"
    assert load_scenario("./tohoku-2011").name == "calm"
    assert load_scenario(Path("tohoku-2011")).name == "calm"


def test_a_misspelled_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match=r"no scenario 'tohoku', neither .* did you mean 'tohoku-2011'\?"):
        load_scenario("tohoku")


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(SourceError, match=r"nothing\.toml does not exist"):
        load_scenario("nothing.toml")


def test_the_library_is_all_files_of_its_folder() -> None:
    folder = files("tenon.data") / "scenarios"
    assert sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir()) == NAMES
