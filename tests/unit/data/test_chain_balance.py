"""Checks over the whole: loops are found one by one, and shares are added up as the chain adds them."""

from __future__ import annotations

from pathlib import Path

from tenon.data import check_chain
from tests.unit.data.chain_workbooks import Sheets, small, write_workbook


def loops(sheets: Sheets, path: Path) -> list[str]:
    return [p.what for p in check_chain(write_workbook(path / "a.xlsx", sheets)) if "in a loop" in p.what]


def test_every_loop_of_a_bill_is_found(tmp_path: Path) -> None:
    sheets = small()
    sheets["parts"] += [["a", "t"], ["b", "t"]]
    pairs = (("a", "b"), ("b", "a"), ("ore", "ore"))
    sheets["bill of materials"] += [[None, part, needed, 1, 0] for part, needed in pairs]
    found = [what.partition(": ")[2] for what in loops(sheets, tmp_path)]
    assert sorted(found) == ["'a' needs 'b' needs 'a'.", "'ore' needs 'ore'."]


def test_the_same_part_may_be_used_again_at_another_site(tmp_path: Path) -> None:
    """Rows of one site are no loop, as long as supplies run in none."""
    sheets = small()
    sheets["production"].append(["pit", "steel", "makes", 5, 5, 5, 5])
    sheets["bill of materials"].append(["pit", "steel", "steel", 0.1, 0])
    sheets["suppliers"].append(["store", "steel", "pit", 1, None, 0, "yes"])
    sheets["demand"].append(["pit", "steel", "all", 1, 1])
    assert check_chain(write_workbook(tmp_path / "a.xlsx", sheets)) == ()


def test_a_source_that_must_start_up_first_adds_nothing_to_the_shares(tmp_path: Path) -> None:
    sheets = small()
    sheets["production"].append(["pit", "ore", "buys in", 5, 5, 5, 5])
    sheets["suppliers"].append(["pit", "ore", "plant", 0.9, None, 30, "yes"])
    assert check_chain(write_workbook(tmp_path / "a.xlsx", sheets)) == ()


def test_a_passage_behind_a_comma_does_not_hang_loose_too(tmp_path: Path) -> None:
    sheets = small()
    sheets["lanes"][1][3] = "Sound, Kiel Canal"
    (problem,) = check_chain(write_workbook(tmp_path / "a.xlsx", sheets))
    assert problem.what == "is read as the one passage 'Sound, Kiel Canal'."
