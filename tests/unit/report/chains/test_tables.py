"""The tables of a stressed chain."""

from __future__ import annotations

from tenon.report.chains.reading import read_chain_result
from tenon.report.chains.tables import (
    common_table,
    exposure_table,
    hidden_table,
    pairs_table,
    points_table,
    presumed_table,
    remedies_table,
    survival_table,
)
from tenon.report.language import load_language
from tenon.report.tables import csv_text
from tests.unit.report.chains.samples import sample

FOUND = read_chain_result(sample())
ENGLISH = load_language("en")


def test_sites_come_with_range_index_times_and_spend() -> None:
    lines = csv_text(exposure_table(FOUND, ENGLISH)).splitlines()
    assert lines[0].startswith("Site,Margin lost (EUR),If recovery is quick (EUR),If recovery is slow (EUR)")
    assert lines[1:3] == ["P,80,40,120,1,4,1,3,0", "X,30,10,60,0.375,4,2.5,1.5,5"]
    assert len(lines) == 5


def test_shared_causes_have_a_kind_and_no_spend() -> None:
    assert csv_text(common_table(FOUND, ENGLISH)).splitlines()[1:] == ["valley,group,45,15,90,0.5625,4,2,2"]


def test_the_longest_gap_comes_first() -> None:
    assert [row[0] for row in survival_table(FOUND, ENGLISH).rows][:2] == ["P", "X"]


def test_points_show_their_proof_and_what_it_rests_on() -> None:
    row = points_table(FOUND, ENGLISH, FOUND.hidden, "hidden").rows[0]
    assert row == ("X", "site", "P @ P", 2, 20.0, "verified supplies", "P @ P ← s (S1, S2) ← x (X)")


def test_hidden_points_come_one_row_a_cause() -> None:
    row = ("X", "site", 1, 20.0, 2, "verified supplies", "P @ P ← s (S1, S2) ← x (X)")
    assert hidden_table(FOUND, ENGLISH).rows == (row,)


def test_remedies_come_with_the_best_return_first() -> None:
    table = remedies_table(FOUND, ENGLISH)
    assert table is not None
    assert table.rows == (("X", 30.0, "x @ X", 2.0, 20.0), ("P", 80.0, "P @ P", 0.5, 20.0))


def test_tables_without_rows_are_left_out() -> None:
    assert presumed_table(FOUND, ENGLISH) is None
    pairs = pairs_table(FOUND, ENGLISH)
    assert pairs is not None
    assert pairs.rows == (("S1", "S2", 20.0),)
