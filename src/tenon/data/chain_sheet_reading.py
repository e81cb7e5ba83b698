"""From cells to columns: which sheet and column is meant, and what each cell says.

What cannot be read is noted with its row and column; the rest goes on, so that one look finds every problem. A name of
a sheet or column that is plainly mistyped is noted, and read as what it means, so that nothing follows from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tenon.data.chain_cells import BAD, NUMBERS, blank_cell, explain, is_blank, read_cell
from tenon.data.chain_files import Cells, Formula
from tenon.data.chain_language import Words, closest
from tenon.data.chain_problems import Findings, Place
from tenon.data.chain_words import INSTRUCTIONS, Column, Form, Sheet, chain_sheets, plain, spelling

__all__ = ["Filled", "read_sheets"]

# Columns that people add for themselves; they are not read.
_REMARKS = frozenset({"note", "notes", "comment", "comments", "remark", "remarks", "备注", "说明", "注释"})
_LIKENESS = 0.75
# Rows among which the headings are looked for.
_HEADING_ROWS = 10
_FEWEST_NAMED = 2
_NAMING = frozenset({Form.LABEL, Form.SITE, Form.PART, Form.LANE})
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
        What the file writes above each column, or what should stand there.
    rows : list of int
        Number of each row as the spreadsheet counts it.
    values : mapping of str to list
        One value a row by column: a number, a text, None where it depends on the rest, or BAD.
    complete : bool
        Whether the sheet is there, with rows and with every column that must name something.
    """

    sheet: Sheet
    title: str
    headings: Mapping[str, str]
    rows: list[int]
    values: Mapping[str, list[object]]
    complete: bool

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

    def place(self, row: int | None, column: str = "") -> Place:
        """Return where something stands, as the file calls it.

        Parameters
        ----------
        row : int or None
            Position among the rows.
        column : str
            Name of the column; empty for a whole row.

        Returns
        -------
        Place
            Sheet, row and column.
        """
        return Place(self.title, None if row is None else self.rows[row], self.headings.get(column, column))


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
        here = matched.get(sheet.name)
        filled[sheet.name] = _absent(sheet, findings.words) if here is None else _read(sheet, here, units, findings)
        # What a sheet that must be there would have said is unknown; one that may be left out says nothing.
        if not filled[sheet.name].complete and (sheet.required or (here is not None and (here.rows or here.unread))):
            findings.leave_out(sheet.name)
        if sheet.name == "parts":
            parts = filled["parts"]
            units = {p: u for p, u in zip(parts.texts("part"), parts.texts("unit"), strict=True) if p and u}
    return filled


def _absent(sheet: Sheet, words: Words) -> Filled:
    nothing: dict[str, list[object]] = {column.name: [] for column in sheet.columns}
    return Filled(sheet, sheet.title(words.language), _titles(sheet, words), [], nothing, complete=False)


def _titles(sheet: Sheet, words: Words) -> dict[str, str]:
    return {column.name: words.either(column.name, column.chinese) for column in sheet.columns}


def _match_sheets(cells: Sequence[Cells], findings: Findings) -> dict[str, Cells]:
    words = findings.words
    known = {spelling(name): sheet for sheet in chain_sheets() for name in (sheet.name, sheet.chinese, *sheet.also)}
    matched: dict[str, Cells] = {}
    unknown = []
    for item in cells:
        sheet = known.get(spelling(item.name))
        if sheet is None:
            unknown.append(item)
        elif sheet.name in matched:
            named, other = sheet.title(words.language), matched[sheet.name].name
            findings.note(Place(item.name), "sheet.twice", name=named, other=other)
        else:
            matched[sheet.name] = item
    unread = _match_unknown(unknown, matched, findings)
    for sheet in chain_sheets():
        if sheet.required and sheet.name not in matched:
            place = Place(sheet.title(words.language))
            purpose = words.within(sheet.purpose, sheet.purpose_zh)
            listed = words.listed(map(words.quoted, unread))
            findings.note(
                place, "sheet.missing_or_unknown" if unread else "sheet.missing", purpose=purpose, unknown=listed
            )
    return matched


