"""From cells to columns: which sheet and column is meant, and what each cell says.

What cannot be read is noted with its row and column; the rest goes on, so that one look finds every problem.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenon.data.chain_cells import BAD, NUMBERS, blank_cell, explain, is_blank, read_cell
from tenon.data.chain_files import Cells, Formula
from tenon.data.chain_problems import ChainProblem, Findings
from tenon.data.chain_words import INSTRUCTIONS, Column, Sheet, chain_sheets, plain, spelling
from tenon.schema.errors import nearest

__all__ = ["Filled", "read_sheets"]

# Columns that people add for themselves; they are not read.
_REMARKS = frozenset({"note", "notes", "comment", "comments", "remark", "remarks", "备注", "说明", "注释"})
_LIKENESS = 0.75
_UNITS_OF_PART = ("units", "units/day")


@dataclass(frozen=True)
class Filled:
    """What one sheet says, column by column.

    Parameters
    ----------
    sheet : Sheet
        Which sheet it is.
    title : str
        What the file calls it.
    headings : mapping of str to str
        What the file writes above each column.
    rows : list of int
        Number of each row as the spreadsheet counts it.
    values : mapping of str to list
        One value a row by column: a number, a text, None where it depends on the rest, or BAD.
    """

    sheet: Sheet
    title: str
    headings: Mapping[str, str]
    rows: list[int]
    values: Mapping[str, list[object]]

    def texts(self, column: str) -> list[str | None]:
        """Return a column of names.

        Parameters
        ----------
        column : str
            Name of the column.

        Returns
        -------
        list of str or None
            None where the cell is blank or cannot be read.
        """
        return [value if isinstance(value, str) else None for value in self.values[column]]

    def problem(self, row: int | None, column: str, what: str, mend: str, *, warning: bool = False) -> ChainProblem:
        """Return a problem of this sheet.

        Parameters
        ----------
        row : int or None
            Position among the rows.
        column : str
            Name of the column; empty for a whole row.
        what, mend : str
            What is wrong, and what to do.
        warning : bool
            Whether the chain can be read nevertheless.

        Returns
        -------
        ChainProblem
            With sheet, row and column as the file calls them.
        """
        return ChainProblem(
            sheet=self.title,
            row=None if row is None else self.rows[row],
            column=self.headings.get(column, column),
            what=what,
            mend=mend,
            warning=warning,
        )


def read_sheets(cells: Sequence[Cells], findings: Findings) -> dict[str, Filled]:
    """Read every sheet that is known.

    Parameters
    ----------
    cells : sequence of Cells
        The sheets of the file.
    findings : Findings
        Where problems are noted.

    Returns
    -------
    dict of str to Filled
        By name of the sheet; sheets that are missing are empty.
    """
    matched = _match_sheets(cells, findings)
    filled: dict[str, Filled] = {}
    units: dict[str, str] = {}
    for sheet in chain_sheets():
        if sheet.name in matched:
            filled[sheet.name] = _read(sheet, matched[sheet.name], units, findings)
        else:
            filled[sheet.name] = Filled(sheet, sheet.name, {}, [], {column.name: [] for column in sheet.columns})
        if sheet.name == "parts":
            parts = filled["parts"]
            units = {p: u for p, u in zip(parts.texts("part"), parts.texts("unit"), strict=True) if p and u}
    return filled


def _match_sheets(cells: Sequence[Cells], findings: Findings) -> dict[str, Cells]:
    known = {spelling(name): sheet for sheet in chain_sheets() for name in (sheet.name, sheet.chinese, *sheet.also)}
    matched: dict[str, Cells] = {}
    unknown = []
    for item in cells:
        sheet = known.get(spelling(item.name))
        if sheet is None:
            unknown.append(item)
        elif sheet.name in matched:
            what = f"is the sheet {sheet.name!r}, as is the sheet {matched[sheet.name].name!r}."
            findings.add(ChainProblem(sheet=item.name, what=what, mend="Merge the two, or rename one."))
        else:
            matched[sheet.name] = item
    missing = [sheet for sheet in chain_sheets() if sheet.name not in matched]
    for item in unknown:
        _note_unknown_sheet(item, missing, findings)
    for sheet in missing:
        if sheet.required:
            mend = f"Add it: {_lower(sheet.purpose)} The command 'tenon chain template' writes all sheets."
            findings.add(ChainProblem(sheet=sheet.name, what="is missing.", mend=mend))
    return matched


def _note_unknown_sheet(item: Cells, missing: Sequence[Sheet], findings: Findings) -> None:
    """A sheet of the user's own is left alone, but one that looks like a missing sheet is an error."""
    word = spelling(item.name)
    if word in {spelling(name) for name in INSTRUCTIONS.values()}:
        return
    names = {spelling(name): sheet.name for sheet in missing for name in (sheet.name, *sheet.also)}
    close = difflib.get_close_matches(word, names, n=1, cutoff=_LIKENESS)
    if close:
        mend = f"Did you mean {names[close[0]]!r}? Rename it."
        findings.add(ChainProblem(sheet=item.name, what="is an unknown sheet.", mend=mend))
        return
    listed = ", ".join(sheet.name for sheet in chain_sheets())
    what = "is an unknown sheet and is not read."
    findings.add(ChainProblem(sheet=item.name, what=what, mend=f"Known are: {listed}.", warning=True))


