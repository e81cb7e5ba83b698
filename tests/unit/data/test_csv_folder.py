"""A folder of CSV files is a table, unless a label or a figure is out of place."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.data import read_csv_folder, write_csv_folder
from tenon.schema import LabelError, SourceError, StorageError, TableError
from tests.unit.data.examples import read_rows, write_rows
from tests.unit.schema.examples import TABLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the small table."""
    return write_csv_folder(TABLE, tmp_path / "small")


def test_a_table_comes_back_as_it_was(folder: Path) -> None:
    table = read_csv_folder(folder)
    for name in ("Z", "Y", "V", "x"):
        assert np.array_equal(getattr(table, name), getattr(TABLE, name))
    assert (table.regions, table.sectors, table.year, table.unit) == (TABLE.regions, TABLE.sectors, 2020, 1e6)
    assert table.final_demand_categories == TABLE.final_demand_categories
    assert table.value_added_items == TABLE.value_added_items


def test_rows_and_columns_shuffled_alike_are_refused(folder: Path) -> None:
    rows = read_rows(folder / "Z.csv")
    order = [0, 2, 1, 3, 4]
    write_rows(folder / "Z.csv", [[rows[i][j] for j in order] for i in order])
    with pytest.raises(LabelError, match=r"Z.csv, rows: 'B:mining' stands at position 3, where 'B:power' was"):
        read_csv_folder(folder)


def test_rows_shuffled_against_columns_are_refused(folder: Path) -> None:
    rows = read_rows(folder / "Z.csv")
    write_rows(folder / "Z.csv", [rows[0], rows[3], rows[2], rows[1], rows[4]])
    with pytest.raises(
        LabelError, match=r"Z.csv, columns: 'A:mining' stands at position 1, where 'B:mining' was expected"
    ):
        read_csv_folder(folder)


def test_labels_exchanged_without_their_figures_do_not_balance(folder: Path) -> None:
    rows = read_rows(folder / "Z.csv")
    rows[1][1:], rows[2][1:] = rows[2][1:], rows[1][1:]
    write_rows(folder / "Z.csv", rows)
    with pytest.raises(TableError, match="does not balance"):
        read_csv_folder(folder)


@pytest.mark.parametrize("name", ["table.toml", "Z.csv", "Y.csv", "V.csv", "x.csv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(SourceError, match=f"{name} does not exist"):
        read_csv_folder(folder)


def test_a_file_cut_short_is_refused(folder: Path) -> None:
    rows = read_rows(folder / "Y.csv")
    write_rows(folder / "Y.csv", rows[:-1])
    with pytest.raises(LabelError, match=r"Y.csv, rows: 'B:power' is missing"):
        read_csv_folder(folder)


def test_an_empty_cell_is_refused(folder: Path) -> None:
    rows = read_rows(folder / "V.csv")
    rows[1][2] = ""
    write_rows(folder / "V.csv", rows)
    with pytest.raises(SourceError, match=r"row work, column A:power: a number was expected, but there is nothing"):
        read_csv_folder(folder)


def test_a_repeated_label_is_refused(folder: Path) -> None:
    rows = read_rows(folder / "Z.csv")
    rows[2][0] = rows[0][2] = "A:mining"
    write_rows(folder / "Z.csv", rows)
    with pytest.raises(LabelError, match="'A:mining' stands twice"):
        read_csv_folder(folder)


def test_a_label_without_a_region_is_refused(folder: Path) -> None:
    rows = read_rows(folder / "Z.csv")
    rows[1][0] = rows[0][1] = "mining"
    write_rows(folder / "Z.csv", rows)
    with pytest.raises(SourceError, match="label 'mining' must have two parts with a colon"):
        read_csv_folder(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("year = 2020\n", "", "key 'year' is missing"),
        ("year = 2020", "yaer = 2020", r"unknown key 'yaer'; did you mean 'year'\?"),
        ("year = 2020", 'year = "2020"', "year = '2020' is of the wrong kind"),
        ("year = 2020", "year = true", "year = True is of the wrong kind"),
        ("year = 2020", "year =", "is not valid TOML"),
    ],
)
def test_a_wrong_description_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    file = folder / "table.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_csv_folder(folder)


def test_output_has_one_column(folder: Path) -> None:
    rows = read_rows(folder / "x.csv")
    write_rows(folder / "x.csv", [[*row, "1"] for row in rows])
    with pytest.raises(SourceError, match=r"x.csv must have one column of figures, but has 2"):
        read_csv_folder(folder)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is not a folder"):
        read_csv_folder(tmp_path / "nothing")


def test_an_existing_folder_is_not_overwritten(folder: Path) -> None:
    with pytest.raises(StorageError, match="exists already"):
        write_csv_folder(TABLE, folder)


def test_a_disk_that_fills_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, *_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(
        StorageError, match=r"small could not be written \(No space left on device\); nothing was stored"
    ):
        write_csv_folder(TABLE, tmp_path / "small")
    assert [path.name for path in tmp_path.iterdir() if path.name != ".home"] == []