def _match_unknown(unknown: Sequence[Cells], matched: dict[str, Cells], findings: Findings) -> list[str]:
    """Find what is meant by sheets of unknown names; return names of those that are not read.

    A sheet of the user's own is left alone, but one that looks like a missing sheet is an error.
    """
    words = findings.words
    unread = []
    for item in unknown:
        if spelling(item.name) in {spelling(name) for name in INSTRUCTIONS.values()}:
            continue
        missing = [sheet for sheet in chain_sheets() if sheet.name not in matched]
        meant = _meant_by_name(item.name, missing)
        key = "sheet.guessed"
        if meant is None:
            meant, key = _meant_by_headings(item, missing), "sheet.by_headings"
        if meant is None:
            unread.append(item.name)
            listed = words.listed(sheet.title(words.language) for sheet in chain_sheets())
            findings.note(Place(item.name), "sheet.unknown", warning=True, listed=listed)
        else:
            findings.note(Place(item.name), key, name=meant.title(words.language))
            matched[meant.name] = item
    return unread


def _meant_by_name(name: str, missing: Sequence[Sheet]) -> Sheet | None:
    """Find the missing sheet whose name is like a name, or part of it where the sheet must be there."""
    word = spelling(name)
    names = {spelling(known): sheet for sheet in missing for known in (sheet.name, sheet.chinese, *sheet.also)}
    if close := closest(word, names, _LIKENESS):
        return names[close]
    within = [known for known, sheet in names.items() if sheet.required and known in word]
    return names[max(within, key=len)] if within else None


def _meant_by_headings(item: Cells, missing: Sequence[Sheet]) -> Sheet | None:
    """Find the missing sheet most of whose columns a sheet has, and all that must be filled."""
    fitting = {}
    for sheet in missing if item.rows else ():
        headings = _headings(sheet, item)[1]
        known = _spellings(sheet.columns)
        found = {column.name for column in (_meant(text, known)[0] for text in headings if text) if column}
        if found and all(column.name in found for column in sheet.columns if column.required):
            fitting[sheet.name] = (len(found), sheet)
    return max(fitting.values(), key=lambda fit: fit[0])[1] if fitting else None


def _spellings(columns: Iterable[Column]) -> dict[str, Column]:
    return {spelling(name): column for column in columns for name in (column.name, column.chinese, *column.also)}


def _headings(sheet: Sheet, cells: Cells) -> tuple[int, list[str]]:
    """Find the row of headings, which is the first unless one below it names more columns; texts are plain."""
    known = _spellings(sheet.columns)

    def texts(row: tuple[object, ...]) -> list[str]:
        return ["" if is_blank(cell) else plain(str(cell)) for cell in row]

    def named(position: int) -> int:
        return len({column.name for text in texts(rows[position]) if text and (column := _meant(text, known)[0])})

    rows = [row for _, row in cells.rows[:_HEADING_ROWS]]
    # Of rows that name equally many, max takes the first; a single name may stand in any cell.
    best = max(range(len(rows)), key=named)
    if named(best) < _FEWEST_NAMED:
        best = 0
    return best, texts(rows[best])


def _read(sheet: Sheet, cells: Cells, units: Mapping[str, str], findings: Findings) -> Filled:
    words = findings.words
    if not cells.rows:
        if sheet.required and not cells.unread:
            purpose = words.within(sheet.purpose, sheet.purpose_zh)
            findings.note(Place(cells.name), "sheet.empty", purpose=purpose)
        return replace(_absent(sheet, words), title=cells.name)
    first, headings = _headings(sheet, cells)
    if first:
        findings.note(Place(cells.name, cells.rows[0][0]), "heading.below", row=cells.rows[first][0])
    body = cells.rows[first + 1 :]
    here = Place(cells.name, cells.rows[first][0])
    places = _match_columns(sheet, here, headings, findings)
    filled = Filled(
        sheet,
        cells.name,
        _titles(sheet, words) | {name: headings[place] for name, place in places.items()},
        [number for number, _ in body],
        {
            column.name: _column_values(column, places.get(column.name), [row for _, row in body])
            for column in sheet.columns
        },
        complete=bool(body)
        and all(column.name in places for column in sheet.columns if column.required and column.form in _NAMING),
    )
    _note_stray_cells(filled, headings, [row for _, row in body], findings)
    raw = {name: [row[place] if place < len(row) else None for _, row in body] for name, place in places.items()}
    for column in sheet.columns:
        if column.name in places:
            _note_bad_cells(filled, column, raw[column.name], units, findings)
    if sheet.required and not body and places:
        findings.note(
            Place(cells.name), "sheet.no_rows", purpose=findings.words.either(sheet.purpose, sheet.purpose_zh)
        )
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
    words = findings.words
    for row, (value, cell) in enumerate(zip(filled.values[column.name], cells, strict=True)):
        if value is not BAD:
            continue
        place = filled.place(row, column.name)
        if is_blank(cell):
            explanation = words.either(column.explanation, column.explanation_zh)
            findings.note(place, "cell.blank", explanation=explanation)
        elif isinstance(cell, Formula):
            findings.note(place, "cell.formula_unsaved", shown=cell.text)
        else:
            key, values = explain(cell, column, _unit_of_row(filled, column, row, units, words), words)
            findings.note(place, key, **values)


