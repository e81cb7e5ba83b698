"""The world table is built from whole sets of files only; the real one is built in tests/reference/world_2022."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdata

from tenon.data import build_world_2022
from tenon.schema import SourceError
from tests.unit.data.test_oecd_national import write_national
from tests.unit.data.test_wiod2013 import content


def test_a_missing_older_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"wiot_2011.RData does not exist"):
        build_world_2022(tmp_path)


def test_missing_national_tables_are_counted(tmp_path: Path) -> None:
    (tmp_path / "wiod2013").mkdir()
    rdata.write_rda(tmp_path / "wiod2013" / "wiot_2011.RData", {"wiot": content()})
    (tmp_path / "oecd_iot_2022").mkdir()
    write_national(tmp_path / "oecd_iot_2022")
    with pytest.raises(SourceError, match=r"must hold the 80 national tables XXX2022ttl.csv, but holds 1"):
        build_world_2022(tmp_path)
