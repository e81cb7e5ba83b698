"""Opening a chain's workbook or folder: sheets as rows of bare cells, and what is wrong with the file itself.

A workbook is read sheet by sheet, so that a large one needs little memory. Formulas are taken at the values that the
spreadsheet stored with them; one without a stored value is a problem of its cell.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from tenon.data.chain_cells import is_blank
from tenon.data.chain_language import WORKBOOKS, Words
from tenon.data.chain_problems import Findings, Place
from tenon.schema.errors import SourceError

__all__ = ["MOST_ROWS", "Cells", "Formula", "open_chain"]

MOST_ROWS = 200_000
"""Rows that a sheet may have."""

_MOST_COLUMNS = 100
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_CHUNK = 1 << 20

_Rows = list[tuple[int, tuple[object, ...]]]

_DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError, EOFError, SyntaxError, OSError)


@dataclass(frozen=True)
class Formula:
    """A cell with a formula whose value is not stored beside it.

    Parameters
    ----------
    text : str
        The formula.
    """

    text: str


@dataclass(frozen=True)
class Cells:
    """The cells of one sheet that are not blank rows.

    Parameters
    ----------
    name : str
        As the file calls it.
    rows : list of tuple
        Row number as the spreadsheet counts it, and its cells.
    unread : bool
        Whether there is too much to read, so that no row is here.
    """

    name: str
    rows: list[tuple[int, tuple[object, ...]]]
    unread: bool = False


def open_chain(path: str | Path, findings: Findings) -> list[Cells]:
    """Read the cells of a workbook or of a folder of CSV files.

    Parameters
    ----------
    path : str or Path
        An Excel workbook (``.xlsx``, ``.xlsm``) or a folder.
    findings : Findings
        Where problems of single sheets are noted.

    Returns
    -------
    list of Cells
        The sheets in the order of the file.

    Raises
    ------
    SourceError
        If there is no such file or folder, or it cannot be opened: damaged, protected by a password, of another kind.
    """
    place, words = Path(path), findings.words
    if place.is_dir():
        return _folder(place, findings)
    try:
        _check_file(place, words)
    except OSError as error:
        raise SourceError(words.say("file.unreadable", file=place, error=error.strerror)) from error
    try:
        return _workbook(place, findings)
    except _DAMAGED as error:
        message = words.say("file.damaged", file=place, error=f"{type(error).__name__}: {error}")
        raise SourceError(message) from error


def _check_file(file: Path, words: Words) -> None:
    """Refuse what is no workbook at all."""
    if not file.is_file():
        key = "file.missing" if file.parent.is_dir() else "file.missing_folder"
        raise SourceError(words.say(key, file=file, folder=file.parent))
    if file.stat().st_size == 0:
        raise SourceError(words.say("file.empty", file=file))
    with file.open("rb") as stream:
        start = stream.read(len(_COMPOUND_FILE))
        protected = start == _COMPOUND_FILE and _PROTECTED in stream.read()
    if start == _COMPOUND_FILE:
        raise SourceError(words.say("file.protected" if protected else "file.old_kind", file=file))
    if file.suffix.lower() == ".csv":
        raise SourceError(words.say("file.one_csv", file=file))
    if not zipfile.is_zipfile(file):
        raise SourceError(words.say("file.no_workbook", file=file))
    if file.suffix.lower() not in WORKBOOKS:
        raise SourceError(words.say("file.other_kind", file=file, ending=file.suffix))


def _workbook(file: Path, findings: Findings) -> list[Cells]:
    import openpyxl

    with closing(openpyxl.load_workbook(file, read_only=True)) as book:
        sheets: list[Any] = list(book.worksheets)
        read = [_cells(sheet.title, _sheet_rows(sheet, findings)) for sheet in sheets]
        # openpyxl says in no public way where in the archive a sheet stands.
        _note_merged(file, {sheet.title: sheet._worksheet_path for sheet in sheets}, findings)  # noqa: SLF001 - see above
    if any(isinstance(cell, Formula) for cells in read for _, row in cells.rows for cell in row):
        with closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
            return [_with_values(cells, book[cells.name]) for cells in read]
    return read


def _cells(name: str, rows: _Rows | None) -> Cells:
    return Cells(name, rows or [], unread=rows is None)


def _sheet_rows(sheet: Any, findings: Findings) -> _Rows | None:  # noqa: ANN401 - openpyxl's stubs lack it
    if (sheet.max_row or 0) > MOST_ROWS + 1:
        findings.note(Place(sheet.title), "sheet.many_rows", rows=f"{sheet.max_row:,}", most=f"{MOST_ROWS:,}")
        return None
    if (sheet.max_column or 0) > _MOST_COLUMNS:
        findings.note(Place(sheet.title), "sheet.many_columns", columns=f"{sheet.max_column:,}")
        return None
    rows = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not all(map(is_blank, row)):
            rows.append((number, tuple(map(_as_formula, row))))
            if len(rows) > MOST_ROWS + 1:
                findings.note(Place(sheet.title), "sheet.too_many_rows", most=f"{MOST_ROWS:,}")
                return None
    return rows


def _as_formula(cell: object) -> object:
    """Mark what is a formula; besides texts, openpyxl has types of its own for formulas of many cells."""
    if isinstance(cell, str):
        return Formula(cell) if cell.startswith("=") else cell
    if type(cell).__name__ in {"ArrayFormula", "DataTableFormula"}:
        return Formula(str(getattr(cell, "text", None) or "=..."))
    return cell


def _with_values(cells: Cells, sheet: Any) -> Cells:  # noqa: ANN401 - as above
    """Put the stored values in the place of formulas; one that has none stays a formula."""
    stored = dict(enumerate(sheet.iter_rows(values_only=True), start=1))
    rows = []
    for number, row in cells.rows:
        values = stored.get(number, ())
        rows.append(
            (
                number,
                tuple(
                    values[place]
                    if isinstance(cell, Formula) and place < len(values) and values[place] is not None
                    else cell
                    for place, cell in enumerate(row)
                ),
            )
        )
    return replace(cells, rows=rows)


def _note_merged(file: Path, parts: Mapping[str, str], findings: Findings) -> None:
    """Find merged cells, which a sheet lists behind its rows: all but the first of them read as blank."""
    with zipfile.ZipFile(file) as archive:
        for title, part in parts.items():
            with archive.open(part.lstrip("/")) as stream:
                for span in _merged(stream):
                    row = int(re.sub(r"\D", "", span.partition(":")[0]))
                    findings.note(Place(title, row), "sheet.merged", span=span)


def _merged(stream: IO[bytes]) -> Iterator[str]:
    kept = b""
    while chunk := stream.read(_CHUNK):
        text = kept + chunk
        end = 0
        for match in _MERGED.finditer(text):
            end = match.end()
            yield match[1].decode()
        # What may be the beginning of the next match is looked at again with the next chunk.
        kept = text[max(end, len(text) - 200) :]


def _folder(folder: Path, findings: Findings) -> list[Cells]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv")
    if not files:
        raise SourceError(findings.words.say("file.no_csv", folder=folder))
    return [_cells(file.stem, _csv_rows(file, findings)) for file in files]


def _csv_rows(file: Path, findings: Findings) -> _Rows | None:
    rows: _Rows = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            heading = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(heading), strict=True)
            for row in reader:
                if not all(map(is_blank, row)):
                    rows.append((reader.line_num, tuple(row)))
                    if len(rows) > MOST_ROWS + 1:
                        findings.note(Place(file.stem), "sheet.too_many_rows", most=f"{MOST_ROWS:,}")
                        return None
    except UnicodeDecodeError as error:
        raise SourceError(findings.words.say("file.no_utf8", file=file, byte=error.start)) from error
    except csv.Error as error:
        raise SourceError(findings.words.say("file.csv_error", file=file, line=len(rows) + 1, error=error)) from error
    except OSError as error:
        raise SourceError(findings.words.say("file.unreadable", file=file, error=error.strerror)) from error
    return rows


def _delimiter(heading: str) -> str:
    """Return what separates the columns; spreadsheets in some languages write semicolons."""
    return max(",;\t", key=heading.count)
