"""The OECD's inter-country tables are read from the official small layout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import read_oecd_icio
from tenon.schema import InputOutputTable, LabelError, SourceError
from tests.unit.data.examples import read_rows, world, write_rows

CATEGORIES = ("HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR")


def write_icio(table: InputOutputTable, file: Path) -> Path:
    """Write a table in the layout of the OECD: households and inventories filled, other categories zero."""
    labels = [label.replace(":", "_") for label in table.labels]
    users = [f"{region}_{category}" for region in table.regions for category in CATEGORIES]
    sales = np.zeros((len(table), len(table.regions), len(CATEGORIES)))
    sales[:, :, [0, 4]] = table.Y.reshape(len(table), len(table.regions), 2)
    rows: list[list[object]] = [["V1", *labels, *users, "OUT"]]
    for position, label in enumerate(labels):
        rows.append([label, *table.Z[position], *sales[position].ravel(), table.x[position]])
    empty = [0.0] * (len(users) + 1)
    rows.append(["TLS", *(0.01 * table.x), *empty])
    rows.append(["VA", *(table.V[0] - 0.01 * table.x), *empty])
    rows.append(["OUT", *table.x, *empty])
    return write_rows(file, rows)


TABLE = world(("AUS", "CHN", "ROW"), ("A01", "C17_18"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a small file in the official layout."""
    return write_icio(TABLE, tmp_path / "2022_SML.csv")


def test_figures_and_labels_are_those_of_the_file(file: Path) -> None:
    table = read_oecd_icio(file)
    assert (table.regions, table.sectors, table.year) == (TABLE.regions, TABLE.sectors, 2022)
    assert np.allclose(table.Z, TABLE.Z)
    assert np.allclose(table.x, TABLE.x)
    assert np.allclose(table.value_added, TABLE.value_added)
    assert np.allclose(table.V[1], 0.01 * TABLE.x)
    assert table.final_demand_categories == CATEGORIES
    assert np.allclose(table.final_demand_by_region, TABLE.final_demand_by_region)
    assert (table.currency, table.unit, table.name) == ("USD", 1e6, "oecd-icio-2022")
    assert table.sector_names["C17_18"] == "Paper products and printing"


def test_an_inventory_draw_and_an_idle_industry_are_read(file: Path) -> None:
    rows = read_rows(file)
    for row in rows[1:]:
        row[2] = "0"  # AUS_C17_18 buys nothing ...
    rows[2][1:] = ["0"] * (len(rows[2]) - 1)  # ... and sells nothing
    rows[1][-2] = str(float(rows[1][-2]) - 3)
    rows[1][-3] = str(float(rows[1][-3]) + 3)
    table = read_oecd_icio(write_rows(file, rows))
    assert table.x[1] == 0


def test_small_differences_are_repaired_by_name(file: Path) -> None:
    rows = read_rows(file)
    rows[1][1] = str(float(rows[1][1]) - 0.01)
    rows[2][1] = "-0.001"
    table = read_oecd_icio(write_rows(file, rows))
    assert [line.partition(":")[0] for line in table.repairs] == [
        "repair_negative_flows",
        "repair_row_residuals",
        "repair_column_residuals",
    ]


def test_a_file_cut_short_is_refused(file: Path) -> None:
    rows = read_rows(file)
    write_rows(file, rows[:4])
    with pytest.raises(SourceError, match="the last rows must be TLS, VA, OUT and the last column OUT, but"):
        read_oecd_icio(file)
    write_rows(file, [row[:-1] for row in rows])
    with pytest.raises(SourceError, match=r"and column ROW_DPABR\. It may be cut short"):
        read_oecd_icio(file)


def test_a_missing_industry_is_named(file: Path) -> None:
    rows = read_rows(file)
    write_rows(file, [row for row in rows if row[0] != "CHN_A01"])
    with pytest.raises(LabelError, match="rows: 'CHN:A01' is missing"):
        read_oecd_icio(file)


def test_shuffled_columns_are_refused(file: Path) -> None:
    rows = read_rows(file)
    for row in rows:
        row[1], row[2] = row[2], row[1]
    write_rows(file, rows)
    with pytest.raises(LabelError, match="columns of industries: 'AUS_C17_18' stands at position 1, where 'AUS_A01'"):
        read_oecd_icio(file)


def test_an_empty_cell_is_refused(file: Path) -> None:
    rows = read_rows(file)
    rows[3][4] = ""
    write_rows(file, rows)
    with pytest.raises(SourceError, match="row CHN_A01, column CHN_C17_18: a number was expected, but"):
        read_oecd_icio(file)


def test_another_layout_is_refused(file: Path) -> None:
    rows = read_rows(file)
    rows[1][0] = "AUSA01"
    write_rows(file, rows)
    with pytest.raises(SourceError, match="label 'AUSA01' is not a region and an industry"):
        read_oecd_icio(file)


def test_the_name_must_hold_the_year(file: Path) -> None:
    with pytest.raises(SourceError, match=r"table.csv: the name must begin with the year"):
        read_oecd_icio(file.rename(file.with_name("table.csv")))
