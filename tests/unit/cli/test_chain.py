"""``tenon chain``: an empty workbook, its check, the worked example."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
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
    assert head == "kind     sheet       row  column           what is wrong, and how to mend it"
    assert lines[0].startswith(
        "error    sites       2    recovery likely  must be a finite number above zero, but is 0."
    )
    assert lines[1] == "error    production  2    stock            holds '3,5' with a decimal comma. Write 3.5."
    assert lines[2].startswith("warning  parts       5    part             'slag' hangs loose: no site makes it")
    assert len(lines) == 3
    assert said.err == f"tenon: {file} has 2 errors and 1 warning.\n"


def test_what_is_said_of_several_rows_stands_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    for row in (2, 3, 4):
        put("production", row, "stock", "3,5")(sheets)
    file = write_workbook(tmp_path / "bad.xlsx", sheets)
    assert run(["chain", "check", str(file)]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[1:] == [
        "error  production  2, 3, 4  stock   holds '3,5' with a decimal comma. Write 3.5."
    ]
    assert said.err == f"tenon: {file} has 3 errors.\n"


def test_of_many_rows_only_the_first_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    for row in range(10):
        add("groups", "Rhine", "hazard zone", "nowhere", 0.05 * row)(sheets)
    assert run(["chain", "check", str(write_workbook(tmp_path / "bad.xlsx", sheets))]) == 2
    assert "groups  4, 5, 6, 7, 8, 9 and 4 more  site    'nowhere' is not" in capsys.readouterr().out


def test_what_follows_from_an_error_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    sheets.pop("production")
    file = write_workbook(tmp_path / "bad.xlsx", sheets)
    assert run(["chain", "check", str(file)]) == 2
    said = capsys.readouterr()
    _, error, rest = said.out.splitlines()
    assert error.startswith("error  production               is missing. Add it: what each site makes,")
    assert rest == "13 more may only follow from these errors: mend these, and check again."
    assert said.err == f"tenon: {file} has 1 error.\n"


def test_a_check_may_be_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_workbook(tmp_path / "small.xlsx", small())
    assert run(["chain", "check", str(file), "--lang", "zh"]) == 0
    assert capsys.readouterr().out == f"{file} 可以读取。\n"


def test_a_chinese_workbook_is_checked_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "mine"
    assert run(["chain", "template", str(folder), "--lang", "zh"]) == 0
    capsys.readouterr()
    assert run(["chain", "check", str(folder)]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[:2] == [
        "类型  表        行  列  问题及改法",
        "错误  基本信息          表头下方没有数据行。供应链的名称、货币和数据来源：只填一行。",
    ]
    assert said.err == f"tenon: {folder} 有 5 个错误。\n"


def test_warnings_alone_are_no_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    add("parts", "slag", "t")(sheets)
    file = write_workbook(tmp_path / "small.xlsx", sheets)
    assert run(["chain", "check", str(file)]) == 0
    assert capsys.readouterr().out.endswith(f"{file} can be read; 1 warning.\n")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chain", "check", str(tmp_path / "none.xlsx")]) == 2
    assert "does not exist" in capsys.readouterr().err