def _read(sheet: Sheet, cells: Cells, units: Mapping[str, str], findings: Findings) -> Filled:
    headings, body = (cells.rows[0][1], cells.rows[1:]) if cells.rows else ((), [])
    places = _match_columns(sheet, cells, headings, findings)
    filled = Filled(
        sheet,
        cells.name,
        {name: plain(str(headings[place])) for name, place in places.items()},
        [number for number, _ in body],
        {
            column.name: _column_values(column, places.get(column.name), [row for _, row in body])
            for column in sheet.columns
        },
    )
    _note_stray_cells(filled, headings, [row for _, row in body], findings)
    raw = {name: [row[place] if place < len(row) else None for _, row in body] for name, place in places.items()}
    for column in sheet.columns:
        if column.name in places:
            _note_bad_cells(filled, column, raw[column.name], units, findings)
    if sheet.required and not body and places:
        findings.add(filled.problem(None, "", "has no row below its headings.", _capital(sheet.purpose)))
    return filled


def _column_values(column: Column, place: int | None, rows: Iterable[tuple[object, ...]]) -> list[object]:
    """Read one column; a blank cell of a required column is BAD, and so is what cannot be read."""
    default = BAD if column.required else blank_cell(column)
    values = []
    for row in rows:
        cell = row[place] if place is not None and place < len(row) else None
        if is_blank(cell):
            values.append(default)
        else:
            values.append(BAD if isinstance(cell, Formula) else read_cell(cell, column.form))
    return values


def _note_bad_cells(
    filled: Filled, column: Column, cells: list[object], units: Mapping[str, str], findings: Findings
) -> None:
    for row, (value, cell) in enumerate(zip(filled.values[column.name], cells, strict=True)):
        if value is not BAD:
            continue
        if is_blank(cell):
            what, mend = "is blank, but every row must have it.", column.explanation
        elif isinstance(cell, Formula):
            what = f"holds the formula {cell.text!r} without a stored result."
            mend = "Open the workbook in a spreadsheet program and save it there, or paste the value."
        else:
            what, mend = explain(cell, column, _unit_of_row(filled, column, row, units))
        findings.add(filled.problem(row, column.name, what, mend))


def _unit_of_row(filled: Filled, column: Column, row: int, units: Mapping[str, str]) -> str:
    """Return the unit of the part that a row is about, where the column counts in it."""
    part = filled.values.get("part", [None] * (row + 1))[row]
    if column.form not in NUMBERS or column.unit not in _UNITS_OF_PART or not isinstance(part, str):
        return ""
    unit = units.get(part)
    return f"{unit}{column.unit.removeprefix('units')}, as the part {part!r} is counted in {unit}" if unit else ""


def _match_columns(sheet: Sheet, cells: Cells, headings: tuple[object, ...], findings: Findings) -> dict[str, int]:
    known = {spelling(name): column for column in sheet.columns for name in (column.name, column.chinese, *column.also)}
    places: dict[str, int] = {}
    unknown: list[tuple[str, str]] = []
    row = cells.rows[0][0] if cells.rows else None
    for place, heading in enumerate(headings):
        if is_blank(heading) or spelling(str(heading)) in _REMARKS:
            continue
        text = plain(str(heading))
        column, unit = _meant(text, known)
        if column is None:
            unknown.append((text, unit))
        elif column.name in places:
            what = f"stands twice: {plain(str(headings[places[column.name]]))!r} means the same."
            findings.add(ChainProblem(sheet=cells.name, row=row, column=text, what=what, mend="Keep one of the two."))
        else:
            places[column.name] = place
            _check_unit(column, unit, ChainProblem(sheet=cells.name, row=row, column=text, what="", mend=""), findings)
    missing = [column for column in sheet.columns if column.name not in places]
    for text, _ in unknown:
        advice = _capital(nearest(text.partition("(")[0], [column.name for column in missing] or known))
        mend = f"{advice} A column of your own may be called 'note'."
        findings.add(ChainProblem(sheet=cells.name, row=row, column=text, what="is an unknown column.", mend=mend))
    for column in missing:
        if column.required:
            what = f"is missing; {'the headings stand in the first row' if cells.rows else 'the sheet is empty'}."
            mend = f"Add it: {_lower(column.explanation)}"
            findings.add(ChainProblem(sheet=cells.name, row=row, column=column.name, what=what, mend=mend))
    return places


def _meant(heading: str, known: Mapping[str, Column]) -> tuple[Column | None, str]:
    """Find the column that a heading names, and the unit in brackets behind it."""
    if spelling(heading) in known:
        return known[spelling(heading)], ""
    name, bracket, unit = heading.removesuffix(")").partition("(")
    return (known.get(spelling(name)), unit) if bracket else (None, "")


def _check_unit(column: Column, unit: str, place: ChainProblem, findings: Findings) -> None:
    """Refuse a heading that says another unit than the one in which its figures are read."""
    if not unit or spelling(unit) in {spelling(column.unit), spelling(column.unit_zh)}:
        return
    right = column.unit or "no unit"
    mend = f"Convert the figures and write the heading {column.heading('en')!r}."
    if column.unit in _UNITS_OF_PART:
        mend = f"Units of parts stand on the sheet parts; write the heading {column.heading('en')!r}."
    what = f"says the unit {unit!r}, but figures are read in {right}."
    findings.add(ChainProblem(sheet=place.sheet, row=place.row, column=place.column, what=what, mend=mend))


def _note_stray_cells(
    filled: Filled, headings: tuple[object, ...], rows: list[tuple[object, ...]], findings: Findings
) -> None:
    named = {place for place, heading in enumerate(headings) if not is_blank(heading)}
    for row, cells in enumerate(rows):
        stray = [cell for place, cell in enumerate(cells) if place not in named and not is_blank(cell)]
        if stray:
            what = f"holds {plain(str(stray[0]))!r} in a column without a heading."
            mend = "Delete it, or name the column; in CSV files a text with a comma stands in quotes."
            findings.add(filled.problem(row, "", what, mend))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
