from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tenon.schema import StorageError
from tenon.studies import read_result, save_systemic_risk, systemic_table
from tenon.vulnerability import SystemicRules, systemic_risk
from tests.unit.vulnerability.samples import CHAIN

RESULT = systemic_risk(CHAIN, rules=SystemicRules(count_final_demand=True))


def test_the_table_is_sorted_and_complete(tmp_path: Path) -> None:
    save_systemic_risk(RESULT, tmp_path)
    with (tmp_path / "systemic-risk.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["failure"] for row in rows] == ["a", "b", "c"]
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert list(rows[0])[:7] == ["rank", "failure", "sector", "region", "esri", "esri_downstream", "esri_upstream"]
    assert float(rows[2]["esri"]) == float(RESULT.values["esri"][2])
    assert {row["eps"] for row in rows} == {"0.01"}


def test_all_values_are_kept(tmp_path: Path) -> None:
    save_systemic_risk(RESULT, tmp_path)
    read = read_result(tmp_path)
    assert read.values.equals(RESULT.values)
    assert read.notes == RESULT.notes


def test_failures_of_groups_have_no_place() -> None:
    table = systemic_table(systemic_risk(CHAIN, {"south": {"a": 0.5}, "north": {"b": 1.0}}).values)
    assert list(table)[:3] == ["rank", "failure", "esri"]
    assert table["failure"].tolist() == ["north", "south"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "systemic-risk.csv").mkdir()
    with pytest.raises(StorageError, match=r"could not be written: .*\. Free some space, or choose another folder"):
        save_systemic_risk(RESULT, tmp_path)
