"""The WIOD 2016 release is read from its wide frame, as R data, CSV or Excel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdata

from tenon.data import read_wiod_2016
from tenon.schema import LabelError, SourceError
from tests.unit.data.examples import world

TABLE = world(("AUS", "CHN", "ROW"), ("A01", "C10-C12"))
FIRST = ("IndustryCode", "IndustryDescription", "Country", "RNr", "Year")


def frame() -> pd.DataFrame:
    """Return the small table in the layout of the source: households and inventories filled."""
    sectors = len(TABLE.sectors)
    users = [f"{region}{number}" for region in TABLE.regions for number in range(1, sectors + 1)]
    users += [f"{region}{number}" for region in TABLE.regions for number in range(sectors + 1, sectors + 6)]
    sales = np.zeros((len(TABLE), len(TABLE.regions), 5))
    sales[:, :, [0, 4]] = TABLE.Y.reshape(len(TABLE), len(TABLE.regions), 2)
    empty = np.zeros(len(TABLE.regions) * 5)
    rows: list[list[object]] = []
    for position, label in enumerate(TABLE.labels):
        region, _, sector = label.partition(":")
        first = [sector, f"Making of {sector}", region, position % sectors + 1, 2014]
        rows.append([*first, *TABLE.Z[position], *sales[position].ravel(), TABLE.x[position]])
    last = {
        "II_fob": TABLE.Z.sum(axis=0),
        "TXSP": 0.01 * TABLE.x,
        "EXP_adj": 0 * TABLE.x,
        "PURR": 0 * TABLE.x,
        "PURNR": 0 * TABLE.x,
        "VA": TABLE.V[0] - 0.03 * TABLE.x,
        "IntTTM": 0.02 * TABLE.x,
        "GO": TABLE.x,
    }
    for number, (code, values) in enumerate(last.items(), start=65):
        rows.append([code, code, "TOT", number, 2014, *values, *empty, values.sum()])
    return pd.DataFrame(rows, columns=[*FIRST, *users, "TOT"])


def write(content: pd.DataFrame, file: Path) -> Path:
    """Write a frame in the form that the name of the file says."""
    if file.suffix == ".RData":
        plain = content.astype(dict.fromkeys(("IndustryCode", "IndustryDescription", "Country"), object))
        plain.columns = pd.Index(list(plain.columns), dtype=object)
        plain.index = pd.RangeIndex(1, len(plain) + 1)
        rdata.write_rda(file, {"wiot": plain})
    elif file.suffix == ".xlsx":
        content.to_excel(file, index=False)
    else:
        content.to_csv(file, index=False)
    return file


@pytest.mark.parametrize("suffix", [".RData", ".csv", ".xlsx"])
def test_figures_and_labels_are_those_of_the_file(tmp_path: Path, suffix: str) -> None:
    table = read_wiod_2016(write(frame(), tmp_path / f"WIOT2014_Nov16_ROW{suffix}"))
    assert (table.regions, table.sectors, table.year) == (TABLE.regions, TABLE.sectors, 2014)
    assert np.allclose(table.Z, TABLE.Z)
    assert np.allclose(table.x, TABLE.x)
    assert np.allclose(table.final_demand_by_region, TABLE.final_demand_by_region)
    assert np.allclose(table.V[table.value_added_items.index("taxes less subsidies on products")], 0.01 * TABLE.x)
    assert np.allclose(table.value_added, TABLE.value_added)
    assert table.sector_names["C10-C12"] == "Making of C10-C12"
    assert (table.name, table.license) == ("wiod2016-2014", "CC BY 4.0")


def test_a_file_without_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the rows VA and GO after the industries are missing"):
        read_wiod_2016(write(frame().iloc[:-3], tmp_path / "WIOT2014.csv"))


def test_a_file_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="column 'Country' is missing"):
        read_wiod_2016(write(frame().drop(columns="Country"), tmp_path / "WIOT2014.csv"))
    with pytest.raises(LabelError, match="columns: 'CHN2' is missing"):
        read_wiod_2016(write(frame().drop(columns="CHN2"), tmp_path / "WIOT2014.csv"))


def test_shuffled_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="rows: 'CHN:A01' stands at position 2, where 'AUS:C10-C12' was expected"):
        read_wiod_2016(write(frame().iloc[[0, 2, 1, *range(3, 14)]], tmp_path / "WIOT2014.csv"))


def test_an_empty_cell_is_refused(tmp_path: Path) -> None:
    content = frame()
    content.loc[2, "CHN1"] = np.nan
    with pytest.raises(SourceError, match="row A01, column CHN1: a number was expected, but there is nothing"):
        read_wiod_2016(write(content, tmp_path / "WIOT2014.csv"))


def test_a_year_is_needed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="column Year begins with '14'"):
        read_wiod_2016(write(frame().assign(Year=14), tmp_path / "WIOT2014.csv"))


def test_a_binary_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "WIOT2014.xlsb").write_bytes(b"x")
    with pytest.raises(SourceError, match=r".xlsb files are not read. Use the .RData file of the same year"):
        read_wiod_2016(tmp_path / "WIOT2014.xlsb")


def test_a_list_is_not_this_release(tmp_path: Path) -> None:
    rdata.write_rda(tmp_path / "WIOT2014.RData", {"wiot": {"inter": np.eye(2)}})
    with pytest.raises(SourceError, match="holds a list, not a frame"):
        read_wiod_2016(tmp_path / "WIOT2014.RData")
