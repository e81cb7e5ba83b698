from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tenon.data import example_chain, write_chain
from tenon.schema import SourceError
from tenon.web.runs.workbooks import MOST_BYTES, check_workbook, keep_workbook

PARTS = {"[Content_Types].xml": b"", "xl/workbook.xml": b""}


def packed(**more: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, **more}.items():
            archive.writestr(name, content)
    return file


def size(file: io.BytesIO) -> int:
    return len(file.getvalue())


def test_a_workbook_of_a_chain_is_kept_under_its_digest(tmp_path: Path) -> None:
    write_chain(example_chain(), tmp_path / "ours.xlsx")
    with (tmp_path / "ours.xlsx").open("rb") as file:
        check_workbook(file, (tmp_path / "ours.xlsx").stat().st_size)
        digest, length = keep_workbook(file, tmp_path / "chains")
        assert keep_workbook(file, tmp_path / "chains") == (digest, length)
    (kept,) = (tmp_path / "chains").iterdir()
    assert kept.name == f"{digest}.xlsx"
    assert kept.read_bytes() == (tmp_path / "ours.xlsx").read_bytes()


def test_anything_else_is_refused() -> None:
    for content in (b"", b"PK", b"name,site\n", zip_without_workbook().getvalue()):
        with pytest.raises(SourceError, match="this is no workbook"):
            check_workbook(io.BytesIO(content), len(content))


def zip_without_workbook() -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", b"")
    return file


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = packed(**{"xl/worksheets/sheet1.xml": b"\0" * (201 * 2**20)})
    assert size(file) < MOST_BYTES
    with pytest.raises(SourceError, match="unpacks to more than 200 MB"):
        check_workbook(file, size(file))


def test_a_large_file_is_refused() -> None:
    with pytest.raises(SourceError, match=r"at most 8 MB; this one has 9\.0"):
        check_workbook(io.BytesIO(), 9 * 2**20)


def test_macros_are_refused() -> None:
    file = packed(**{"xl/vbaProject.bin": b"x"})
    with pytest.raises(SourceError, match="holds macros"):
        check_workbook(file, size(file))
