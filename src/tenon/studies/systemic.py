"""What the systemic risk of firms leaves behind: all values as netCDF, and a table for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenon.schema import Result, StorageError
from tenon.studies.folders import write_result

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["save_systemic_risk", "systemic_table"]


def save_systemic_risk(result: Result, folder: Path) -> None:
    """Write a systemic risk index into a folder that is new, empty or a draft.

    Parameters
    ----------
    result : Result
        From :func:`tenon.vulnerability.systemic_risk`.
    folder : Path
        Where to: ``result.nc`` and ``systemic-risk.csv``.

    Raises
    ------
    StorageError
        If anything cannot be written.
    """
    write_result(result, folder / "result.nc")
    try:
        # The byte order mark tells spreadsheets that this is UTF-8.
        systemic_table(result.values).to_csv(folder / "systemic-risk.csv", index=False, encoding="utf-8-sig")
    except OSError as error:
        message = f"{folder} could not be written: {error.strerror}. Free some space, or choose another folder."
        raise StorageError(message) from error


def systemic_table(values: xarray.Dataset) -> pd.DataFrame:
    """Turn a systemic risk index into a table: one failure a line, the riskiest first.

    Parameters
    ----------
    values : xarray.Dataset
        Of :func:`tenon.vulnerability.systemic_risk`.

    Returns
    -------
    DataFrame
        ``rank``, ``failure``, ``sector`` and ``region`` where single firms fail, ``esri`` with its two parts (share of
        all output), ``iterations``, ``last_decrease``, ``settled``, ``eps`` and ``failing_share``.
    """
    table = values.to_dataframe().sort_values("esri", ascending=False, kind="stable")
    table.insert(0, "rank", range(1, len(table) + 1))
    places = [name for name in ("sector", "region") if name in table]
    table = table.reset_index()
    columns = ["rank", "failure", *places]
    return table[[*columns, *(name for name in table.columns if name not in columns)]]
