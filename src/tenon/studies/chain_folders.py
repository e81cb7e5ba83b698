"""What studies of a chain leave behind: all values as netCDF, tables as CSV and as one Excel workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenon.schema import Result, StorageError
from tenon.studies.folders import write_result

if TYPE_CHECKING:
    import pandas as pd
    import xarray

__all__ = ["chain_tables", "risk_tables", "save_chain_risk", "save_chain_study"]

_WIDEST = 60
# A sheet of Excel ends there; the CSV file holds the rest.
_MOST_ROWS = 1_048_575
_OUTAGES = (
    "outage_kind", "survival_days", "survival_is_capped", "gap_days", "risk_exposure_index",
    "value_of_earlier_recovery", "remedy_stage", "remedy_value", "remedy_return",
)  # fmt: skip


def save_chain_study(result: Result, folder: Path) -> None:
    """Write what was found into a folder that is new, empty or a draft.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress_supply_chain`.
    folder : Path
        Where to: ``result.nc``, one CSV file a table, and ``tables.xlsx``.

    Raises
    ------
    StorageError
        If anything cannot be written.
    """
    _save(result, chain_tables(result.values), folder)


def save_chain_risk(result: Result, folder: Path) -> None:
    """Write what years of bad luck cost into a folder that is new, empty or a draft.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.chain_risk`.
    folder : Path
        Where to: ``result.nc``, ``tables.xlsx``, and as CSV ``levels`` (value at risk), ``causes`` (parts of sites,
        groups, lanes and passages) and ``years``.

    Raises
    ------
    StorageError
        If anything cannot be written.
    """
    _save(result, risk_tables(result.values), folder)


def chain_tables(values: xarray.Dataset) -> Mapping[str, pd.DataFrame]:
    """Turn a result into tables for people.

    Parameters
    ----------
    values : xarray.Dataset
        Of :func:`tenon.studies.stress_supply_chain`.

    Returns
    -------
    mapping of str to DataFrame
        ``outages``: kind, impact, recovery and survival of each, the most expensive first; ``lost_units``: by outage
        and demand; ``followed``: what was followed from day to day; ``days``: its deliveries by product and its margin
        lost, a row a day; ``points``: single points of failure with their proofs; ``pairs``; units stand in the
        headings.
    """
    outages = values[[name for name in _OUTAGES if name in values]]
    for name in ("performance_impact", "undisturbed_loss", "recovery_days"):
        for recovery in ("low", "likely", "high"):
            outages = outages.assign({f"{name}_{recovery}": values[name].sel(recovery=recovery, drop=True)})
    most = _heading(outages, "performance_impact_likely")
    lost = values[["lost_units"]].drop_vars(["demand_stage", "demand_customer"])
    tables = {
        "outages": _frame(outages, "outage").sort_values(most, ascending=False),
        "lost_units": lost.to_dataframe().reset_index(),
    }
    if "followed" in values.dims:
        tables |= _day_tables(values)
    points = ("cause_kind", "cause", "point_product", "margin_at_stake", "tiers", "hidden", "standing", "path")
    tables["points"] = _frame(values[list(points)], "point").drop(columns="point")
    if "pair" in values.dims:
        tables["pairs"] = _frame(values[["first", "second", "products", "pair_stake"]], "pair").drop(columns="pair")
    return tables


def _day_tables(values: xarray.Dataset) -> dict[str, pd.DataFrame]:
    """Turn what was followed from day to day into a row an outage, and a row a day on which anything is missing."""
    about = values[[name for name in values if values[name].dims == ("followed",)]]
    days = values["delivered"].to_dataset(dim="product")
    days = days.rename({name: f"delivered: {name}" for name in days.data_vars})
    days = days.assign(margin_lost_a_day=values["margin_lost_a_day"])
    frame = days.reset_coords(drop=True).to_dataframe().reset_index()
    frame = frame[frame["margin_lost_a_day"] > 0].rename(
        columns={"margin_lost_a_day": _heading(values, "margin_lost_a_day")}
    )
    return {"followed": _frame(about, "followed"), "days": frame}


def risk_tables(values: xarray.Dataset) -> Mapping[str, pd.DataFrame]:
    """Turn annual losses into tables for people.

    Parameters
    ----------
    values : xarray.Dataset
        Of :func:`tenon.studies.chain_risk`.

    Returns
    -------
    mapping of str to DataFrame
        ``levels``, ``causes`` (the largest part first) and ``years``; units stand in the headings.
    """
    import pandas as pd

    levels = values[["value_at_risk", "conditional_value_at_risk"]]
    for name in ("value_at_risk", "conditional_value_at_risk"):
        for bound in ("low", "high"):
            levels = levels.assign({f"{name}_{bound}": values[f"{name}_interval"].sel(bound=bound, drop=True)})
    worst = values.isel(level=int(values["level"].to_numpy().argmax()))
    causes = [_causes(worst, kind) for kind in ("site", "group", "lane", "passage")]
    together = pd.concat([frame for frame in causes if len(frame)], ignore_index=True)
    most = next(column for column in together.columns if column.startswith("expected_loss"))
    return {
        "levels": _frame(levels, "level"),
        "causes": together.sort_values(most, ascending=False, kind="stable"),
        "years": _frame(values[["events", "annual_loss", "greatest_loss"]], "year"),
    }


def _causes(worst: xarray.Dataset, kind: str) -> pd.DataFrame:
    columns = {
        f"events_per_year_of_{kind}": "events_per_year",
        f"expected_loss_by_{kind}": "expected_loss",
        f"tail_loss_by_{kind}": "tail_loss",
    }
    parts = worst[list(columns)].rename({kind: "cause", **columns})
    return _frame(parts.assign(kind=("cause", [kind] * worst.sizes[kind])), "cause")


def _save(result: Result, tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    write_result(result, folder / "result.nc")
    try:
        for name, table in tables.items():
            # The byte order mark tells spreadsheets that this is UTF-8.
            table.to_csv(folder / f"{name}.csv", index=False, float_format="%.8g", encoding="utf-8-sig")
        _write_workbook(tables, folder / "tables.xlsx")
    except OSError as error:
        message = f"{folder} could not be written: {error.strerror}. Free some space, or choose another folder."
        raise StorageError(message) from error


def _frame(values: xarray.Dataset, dimension: str) -> pd.DataFrame:
    frame = values.reset_coords(drop=True).to_dataframe().reset_index()
    return frame[[dimension, *values.data_vars]].rename(columns={name: _heading(values, name) for name in values})


def _heading(values: xarray.Dataset, name: object) -> str:
    unit = values[name].attrs.get("units", "1")
    return str(name) if unit in {"1", "day"} else f"{name} ({unit})"


def _write_workbook(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, table in tables.items():
        sheet = workbook.create_sheet(name)
        sheet.append(list(table.columns))
        for row in table.head(_MOST_ROWS).itertuples(index=False):
            sheet.append(list(row))
        for cells in sheet.iter_rows():
            for cell in cells:
                # A label that begins with an equals sign is a text, whatever a spreadsheet would make of it.
                if cell.data_type == "f":
                    cell.data_type = "s"
        for number, column in enumerate(table.columns, 1):
            longest = max([len(str(column)), *(len(str(value)) for value in table[column].head(200))])
            sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
            sheet.cell(1, number).font = Font(bold=True)
        sheet.freeze_panes = "B2"
    workbook.save(path)
