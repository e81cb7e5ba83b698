"""What a stressed chain leaves behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tenon.schema import Result, StorageError
from tenon.studies import chain_tables, read_result, save_chain_study, stress_supply_chain
from tests.chains import CASES

CHAIN = CASES["hidden in the second tier"].chain


@pytest.fixture(scope="module")
def result() -> Result:
    # A label that a spreadsheet would take for a formula.
    sites = replace(CHAIN.sites, labels=("=1+1", *CHAIN.sites.labels[1:]))
    return stress_supply_chain(replace(CHAIN, sites=sites))


def test_the_folder_holds_all_values_and_every_table_twice(tmp_path: Path, result: Result) -> None:
    save_chain_study(result, tmp_path)
    again = read_result(tmp_path)
    assert again.values.sizes == result.values.sizes
    workbook = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    assert workbook.sheetnames == ["outages", "lost_units", "followed", "days", "points", "pairs"]
    for name in workbook.sheetnames:
        rows = len(pd.read_csv(tmp_path / f"{name}.csv"))
        assert workbook[name].max_row == rows + 1


def test_the_most_expensive_outage_comes_first_with_units_in_the_headings(result: Result) -> None:
    outages = chain_tables(result.values)["outages"]
    assert outages["outage"].tolist()[:2] == ["P", "=1+1"]
    assert outages["performance_impact_likely (EUR)"].tolist()[:2] == pytest.approx([200, 150])


def test_days_hold_deliveries_of_each_product_while_anything_is_missing(result: Result) -> None:
    tables = chain_tables(result.values)
    days, followed = tables["days"], tables["followed"]
    assert list(days.columns) == ["followed", "day", "delivered: P @ P", "margin_lost_a_day (EUR/day)"]
    assert (days["margin_lost_a_day (EUR/day)"] > 0).all()
    assert days.groupby("followed")["margin_lost_a_day (EUR/day)"].sum().to_dict() == pytest.approx(
        followed.set_index("followed")["margin_lost (EUR)"].to_dict()
    )


def test_labels_never_become_formulas(tmp_path: Path, result: Result) -> None:
    save_chain_study(result, tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["outages"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, result: Result) -> None:
    with pytest.raises(StorageError, match="could not be written"):
        save_chain_study(result, tmp_path / "absent")
