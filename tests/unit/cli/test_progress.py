from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from tenon.cli.progress import Stages, stages


def test_stages_are_done_when_the_next_begins() -> None:
    display = Progress(console=Console(file=io.StringIO()))
    shown = Stages(display)
    advance = shown.begin("Reading")
    advance(3, 10)
    assert (display.tasks[0].completed, display.tasks[0].total) == (3, 10)
    shown.begin("Writing")
    assert display.tasks[0].finished
    assert [task.description for task in display.tasks] == ["Reading", "Writing"]
    assert display.tasks[1].total is None


def test_a_later_stage_begins_with_its_first_step() -> None:
    display = Progress(console=Console(file=io.StringIO()))
    shown = Stages(display)
    advance = shown.later("Following")
    shown.begin("Testing")
    assert [task.description for task in display.tasks] == ["Testing"]
    advance(1, 4)
    advance(2, 4)
    assert [task.description for task in display.tasks] == ["Testing", "Following"]
    assert display.tasks[0].finished
    assert display.tasks[1].completed == 2


def test_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with stages() as shown:
        shown.begin("Reading")(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_the_stage_and_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    with stages() as shown:
        shown.begin("Running 20 days")(10, 20)
    said = capsys.readouterr().err
    assert "Running 20 days" in said
    assert "50%" in said
