"""A real study end to end: the worker in this process, the study in one of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenon.data import example_chain, write_chain
from tenon.web.runs import execution, folders, outcome_services, selectors, services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.execution import Attempt, Ending, Limits, Progress
from tenon.web.runs.management.commands import worker as worker_command
from tenon.web.runs.models import Job, Study
from tenon.web.runs.rules import JobState
from tenon.web.runs.worker import Worker
from tests.web.runs.building import asked, outage
from tests.web.runs.conftest import Cast
from tests.web.worlds import client_of

GENEROUS = Limits(seconds=300, memory_mb=8000)
SMALL = {"kind": "chain outage", "chain": "example", "site": "Ghent melt shop", "days": 30.0}


def goes_on(_: Progress) -> bool:
    return True


def current(study: Study) -> Study:
    return Study.objects.select_related("owner", "job").get(pk=study.pk)


def test_a_chain_is_stressed_and_shown(cast: Cast, tmp_path: Path) -> None:
    write_chain(example_chain(), tmp_path / "ours.xlsx")
    with (tmp_path / "ours.xlsx").open("rb") as file:
        size = (tmp_path / "ours.xlsx").stat().st_size
        workbook = services.upload_chain(cast.analyst, cast.plant, "ours.xlsx", file, size)
    study = asked(cast.analyst, cast.plant, chain_file=workbook, parameters={"follow": 1}, language="zh")
    assert Worker().work_once()
    after = current(study)
    assert (after.job.state, after.job.reason) == (JobState.DONE, "")
    assert after.summary["worst"][0]["name"] == "Lianyungang melt shop"
    assert {"report.html", "tables.xlsx", "outages.csv"} <= set(after.files)
    assert 'lang="zh' in folders.report_file(study.pk, "report.html").read_text(encoding="utf-8")[:2000]
    client = client_of(cast.analyst_member)
    assert "Lianyungang melt shop" in client.get(reverse("study", args=[study.pk])).content.decode()
    answer = client.get(reverse("file_of_study", args=[study.pk, "report.html"]))
    assert len(answer.getvalue()) == after.files["report.html"]
    assert not Worker().work_once()


def test_the_cost_of_an_outage_is_found(cast: Cast) -> None:
    study = outage(cast.analyst, cast.plant)
    Worker().work_once()
    cost = selectors.outage_cost_for(cast.reader, study.pk)
    assert cost is not None
    assert cost.state is JobState.DONE
    assert cost.first_customer == "food machine makers"
    assert cost.loss is not None
    assert cost.loss_a_day is not None
    assert 0 < cost.loss_a_day < cost.loss
    assert cost.stock_days == pytest.approx(32.2, abs=0.1)


def test_a_scenario_on_a_table_is_run_and_its_days_are_cleared_away(cast: Cast) -> None:
    parameters = {"table": "world-2022", "scenario": "supplier-outage-2022", "days": 30}
    study = asked(cast.analyst, cast.plant, kind=StudyKind.TABLE_STRESS, parameters=parameters)
    Worker().work_once()
    assert current(study).summary["regions"][0]["name"] == "Japan"
    assert not (folders.study_folder(study.pk) / "days").exists()


def test_what_the_engines_refuse_fails_with_their_sentence(cast: Cast) -> None:
    study = outage(cast.analyst, cast.plant, site="Ghent meltshop")
    Worker().work_once()
    job = current(study).job
    assert job.state == JobState.FAILED
    assert "did you mean 'Ghent melt shop'" in job.reason
    assert str(folders.study_folder(study.pk).parent) not in job.reason


@pytest.mark.parametrize(
    ("limits", "ending", "said"),
    [
        (Limits(seconds=0.3, memory_mb=8000), Ending.TOO_LONG, "longer than 0.005 minutes"),
        (Limits(seconds=300, memory_mb=60), Ending.TOO_LARGE, "more than 60 MB of memory"),
    ],
)
def test_limits_end_a_study(tmp_path: Path, limits: Limits, ending: Ending, said: str) -> None:
    execution.prepare(tmp_path, SMALL)
    attempt = execution.run(tmp_path, limits, goes_on)
    assert attempt.ending is ending
    assert said in attempt.reason
    assert not (tmp_path / "report").exists()


def test_what_takes_too_much_is_not_tried_again(cast: Cast) -> None:
    study = outage(cast.analyst, cast.plant)
    Job.objects.update(memory_limit_mb=60)
    Worker().work_once()
    job = current(study).job
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "60 MB" in job.reason


def test_a_study_that_is_called_off_ends_soon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    study = outage(cast.analyst, cast.plant)

    def run(folder: Path, limits: Limits, goes_on: Callable[[Progress], bool]) -> Attempt:
        services.cancel(cast.analyst, study, study.version)
        return real(folder, limits, goes_on)

    real = execution.run
    monkeypatch.setattr(execution, "run", run)
    Worker(lease=timedelta(seconds=1)).work_once()
    after = current(study)
    assert (after.job.state, after.summary) == (JobState.CANCELLED, {})
    assert not (folders.study_folder(study.pk) / "report").exists()


def test_a_worker_that_is_told_to_end_gives_its_study_back(cast: Cast) -> None:
    study = outage(cast.analyst, cast.plant)
    worker = Worker()
    timer = threading.Timer(0.5, worker.end)
    timer.start()
    worker.run()
    timer.join()
    job = current(study).job
    assert (job.state, job.attempts, job.fence) == (JobState.QUEUED, 0, 1)


def test_what_is_done_already_is_kept_without_running_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    study = outage(cast.analyst, cast.plant)
    keep = outcome_services.complete
    monkeypatch.setattr(outcome_services, "complete", _fail)
    with pytest.raises(RuntimeError, match="killed here"):
        Worker().work_once()
    written = folders.report_file(study.pk, "result.nc").stat().st_mtime_ns
    monkeypatch.setattr(outcome_services, "complete", keep)
    Job.objects.update(lease_until="2026-01-01T00:00Z")
    Worker().work_once()
    assert current(study).job.state == JobState.DONE
    assert folders.report_file(study.pk, "result.nc").stat().st_mtime_ns == written


def _fail(*_: Any) -> None:
    raise RuntimeError("killed here")


def test_a_study_whose_summary_is_spoilt_is_run_again(cast: Cast) -> None:
    study = outage(cast.analyst, cast.plant)
    report = folders.study_folder(study.pk) / folders.REPORT
    report.mkdir(parents=True)
    (report / "summary.json").write_text("{", encoding="utf-8")
    Worker().work_once()
    job = current(study).job
    assert job.state == JobState.QUEUED
    assert "its summary cannot be read" in job.reason
    assert not report.exists()


def test_a_busy_folder_is_come_back_to(cast: Cast) -> None:
    import fcntl

    study = outage(cast.analyst, cast.plant)
    folder = folders.study_folder(study.pk)
    folder.mkdir(parents=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        Worker().work_once()
    job = current(study).job
    assert (job.state, job.attempts) == (JobState.QUEUED, 0)
    assert job.run_at > study.created


def test_a_study_knows_nothing_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("TENON_WEB_SECRET_KEY", "secret")
    seen: dict[str, str] = {}

    def popen(*_: Any, env: dict[str, str], **__: Any) -> None:
        seen.update(env)
        raise RuntimeError("far enough")

    monkeypatch.setattr("subprocess.Popen", popen)
    execution.prepare(tmp_path, SMALL)
    with pytest.raises(RuntimeError, match="far enough"):
        execution.run(tmp_path, GENEROUS, goes_on)
    assert "secret" not in " ".join(seen.values())


def test_progress_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    assert execution.read_progress(tmp_path) == Progress()
    for text in ("{", "[]", '{"stage": "days", "done": "x", "total": 1}'):
        (tmp_path / "progress.json").write_text(text, encoding="ascii")
        assert execution.read_progress(tmp_path) == Progress()
    (tmp_path / "progress.json").write_text('{"stage": "days", "done": 3, "total": 9}', encoding="ascii")
    assert execution.read_progress(tmp_path) == Progress("days", 3, 9)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps its statistics by itself")
@pytest.mark.django_db
def test_statistics_are_refreshed_when_a_worker_begins_and_not_at_every_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, turns = Worker(pause_seconds=0), []

    def turn(_worker: Worker) -> bool:
        turns.append(1)
        if len(turns) == 3:
            worker.end()
        return False

    monkeypatch.setattr(Worker, "work_once", turn)
    with CaptureQueriesContext(connection) as asked:
        worker.run()
    assert [query["sql"] for query in asked.captured_queries] == ["ANALYZE"]


def test_what_is_due_is_done_beside_the_studies(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker, called = Worker(), []

    def tick(name: str, **_options: object) -> None:
        called.append(name)
        if len(called) == 1:
            message = "the mail server is away"
            raise OSError(message)
        worker.end()

    monkeypatch.setattr(worker_command, "call_command", tick)
    worker_command.keep_time(worker, seconds=0.0)
    assert called == ["tick", "tick"]
    assert "tried again in a minute" in caplog.text
