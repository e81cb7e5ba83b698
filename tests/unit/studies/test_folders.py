from __future__ import annotations

import errno
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest
import xarray

from tenon.schema import Result, SourceError, Status, StorageError
from tenon.studies import (
    StudyConfiguration,
    check_folder,
    free_folder,
    output_folder,
    read_result,
    save_study,
    stress,
    write_result,
)
from tests.unit.studies.examples import SCENARIO, TABLE

STUDY = StudyConfiguration(table="world", scenarios=(SCENARIO,))
FILES = ["daily.csv", "losses.csv", "regions.csv", "result.nc", "study.toml"]


@pytest.fixture(scope="module")
def result() -> Result:
    return stress(TABLE, SCENARIO)


def names(folder: Path) -> list[str]:
    # Every test has its home in its own folder.
    return sorted(path.name for path in folder.iterdir() if path.name != ".home")


def test_a_result_is_read_back_as_it_was(result: Result, tmp_path: Path) -> None:
    write_result(replace(result, notes=("注意",), status=Status.INTERRUPTED), tmp_path / "result.nc")
    read = read_result(tmp_path / "result.nc")
    xarray.testing.assert_identical(read.values, result.values)
    assert read.status is Status.INTERRUPTED
    assert read.notes == ("注意",)
    assert read.residuals == dict(result.residuals)
    assert read.provenance == result.provenance


def test_a_folder_holds_the_study_and_its_figures(result: Result, tmp_path: Path) -> None:
    save_study(result, STUDY, tmp_path / "out")
    assert names(tmp_path / "out") == FILES
    assert tomllib.loads((tmp_path / "out" / "study.toml").read_text(encoding="utf-8"))["table"] == "world"
    xarray.testing.assert_identical(read_result(tmp_path / "out").values, result.values)


def test_the_tables_hold_the_figures_of_the_result(result: Result, tmp_path: Path) -> None:
    save_study(result, STUDY, tmp_path)
    losses = pd.read_csv(tmp_path / "losses.csv").set_index(["scenario", "region", "sector"])
    assert list(losses.columns) == [
        "production_lost (million USD)",
        "value_added_lost (million USD)",
        "recovery_day",
    ]
    lost = result.values["value_added_lost"].sel(scenario="fire", region="JPN", sector="electronics")
    figure = losses.loc[("fire", "JPN", "electronics"), "value_added_lost (million USD)"]
    assert figure == pytest.approx(float(lost), rel=1e-7)
    daily = pd.read_csv(tmp_path / "daily.csv")
    assert daily["total_production (million USD/day)"].to_numpy() == pytest.approx(
        result.values["total_production"].sel(scenario="fire").to_numpy(), rel=1e-7
    )
    regions = pd.read_csv(tmp_path / "regions.csv")
    assert regions["production (million USD/day)"].sum() == pytest.approx(
        float(result.values["production"].sum()), rel=1e-6
    )


def test_what_was_not_recorded_has_no_table(tmp_path: Path) -> None:
    save_study(stress(TABLE, SCENARIO, records=("total_production",)), STUDY, tmp_path)
    assert names(tmp_path) == [name for name in FILES if name != "regions.csv"]
    assert "total_unmet" not in (tmp_path / "daily.csv").read_text(encoding="utf-8")


