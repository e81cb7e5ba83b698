"""The commands on a chain speak the language of its workbook, or the one that is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.cli.main import run
from tenon.data import Language, write_chain
from tests.chains import CASES
from tests.unit.data.chain_workbooks import put, small, write_workbook

QUIET = CASES["hidden in the second tier"].chain
SITES = replace(QUIET.sites, events_per_year=np.full(4, 0.2), country=("CHN",) * 4)
CHAIN = replace(QUIET, sites=SITES, supplies=replace(QUIET.supplies, verified=np.zeros(4, dtype=bool)))


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with a page of one line."""

    def write_report(_: object, path: Path, *, language: str) -> Path:
        path.write_text(language, encoding="utf-8")
        return path

    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("write_chain_report", "write_risk_report"):
        monkeypatch.setattr(f"tenon.report.{name}", write_report)


@pytest.mark.parametrize("command", [["stress"], ["risk", "--years", "150"]])
@pytest.mark.parametrize(("written", "asked", "spoken"), [("zh", [], "zh"), ("en", [], "en"), ("en", ["zh"], "zh")])
def test_report_and_notes_are_in_the_language_of_the_workbook_or_the_one_asked_for(
    command: list[str], written: Language, asked: list[str], spoken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_chain(CHAIN, "chain.xlsx", language=written)
    language = [part for code in asked for part in ("--lang", code)]
    assert run(["chain", *command, "chain.xlsx", "--out", "out", *language]) == 0
    said = capsys.readouterr()
    assert Path("out/report.html").read_text(encoding="utf-8") == spoken
    note, report = {"en": ("Note: ", "Report: "), "zh": ("注：", "报告：")}[spoken]
    notes = [line for line in said.err.splitlines() if line.startswith(("Note", "注"))]
    assert notes
    assert all(line.startswith(note) for line in notes)
    assert said.out.splitlines()[-1] == f"{report}{Path('out/report.html').resolve()}"


@pytest.mark.parametrize(
    ("language", "wanted"),
    [("zh", "没有什么会中断：所有站点、组、线路和通道的“年发生次数”均为零"), ("en", "nothing can fail")],
)
def test_what_is_refused_is_said_in_the_language_of_the_workbook(
    language: Language, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_chain(QUIET, "chain.xlsx", language=language)
    assert run(["chain", "risk", "chain.xlsx"]) == 2
    assert wanted in capsys.readouterr().err


def test_a_wrong_workbook_is_refused_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    sheets = small()
    put("production", 2, "stock", "3,5")(sheets)
    write_workbook(Path("bad.xlsx"), sheets)
    assert run(["chain", "stress", "bad.xlsx", "--lang", "zh"]) == 2
    assert (
        "无法作为供应链读取。1）“production”表，第 2 行，“stock”列：是“3,5”，以逗号作小数点。请写 3.5。"
        in capsys.readouterr().err
    )
