"""The systemic risk of firms in words and as a table for a spreadsheet."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenon.schema import Result, StorageError

if TYPE_CHECKING:
    import xarray

__all__ = ["check_new_file", "systemic_sentences", "write_systemic_risk"]

_NAMED = 5
_LARGE = 0.01
_SMALL = 0.1


def systemic_sentences(result: Result) -> tuple[str, ...]:
    """Say what a systemic risk index found.

    Parameters
    ----------
    result : Result
        From :func:`tenon.vulnerability.systemic_risk`.

    Returns
    -------
    tuple of str
        The headline, how concentrated the risk is, and the riskiest failures.

    Examples
    --------
    >>> from tenon.schema import SparseLinks, SupplyNetwork
    >>> from tenon.vulnerability import systemic_risk
    >>> bread = SupplyNetwork(
    ...     name="bread", agents=("farm", "mill"), products=("grain", "flour"), product=[0, 1], regions=("A",),
    ...     region=[0, 0], links=SparseLinks([0], [1], [10.0]), demanders=("people",),
    ...     final_demand=[[10.0], [30.0]], value_added=[20.0, 20.0], capital=[100.0, 80.0], inventory_days=[[15.0]],
    ...     stock_release=[0.0, 0.0], currency="EUR", unit=1.0, source="made up")
    >>> systemic_sentences(systemic_risk(bread))[0]
    'The failure of farm (grain) would take 100.0 % of all sales between firms along, more than any other.'
    """
    # A descending sort would turn firms of equal index around.
    values = result.values.isel(failure=np.argsort(-result.values["esri"].to_numpy(), kind="stable"))
    rules = result.provenance.get("rules")
    counted = isinstance(rules, dict) and bool(rules.get("count_final_demand"))
    output = "all output" if counted else "all sales between firms"
    index = values["esri"].to_numpy()
    riskiest = [_named(values.isel(failure=number)) for number in range(min(_NAMED, index.size))]
    names, details = zip(*riskiest, strict=True)
    rounds = values["iterations"].to_numpy()
    concentration = (
        f"Of {index.size} failures, {int((index > _LARGE).sum())} would each cost more than 1 % of {output}; half of "
        f"them cost no more than {_percent(float(np.median(index)))}."
    )
    return (
        f"The failure of {names[0]} would take {_percent(float(index[0]))} of {output} along, more than any other.",
        concentration,
        f"Riskiest: {'; '.join(f'{name} {detail}' for name, detail in zip(names, details, strict=True))}.",
        f"Figures at eps = {float(values['eps']):g}, after {rounds.min()} to {rounds.max()} rounds.",
    )


def _named(failure: xarray.Dataset) -> tuple[str, str]:
    """Return the name of a failure, with its sector if it is one firm, and its index with its parts."""
    name = str(failure["failure"].item())
    if "sector" in failure.coords:
        name += f" ({failure['sector'].item()})"
    total, down, up = (_percent(float(failure[part])) for part in ("esri", "esri_downstream", "esri_upstream"))
    return name, f"{total} (for want of inputs {down}, of customers {up})"


def _percent(share: float) -> str:
    """Write a share with two figures that count, or one behind the point."""
    return f"{100 * share:.2g} %" if share < _SMALL else f"{100 * share:.1f} %"


def check_new_file(file: Path, *, replace: bool) -> None:
    """Refuse a file that cannot be written, before anything is computed.

    Parameters
    ----------
    file : Path
        Where results shall stand.
    replace : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    StorageError
        If it is there and may not be replaced, or is a folder.
    """
    if file.is_dir():
        message = f"{file} is a folder; name a file, such as {file / 'systemic-risk.csv'}."
        raise StorageError(message)
    if file.exists() and not replace:
        message = f"{file} exists already and is left as it is; name another file (--out), or replace it (--force)."
        raise StorageError(message)


def write_systemic_risk(result: Result, file: Path, *, replace: bool = False) -> Path:
    """Write a systemic risk index as CSV: one failure a line, the riskiest first.

    Parameters
    ----------
    result : Result
        From :func:`tenon.vulnerability.systemic_risk`.
    file : Path
        File to write; its folder is made if need be.
    replace : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file. Columns: ``rank``, ``failure``, ``sector`` and ``region`` where single firms fail, ``esri`` with its
        two parts (share of all output), ``iterations``, ``last_decrease``, ``settled`` and ``eps``.

    Raises
    ------
    StorageError
        If the file is there already or cannot be written; nothing is left half written.
    """
    check_new_file(file, replace=replace)
    table = result.values.to_dataframe().sort_values("esri", ascending=False, kind="stable")
    table.insert(0, "rank", range(1, len(table) + 1))
    places = [name for name in ("sector", "region") if name in table]
    table = table.reset_index()
    columns = ["rank", "failure", *places]
    table = table[[*columns, *(name for name in table.columns if name not in columns)]]
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(draft, index=False, lineterminator="\n")
        draft.replace(file)
    except OSError as error:
        message = f"{file} could not be written ({error.strerror or error}). Name another file or make room."
        raise StorageError(message) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
    return file
