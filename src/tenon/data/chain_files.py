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
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tenon.data.chain_cells import is_blank
from tenon.data.chain_problems import ChainProblem, Findings
from tenon.data.sources import file_or_refuse
from tenon.schema.errors import SourceError

__all__ = ["MOST_ROWS", "Cells", "Formula", "open_chain"]

MOST_ROWS = 200_000
"""Rows that a sheet may have."""

_MOST_COLUMNS = 100
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_CHUNK = 1 << 20

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
    """

    name: str
    rows: list[tuple[int, tuple[object, ...]]]


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
    place = Path(path)
    if place.is_dir():
        return _folder(place, findings)
    file = file_or_refuse(place, "a workbook (.xlsx) or a folder of CSV files")
    with file.open("rb") as stream:
        start = stream.read(len(_COMPOUND_FILE))
        if start == _COMPOUND_FILE:
            raise _compound_file(file, protected=_PROTECTED in stream.read())
    if file.suffix.lower() == ".csv":
        message = f"{file} is one CSV file; give the folder that holds sites.csv, parts.csv and the others."
        raise SourceError(message)
    if not zipfile.is_zipfile(file):
        message = (
            f"{file} is no Excel workbook, or is damaged; save it again as .xlsx, or begin with: tenon chain template."
        )
        raise SourceError(message)
    try:
        return _workbook(file, findings)
    except _DAMAGED as error:
        message = (
            f"{file} is damaged or no Excel workbook ({type(error).__name__}: {error}); open it in a spreadsheet "
            "program and save it again as .xlsx."
        )
        raise SourceError(message) from error


def _compound_file(file: Path, *, protected: bool) -> SourceError:
    if protected:
        return SourceError(f"{file} is protected by a password; take the password off in the spreadsheet program.")
    return SourceError(f"{file} is of the old kind .xls, or damaged; save it as .xlsx in the spreadsheet program.")


def _workbook(file: Path, findings: Findings) -> list[Cells]:
    import openpyxl

    with closing(openpyxl.load_workbook(file, read_only=True)) as book:
        sheets: list[Any] = list(book.worksheets)
        read = [Cells(sheet.title, _sheet_rows(sheet, findings)) for sheet in sheets]
        # openpyxl says in no public way where in the archive a sheet stands.
        _note_merged(file, {sheet.title: sheet._worksheet_path for sheet in sheets}, findings)  # noqa: SLF001 - see above
    if any(isinstance(cell, Formula) for cells in read for _, row in cells.rows for cell in row):
        with closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
            return [_with_values(cells, book[cells.name]) for cells in read]
    return read


def _sheet_rows(sheet: Any, findings: Findings) -> list[tuple[int, tuple[object, ...]]]:  # noqa: ANN401 - openpyxl's stubs lack it
    if (sheet.max_row or 0) > MOST_ROWS + 1:
        findings.add(_too_long(sheet.title, f"has {sheet.max_row:,} rows"))
        return []
    if (sheet.max_column or 0) > _MOST_COLUMNS:
        findings.add(
            ChainProblem(
                sheet=sheet.title,
                what=f"has {sheet.max_column:,} columns.",
                mend="Delete what stands to the right of the table, also empty cells with a format.",
            )
        )
        return []
    rows = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if not all(map(is_blank, row)):
            rows.append((number, tuple(map(_as_formula, row))))
            if len(rows) > MOST_ROWS + 1:
                findings.add(_too_long(sheet.title, f"has more than {MOST_ROWS:,} rows"))
                return []
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
    return Cells(cells.name, rows)


def _note_merged(file: Path, parts: Mapping[str, str], findings: Findings) -> None:
    """Find merged cells, which a sheet lists behind its rows: all but the first of them read as blank."""
    with zipfile.ZipFile(file) as archive:
        for title, part in parts.items():
            with archive.open(part.lstrip("/")) as stream:
                for span in _merged(stream):
                    findings.add(
                        ChainProblem(
                            sheet=title,
                            row=int(re.sub(r"\D", "", span.partition(":")[0])),
                            what=f"cells {span} are merged, so all but the first are blank.",
                            mend="Unmerge them and fill every cell.",
                        )
                    )


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


def _too_long(sheet: str, what: str) -> ChainProblem:
    return ChainProblem(
        sheet=sheet,
        what=f"{what}; at most {MOST_ROWS:,} can be read.",
        mend="Delete empty rows below the table, or leave out tiers that do not matter.",
    )


def _folder(folder: Path, findings: Findings) -> list[Cells]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv")
    if not files:
        message = f"the folder {folder} holds no CSV file; sites.csv, parts.csv, production.csv and more were expected."
        raise SourceError(message)
    return [Cells(file.stem, _csv_rows(file, findings)) for file in files]


def _csv_rows(file: Path, findings: Findings) -> list[tuple[int, tuple[object, ...]]]:
    rows: list[tuple[int, tuple[object, ...]]] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            heading = stream.readline()
            stream.seek(0)
            reader = csv.reader(stream, delimiter=_delimiter(heading), strict=True)
            for row in reader:
                if not all(map(is_blank, row)):
                    rows.append((reader.line_num, tuple(row)))
                    if len(rows) > MOST_ROWS + 1:
                        findings.add(_too_long(file.stem, f"has more than {MOST_ROWS:,} rows"))
                        return []
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8 text (byte {error.start}); save it as 'CSV UTF-8'."
        raise SourceError(message) from error
    except csv.Error as error:
        message = f"{file}, line {len(rows) + 1} or below: {error}. A quotation mark may be open; mend it."
        raise SourceError(message) from error
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}. Check who may read it."
        raise SourceError(message) from error
    return rows


def _delimiter(heading: str) -> str:
    """Return what separates the columns; spreadsheets in some languages write semicolons."""
    return max(",;\t", key=heading.count)
