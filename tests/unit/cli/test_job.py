from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tenon.cli.job import BUSY
from tenon.cli.main import run
from tenon.schema import Result
from tests.chains import CASES

STRESS = {"kind": "chain stress", "chain": "example", "follow": 1}
OUTAGE = {"kind": "chain outage", "chain": "example", "site": "P", "days": 10}
TABLE = {"kind": "table stress", "table": "world-2022", "scenario": "supplier-outage-2022", "days": 30}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, short_report: None) -> None:  # noqa: ARG001 - a page of one line
    def write_report(_: object, path: Path, **__: object) -> Path:
        path.write_text("<!doctype html>", encoding="utf-8")
        return path

    monkeypatch.setattr("tenon.report.write_chain_report", write_report)
    monkeypatch.setattr("tenon.data.example_chain", lambda: CASES["hidden in the second tier"].chain)


def job(folder: Path, wanted: object) -> Path:
    (folder / "job.json").write_text(json.dumps(wanted), encoding="utf-8")
    return folder


def summary(folder: Path) -> dict[str, Any]:
    read = json.loads((folder / "report" / "summary.json").read_text(encoding="utf-8"))
    assert isinstance(read, dict)
    return read


@pytest.mark.parametrize("wanted", [STRESS, OUTAGE, TABLE], ids=lambda wanted: str(wanted["kind"]))
def test_a_job_leaves_report_and_summary(tmp_path: Path, wanted: dict[str, object]) -> None:
    assert run(["job", str(job(tmp_path, wanted))]) == 0
    assert {"report.html", "result.nc", "summary.json"} <= {item.name for item in (tmp_path / "report").iterdir()}
    assert set(summary(tmp_path)["sentences"]) == {"en", "zh"}
    progress = json.loads((tmp_path / "progress.json").read_text(encoding="utf-8"))
    assert progress == {"stage": "writing", "done": 0, "total": 0}


def test_the_outage_of_a_site_is_told_alone(tmp_path: Path) -> None:
    run(["job", str(job(tmp_path, OUTAGE))])
    found = summary(tmp_path)
    assert [row["name"] for row in found["worst"]] == ["P"]
    assert found["followed"]["name"] == "P"
    assert found["followed"]["out_days"] == 10


def test_a_job_that_is_done_is_left_as_it_is(tmp_path: Path) -> None:
    run(["job", str(job(tmp_path, OUTAGE))])
    before = (tmp_path / "report" / "result.nc").stat().st_mtime_ns
    assert run(["job", str(tmp_path)]) == 0
    assert (tmp_path / "report" / "result.nc").stat().st_mtime_ns == before


def test_a_folder_has_one_process_at_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    job(tmp_path, OUTAGE)
    with (tmp_path / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert run(["job", str(tmp_path)]) == BUSY
    assert "another process is at work" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([1], "kind in .* is None"),
        ({"kind": "chain stres"}, "did you mean 'chain stress'"),
        ({**OUTAGE, "sites": ["P"]}, "no key 'sites'; did you mean 'site'"),
        ({**OUTAGE, "days": "ten"}, "days of the job must be of type float; it is 'ten'"),
        ({**STRESS, "follow": True}, "follow of the job must be of type int; it is True"),
        ({**OUTAGE, "site": "Q"}, "'Q'"),
        ({**TABLE, "scenario": "tohoku"}, "there is no scenario 'tohoku'"),
    ],
)
def test_what_cannot_be_run_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wanted: object, message: str
) -> None:
    assert run(["job", str(job(tmp_path, wanted))]) == 2
    assert re.search(message, capsys.readouterr().err, re.IGNORECASE)
    assert not (tmp_path / "report").exists()


def test_a_run_on_a_table_goes_on_from_its_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job(tmp_path, TABLE)
    calls: list[bool] = []
    from tenon import studies

    real = studies.run_study

    def run_study(*arguments: Any, resume: bool = False, **options: Any) -> Result:
        calls.append(resume)
        return real(*arguments, resume=resume, **options)

    monkeypatch.setattr("tenon.studies.run_study", run_study)
    (tmp_path / "days").mkdir()  # begun, but without a checkpoint
    assert run(["job", str(tmp_path)]) == 0
    assert calls == [True, False]


def test_an_attended_job_ends_with_whoever_started_it(tmp_path: Path) -> None:
    wanted = {"kind": "table stress", "table": "world-2022", "scenario": "pandemic-2020"}
    command = [sys.executable, "-m", "tenon.cli.main", "job", str(job(tmp_path, wanted)), "--attended"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, env=dict(os.environ))
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(timeout=60) == 1
    assert not (tmp_path / "report").exists()
