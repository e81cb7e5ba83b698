"""The folder of a study: what was run, what came out, and tables for other programs.

``study.toml`` repeats the study; ``result.nc`` holds all values (netCDF-4, compressed without loss, read by
:func:`read_result` and by any netCDF program); ``losses.csv``, ``daily.csv`` and ``regions.csv`` open in a spreadsheet.
A folder appears whole or not at all.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tenon.schema import Result, SourceError, Status, StorageError
from tenon.studies.configuration import StudyConfiguration, study_to_toml

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["check_folder", "free_folder", "output_folder", "read_result", "save_study", "write_result"]

_NUMBERED = 10_000
_NETCDF_3 = b"CDF"
_PACKED = {"compression": "gzip", "shuffle": True, "fletcher32": True}
"""Deflate after sorting bytes by significance, with check sums: filters that every netCDF-4 program knows."""


def check_folder(folder: Path, *, replace: bool = False) -> None:
    """Refuse a folder that cannot become the folder of a study, before anything is computed.

    Parameters
    ----------
    folder : Path
        Where the study shall stand.
    replace : bool
        Whether files of an earlier study may be replaced.

    Raises
    ------
    StorageError
        If it is a file, or holds something and nothing may be replaced.
    """
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is a file, so no results can be stored in it; give a folder."
        raise StorageError(message)
    if not replace and folder.is_dir() and any(folder.iterdir()):
        message = (
            f"the folder {folder} is not empty and is left as it is; give another folder, or allow its files to be "
            "replaced (--force)."
        )
        raise StorageError(message)


def free_folder(wanted: Path) -> Path:
    """Return a folder that does not exist yet, numbered if it must be.

    Parameters
    ----------
    wanted : Path
        The folder, if it is free.

    Returns
    -------
    Path
        ``wanted``, or the same with ``-2``, ``-3``, ... behind its name.

    Raises
    ------
    StorageError
        If thousands of them are taken.
    """
    if not wanted.exists():
        return wanted
    for number in range(2, _NUMBERED):
        candidate = wanted.with_name(f"{wanted.name}-{number}")
        if not candidate.exists():
            return candidate
    message = f"{wanted} and all numbered folders beside it exist already; name a folder."
    raise StorageError(message)


@contextmanager
def output_folder(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """Open a draft of a folder, which takes its place only when all of it is written.

    Parameters
    ----------
    folder : Path
        Where the study shall stand; parents are made as needed.
    replace : bool
        Whether files of an earlier study may be replaced; others in the folder stay.

    Yields
    ------
    Path
        The draft, to write into.

    Raises
    ------
    StorageError
        If the folder is taken or anything cannot be written; then nothing is left behind.
    """
    check_folder(folder, replace=replace)
    draft = folder.parent / f".{folder.name}.{os.getpid()}.part"
    try:
        draft.mkdir(parents=True)
        yield draft
        if folder.is_dir():
            for file in sorted(draft.iterdir()):
                file.replace(folder / file.name)
        else:
            draft.rename(folder)
    except OSError as error:
        raise _not_written(folder, error) from error
    except StorageError as error:
        # Whoever reads the message knows the folder, not its draft.
        raise StorageError(str(error).replace(str(draft), str(folder))) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def save_study(result: Result, configuration: StudyConfiguration, folder: Path) -> None:
    """Write what was run and what came out into a folder that is new, empty or a draft.

    Parameters
    ----------
    result : Result
        What came out.
    configuration : StudyConfiguration
        What was run.
    folder : Path
        Where to.

    Raises
    ------
    StorageError
        If anything cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.toml").write_text(study_to_toml(configuration), encoding="utf-8")
        write_result(result, folder / "result.nc")
        for name, table in _tables(result.values).items():
            # The byte order mark tells spreadsheets that this is UTF-8.
            table.to_csv(folder / f"{name}.csv", index=False, float_format="%.8g", encoding="utf-8-sig")
    except OSError as error:
        raise _not_written(folder, error) from error


