"""``tenon chain``: an empty workbook, its check, the worked example."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.data import check_chain
from tests.unit.data.chain_workbooks import add, put, small, write_workbook


def test_the_template_says_how_to_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.xlsx"
    assert run(["chain", "template", str(file)]) == 0
    assert f"tenon chain check {file}" in capsys.readouterr().out
    assert file.exists()


def test_the_template_may_be_chinese(tmp_path: Path) -> None:
    assert run(["chain", "template", str(tmp_path / "mine"), "--lang", "zh"]) == 0
    assert (tmp_path / "mine" / "站点.csv").exists()


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.xlsx"
    file.write_text("precious", encoding="utf-8")
    for command in ("template", "example"):
        assert run(["chain", command, str(file)]) == 2
        assert "exists already and is left as it is" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "precious"


def test_the_example_passes_its_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "example.xlsx"
    assert run(["chain", "example", str(file)]) == 0
    assert "64 sites, 25 parts, 126 supplies, made up" in capsys.readouterr().out
    assert run(["chain", "check", str(file)]) == 0
    assert capsys.readouterr().out == f"{file} can be read.\n"


def test_every_problem_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    put("production", 2, "stock", "3,5")(sheets)
    put("sites", 2, "recovery likely", 0)(sheets)
    add("parts", "slag", "t")(sheets)
    file = write_workbook(tmp_path / "bad.xlsx", sheets)
    assert run(["chain", "check", str(file)]) == 2
    said = capsys.readouterr()
    head, *lines = said.out.splitlines()
    assert head.split() == [
        "kind",
        "sheet",
        "row",
        "column",
        *["what", "is", "wrong,", "and", "how", "to", "mend", "it"],
    ]
    assert len(lines) == len(check_chain(file)) == 3
    assert lines[0].split() == [
        *[
            "error",
            "sites",
            "2",
            "recovery",
            "likely",
            "must",
            "be",
            "a",
            "finite",
            "number",
            "above",
            "zero,",
            "but",
            "is",
            "0.",
        ],
        *["Write", "how", "much", "it", "is."],
    ]
    assert lines[1].startswith("warning  parts       5")
    assert lines[2].endswith("holds '3,5' with a decimal comma. Write 3.5.")
    assert said.err == f"tenon: {file} has 2 errors and 1 warning.\n"


def test_warnings_alone_are_no_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    add("parts", "slag", "t")(sheets)
    file = write_workbook(tmp_path / "small.xlsx", sheets)
    assert run(["chain", "check", str(file)]) == 0
    assert capsys.readouterr().out.endswith(f"{file} can be read; 1 warning.\n")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chain", "check", str(tmp_path / "none.xlsx")]) == 2
    assert "does not exist" in capsys.readouterr().err
