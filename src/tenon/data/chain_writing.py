"""Writing the workbook of a chain: an empty one with its explanations, or one that is filled."""

from __future__ import annotations

import csv
import io
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenon.data.chain_rows import Row, chain_rows
from tenon.data.chain_words import INSTRUCTIONS, Column, Form, Sheet, chain_sheets, choices
from tenon.data.names import Language
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import LabelError, StorageError, nearest

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["write_chain", "write_chain_template"]

_ROWS_WITH_LISTS = 2000
_WIDEST = 60
_HEAD, _OPTIONAL_HEAD = "1F4E5F", "7A8B99"
_HOMES = {Form.SITE: "sites", Form.PART: "parts", Form.LANE: "lanes"}

_TITLES = {"en": "Your supply chain: how to fill in this workbook", "zh": "您的供应链：如何填写本工作簿"}
_HINTS = {
    "en": (
        "One row for each thing; the headings stay in the first row. Dark columns must be filled, gray ones need not.",
        "Quantities are in the unit of their part (sheet parts), times in days, money in the currency of sheet about.",
        "Numbers stand alone: no units, no thousands separators. Names are written alike on every sheet.",
        "A column of your own may be called 'note'; it is not read. Check the workbook with: tenon chain check FILE",
    ),
    "zh": (
        "每个对象一行，表头保持在第一行。深色表头必填，灰色表头可留空。",
        "数量以“物料”表中该物料的单位计，时间以天计，金额以“基本信息”表中的货币计。",
        "数字单独填写，不带单位和千位分隔符。名称在各表中须写法一致。",
        "可自加名为“备注”的列，程序不读取。检查命令：tenon chain check 文件",
    ),
}
_GUIDE = {
    "en": ("sheet", "column", "unit", "must be filled", "if blank", "may be", "explanation"),
    "zh": ("表", "列", "单位", "是否必填", "留空时", "可填", "说明"),
}
_MUST = {"en": ("yes", ""), "zh": ("是", "")}


def write_chain_template(path: str | Path, *, language: Language = "en") -> Path:
    """Write an empty workbook of a chain, with an explanation of every column.

    Parameters
    ----------
    path : str or Path
        A new file ending in ``.xlsx``, or a new folder for CSV files.
    language : {"en", "zh"}
        Language of sheets, headings and explanations; both are read.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    StorageError
        If the file or folder exists already, the folder around it does not, or it cannot be written.
    LabelError
        If the language is another.
    """
    return _write({sheet.name: [] for sheet in chain_sheets()}, Path(path), language)


def write_chain(chain: SupplyChain, path: str | Path, *, language: Language = "en") -> Path:
    """Write a chain as a workbook or a folder of CSV files, which :func:`read_chain` reads again.

    CSV files keep every figure exactly; a workbook keeps 16 digits.

    Parameters
    ----------
    chain : SupplyChain
        What to write.
    path : str or Path
        A new file ending in ``.xlsx``, or a new folder for CSV files.
    language : {"en", "zh"}
        Language of sheets and headings; names of sites and parts stay as they are.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    StorageError
        If the file or folder exists already, the folder around it does not, or it cannot be written; or if a name would
        not read the same again.
    LabelError
        If the language is another.
    """
    return _write(chain_rows(chain), Path(path), language)


def _write(rows: Mapping[str, Sequence[Row]], path: Path, language: Language) -> Path:
    if language not in INSTRUCTIONS:
        message = f"workbooks are written in no language {language!r}; {nearest(language, INSTRUCTIONS)}"
        raise LabelError(message)
    if path.suffix not in {"", ".xlsx"}:
        message = f"{path} ends in {path.suffix!r}; give a workbook ending in '.xlsx', or a folder for CSV files."
        raise StorageError(message)
    try:
        _check_free(path)
        if path.suffix:
            content = _workbook(rows, language)
            with path.open("xb") as file:
                file.write(content)
        else:
            _write_folder(rows, path, language)
    except OSError as error:
        message = f"{path} could not be written ({error.strerror or error}); give a place that can be."
        raise StorageError(message) from error
    return path


def _check_free(path: Path) -> None:
    if path.exists():
        message = f"{path} exists already and is left as it is; give another name."
        raise StorageError(message)
    if not path.parent.is_dir():
        message = f"{path} cannot be written, because there is no folder {path.parent}; make it, or mend the name."
        raise StorageError(message)


