"""Records of a run, day by day: in memory, or appended to files that can be read while and after the run."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from tenon.schema import ParameterError, SourceError, StorageError, nearest

__all__ = [
    "DEFAULT_RECORDS",
    "RECORDS",
    "FolderSink",
    "MemorySink",
    "Record",
    "Sink",
    "check_records",
    "read_checkpoint",
]

Array = NDArray[Any]
_MEMORY_LIMIT_BYTES = 4e9


@dataclass(frozen=True)
class Record:
    """What one record is.

    Parameters
    ----------
    dims : tuple of str
        Dimensions after scenario and day; ``"agent"`` stands for region and sector where agents form a table.
    units : str
        Unit, with ``{money}`` for the network's currency.
    meaning : str
        Long name.
    dtype : str
        Type of number.
    """

    dims: tuple[str, ...]
    units: str
    meaning: str
    dtype: str = "float64"


RECORDS: Mapping[str, Record] = {
    "production": Record(("agent",), "{money}/day", "production"),
    "capacity": Record(("agent",), "{money}/day", "production capacity"),
    "orders": Record(("agent",), "{money}/day", "demand for production"),
    "overproduction": Record(("agent",), "1", "factor on capacity under scarcity"),
    "reconstruction": Record(("agent",), "{money}/day", "production delivered for reconstruction"),
    "capital_lost": Record(("agent",), "{money}", "productive capital still lost"),
    "limiting": Record(
        ("agent",), "1", "what limits production: -1 nothing, -2 own capacity, -3 demand, else scarce product", "int32"
    ),
    "unmet_final_demand": Record(("demander", "product"), "{money}/day", "final demand not served"),
    "inventories": Record(("product", "agent"), "{money}", "stocks of inputs"),
    "total_production": Record((), "{money}/day", "production of all agents"),
    "total_unmet_final_demand": Record((), "{money}/day", "final demand not served, all together"),
}

DEFAULT_RECORDS: tuple[str, ...] = tuple(name for name in RECORDS if name != "inventories")


class Sink(Protocol):
    """Somewhere to put the records of each day."""

    def write(self, day: int, values: Mapping[str, Array]) -> None:
        """Keep the values of a day; arrays have the scenario as first axis."""

    def finish(self, days: int) -> dict[str, Array]:
        """Return the records of the first ``days`` days, day first, scenario second."""

    def checkpoint(self, day: int, state: Mapping[str, Array]) -> None:
        """Keep what a later run needs to go on after so many days."""

    def close(self) -> None:
        """Let go of every file."""


class MemorySink:
    """Records in memory."""

    def __init__(self, shapes: Mapping[str, tuple[int, ...]], days: int) -> None:
        needed = sum(np.dtype(RECORDS[name].dtype).itemsize * np.prod(shape) * days for name, shape in shapes.items())
        if needed > _MEMORY_LIMIT_BYTES:
            message = (
                f"the records asked for need {needed / 1e9:.1f} GB of memory (limit {_MEMORY_LIMIT_BYTES / 1e9:g} GB): "
                f"{', '.join(shapes)} over {days} days. Ask for fewer records, or give a store folder to write them to."
            )
            raise ParameterError(message)
        self._arrays = {name: np.empty((days, *shape), dtype=RECORDS[name].dtype) for name, shape in shapes.items()}

    def write(self, day: int, values: Mapping[str, Array]) -> None:
        """Keep the values of a day."""
        for name, array in self._arrays.items():
            array[day] = values[name]

    def finish(self, days: int) -> dict[str, Array]:
        """Return the records of the first days."""
        return {name: array[:days] for name, array in self._arrays.items()}

    def checkpoint(self, day: int, state: Mapping[str, Array]) -> None:
        """Do nothing: what is in memory does not outlive the process."""

    def close(self) -> None:
        """Do nothing: there are no files."""


class FolderSink:
    """Records appended to one ``.npy`` file each, with a checkpoint from which a run can go on.

    Parameters
    ----------
    folder : Path
        Made if absent.
    shapes : mapping of str to tuple of int
        Shape of a day of each record.
    days : int
        Horizon of the run.
    signature : str
        Fingerprint of network, scenarios and parameters.
    resume_from : int, optional
        Days that are kept of an earlier run; a new run if left out.

    Raises
    ------
    StorageError
        If the folder cannot be written, or holds another run.
    """

    def __init__(
        self,
        folder: Path,
        shapes: Mapping[str, tuple[int, ...]],
        days: int,
        *,
        signature: str,
        resume_from: int | None = None,
    ) -> None:
        self._folder = folder
        self._shapes = shapes
        self._days = days
        self._signature = signature
        self._files: dict[str, BinaryIO] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if resume_from is None and any(folder.glob("*.npy")):
                message = (
                    f"the folder {folder} already holds records; give another folder, or go on with that run "
                    "(--resume, or resume=True in Python)."
                )
                raise StorageError(message)
            for name in shapes:
                self._files[name] = self._open(name, resume_from or 0)
        except SourceError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise _no_space(folder, 0, error) from error

    def write(self, day: int, values: Mapping[str, Array]) -> None:
        """Append the values of a day to every file; a reader finds whole days only."""
        try:
            for name, file in self._files.items():
                file.write(np.ascontiguousarray(values[name], dtype=RECORDS[name].dtype).tobytes())
                end = file.tell()
                _header(file, self._shapes[name], day + 1, name)
                file.seek(end)
                file.flush()
        except OSError as error:
            self.close()
            raise _no_space(self._folder, day, error) from error

    def finish(self, days: int) -> dict[str, Array]:
        """Cut the files after the finished days and open them for reading."""
        for name, file in self._files.items():
            offset = _header(file, self._shapes[name], days, name)
            file.truncate(offset + days * self._bytes_a_day(name))
        self.close()
        return {name: np.load(self._folder / f"{name}.npy", mmap_mode="r") for name in self._files}

    def close(self) -> None:
        """Close every file, whatever was not written."""
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.close()

    def checkpoint(self, day: int, state: Mapping[str, Array]) -> None:
        """Write the state before a day; the file is replaced at once, so a crash leaves the old one."""
        path = self._folder / "checkpoint.npz"
        draft = path.with_suffix(".draft")
        try:
            with draft.open("wb") as file:
                about = json.dumps({"day": day, "signature": self._signature, "records": sorted(self._shapes)})
                np.savez(file, about=np.array(about), **state)  # type: ignore[arg-type]  # numpy's stub takes arrays by position alone
            draft.replace(path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise _no_space(self._folder, day, error) from error

    def _open(self, name: str, resume_from: int) -> BinaryIO:
        path = self._folder / f"{name}.npy"
        file = path.open("r+b" if resume_from else "w+b")
        held = file.seek(0, io.SEEK_END)
        offset = _header(file, self._shapes[name], resume_from, name)
        kept = offset + resume_from * self._bytes_a_day(name)
        if resume_from and held < kept:
            file.close()
            message = f"{path} is shorter than the {resume_from} days that the checkpoint tells of; start the run anew."
            raise SourceError(message)
        file.truncate(kept)
        file.seek(kept)
        return file

    def _bytes_a_day(self, name: str) -> int:
        return int(np.prod(self._shapes[name])) * np.dtype(RECORDS[name].dtype).itemsize


def check_records(names: Sequence[str]) -> tuple[str, ...]:
    """Return the records asked for, refusing unknown ones.

    Parameters
    ----------
    names : sequence of str
        Names of records.

    Returns
    -------
    tuple of str
        Without repetition.

    Raises
    ------
    ParameterError
        If a name is unknown.
    """
    for name in names:
        if name not in RECORDS:
            message = f"there is no record {name!r}; {nearest(name, RECORDS)}"
            raise ParameterError(message)
    return tuple(dict.fromkeys(names))


def read_checkpoint(folder: Path, signature: str, records: Sequence[str]) -> tuple[int, dict[str, Array]]:
    """Read the state from which a stored run can go on.

    Parameters
    ----------
    folder : Path
        Folder of the stored run.
    signature : str
        Fingerprint that it must carry.
    records : sequence of str
        Records that it must hold.

    Returns
    -------
    tuple of (int, dict)
        The next day, and the arrays of the state.

    Raises
    ------
    SourceError
        If there is no checkpoint, or it belongs to another run.
    """
    path = folder / "checkpoint.npz"
    try:
        with path.open("rb") as file, np.load(file) as data:
            about = json.loads(str(data["about"]))
            state = {name: data[name] for name in data.files if name != "about"}
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
        message = (
            f"{path} must hold the checkpoint of a stored run, but could not be read ({error}); start the run anew."
        )
        raise SourceError(message) from error
    if about["signature"] != signature or about["records"] != sorted(records):
        message = (
            f"the run stored in {folder} has another network, scenario, parameters or records than this one; "
            "resume with the same, or give another folder."
        )
        raise SourceError(message)
    return int(about["day"]), state


def _header(file: BinaryIO, shape: tuple[int, ...], days: int, name: str) -> int:
    """Write the header of an ``.npy`` file at its beginning; return its length, which does not depend on the days."""
    file.seek(0)
    dtype = np.lib.format.dtype_to_descr(np.dtype(RECORDS[name].dtype))
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": (days, *shape)})
    return file.tell()


def _no_space(folder: Path, day: int, error: OSError) -> StorageError:
    return StorageError(
        f"records could not be written to {folder} on day {day} ({error.strerror}); days before it are kept. "
        "Free some space and run again with resume, or choose another folder."
    )
