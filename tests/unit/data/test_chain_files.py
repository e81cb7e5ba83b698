"""Opening workbooks and folders: what cannot be opened is named, with what to do."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tenon.data import check_chain, read_chain
from tenon.data.chain_files import MOST_ROWS, Cells, open_chain
from tenon.data.chain_problems import Findings
from tenon.schema import SourceError
from tests.unit.data.chain_workbooks import small, write_folder, write_workbook

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")


def said(path: Path) -> list[str]:
    return [str(problem) for problem in check_chain(path)]


def test_rows_keep_their_numbers_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", {"parts": [["part"], [None], ["  "], ["ore"]]})
    assert open_chain(file, Findings()) == [Cells("parts", [(1, ("part",)), (4, ("ore",))])]
    folder = write_folder(tmp_path / "a", {"parts": [["part"], [None], ["  "], ["ore"]]})
    assert open_chain(folder, Findings()) == [Cells("parts", [(1, ("part",)), (4, ("ore",))])]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_seen(delimiter: str, tmp_path: Path) -> None:
    assert check_chain(write_folder(tmp_path / "a", small(), delimiter=delimiter)) == ()


def test_the_stored_result_of_a_formula_is_read(tmp_path: Path) -> None:
    """Excel stores the result beside the formula; openpyxl does not, so it is put into the file by hand."""
    sheets = small()
    sheets["production"][1][4] = "=50*2"
    plain = write_workbook(tmp_path / "plain.xlsx", sheets)
    stored = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"<f>50*2</f><v></v>", b"<f>50*2</f><v>100</v>").replace(
                b"<f>50*2</f><v />", b"<f>50*2</f><v>100</v>"))  # fmt: skip
    assert read_chain(stored).stages.stock[0] == 100


def test_merged_cells_are_named(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", small())
    book = load_workbook(file)
    book["groups"].merge_cells("A2:A3")
    book.save(file)
    merged = "sheet 'groups', row 2: cells A2:A3 are merged, so all but the first are blank. Unmerge them"
    assert any(text.startswith(merged) for text in said(file))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.xlsx",
            COMPOUND + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password; take the password off",
        ),
        ("a.xls", COMPOUND + b"\0" * 600, "is of the old kind .xls, or damaged; save it as .xlsx"),
        ("a.xlsx", b"hello", "is no Excel workbook, or is damaged"),
        ("a.xlsx", b"", "is empty"),
        ("sites.csv", b"site\nmine\n", "is one CSV file; give the folder that holds sites.csv"),
    ],
)
def test_a_file_of_another_kind_is_named(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=message):
        check_chain(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"does not exist .*a workbook .* or a folder of CSV files was expected"):
        check_chain(tmp_path / "none.xlsx")


def test_a_folder_without_csv_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no CSV file"):
        check_chain(tmp_path)


def test_a_truncated_workbook_is_named(tmp_path: Path) -> None:
    file = write_workbook(tmp_path / "a.xlsx", small())
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(SourceError, match="is no Excel workbook, or is damaged"):
        check_chain(file)


def test_a_workbook_with_a_damaged_sheet_is_named(tmp_path: Path) -> None:
    whole = write_workbook(tmp_path / "whole.xlsx", small())
    damaged = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:300] if name.endswith("sheet4.xml") else content)
    with pytest.raises(SourceError, match=r"is damaged or no Excel workbook .* save it again as .xlsx"):
        check_chain(damaged)


def test_another_zip_archive_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("letter.txt", "hello")
    with pytest.raises(SourceError, match="is damaged or no Excel workbook"):
        check_chain(tmp_path / "a.xlsx")


def test_a_text_of_another_encoding_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", small())
    (folder / "parts.csv").write_bytes("物料,单位\n矿石,吨\n".encode("gb18030"))
    with pytest.raises(SourceError, match=r"parts.csv is not UTF-8 text \(byte 0\); save it as 'CSV UTF-8'"):
        check_chain(folder)


def test_an_open_quotation_mark_is_named(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", small())
    (folder / "parts.csv").write_text('part,unit\n"ore,t\n', encoding="utf-8")
    with pytest.raises(SourceError, match=r"parts.csv, line 2 or below: .* A quotation mark may be open"):
        check_chain(folder)


@pytest.mark.parametrize("rows", [MOST_ROWS, MOST_ROWS + 1])
def test_too_many_rows_are_refused_with_the_limit(rows: int, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a", small())
    with (folder / "parts.csv").open("a", encoding="utf-8") as stream:
        stream.writelines(f"p{number},t\n" for number in range(rows - 3))
    begun = time.perf_counter()
    too_long = [text for text in said(folder) if text.startswith("sheet 'parts': has more than 200,000 rows")]
    assert len(too_long) == (rows > MOST_ROWS)
    assert time.perf_counter() - begun < 20


def test_a_workbook_that_says_how_long_it_is_is_refused_at_once(tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "parts"
    page.append(["part", "unit"])
    page.cell(MOST_ROWS + 3, 1, "ore")
    book.save(tmp_path / "a.xlsx")
    begun = time.perf_counter()
    refused = "sheet 'parts': has 200,003 rows; at most 200,000 can be read. Delete empty rows below the table"
    assert any(text.startswith(refused) for text in said(tmp_path / "a.xlsx"))
    assert time.perf_counter() - begun < 2


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    sheets = small()
    sheets["parts"].append(["slag", "t", *[None] * 200, "far away"])
    assert any(
        text.startswith("sheet 'parts': has 203 columns.") for text in said(write_workbook(tmp_path / "a.xlsx", sheets))
    )
