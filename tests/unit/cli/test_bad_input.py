from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.bad_input import BEGIN, CASES, END, PAGE, Case, fill, refusal, row

FULL = """
import resource, sys
from tenon.cli.main import run
arguments = ["stress", "fire.toml", "--table", "table.npz", "--out"]
assert run([*arguments, "first"]) == 0  # compiles the model, which writes files of its own
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))  # no file may grow beyond it, as on a full disk
sys.exit(run([*arguments, "deep/out"]))
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    status, said, touched = refusal(case, folder)
    assert status == 2
    assert said.startswith("tenon: ")
    assert said.count("\n") == 1
    assert touched == set(), "something was written or removed"
    assert row(case, said) in PAGE.read_text(encoding="utf-8"), "run python -m tests.unit.cli.bad_input"


def test_the_page_has_a_row_for_each_case_and_no_other() -> None:
    table = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert [line.split("[")[-1].partition("]")[0] for line in rows] == [case.name for case in CASES]


def test_a_disk_that_fills_leaves_nothing_behind(tmp_path: Path) -> None:
    fill(tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FULL],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "tenon: deep/out/result.nc could not be written: there is no space left. Nothing half-written is left. "
        "Free some space, or choose another folder."
    )
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "deep").iterdir()) == []
