"""A table as a folder of CSV files that a person can write in a spreadsheet.

====================  ==============================================================================
file                  content
====================  ==============================================================================
``table.toml``        ``name``, ``currency``, ``unit``, ``year``, ``source``, ``license``, and if wanted
                      ``estimated`` (false) and ``balance_tolerance`` (0.001)
``Z.csv``             sales of industry (row) to industry (column); labels ``region:sector``
``Y.csv``             sales of industry (row) to final demand (column); columns ``region:category``
``V.csv``             value added: items (rows) of industries (columns)
``x.csv``             one column: output of each industry (row)
====================  ==============================================================================

Rows and columns stand region by region and in the same order in all files. Labels are compared, never put in order:
a file whose labels are shuffled is refused. Nothing is repaired.
"""

from __future__ import annotations

import csv
import json
import secrets
import shutil
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tenon.data.frames import block, read_frame, region_major, same_labels
from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError, StorageError, nearest
from tenon.schema.tables import InputOutputTable

__all__ = ["read_csv_folder", "write_csv_folder"]

_REQUIRED: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "currency": str,
    "unit": (int, float),
    "year": int,
    "source": str,
    "license": str,
}
_OPTIONAL: dict[str, type | tuple[type, ...]] = {"estimated": bool, "balance_tolerance": (int, float)}


def read_csv_folder(path: str | Path) -> InputOutputTable:
    """Read a table from a folder of CSV files.

    Parameters
    ----------
    path : str or Path
        The folder.

    Returns
    -------
    InputOutputTable
        The checked table.

    Raises
    ------
    SourceError
        If a file is missing or cut short, a key of ``table.toml`` is unknown or missing, or a cell is not a number.
    LabelError
        If labels repeat, are missing, or stand in another order than in ``Z.csv``.
    TableError
        If figures contradict each other.
    """
    folder = Path(path)
    if not folder.is_dir():
        message = f"{folder} is not a folder; one with table.toml, Z.csv, Y.csv, V.csv and x.csv was expected."
        raise SourceError(message)
    description = _description(file_or_refuse(folder / "table.toml", "the description of the table"))
    rows, columns, Z = _labelled(folder / "Z.csv", "sales between industries")
    same_labels(columns, rows, f"{folder / 'Z.csv'}, columns")
    regions, sectors = region_major([_split(label, folder / "Z.csv") for label in rows], f"{folder / 'Z.csv'}, rows")
    final_rows, final_columns, Y = _labelled(folder / "Y.csv", "sales to final demand")
    same_labels(final_rows, rows, f"{folder / 'Y.csv'}, rows")
    final_regions, categories = region_major(
        [_split(label, folder / "Y.csv") for label in final_columns], f"{folder / 'Y.csv'}, columns"
    )
    same_labels(final_regions, regions, f"{folder / 'Y.csv'}, regions of the columns")
    items, cost_columns, V = _labelled(folder / "V.csv", "value added")
    same_labels(cost_columns, rows, f"{folder / 'V.csv'}, columns")
    output_rows, _, x = _labelled(folder / "x.csv", "output")
    same_labels(output_rows, rows, f"{folder / 'x.csv'}, rows")
    if x.shape[1] != 1:
        message = f"{folder / 'x.csv'} must have one column of figures, but has {x.shape[1]}."
        raise SourceError(message)
    return InputOutputTable(
        **description,
        regions=regions,
        sectors=sectors,
        final_demand_categories=categories,
        value_added_items=tuple(items),
        Z=Z,
        Y=Y,
        V=V,
        x=x[:, 0],
    )


def write_csv_folder(table: InputOutputTable, path: str | Path) -> Path:
    """Write a table as a folder of CSV files; satellites, longer names and the list of repairs are not kept.

    Parameters
    ----------
    table : InputOutputTable
        What to write.
    path : str or Path
        Folder to make; it must not exist.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    StorageError
        If the folder exists or cannot be written; nothing is left half written.
    """
    folder = Path(path)
    if folder.exists():
        message = f"{folder} exists already; choose a new folder or remove it."
        raise StorageError(message)
    users = [f"{region}:{category}" for region in table.regions for category in table.final_demand_categories]
    temporary: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.part")
        temporary.mkdir()
        (temporary / "table.toml").write_text(_toml(table), encoding="utf-8")
        _write(temporary / "Z.csv", table.labels, table.labels, table.Z)
        _write(temporary / "Y.csv", table.labels, users, table.Y)
        _write(temporary / "V.csv", table.value_added_items, table.labels, table.V)
        _write(temporary / "x.csv", table.labels, ["output"], table.x[:, None])
        temporary.rename(folder)
    except OSError as error:
        message = (
            f"{folder} could not be written ({error.strerror or error}); nothing was stored. Make room on the disk."
        )
        raise StorageError(message) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
    return folder


def _description(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"{file} is not valid TOML ({error}). Mend the line it names."
        raise SourceError(message) from error
    allowed = {**_REQUIRED, **_OPTIONAL}
    for key, value in found.items():
        if key not in allowed:
            message = f"{file}: unknown key {key!r}; {nearest(key, allowed)}"
            raise SourceError(message)
        if not isinstance(value, allowed[key]) or (isinstance(value, bool) and allowed[key] is not bool):
            message = f"{file}: {key} = {value!r} is of the wrong kind. See the table of keys in the manual."
            raise SourceError(message)
    missing = [key for key in _REQUIRED if key not in found]
    if missing:
        message = f"{file}: key {missing[0]!r} is missing; required are {', '.join(_REQUIRED)}."
        raise SourceError(message)
    return found


def _labelled(path: Path, what: str) -> tuple[list[str], list[str], Float]:
    file = file_or_refuse(path, what)
    frame = read_frame(file, what)
    rows = [str(label).strip() for label in frame.iloc[:, 0]]
    columns = [str(label) for label in frame.columns[1:]]
    return rows, columns, block(frame, slice(0, len(rows)), slice(1, None), file=file)


def _split(label: str, file: Path) -> tuple[str, str]:
    first, mark, second = label.partition(":")
    if not mark:
        message = f"{file}: label {label!r} must have two parts with a colon between them, such as 'CHN:electronics'."
        raise SourceError(message)
    return first, second


def _write(file: Path, rows: Sequence[str], columns: Iterable[str], values: Float) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["", *columns])
        for label, figures in zip(rows, values, strict=True):
            writer.writerow([label, *(repr(float(figure)) for figure in figures)])


def _toml(table: InputOutputTable) -> str:
    texts = {
        key: json.dumps(getattr(table, key), ensure_ascii=False) for key in ("name", "currency", "source", "license")
    }
    lines = [f"{key} = {text}" for key, text in texts.items()]
    lines += [f"unit = {table.unit!r}", f"year = {table.year}", f"estimated = {str(table.estimated).lower()}"]
    lines.append(f"balance_tolerance = {table.balance_tolerance!r}")
    return "\n".join(lines) + "\n"
