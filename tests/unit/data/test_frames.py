"""Labelled figures are taken by label, and what is out of place is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenon.data.frames import block, read_frame, region_major, same_labels
from tenon.schema import LabelError, SourceError


def test_figures_are_read_with_labels_as_written(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("\ufeff,a,a\nNA,1,2.5\nr,-3e2,4\n", encoding="utf-8")
    frame = read_frame(file, "figures")
    assert list(frame.columns) == ["", "a", "a"]
    assert list(frame.iloc[:, 0]) == ["NA", "r"]
    assert np.array_equal(block(frame, slice(0, 2), slice(1, 3), file=file), np.array([[1, 2.5], [-300, 4]]))


def test_excel_is_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    pd.DataFrame([["", "a", "b"], ["r", 1, 2.5]]).to_excel(file, header=False, index=False)
    frame = read_frame(file, "figures")
    assert list(frame.columns)[1:] == ["a", "b"]
    assert np.array_equal(block(frame, slice(0, 1), slice(1, 3), file=file), [[1, 2.5]])


@pytest.mark.parametrize(("cell", "shown"), [("", "nothing"), ("NaN", "'NaN'"), ("1,5", "'1,5'"), ("inf", "")])
def test_a_cell_that_is_no_number_is_named(tmp_path: Path, cell: str, shown: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(f',a,b\nr,1,2\ns,3,"{cell}"\n', encoding="utf-8")
    frame = read_frame(file, "figures")
    with pytest.raises(SourceError, match=rf"row s, column b: a number was expected, but there is {shown}"):
        block(frame, slice(0, 2), slice(1, 3), file=file)


def test_lines_of_other_lengths_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(",a\nr,1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="the first line has 2 labels, but the lines below have 3 cells"):
        read_frame(file, "figures")
    file.write_text(",a,b\nr,1,2\ns,1,2,3\n", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read as figures"):
        read_frame(file, "figures")


def test_a_header_alone_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(",a\n", encoding="utf-8")
    with pytest.raises(SourceError, match="cannot be read as figures"):
        read_frame(file, "figures")


def test_bytes_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    file.write_bytes(b"PK no workbook")
    with pytest.raises(SourceError, match="cannot be read as figures"):
        read_frame(file, "figures")


@pytest.mark.parametrize(
    ("came", "message"),
    [
        (["a", "a", "b"], "here: 'a' stands twice"),
        (["a", "bb", "c"], r"here: 'bb' at position 2 is not among the labels; did you mean 'b'\?"),
        (["a", "b"], r"here: 'c' is missing \(1 of 3 labels\)"),
        (["b", "a", "c"], "here: 'b' stands at position 1, where 'a' was expected"),
    ],
)
def test_labels_must_be_the_wanted_ones_in_order(came: list[str], message: str) -> None:
    with pytest.raises(LabelError, match=message):
        same_labels(came, ["a", "b", "c"], "here")


def test_industries_must_stand_region_by_region() -> None:
    with pytest.raises(LabelError, match="here: 'B:1' stands at position 2, where 'A:2' was expected"):
        region_major([("A", "1"), ("B", "1"), ("A", "2"), ("B", "2")], "here")
    with pytest.raises(LabelError, match="here: 'B:2' is missing"):
        region_major([("A", "1"), ("A", "2"), ("B", "1")], "here")
