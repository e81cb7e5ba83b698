from __future__ import annotations

import subprocess
import sys
from collections.abc import MutableMapping
from pathlib import Path

import click
import pytest

import tenon
from tenon.cli import main
from tenon.schema import ScenarioError


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--version"]) == 0
    assert capsys.readouterr().out == f"tenon, version {tenon.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["demo"],
        ["stress"],
        ["scenarios"],
        ["data"],
        *(["data", name] for name in ("list", "show", "import", "build")),
    ],
    ids=" ".join,
)
def test_every_command_explains_itself(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([*arguments, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(" ".join(["Usage: tenon", *arguments]))
    assert "-h, --help" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["strss"], "No such command 'strss'"),
        (["stress"], "Missing argument 'SCENARIO...'"),
        (["stress", "a.toml", "--colour"], "No such option"),
        (["stress", "a.toml", "--lang", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["scenarios", "--copy", "a.toml"], "--copy needs the NAME"),
        (["data", "build", "world-2023", "."], "'world-2023' is not"),
    ],
)
def test_a_wrong_command_is_refused_with_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run(arguments) == 2
    assert message in capsys.readouterr().err


def failing(error: BaseException) -> click.Command:
    @click.command("fail")
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> MutableMapping[str, click.Command]:
    group = click.Group("tenon")
    monkeypatch.setattr(main, "commands", group)
    return group.commands


def test_a_refusal_is_one_line_on_standard_error(
    commands: MutableMapping[str, click.Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["fail"] = failing(ScenarioError("not this.\n  Do that."))
    assert main.run(["fail"]) == 2
    assert capsys.readouterr() == ("", "tenon: not this. Do that.\n")


def test_an_interrupt_outside_a_run_ends_with_status_130(
    commands: MutableMapping[str, click.Command], capsys: pytest.CaptureFixture[str]
) -> None:
    commands["fail"] = failing(KeyboardInterrupt())
    assert main.run(["fail"]) == 130
    assert capsys.readouterr().err.strip() == "tenon: interrupted before a result was there; nothing was written."


def test_a_mistake_of_ours_is_not_hidden(commands: MutableMapping[str, click.Command]) -> None:
    commands["fail"] = failing(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError, match="ours"):
        main.run(["fail"])


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    # Its text is longer than what a pipe holds, so that the writer is still at it when the reader goes.
    command = [sys.executable, "-m", "tenon.cli.main", "scenarios", "pandemic-2020"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b"# A scenar"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_the_installed_program_is_this_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tenon.cli.main", "stress", "tohoku"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("tenon: there is no scenario 'tohoku'")
