"""Figures that are possible but hardly meant: warned of once, with both figures, and only beyond the limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import ChainProblem, check_chain, read_chain
from tests.unit.data.chain_workbooks import Change, Sheets, add, both, put, small, write_workbook


def warnings(change: Change, folder: Path) -> tuple[ChainProblem, ...]:
    sheets: Sheets = small()
    change(sheets)
    file = write_workbook(folder / "a.xlsx", sheets)
    read_chain(file)
    return check_chain(file)


@pytest.mark.parametrize(("rate", "said"), [(8.2, "369 days a year"), (8.0, "happens 8 times a year")])
def test_a_group_is_out_for_the_longest_of_its_sites(rate: float, said: str, tmp_path: Path) -> None:
    """The plant takes 45 days and the store 5; eight times 45 days are 360 of 365."""
    change = both(put("groups", 2, "events a year", rate), put("groups", 3, "events a year", rate))
    (warning,) = warnings(change, tmp_path)
    assert said in warning.what


def test_once_a_year_is_not_told(tmp_path: Path) -> None:
    assert warnings(put("lanes", 2, "events a year", 1), tmp_path) == ()


@pytest.mark.parametrize(("sheet", "rate"), [("sites", 13), ("lanes", 37), ("passages", 183)])
def test_a_site_a_lane_and_a_passage_that_are_out_all_year_are_told(sheet: str, rate: float, tmp_path: Path) -> None:
    """The mine takes 30 days, the lane 10 and the passage 2."""

    def change(sheets: Sheets) -> None:
        if "events a year" not in sheets[sheet][0]:
            sheets[sheet][0].append("events a year")
            for row in sheets[sheet][1:]:
                row.append(None)
        put(sheet, 2, "events a year", rate)(sheets)

    (warning,) = warnings(change, tmp_path)
    assert (warning.sheet, warning.row, warning.column, warning.warning) == (sheet, 2, "events a year", True)
    days = {"sites": 30, "lanes": 10, "passages": 2}[sheet]
    assert warning.what == f"is {rate} times of {days} days each, which makes {rate * days} days a year."


def test_demand_that_just_fits_is_not_told(tmp_path: Path) -> None:
    assert warnings(put("demand", 2, "quantity", 15), tmp_path) == ()


def test_customers_of_one_stage_are_added_up_and_told_at_the_first(tmp_path: Path) -> None:
    (warning,) = warnings(add("demand", "store", "steel", "bridge", 8, 100), tmp_path)
    assert (warning.sheet, warning.row, warning.column) == ("demand", 2, "quantity")
    assert "ask for 18 t of 'steel @ store' a day" in warning.what
    assert "allow 15 at most" in warning.what
