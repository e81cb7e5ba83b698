"""Reading a file of findings: every row, with everything that is wrong with it and how to mend that."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.schema.errors import nearest
from tenon.web.organizations.rules import Marking
from tenon.web.rooms.rules import Channel, Hazard, Level, Severity, Urgency

__all__ = ["MAX_BYTES", "MAX_ROWS", "Problem", "Reading", "Row", "empty_file", "read_findings"]

MAX_ROWS = 10_000
MAX_BYTES = 5 * 2**20
_REQUIRED = ("key", "title", "level", "channel", "hazard")
_LENGTHS = {"key": 200, "title": 160, "description": 8000, "place": 160}
_MOMENTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y年%m月%d日")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Parameters
    ----------
    row : int
        Line of the file as a table program counts them; the head is line 1.
    column : str
        As the file's head names it; empty where the whole row is meant.
    what, mend : str
        What is wrong, and what to do.
    """

    row: int
    column: str
    what: str
    mend: str


@dataclass(frozen=True)
class Row:
    """One row without a problem.

    Parameters
    ----------
    row : int
        Line of the file.
    key : str
        The other program's name for it.
    fields : mapping
        Fields of a finding.
    """

    row: int
    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What a file holds.

    Parameters
    ----------
    rows : tuple of Row
        The good ones.
    problems : tuple of Problem
        What is wrong with the others, or with the file.
    readable : bool
        False where nothing of the file can be taken.
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    readable: bool = True


class _CellError(ValueError):
    """A cell is wrong: what, and how to mend it."""


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("import_words.toml").read_text(encoding="utf-8"))


@cache
def _column_of() -> dict[str, str]:
    return {word.casefold(): name for name, words in _words()["columns"].items() for word in words}


def empty_file(*, chinese: bool) -> str:
    """Write the head of a file to fill in.

    Parameters
    ----------
    chinese : bool
        Whether its words are Chinese.

    Returns
    -------
    str
        One line, with a mark by which table programs know that it is Unicode.

    Examples
    --------
    >>> empty_file(chinese=False)[1:20]
    'key,title,descripti'
    """
    english = [words[0] for words in _words()["columns"].values()]
    head = list(_words()["chinese_head"].values()) if chinese else english
    return "\ufeff" + ",".join(head) + "\r\n"


def read_findings(content: bytes, now: datetime) -> Reading:
    """Read a file of findings with commas, semicolons or tabs, in UTF-8, UTF-16 or GB 18030.

    Parameters
    ----------
    content : bytes
        The file; at most 5 MiB and 10,000 rows.
    now : datetime
        The time; nothing was reported later.

    Returns
    -------
    Reading
        Good rows and all problems.
    """
    try:
        table = _table(content)
    except (csv.Error, UnicodeDecodeError, _CellError) as error:
        return _unreadable(1, "", str(error))
    if len(table) < 2:  # noqa: PLR2004 - a head and a row
        return _unreadable(1, "", _("The file holds no rows."))
    names, problems = _head(table[0][1])
    if problems:
        return Reading(problems=tuple(problems), readable=False)
    return _rows(table[1:], names, now)


def _unreadable(row: int, column: str, what: str) -> Reading:
    mend = _("Save the table as CSV in UTF-8, with at most 10,000 rows and 5 MiB.")
    return Reading(problems=(Problem(row, column, what, mend),), readable=False)


