"""An R data file gives one list or one frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rdata

from tenon.data.rdata_files import read_rdata
from tenon.schema import SourceError


def test_a_list_comes_back_by_name(tmp_path: Path) -> None:
    rdata.write_rda(tmp_path / "a.RData", {"x": {"figures": np.array([1.0, 2.0])}})
    assert np.array_equal(read_rdata(tmp_path / "a.RData", "figures")["figures"], [1.0, 2.0])


def test_a_frame_comes_back_as_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame({"figures": [1.0, 2.0]}, index=pd.RangeIndex(1, 3))
    frame.columns = pd.Index(["figures"], dtype=object)
    rdata.write_rda(tmp_path / "a.RData", {"x": frame})
    assert list(read_rdata(tmp_path / "a.RData", "figures")["frame"]["figures"]) == [1.0, 2.0]


def test_two_objects_are_refused(tmp_path: Path) -> None:
    rdata.write_rda(tmp_path / "a.RData", {"x": np.array([1.0]), "y": np.array([1.0])})
    with pytest.raises(SourceError, match="must hold exactly one object, figures"):
        read_rdata(tmp_path / "a.RData", "figures")


def test_a_bare_array_is_refused(tmp_path: Path) -> None:
    rdata.write_rda(tmp_path / "a.RData", {"x": np.array([1.0])})
    with pytest.raises(SourceError, match="holds a ndarray; figures was expected"):
        read_rdata(tmp_path / "a.RData", "figures")


def test_any_other_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.RData").write_bytes(b"not R at all")
    with pytest.raises(SourceError, match="cannot be read as an R data file"):
        read_rdata(tmp_path / "a.RData", "figures")
