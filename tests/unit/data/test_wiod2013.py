"""The WIOD 2013 release is read from its lists; the real files are read in tests/reference/wiod2013."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rdata

from tenon.data import read_wiod_2013
from tenon.schema import SourceError
from tests.unit.data.examples import world

SECTORS = tuple(f"c{number}" for number in range(1, 36))
TABLE = world(("AUS", "ROU", "ROW"), SECTORS)


def content() -> dict[str, Any]:
    """Return the small table as the source lists it, with its own labels of regions."""
    sales = np.zeros((len(TABLE), 3, 5))
    sales[:, :, [0, 4]] = TABLE.Y.reshape(len(TABLE), 3, 2)
    return {
        "year": np.array([2011.0]),
        "countries": np.array(["AUS", "ROM", "RoW"]),
        "industries": np.array(SECTORS),
        "final": sales.reshape(len(TABLE), -1),
        "output": TABLE.x,
        "inter": TABLE.Z,
    }


def write(parts: dict[str, Any], file: Path) -> Path:
    """Write a list as R data."""
    rdata.write_rda(file, {"wiot": parts})
    return file


def test_figures_are_those_of_the_file_and_labels_those_of_iso(tmp_path: Path) -> None:
    table = read_wiod_2013(write(content(), tmp_path / "wiot_2011.RData"))
    assert table.regions == ("AUS", "ROU", "ROW")
    assert (table.sectors, table.year, table.name) == (SECTORS, 2011, "wiod-2011")
    assert np.allclose(table.Z, TABLE.Z)
    assert np.allclose(table.value_added, TABLE.value_added)
    assert np.allclose(table.final_demand_by_region, TABLE.final_demand_by_region)
    assert table.region_names["ROU"] == "Romania"


def test_rounding_goes_to_inventories_and_is_recorded(tmp_path: Path) -> None:
    parts = content()
    parts["inter"] = np.round(TABLE.Z, 1)
    table = read_wiod_2013(write(parts, tmp_path / "wiot_2011.RData"))
    assert table.balance().relative < 1e-12
    assert any(line.startswith("repair_row_residuals") for line in table.repairs)


def test_a_list_without_its_parts_is_refused(tmp_path: Path) -> None:
    parts = content()
    del parts["output"]
    with pytest.raises(SourceError, match="its list has no 'output' but year, countries"):
        read_wiod_2013(write(parts, tmp_path / "wiot_2011.RData"))


def test_arrays_of_another_size_are_refused(tmp_path: Path) -> None:
    parts = content()
    parts["inter"] = TABLE.Z[:-1]
    with pytest.raises(SourceError, match="3 regions with 35 industries need arrays"):
        read_wiod_2013(write(parts, tmp_path / "wiot_2011.RData"))


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    file = write(content(), tmp_path / "wiot_2011.RData")
    file.write_bytes(file.read_bytes()[:5000])
    with pytest.raises(SourceError, match=r"wiot_2011.RData cannot be read as an R data file"):
        read_wiod_2013(file)
