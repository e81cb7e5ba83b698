"""The name of a file says its layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import read_any, write_csv_folder, write_table
from tenon.schema import SourceError
from tests.unit.schema.examples import TABLE


def test_a_stored_table_and_a_folder_are_recognized(tmp_path: Path) -> None:
    assert read_any(write_table(TABLE, tmp_path / "t.npz")).name == "small"
    assert read_any(write_csv_folder(TABLE, tmp_path / "folder")).name == "small"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("wiot_2011.RData", "a table of the WIOD 2013 release"),
        ("WIOT2014_Nov16_ROW.RData", "a table of the WIOD 2016 release"),
        ("CHN2022ttl.csv", "an OECD national table"),
        ("2022_SML.csv", "an OECD ICIO table"),
        ("mine.npz", "a stored table"),
    ],
)
def test_each_layout_goes_to_its_reader(tmp_path: Path, name: str, what: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(SourceError, match=f"{name} is empty; {what}"):
        read_any(tmp_path / name)


def test_an_unknown_layout_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("1")
    with pytest.raises(SourceError, match=r"table.csv is not named like a table that tenon reads. Layouts: \*.npz"):
        read_any(tmp_path / "table.csv")


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="nothing does not exist"):
        read_any(tmp_path / "nothing")