def test_a_result_that_was_stored_as_netcdf_3_is_still_read(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "result.nc"
    about = {
        "status": "complete",
        "residuals": '{"stocks": 1e-16}',
        "notes": '["note"]',
        "provenance": '{"made": "2026"}',
    }
    path.write_bytes(result.values.assign_attrs(about).to_netcdf(engine="scipy"))
    read = read_result(path)
    xarray.testing.assert_identical(read.values, result.values)
    assert (read.status, read.residuals, read.notes) == (Status.COMPLETE, {"stocks": 1e-16}, ("note",))


def test_a_stored_result_is_packed_with_check_sums(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "result.nc")
    assert (tmp_path / "result.nc").read_bytes().startswith(b"\x89HDF")
    read = xarray.load_dataset(tmp_path / "result.nc", engine="h5netcdf")
    for name, array in read.data_vars.items():
        if array.ndim and array.dtype.kind in "fi":
            filters = {key: array.encoding[key] for key in ("zlib", "shuffle", "fletcher32")}
            assert filters == {"zlib": True, "shuffle": True, "fletcher32": True}, name


def test_figures_that_hardly_change_take_little_room(result: Result, tmp_path: Path) -> None:
    days = np.arange(2000)
    slow = xarray.Dataset({"production": (("day", "agent"), np.repeat(days[:, None] // 100 * 1.5, 100, axis=1))})
    write_result(replace(result, values=slow), tmp_path / "result.nc")
    assert (tmp_path / "result.nc").stat().st_size < slow.nbytes / 20


@pytest.mark.parametrize("content", [b"", b"CDF\x01 not really", b"\x89HDF\r\n\x1a\n not really", b"not at all", None])
def test_a_damaged_result_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "result.nc"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=r"result\.nc must hold a result of tenon, but could not be read"):
        read_result(path)


@pytest.mark.parametrize("kept", [0.01, 0.3, 0.9, 0.999])
def test_a_truncated_result_is_refused(result: Result, kept: float, tmp_path: Path) -> None:
    write_result(result, tmp_path / "result.nc")
    content = (tmp_path / "result.nc").read_bytes()
    (tmp_path / "result.nc").write_bytes(content[: int(kept * len(content))])
    with pytest.raises(SourceError, match=r"result\.nc must hold a result of tenon, but could not be read"):
        read_result(tmp_path / "result.nc")


def test_figures_that_changed_on_the_disk_are_refused(result: Result, tmp_path: Path) -> None:
    import h5py

    path = tmp_path / "result.nc"
    write_result(result, path)
    with h5py.File(path) as file:
        place = file["production"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[place.byte_offset + place.size // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"result\.nc must hold a result of tenon, but could not be read"):
        read_result(path)


@pytest.mark.parametrize("engine", ["scipy", "h5netcdf"])
def test_another_netcdf_file_is_refused(engine: Literal["scipy", "h5netcdf"], tmp_path: Path) -> None:
    xarray.Dataset({"a": ("x", [1.0])}).to_netcdf(tmp_path / "other.nc", engine=engine)
    with pytest.raises(SourceError, match=r"other\.nc must hold a result of tenon, but could not be read \('status'\)"):
        read_result(tmp_path / "other.nc")


def test_a_folder_that_is_free_passes(tmp_path: Path) -> None:
    check_folder(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    check_folder(tmp_path / "empty")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "note.txt").touch()
    with pytest.raises(StorageError, match=r"^the folder .* is not empty and is left as it is; give another folder"):
        check_folder(tmp_path)
    check_folder(tmp_path, replace=True)
    with pytest.raises(StorageError, match=r"note\.txt is a file, so no results can be stored in it; give a folder\.$"):
        check_folder(tmp_path / "note.txt", replace=True)


def test_a_taken_name_is_numbered(tmp_path: Path) -> None:
    wanted = tmp_path / "out"
    assert free_folder(wanted) == wanted
    for number in ("", "-2"):
        (tmp_path / f"out{number}").mkdir()
    assert free_folder(wanted).name == "out-3"


def test_a_folder_appears_when_all_of_it_is_written(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    with output_folder(target) as draft:
        (draft / "a.txt").write_text("1", encoding="utf-8")
        assert not target.exists()
    assert names(target) == ["a.txt"]
    assert names(target.parent) == ["out"]


@pytest.mark.parametrize("error", [ValueError("bug"), KeyboardInterrupt()])
def test_nothing_is_left_when_the_writing_breaks_off(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), writing(tmp_path / "out"):
        raise error
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "there is no space left. Nothing half-written is left. Free some space, or choose another"),
        (errno.EFBIG, "there is no space left"),
        (errno.EACCES, "Permission denied. Nothing half-written is left. Check who may write there, or choose"),
    ],
)
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, number: int, reason: str) -> None:
    strings = {errno.EACCES: "Permission denied"}
    with pytest.raises(StorageError, match=rf"out could not be written: {reason}"), writing(tmp_path / "out"):
        raise OSError(number, strings.get(number, "whatever"))
    assert names(tmp_path) == []


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    with output_folder(folder) as draft:
        (draft / "a.txt").write_text("1", encoding="utf-8")
        yield


def test_files_of_an_earlier_study_are_replaced_and_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    (target / "study.toml").write_text("old", encoding="utf-8")
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    with output_folder(target, replace=True) as draft:
        (draft / "study.toml").write_text("new", encoding="utf-8")
    assert (target / "study.toml").read_text(encoding="utf-8") == "new"
    assert (target / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert names(tmp_path) == ["out"]


def test_a_place_that_cannot_be_written_is_refused(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"out could not be written: .*\. Nothing half-written is left\. Check who"):
        save_study(result, STUDY, tmp_path / "file" / "out")
    with pytest.raises(StorageError, match=r"result\.nc could not be written"):
        write_result(result, tmp_path / "none" / "result.nc")
