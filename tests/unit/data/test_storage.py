"""A stored table comes back as it was, or not at all."""

from __future__ import annotations

import errno
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from tenon.data import load, read_table, write_table
from tenon.data.storage import atomic_file, read_metadata
from tenon.schema import InputOutputTable, SourceError, StorageError
from tests.strategies import tables
from tests.unit.schema.examples import TABLE


def same(one: InputOutputTable, other: InputOutputTable) -> bool:
    """Say whether two tables agree in every figure and word."""
    words = (
        *("name", "regions", "sectors", "final_demand_categories", "value_added_items", "currency", "unit", "year"),
        *("source", "license", "estimated", "balance_tolerance", "repairs"),
    )
    return (
        all(getattr(one, word) == getattr(other, word) for word in words)
        and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("Z", "Y", "V", "x"))
        and dict(one.region_names) == dict(other.region_names)
        and dict(one.sector_names) == dict(other.sector_names)
        and one.satellites.keys() == other.satellites.keys()
        and all(
            np.array_equal(one.satellites[key].values, other.satellites[key].values)
            and one.satellites[key].unit == other.satellites[key].unit
            for key in one.satellites
        )
    )


def rewrite(file: Path, **changes: Any) -> None:
    """Change arrays of a stored table behind its back."""
    with np.load(file, allow_pickle=False) as archive:
        content = {name: archive[name] for name in archive.files}
    with file.open("wb") as stream:
        np.savez_compressed(stream, allow_pickle=False, **{**content, **changes})


@given(tables())
def test_any_table_comes_back_as_it_was(table: InputOutputTable) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert same(read_table(write_table(table, Path(folder) / "deep" / "table.npz")), table)


def test_a_stored_file_may_be_read_by_whoever_may_read_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    stored = write_table(TABLE, tmp_path / "small.npz")
    assert stored.stat().st_mode == (tmp_path / "new").stat().st_mode


def test_satellites_and_names_come_back(tmp_path: Path) -> None:
    assert same(read_table(write_table(TABLE, tmp_path / "small.npz")), TABLE)


def test_figures_are_stored_in_single_precision_only_where_that_loses_nothing(tmp_path: Path) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    with np.load(file) as archive:
        assert archive["Z"].dtype == np.float32
    third = write_table(load(), tmp_path / "world.npz")
    with np.load(third) as archive:
        assert archive["Z"].dtype == np.float32
        assert archive["x"].dtype == np.float64


def test_the_description_is_read_without_the_figures(tmp_path: Path) -> None:
    metadata = read_metadata(write_table(TABLE, tmp_path / "small.npz"))
    assert metadata["regions"] == ["A", "B"]
    assert metadata["license"] == "none"


@pytest.mark.parametrize("keep", [10, 700, -30])
def test_a_file_that_was_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(SourceError, match=r"small.npz is not a whole table file of tenon"):
        read_table(file)


def test_a_file_with_flipped_bytes_is_refused(tmp_path: Path) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    content = bytearray(file.read_bytes())
    middle = content.index(b"Z.npy") + 60
    content[middle : middle + 20] = bytes(20)
    file.write_bytes(content)
    with pytest.raises(SourceError, match="is not a whole table file of tenon"):
        read_table(file)


def test_a_file_with_other_figures_is_refused(tmp_path: Path) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    rewrite(file, x=TABLE.x * 2)
    with pytest.raises(SourceError, match="the figures are not those that were stored"):
        read_table(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "tenon table 9"}, "is of format 'tenon table 9', but 'tenon table 1' is read"),
        ({"source": None}, "lacks 'source'"),
    ],
)
def test_another_description_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    metadata = read_metadata(file) | change
    text = json.dumps({key: value for key, value in metadata.items() if value is not None})
    rewrite(file, metadata=np.array(text))
    with pytest.raises(SourceError, match=message):
        read_table(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing.npz does not exist"):
        read_table(tmp_path / "nothing.npz")


def test_a_disk_that_fills_leaves_the_older_table_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_table(TABLE, tmp_path / "small.npz")
    before = file.read_bytes()

    def full(stream: Any, **_: Any) -> None:
        stream.write(b"half a table")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(
        StorageError, match=r"small.npz could not be written \(No space left on device\); nothing was stored"
    ):
        write_table(TABLE, file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name != ".home"] == ["small.npz"]


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="could not be written"):
        write_table(TABLE, tmp_path / "file" / "small.npz")


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> None:
        with atomic_file(tmp_path / "part") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt("stopped by the user")

    with pytest.raises(KeyboardInterrupt, match="stopped by the user"):
        interrupted()
    assert [path.name for path in tmp_path.iterdir() if path.name != ".home"] == []
