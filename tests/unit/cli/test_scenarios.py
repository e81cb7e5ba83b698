from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.data import library, open_scenario, read_scenario


def test_the_library_is_listed_with_titles(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(library())
    for line, (name, scenario) in zip(lines, library().items(), strict=True):
        assert line.startswith(name)
        assert line.endswith(scenario.title)
        assert f"{scenario.horizon_days} days" in line


def test_titles_can_be_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scenarios", "--lang", "zh"]) == 0
    assert "2011年泰国洪灾" in capsys.readouterr().out


def test_one_is_shown_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scenarios", "hormuz-closure"]) == 0
    assert capsys.readouterr().out == open_scenario("hormuz-closure").text


def test_a_copy_can_be_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "mine.toml"
    assert run(["scenarios", "hormuz-closure", "--copy", str(copy)]) == 0
    assert read_scenario(copy) == library()["hormuz-closure"]
    assert f"tenon stress {copy}" in capsys.readouterr().out


def test_a_copy_that_cannot_be_written_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scenarios", "hormuz-closure", "--copy", str(tmp_path / "none" / "mine.toml")]) == 2
    assert "could not be written (No such file or directory)" in capsys.readouterr().err