def _write_folder(rows: Mapping[str, Sequence[Row]], folder: Path, language: Language) -> None:
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(6)}.part")
    try:
        temporary.mkdir()
        for sheet in chain_sheets():
            # The mark at the beginning lets spreadsheet programs see that the text is UTF-8.
            with (temporary / f"{sheet.title(language)}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow([column.heading(language) for column in sheet.columns])
                writer.writerows(
                    [_written(row.get(column.name), column, language) for column in sheet.columns]
                    for row in rows[sheet.name]
                )
        temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _written(value: object, column: Column, language: Language) -> object:
    """Return a value as it stands in a cell, in the words of the language."""
    words = choices(column.form)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if words and value is not None:
        return next(word.word if language == "en" else word.chinese for word in words if word.word == value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _workbook(rows: Mapping[str, Sequence[Row]], language: Language) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    guide = book.worksheets[0]
    guide.title = INSTRUCTIONS[language]
    _fill_guide(guide, language)
    try:
        for sheet in chain_sheets():
            _fill_sheet(book.create_sheet(sheet.title(language)), sheet, rows[sheet.name], language)
    except IllegalCharacterError as error:
        message = f"the chain holds a control character that no workbook can hold: {error}. Rename what has it."
        raise StorageError(message) from error
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fill_guide(guide: Any, language: Language) -> None:  # noqa: ANN401 - the first sheet, for which stubs have many types
    from openpyxl.styles import Alignment, Font

    guide.append([_TITLES[language]])
    guide["A1"].font = Font(bold=True, size=14)
    for hint in _HINTS[language]:
        guide.append([hint])
    guide.append([])
    guide.append(list(_GUIDE[language]))
    _style_head(guide, guide.max_row, [True] * len(_GUIDE[language]))
    for sheet in chain_sheets():
        guide.append([sheet.title(language), *[None] * 5, sheet.purpose if language == "en" else sheet.purpose_zh])
        for cell in guide[guide.max_row]:
            cell.font = Font(bold=True)
        for column in sheet.columns:
            guide.append([sheet.title(language), *_guide_cells(column, language)])
    for letter, width in zip("ABCDEFG", (18, 20, 20, 14, 24, 34, 90), strict=True):
        guide.column_dimensions[letter].width = width
    for row in guide.iter_rows(min_row=len(_HINTS[language]) + 3, min_col=7, max_col=7):
        row[0].alignment = Alignment(wrap_text=True, vertical="top")


def _guide_cells(column: Column, language: Language) -> list[str]:
    words = choices(column.form)
    if language == "en":
        name, unit, default, explanation = column.name, column.unit, column.default, column.explanation
        listed = ", ".join(word.word for word in words)
    else:
        name, unit, default, explanation = column.chinese, column.unit_zh, column.default_zh, column.explanation_zh
        listed = "、".join(word.chinese for word in words)
    return [name, unit, _MUST[language][not column.required], default, listed, explanation]


def _fill_sheet(page: Worksheet, sheet: Sheet, rows: Sequence[Row], language: Language) -> None:
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter

    page.append([column.heading(language) for column in sheet.columns])
    _style_head(page, 1, [column.required for column in sheet.columns])
    for row in rows:
        page.append([_written(row.get(column.name), column, language) for column in sheet.columns])
    last = max(_ROWS_WITH_LISTS, len(rows) + 1)
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        text = column.explanation if language == "en" else column.explanation_zh
        page[f"{letter}1"].comment = Comment(text, "tenon", width=320, height=120)
        widest = max(len(str(page.cell(row, place).value or "")) for row in range(1, min(len(rows), 200) + 2))
        page.column_dimensions[letter].width = min(_WIDEST, max(14, widest * (1 if language == "en" else 1.6) + 2))
        _offer_choices(page, f"{letter}2:{letter}{last}", column, language)
    page.freeze_panes = "A2"


def _style_head(page: Any, row: int, required: Sequence[bool]) -> None:  # noqa: ANN401 - any kind of sheet
    from openpyxl.styles import Alignment, Font, PatternFill

    for place, must in enumerate(required, start=1):
        cell = page.cell(row, place)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=_HEAD if must else _OPTIONAL_HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _offer_choices(page: Worksheet, cells: str, column: Column, language: Language) -> None:
    """Let a cell offer what may be written in it; anything else may be typed, and is looked at by the check."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = choices(column.form)
    if words:
        listed = ",".join(word.word if language == "en" else word.chinese for word in words)
        source = f'"{listed}"'
    elif column.form in _HOMES:
        home = next(sheet for sheet in chain_sheets() if sheet.name == _HOMES[column.form])
        source = f"'{home.title(language)}'!$A$2:$A${_ROWS_WITH_LISTS}"
    else:
        return
    validation = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    validation.add(cells)
    page.add_data_validation(validation)
