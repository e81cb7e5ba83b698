"""The real files give the figures in source.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import read_any, read_wiod_2013
from tenon.schema import InputOutputTable, SourceError

MANUFACTURING = slice(2, 16)


@pytest.fixture(scope="module")
def table(shared: Path) -> InputOutputTable:
    """Return the table of 2011."""
    return read_wiod_2013(shared / "data" / "wiod2013" / "wiot_2011.RData")


def manufacturing_share(table: InputOutputTable, region: str) -> float:
    """Return a region's share of the world's manufacturing value added, percent."""
    made = table.value_added.reshape(len(table.regions), len(table.sectors))[:, MANUFACTURING].sum(axis=1)
    return 100 * float(made[table.regions.index(region)] / made.sum())


def test_totals_are_those_of_the_source(table: InputOutputTable) -> None:
    assert (len(table.regions), len(table.sectors), table.year) == (41, 35, 2011)
    assert table.x.sum() / 1e6 == pytest.approx(141.768, abs=0.001)
    assert table.value_added.sum() / 1e6 == pytest.approx(69.328, abs=0.001)
    assert not (table.value_added < 0).any()
    # Final demand with the row residuals, 0.042 % of output, that the reader put into inventories.
    assert table.Y.sum() / 1e6 == pytest.approx(69.269, abs=0.06)


def test_value_added_of_the_largest(table: InputOutputTable) -> None:
    added = table.value_added.reshape(41, 35).sum(axis=1) / 1e6
    for region, expected in {"USA": 15.162, "CHN": 7.388, "JPN": 5.897, "DEU": 3.490}.items():
        assert added[table.regions.index(region)] == pytest.approx(expected, abs=0.001)


def test_shares_of_manufacturing(table: InputOutputTable) -> None:
    for region, expected in {"CHN": 19.8, "USA": 15.2, "JPN": 8.9}.items():
        assert manufacturing_share(table, region) == pytest.approx(expected, abs=0.05)


def test_trade_between_regions(table: InputOutputTable) -> None:
    between = ~np.kron(np.eye(41, dtype=bool), np.ones((35, 35), dtype=bool))
    assert table.Z[between].sum() / 1e6 == pytest.approx(12.24, abs=0.005)
    region = np.repeat(np.arange(41), 35)
    final = table.final_demand_by_region
    abroad = final.sum() - final[np.arange(1435), region].sum()
    assert abroad / 1e6 == pytest.approx(6.10, abs=0.005)


def test_the_row_residual_is_recorded_and_gone(table: InputOutputTable) -> None:
    (record,) = [line for line in table.repairs if line.startswith("repair_row_residuals")]
    assert "0.000418" in record
    assert "largest +108" in record or "largest -108" in record
    assert table.balance().relative < 1e-12


def test_coefficients_are_those_of_the_source(table: InputOutputTable) -> None:
    assert table.A.sum(axis=0).max() == pytest.approx(0.910, abs=0.0005)
    assert (table.x == 0).sum() == 22


def test_labels_are_those_of_iso(table: InputOutputTable) -> None:
    assert "ROU" in table.regions
    assert table.regions[-1] == "ROW"
    assert table.region_names["DEU"] == "Germany"
    assert table.sector_names["c14"] == "Electrical and optical equipment"


@pytest.mark.parametrize(("year", "share"), [(1995, 4.4), (2000, 6.8), (2005, 9.7), (2008, 15.0)])
def test_chinas_share_of_manufacturing_over_time(shared: Path, year: int, share: float) -> None:
    table = read_any(shared / "data" / "wiod2013" / f"wiot_{year}.RData")
    assert manufacturing_share(table, "CHN") == pytest.approx(share, abs=0.05)


def test_every_year_is_read(shared: Path) -> None:
    years = [read_wiod_2013(file).year for file in sorted((shared / "data" / "wiod2013").glob("wiot_[12]*.RData"))]
    assert years == list(range(1995, 2012))


def test_a_table_of_seven_regions_is_of_another_layout(shared: Path) -> None:
    with pytest.raises(SourceError, match="41 regions with 35 industries need arrays"):
        read_wiod_2013(shared / "data" / "wiod2013" / "wiot_regional_2011.RData")
