"""Reading a tree of equipment from a CSV file, with what is wrong told by row: plain Python, without a database."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_rules import DEPTH_MOST, Criticality, EquipmentClass
from tenon.web.rooms.rules import Channel

__all__ = ["COLUMNS", "ROWS_MOST", "Problem", "ProblemKind", "Row", "read_tree"]

ROWS_MOST = 2000
_PROBLEMS_MOST = 100  # a file that is wrong throughout is told about once

# Columns in their order; those after the first five may be left out.
COLUMNS = (
    "code",
    "name_en",
    "name_zh",
    "class",
    "criticality",
    "parent",
    "channel",
    "place",
    "site",
    "mtbf_hours",
    "mttr_hours",
    "arrangement",
    "needed",
    "capacity_share",
)
_REQUIRED = COLUMNS[:5]
_LENGTHS = {"code": 40, "name_en": 120, "name_zh": 120, "parent": 40, "place": 160, "site": 120}
_WORDS: Mapping[str, type[StrEnum]] = {
    "class": EquipmentClass,
    "criticality": Criticality,
    "channel": Channel,
    "arrangement": Arrangement,
}
_DEFAULTS = {"channel": Channel.PLANT.value, "arrangement": Arrangement.SERIES.value}
_NUMBERS = {"mtbf_hours": (1e-6, 1e9), "mttr_hours": (0.0, 1e9), "needed": (1, 999), "capacity_share": (1e-6, 1.0)}


class ProblemKind(StrEnum):
    """What can be wrong with a file."""

    NOT_TEXT = "not text"
    NO_ROWS = "no rows"
    TOO_MANY_ROWS = "too many rows"
    MISSING_COLUMN = "missing column"
    UNKNOWN_COLUMN = "unknown column"
    CELLS = "cells"
    EMPTY = "empty"
    TOO_LONG = "too long"
    NOT_ONE_OF = "not one of"
    NOT_A_NUMBER = "not a number"
    OUT_OF_RANGE = "out of range"
    TOGETHER = "together"
    TWICE = "twice"
    TAKEN = "taken"
    NO_PARENT = "no parent"
    CIRCLE = "circle"
    TOO_DEEP = "too deep"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    line : int
        Row of the file, its heading being row 1.
    column : str
        Which; empty where the whole row or file is meant.
    kind : ProblemKind
        What.
    value : str
        What stands there.
    """

    line: int
    column: str
    kind: ProblemKind
    value: str = ""


@dataclass(frozen=True)
class Row:
    """One piece of equipment.

    Parameters
    ----------
    line : int
        Row of the file.
    code, parent : str
        Its code and the code of what it stands below; empty at the top.
    fields : mapping
        Everything else, by the names of the table's columns.
    """

    line: int
    code: str
    parent: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def read_tree(content: bytes, known: Mapping[str, int]) -> tuple[list[Row], list[Problem]]:
    r"""Read a tree of equipment.

    Parameters
    ----------
    content : bytes
        A CSV file in UTF-8 with a heading.
    known : mapping from str to int
        Codes that the organization uses already, each with how deep it stands.

    Returns
    -------
    list of Row
        Parents before their children; of no use where there are problems.
    list of Problem
        In the order of the file, the first hundred.

    Examples
    --------
    >>> read_tree(b"code,name_en,name_zh,class,criticality\nK1,Kiln,,furnance,A\n", {})[1]
    [Problem(line=2, column='class', kind=<ProblemKind.NOT_ONE_OF: 'not one of'>, value='furnance')]
    """
    cells, problems = _cells(content)
    if problems:
        return [], problems
    rows = [_row(line, values, problems) for line, values in cells]
    problems += _codes(rows, known)
    ordered = _ordered(rows, known, problems)
    return ordered, sorted(problems, key=lambda problem: problem.line)[:_PROBLEMS_MOST]