def _table(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the rows that hold anything, each with its line."""
    if len(content) > MAX_BYTES:
        raise _CellError(_("The file is larger than 5 MiB."))
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    table = []
    for line, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1):
        if any(cell.strip() for cell in cells):
            table.append((line, [cell.strip() for cell in cells]))
        if len(table) > MAX_ROWS + 1:
            raise _CellError(_("The file has more than 10,000 rows."))
    return table


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")  # what table programs write on Chinese machines


def _head(cells: list[str]) -> tuple[list[str], list[Problem]]:
    """Return the field of each column, and what is wrong with the head."""
    known, names, problems = _column_of(), [], []
    for cell in cells:
        name = known.get(cell.casefold(), "")
        if not name:
            hint = nearest(cell, known)
            problems.append(Problem(1, cell, _("This column is not known."), hint))
        elif name in names:
            problems.append(Problem(1, cell, _("This column stands there twice."), _("Leave one of them out.")))
        names.append(name)
    problems += [
        Problem(1, name, _("This column is missing."), _("Add it; the empty template has all columns."))
        for name in _REQUIRED
        if name not in names
    ]
    return names, problems


def _rows(table: Iterable[tuple[int, list[str]]], names: list[str], now: datetime) -> Reading:
    good: list[Row] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, cells in table:
        fields, wrong = _fields(line, dict(zip(names, cells, strict=False)), now)
        if len(cells) > len(names):
            wrong.append(Problem(line, "", _("It has more cells than the head."), _("Put quotes around commas.")))
        key = str(fields.pop("key", ""))
        if key in seen:
            what = _("Row %(row)s has the same key.") % {"row": seen[key]}
            wrong.append(Problem(line, "key", what, _("Give each row a key of its own.")))
        if key:
            seen.setdefault(key, line)
        problems += wrong
        if not wrong:
            good.append(Row(line, key, fields))
    return Reading(tuple(good), tuple(problems))


def _fields(line: int, cells: Mapping[str, str], now: datetime) -> tuple[dict[str, Any], list[Problem]]:
    fields: dict[str, Any] = {}
    wrong = []
    for name, convert in _CONVERTERS.items():
        cell = cells.get(name, "")
        try:
            if cell:
                fields[name] = convert(name, cell)
        except _CellError as error:
            wrong.append(Problem(line, name, *error.args))
        if not cell and name in _REQUIRED:
            wrong.append(Problem(line, name, _("It is empty."), _("Fill it in.")))
    if ("latitude" in fields) != ("longitude" in fields) and not wrong:
        what = _("Latitude and longitude belong together.")
        wrong.append(Problem(line, "latitude", what, _("Fill in both or none.")))
    if fields.get("reported", now) > now:
        wrong.append(Problem(line, "reported", _("It lies in the future."), _("Check the date.")))
    return fields, wrong


def _text(name: str, cell: str) -> str:
    if len(cell) > _LENGTHS[name]:
        what = _("It has %(length)s characters; at most %(most)s are kept.")
        raise _CellError(what % {"length": len(cell), "most": _LENGTHS[name]}, _("Shorten it."))
    if any(ord(character) < 32 and character not in "\t\n\r" for character in cell):  # noqa: PLR2004 - the space
        raise _CellError(_("It holds a control character."), _("Type the text again."))
    return cell


def _member(kind: type[Enum]) -> Callable[[str, str], Any]:
    """Make a converter that takes a value of the rules or a word for it, in English or Chinese."""

    def convert(name: str, cell: str) -> Any:  # noqa: ANN401 - a text or a number, as the enumeration has it
        words = {str(member.value).casefold(): member.value for member in kind}
        for value, others in _words()[name].items():
            words |= {word.casefold(): words[value] for word in others}
        if cell.casefold() not in words:
            raise _CellError(_("%(cell)r is none of its words.") % {"cell": cell[:40]}, nearest(cell, words))
        return words[cell.casefold()]

    return convert


def _marking(_name: str, cell: str) -> str:
    words = {marking.value.removeprefix("TLP:"): marking.value for marking in Marking}
    found = words.get(cell.upper().removeprefix("TLP:").strip())
    if found is None:
        raise _CellError(_("%(cell)r is no marking.") % {"cell": cell[:40]}, nearest(cell, words))
    return found


def _number(limit: float) -> Callable[[str, str], float]:
    def convert(_name: str, cell: str) -> float:
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not abs(value) <= limit:
            what = _("%(cell)r is no number from -%(limit)s to %(limit)s.") % {"cell": cell[:40], "limit": int(limit)}
            raise _CellError(what, _("Give degrees with a point, such as 36.07."))
        return value

    return convert


def _cost(_name: str, cell: str) -> Decimal:
    try:
        value = Decimal(cell)
    except InvalidOperation:
        value = Decimal("nan")
    if not (value.is_finite() and 0 <= value < Decimal("1e14")):
        what = _("%(cell)r is no amount of money.") % {"cell": cell[:40]}
        raise _CellError(what, _("Give a plain number, such as 12500.50."))
    return value.quantize(Decimal("0.01"))


def _moment(_name: str, cell: str) -> datetime:
    for pattern in _MOMENTS:
        try:
            return timezone.make_aware(datetime.strptime(cell, pattern))  # noqa: DTZ007 - made aware at once
        except ValueError:
            continue
    raise _CellError(_("%(cell)r is no date.") % {"cell": cell[:40]}, _("Write it as 2026-11-30, or 2026-11-30 14:05."))


_CONVERTERS: Mapping[str, Callable[[str, str], Any]] = {
    "key": _text,
    "title": _text,
    "description": _text,
    "place": _text,
    "level": _member(Level),
    "channel": _member(Channel),
    "hazard": _member(Hazard),
    "severity": _member(Severity),
    "urgency": _member(Urgency),
    "latitude": _number(90),
    "longitude": _number(180),
    "cost": _cost,
    "marking": _marking,
    "reported": _moment,
}