def write_result(result: Result, path: Path) -> None:
    """Write a result as netCDF-4, with its status, residuals, notes and provenance.

    Parameters
    ----------
    result : Result
        What came out.
    path : Path
        The file to make.

    Raises
    ------
    StorageError
        If it cannot be written.
    """
    about = {
        "status": result.status.value,
        "residuals": json.dumps(dict(result.residuals)),
        "notes": json.dumps(list(result.notes), ensure_ascii=False),
        "provenance": json.dumps(result.provenance, ensure_ascii=False, default=str),
    }
    values = result.values.assign_attrs(about)
    packed = {name: _PACKED for name, array in values.variables.items() if array.ndim and array.dtype.kind in "biuf"}
    # Made in memory, because a disk that fills up under the HDF5 library leaves no clear error.
    file = io.BytesIO()
    values.to_netcdf(file, engine="h5netcdf", encoding=packed)
    try:
        # A copy: an error that still held a view of the buffer could crash the interpreter when it leaves.
        path.write_bytes(file.getvalue())
    except OSError as error:
        raise _not_written(path, error) from error


def read_result(path: str | Path) -> Result:
    """Read a result that was stored as netCDF, also of version 3 as tenon wrote at first.

    Parameters
    ----------
    path : str or Path
        The file, or the folder of its study.

    Returns
    -------
    Result
        The same result.

    Raises
    ------
    SourceError
        If the file is missing, damaged, or no result of tenon.
    """
    import xarray

    file = Path(path) / "result.nc" if Path(path).is_dir() else Path(path)
    try:
        with file.open("rb") as stream:
            engine = "scipy" if stream.read(len(_NETCDF_3)) == _NETCDF_3 else "h5netcdf"
        values = xarray.load_dataset(file, engine=engine)
        about = {name: values.attrs.pop(name) for name in ("status", "residuals", "notes", "provenance")}
        return Result(
            values=values,
            status=Status(about["status"]),
            residuals=json.loads(about["residuals"]),
            notes=tuple(json.loads(about["notes"])),
            provenance=json.loads(about["provenance"]),
        )
    except (OSError, KeyError, RuntimeError, TypeError, ValueError) as error:
        message = f"{file} must hold a result of tenon, but could not be read ({error}); run the study again."
        raise SourceError(message) from error


def _tables(values: xarray.Dataset) -> Mapping[str, pd.DataFrame]:
    """Figures by label: losses of each agent, totals of each day, production of each region and day."""
    agent = [dimension for dimension in ("region", "sector", "agent") if dimension in values["value_added_lost"].dims]
    cumulated = [name for name in ("production_lost", "value_added_lost", "recovery_day") if name in values]
    tables = {"losses": _frame(values, cumulated, ["scenario", *agent])}
    totals = [name for name in ("total_production", "total_unmet_final_demand") if name in values]
    if totals:
        tables["daily"] = _frame(values, totals, ["scenario", "day"])
    if "production" in values and "region" in values["production"].dims:
        by_region = values["production"].sum("sector", keep_attrs=True).to_dataset(name="production")
        tables["regions"] = _frame(by_region, ["production"], ["scenario", "day", "region"])
    return tables


def _frame(values: xarray.Dataset, names: list[str], dimensions: list[str]) -> pd.DataFrame:
    kept = values[names].reset_coords(drop=True)
    frame = kept.to_dataframe(dim_order=dimensions).reset_index()[[*dimensions, *names]]
    units = {name: values[name].attrs.get("units", "") for name in names}
    return frame.rename(columns={name: f"{name} ({unit})" for name, unit in units.items() if unit not in {"", "day"}})


def _not_written(place: Path, error: OSError) -> StorageError:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    reason = "there is no space left" if full else str(error.strerror or error)
    advice = "Free some space" if full else "Check who may write there"
    message = (
        f"{place} could not be written: {reason}. Nothing half-written is left. {advice}, or choose another folder."
    )
    return StorageError(message)
