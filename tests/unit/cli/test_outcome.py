from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.cli.progress import Stages
from tenon.schema import Status
from tenon.studies import read_result
from tests.unit.cli.bad_input import SCENARIO, fill


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    fill(folder)
    monkeypatch.chdir(folder)
    return folder


def stop_on(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """Send the signal of Ctrl-C when a day is done."""

    def begin(_: Stages, what: str) -> Callable[[int, int], None]:
        def advance(done: int, total: int) -> None:
            if done == day and total > 1:
                signal.raise_signal(signal.SIGINT)

        return advance if what.startswith("Running") else lambda _done, _total: None

    monkeypatch.setattr(Stages, "begin", begin)


def test_ctrl_c_keeps_the_finished_days(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stop_on(monkeypatch, 10)
    assert run(["stress", "fire.toml", "--table", "table.npz", "--out", "out"]) == 130
    result = read_result("out")
    days = result.values.sizes["day"]
    assert result.status is Status.INTERRUPTED
    assert 9 <= days <= 10
    assert Path("out/report.html").is_file()
    said = capsys.readouterr()
    assert said.err.splitlines()[-1] == (
        f"tenon: interrupted on day {days} of 20; days 0 to {days - 1} are kept in out (result.nc, report.html and "
        "tables)."
    )
    assert "Report: " in said.out


@pytest.mark.usefixtures("short_report")
def test_notes_of_the_model_are_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    Path("lean.toml").write_text(SCENARIO + "\n[network]\ninventory_days = 3\n", encoding="utf-8")
    assert run(["stress", "lean.toml", "--table", "table.npz", "--out", "out"]) == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Note: ")]
    assert len(notes) == 1
    assert "may collapse" in notes[0]


def test_a_wrong_map_is_refused_before_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    Path("map.geojson").write_text("{}", encoding="utf-8")
    arguments = ["stress", "fire.toml", "--table", "table.npz", "--out", "out", "--boundaries", "map.geojson"]
    assert run(arguments) == 2
    assert "map.geojson" in capsys.readouterr().err
    assert not Path("out").exists()
