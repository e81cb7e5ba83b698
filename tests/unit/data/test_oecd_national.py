"""The OECD's national tables are read whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import read_oecd_national
from tenon.data.oecd_national import USE_CATEGORIES, read_oecd_use
from tenon.schema import SourceError
from tests.unit.data.examples import read_rows, write_rows

Z = np.array([[20.0, 30.0], [10.0, 40.0]])
Y = np.array([[40.0, 0, 5, 10, -1, 0, 0], [60.0, 1, 2, 30, 2, 1, 1]])
EXPORTS, IMPORTS = np.array([12.0, 5.0]), np.array([6.0, 12.0])
OUTPUT = Z.sum(axis=1) + Y.sum(axis=1) + EXPORTS - IMPORTS
TAXES, OTHER = np.array([2.0, 3.0]), np.array([0.5, 0.0])
ADDED = OUTPUT - Z.sum(axis=0) - TAXES - OTHER


def write_national(folder: Path, economy: str = "CHN", *, scale: float = 1.0) -> Path:
    """Write a national table of two industries in the layout of the source."""
    columns = ["A01", "C26", *USE_CATEGORIES, "EXPO", "IMPO", "TOTAL"]
    rows: list[list[object]] = [["", *columns]]
    for position, industry in enumerate(("A01", "C26")):
        figures = [*Z[position], *Y[position], EXPORTS[position], -IMPORTS[position], OUTPUT[position]]
        rows.append([f"TTL_{industry}", *(scale * figure for figure in figures)])
    for name, values in {
        "IMP_OTHER": OTHER,
        "TXS_INT_FNL": TAXES,
        "TTL_INT_FNL": Z.sum(axis=0),
        "VALU": ADDED,
        "OUTPUT": OUTPUT,
    }.items():
        rows.append([name, *(scale * values), *[""] * 10])
    return write_rows(folder / f"{economy}2022ttl.csv", rows)


def test_figures_are_those_of_the_file(tmp_path: Path) -> None:
    use = read_oecd_use(write_national(tmp_path))
    assert (use.economy, use.year, use.industries) == ("CHN", 2022, ("A01", "C26"))
    assert np.array_equal(use.Z, Z)
    assert np.array_equal(use.Y, Y)
    assert np.array_equal(use.exports, EXPORTS)
    assert np.array_equal(use.imports, IMPORTS)
    assert np.array_equal(use.primary, [ADDED, TAXES, OTHER])


def test_a_national_table_has_exports_and_imports_as_final_demand(tmp_path: Path) -> None:
    table = read_oecd_national(write_national(tmp_path))
    assert table.regions == ("CHN",)
    assert table.final_demand_categories == (*USE_CATEGORIES, "EXPO", "IMPO")
    assert np.array_equal(table.Y[:, -1], -IMPORTS)
    assert table.balance().relative < 1e-12
    assert table.sector_names["C26"] == "Computer, electronic and optical products"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (1, "row or column TTL_A01 is missing"),
        (6, "row or column VALU is missing"),
        (7, "row or column OUTPUT is missing"),
    ],
)
def test_a_missing_row_is_named(tmp_path: Path, row: int, message: str) -> None:
    file = write_national(tmp_path)
    rows = read_rows(file)
    if row == 1:
        # The industry stays a column, as in a file that was cut by hand.
        del rows[row]
    else:
        rows = rows[:row]
    write_rows(file, rows)
    with pytest.raises(SourceError, match=message):
        read_oecd_use(file)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = write_national(tmp_path)
    write_rows(file, [row[:-2] for row in read_rows(file)])
    with pytest.raises(SourceError, match=r"row or column IMPO is missing \(1 in all\). The file may be cut short"):
        read_oecd_use(file)


def test_a_repeated_row_is_named(tmp_path: Path) -> None:
    file = write_national(tmp_path)
    rows = read_rows(file)
    write_rows(file, [*rows, rows[1]])
    with pytest.raises(SourceError, match="row 'TTL_A01' stands twice"):
        read_oecd_use(file)


def test_a_word_among_the_figures_is_refused(tmp_path: Path) -> None:
    file = write_national(tmp_path)
    rows = read_rows(file)
    rows[1][1] = "many"
    write_rows(file, rows)
    with pytest.raises(SourceError, match="cannot be read as a table of numbers"):
        read_oecd_use(file)


def test_the_name_must_hold_economy_and_year(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the name must begin with an economy and a year"):
        read_oecd_use(write_national(tmp_path).rename(tmp_path / "table.csv"))
