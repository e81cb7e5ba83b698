from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tenon.schema import StorageError
from tenon.studies import check_new_file, systemic_sentences, write_systemic_risk
from tenon.vulnerability import SystemicRules, systemic_risk
from tests.unit.vulnerability.samples import CHAIN

RESULT = systemic_risk(CHAIN, rules=SystemicRules(count_final_demand=True))


def test_the_sentences_name_the_riskiest_firms_with_their_parts() -> None:
    headline, concentration, riskiest, figures = systemic_sentences(RESULT)
    assert headline == "The failure of a (p0) would take 100.0 % of all output along, more than any other."
    assert concentration.startswith(
        "Of 3 failures, 3 would each cost more than 1 % of all output; half of them cost no"
    )
    assert "c (p2) 73.1 % (for want of inputs 46.2 %, of customers 73.1 %)" in riskiest
    assert figures == "Figures at eps = 0.01, after 2 to 3 rounds."


def test_the_sentences_say_what_output_is_where_final_demand_does_not_count() -> None:
    group = systemic_risk(CHAIN, {"south": {"a": 0.01}})
    assert systemic_sentences(group)[0].startswith("The failure of south would take ")
    assert "of all sales between firms along" in systemic_sentences(group)[0]


def test_the_table_is_sorted_and_complete(tmp_path: Path) -> None:
    file = write_systemic_risk(RESULT, tmp_path / "new" / "risk.csv")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["failure"] for row in rows] == ["a", "b", "c"]
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert list(rows[0])[:7] == ["rank", "failure", "sector", "region", "esri", "esri_downstream", "esri_upstream"]
    assert float(rows[2]["esri"]) == float(RESULT.values["esri"][2])
    assert {row["eps"] for row in rows} == {"0.01"}


def test_a_file_that_is_there_is_left_alone_unless_it_may_be_replaced(tmp_path: Path) -> None:
    file = tmp_path / "mine" / "risk.csv"
    file.parent.mkdir()
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match=r"risk\.csv exists already and is left as it is"):
        write_systemic_risk(RESULT, file)
    assert file.read_text(encoding="utf-8") == "mine"
    write_systemic_risk(RESULT, file, replace=True)
    assert file.read_text(encoding="utf-8").startswith("rank,")
    assert [path.name for path in file.parent.iterdir()] == ["risk.csv"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"is a folder; name a file"):
        check_new_file(tmp_path, replace=True)


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match=r"could not be written"):
        write_systemic_risk(RESULT, tmp_path / "file" / "risk.csv")
