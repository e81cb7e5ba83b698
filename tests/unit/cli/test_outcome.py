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
def test_a_stored_run_goes_on_after_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["stress", "fire.toml", "--table", "table.npz", "--store", "days", "--out"]
    with pytest.MonkeyPatch.context() as patch:
        stop_on(patch, 10)
        assert run([*arguments, "part"]) == 130
    said = capsys.readouterr().err.splitlines()
    assert said[-1] == "tenon: the same command with --resume goes on with the days in days."
    assert run([*arguments, "whole", "--resume"]) == 0
    assert run(["stress", "fire.toml", "--table", "table.npz", "--out", "direct"]) == 0
    for name in ("daily.csv", "losses.csv", "regions.csv", "study.toml"):
        assert Path("whole", name).read_bytes() == Path("direct", name).read_bytes()


@pytest.mark.usefixtures("short_report")
def test_progress_of_a_resumed_run_begins_with_its_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["stress", "fire.toml", "--table", "table.npz", "--store", "days", "--out"]
    with pytest.MonkeyPatch.context() as patch:
        stop_on(patch, 10)
        assert run([*arguments, "part"]) == 130
    begun: list[str] = []
    begin = Stages.begin

    def recorded(self: Stages, what: str) -> Callable[[int, int], None]:
        begun.append(what.split(maxsplit=1)[0])
        return begin(self, what)

    monkeypatch.setattr(Stages, "begin", recorded)
    assert run([*arguments, "whole", "--resume"]) == 0
    assert begun == ["Preparing", "Running", "Tracing", "Writing"]


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
