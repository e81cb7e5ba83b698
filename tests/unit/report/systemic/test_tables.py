"""The tables of systemic risk."""

from __future__ import annotations

from tenon.report.language import load_language
from tenon.report.systemic.reading import read_systemic_result
from tenon.report.systemic.tables import curve_table, firms_table, groups_table, rules_table
from tenon.report.tables import csv_text
from tenon.vulnerability import systemic_risk
from tests.unit.report.systemic.samples import sample
from tests.unit.vulnerability.samples import CHAIN

ENGLISH = load_language("en")
FOUND = read_systemic_result(sample())


def test_firms_come_with_their_place_both_parts_and_multiple() -> None:
    table = firms_table(FOUND, ENGLISH)
    lines = csv_text(table).splitlines()
    assert lines[0].startswith("Firm,Sector,Region,Index,For want of inputs,For want of customers,Own share")
    assert lines[1] == "mill,flour,south,0.4,0.1,0.4,0.1,4"
    assert lines[5] == "idle,trade,south,0,0,0,0,"
    assert table.displayed()[0] == ["mill", "flour", "south", "40.0%", "10.0%", "40.0%", "10.0%", "4.0"]


def test_groups_of_firms_have_no_place() -> None:
    found = read_systemic_result(systemic_risk(CHAIN, {"south": {"a": 1.0}}))
    assert [column.title for column in firms_table(found, ENGLISH).columns][:2] == ["Firm", "Index"]


def test_sectors_and_regions_are_summed_up() -> None:
    lines = csv_text(groups_table(FOUND, ENGLISH, "sector")).splitlines()
    assert lines[1:] == ["flour,1,0.4,mill,0.4,0.1", "grain,2,0.25,farm,0.28,0.32", "trade,2,0.002,shop,0.002,0.001"]
    lines = csv_text(groups_table(FOUND, ENGLISH, "region")).splitlines()
    assert lines[1:] == ["south,3,0.4,mill,0.402,0.101", "north,2,0.25,farm,0.28,0.32"]


def test_levels_count_the_firms_that_reach_them() -> None:
    counts = {row[0]: row[1] for row in curve_table(FOUND, ENGLISH).rows}
    assert (counts[0.5], counts[0.2], counts[0.02], counts[0.002]) == (0, 2, 3, 4)


def test_rules_say_what_the_figures_rest_on() -> None:
    rows = {row[0]: row[1] for row in rules_table(FOUND, ENGLISH).rows}
    assert rows["Firms of one sector take over from each other"] == "yes"
    assert rows["Losses are shares of"] == "all output"
    assert rows["Rounds"] == "1 to 7"
