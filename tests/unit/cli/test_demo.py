from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.demo import FOLDER, SCENARIO
from tenon.cli.main import run
from tenon.data import library


@pytest.mark.usefixtures("short_report")
def test_the_demo_runs_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["demo"]) == 0
    first = capsys.readouterr()
    assert library()[SCENARIO].title in first.err
    assert first.out.splitlines()[-1] == f"Report: {tmp_path / FOLDER / 'report.html'}"
    assert "Japan bears the largest loss" in first.out
    assert run(["demo", "--lang", "zh"]) == 0
    assert "日本" in capsys.readouterr().out


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").touch()
    assert run(["demo", "--out", str(tmp_path)]) == 2
    assert "is not empty and is left as it is" in capsys.readouterr().err