def _unit_of_row(filled: Filled, column: Column, row: int, units: Mapping[str, str], words: Words) -> str:
    """Return the unit of the part that a row is about, where the column counts in it."""
    part = filled.values.get("part", [None] * (row + 1))[row]
    if column.form not in NUMBERS or column.unit not in _UNITS_OF_PART or not isinstance(part, str):
        return ""
    counted = units.get(part)
    rest = words.either(column.unit.removeprefix("units"), column.unit_zh.removeprefix("单位"))
    return words.say("word.unit_of_part", unit=f"{counted}{rest}", part=part, counted=counted) if counted else ""


def _match_columns(sheet: Sheet, here: Place, headings: Sequence[str], findings: Findings) -> dict[str, int]:
    """Find the place of each column, of mistyped ones too."""
    known, words = _spellings(sheet.columns), findings.words
    places: dict[str, int] = {}
    unknown: list[int] = []
    for place, text in enumerate(headings):
        if not text or spelling(text) in _REMARKS:
            continue
        column, unit = _meant(text, known)
        if column is None:
            unknown.append(place)
        elif column.name in places:
            findings.note(here._replace(column=text), "heading.twice", other=headings[places[column.name]])
        else:
            places[column.name] = place
            _check_unit(column, unit, here._replace(column=text), findings)
    for place in unknown:
        missing = [column for column in sheet.columns if column.name not in places]
        name = headings[place].partition("(")[0]
        findings.note(
            here._replace(column=headings[place]),
            "heading.unknown",
            advice=_advise(name, sheet.columns, missing, words),
        )
        spelled = _spellings(missing)
        if close := closest(spelling(name), spelled, _LIKENESS):
            places[spelled[close].name] = place
    for column in sheet.columns:
        if column.required and column.name not in places:
            explanation = words.within(column.explanation, column.explanation_zh)
            title = words.either(column.name, column.chinese)
            findings.note(here._replace(column=title), "heading.missing", row=here.row, explanation=explanation)
    return places


def _advise(name: str, columns: Iterable[Column], missing: Sequence[Column], words: Words) -> str:
    """Say what an unknown heading may mean: most likely a column that is not here yet."""
    titles = _titles_of(missing, words)
    if not titles or closest(name, titles):
        return words.advice(name, titles or _titles_of(columns, words))
    return words.say("advice.not_here", listed=words.listed(titles))


def _titles_of(columns: Iterable[Column], words: Words) -> list[str]:
    return [words.either(column.name, column.chinese) for column in columns]


def _meant(heading: str, known: Mapping[str, Column]) -> tuple[Column | None, str]:
    """Find the column that a heading names, and the unit in brackets behind it."""
    if spelling(heading) in known:
        return known[spelling(heading)], ""
    name, bracket, unit = heading.removesuffix(")").partition("(")
    return (known.get(spelling(name)), unit) if bracket else (None, "")


def _check_unit(column: Column, unit: str, place: Place, findings: Findings) -> None:
    """Refuse a heading that says another unit than the one in which its figures are read."""
    if not unit or spelling(unit) in {spelling(column.unit), spelling(column.unit_zh)}:
        return
    words = findings.words
    right = words.either(column.unit, column.unit_zh) or words.say("word.no_unit")
    key = "heading.unit_of_part" if column.unit in _UNITS_OF_PART else "heading.unit"
    findings.note(place, key, unit=unit, right=right, heading=column.heading(words.language))


def _note_stray_cells(
    filled: Filled, headings: Sequence[str], rows: list[tuple[object, ...]], findings: Findings
) -> None:
    named = {place for place, heading in enumerate(headings) if heading}
    for row, cells in enumerate(rows):
        stray = [cell for place, cell in enumerate(cells) if place not in named and not is_blank(cell)]
        if stray:
            findings.note(filled.place(row), "cell.stray", shown=plain(str(stray[0])))