def _cells(content: bytes) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return [], [Problem(1, "", ProblemKind.NOT_TEXT)]
    heading = [name.strip().lower() for name in lines[0]] if lines else []
    problems = [Problem(1, name, ProblemKind.MISSING_COLUMN) for name in _REQUIRED if name not in heading]
    problems += [Problem(1, name, ProblemKind.UNKNOWN_COLUMN) for name in heading if name not in COLUMNS]
    problems += [Problem(1, name, ProblemKind.TWICE) for name in sorted(set(heading)) if heading.count(name) > 1]
    body = [(line, row) for line, row in enumerate(lines[1:], start=2) if any(cell.strip() for cell in row)]
    if len(body) > ROWS_MOST:
        problems.append(Problem(1, "", ProblemKind.TOO_MANY_ROWS, str(len(body))))
    if not body and not problems:
        problems.append(Problem(1, "", ProblemKind.NO_ROWS))
    problems += [Problem(line, "", ProblemKind.CELLS, str(len(row))) for line, row in body if len(row) != len(heading)]
    if problems:
        return [], problems[:_PROBLEMS_MOST]
    return [(line, {name: cell.strip() for name, cell in zip(heading, row, strict=True)}) for line, row in body], []


def _row(line: int, cells: Mapping[str, str], problems: list[Problem]) -> Row:
    values: dict[str, Any] = {name: cells.get(name, "") for name in COLUMNS}
    for name, most in _LENGTHS.items():
        if len(values[name]) > most:
            problems.append(Problem(line, name, ProblemKind.TOO_LONG, values[name][:60]))
    if not values["code"]:
        problems.append(Problem(line, "code", ProblemKind.EMPTY))
    if not values["name_en"] and not values["name_zh"]:
        problems.append(Problem(line, "name_en", ProblemKind.EMPTY))
    for name, words in _WORDS.items():
        values[name] = values[name] or _DEFAULTS.get(name, "")
        if values[name] not in {word.value for word in words}:
            problems.append(Problem(line, name, ProblemKind.NOT_ONE_OF, values[name][:60]))
    for name in _NUMBERS:
        values[name] = _number(line, name, values[name], problems)
    if (values["mtbf_hours"] is None) != (values["mttr_hours"] is None):
        problems.append(Problem(line, "mtbf_hours", ProblemKind.TOGETHER))
    if (values["arrangement"] == Arrangement.K_OF_N) != (values["needed"] is not None):
        problems.append(Problem(line, "needed", ProblemKind.TOGETHER))
    named = {"equipment_class": values.pop("class"), "site_name": values.pop("site")}
    return Row(line, values.pop("code"), values.pop("parent"), {**values, **named})


def _number(line: int, name: str, text: str, problems: list[Problem]) -> float | int | None:
    if not text:
        return None
    try:
        value = int(text) if name == "needed" else float(text)
    except ValueError:
        problems.append(Problem(line, name, ProblemKind.NOT_A_NUMBER, text[:60]))
        return None
    low, high = _NUMBERS[name]
    if not math.isfinite(value) or not low <= value <= high:
        problems.append(Problem(line, name, ProblemKind.OUT_OF_RANGE, text[:60]))
    return value


def _codes(rows: Sequence[Row], known: Collection[str]) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            problems.append(Problem(row.line, "code", ProblemKind.TWICE, row.code))
        elif row.code in known:
            problems.append(Problem(row.line, "code", ProblemKind.TAKEN, row.code))
        seen.add(row.code)
    problems += [
        Problem(row.line, "parent", ProblemKind.NO_PARENT, row.parent)
        for row in rows
        if row.parent and row.parent not in seen and row.parent not in known
    ]
    return problems


def _ordered(rows: Sequence[Row], known: Mapping[str, int], problems: list[Problem]) -> list[Row]:
    """Sort parents before children, level by level; what is left over stands in a circle."""
    inside = {row.code for row in rows}
    below: dict[str, list[Row]] = {}
    for row in rows:
        below.setdefault(row.parent if row.parent in inside else "", []).append(row)
    ordered: list[Row] = []
    level = [(row, known.get(row.parent, -1) + 1) for row in below.get("", [])]
    while level:
        ordered += [row for row, _depth in level]
        problems += [
            Problem(row.line, "parent", ProblemKind.TOO_DEEP, row.parent) for row, depth in level if depth == DEPTH_MOST
        ]
        level = [(child, depth + 1) for row, depth in level for child in below.pop(row.code, [])]
    there = {id(row) for row in ordered}
    problems += [Problem(row.line, "parent", ProblemKind.CIRCLE, row.parent) for row in rows if id(row) not in there]
    return ordered
