from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tenon.web.config import metrics
from tenon.web.config.metrics import BOUNDS, Counts, forget_counts, write_metrics
from tests.web.worlds import finding, organization


def test_counts_of_processes_add_up_and_stay_when_one_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "metrics"
    forget_counts(folder)
    counts = Counts(folder)
    counts.add(200, 0.02)
    with monkeypatch.context() as other_process:
        other_process.setattr("os.getpid", lambda: -1)
        counts.add(200, 0.5)
        counts.add(799, 99.0)
    counts.add(404, BOUNDS[0])
    total = counts.total()
    assert len(list(folder.iterdir())) == 2
    assert sum(total[: len(total) - len(BOUNDS) - 2]) == 4
    assert total[-1] == pytest.approx(0.02 + 0.5 + 99.0 + BOUNDS[0])
    forget_counts(folder)
    assert counts.folder.is_dir()
    assert not list(folder.iterdir())


def test_without_a_folder_a_process_counts_for_itself(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "absent")
    counts.add(200, 0.02)
    assert counts.total()[-1] == pytest.approx(0.02)
    assert not (tmp_path / "absent").exists()


@pytest.mark.django_db
def test_the_text_is_one_that_a_watching_program_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(metrics, "counts", Counts(tmp_path / "absent"))
    for seconds in (0.001, 0.05, 50.0):
        metrics.counts.add(200, seconds)
    finding(organization())
    text = write_metrics(metrics.metrics())
    assert 'tenon_requests_total{status="200"} 3\n' in text
    assert 'tenon_request_seconds_bucket{le="0.06"} 2\n' in text
    assert 'tenon_request_seconds_bucket{le="+Inf"} 3\n' in text
    assert "tenon_request_seconds_count 3\n" in text
    assert 'tenon_findings{state="reported"} 1\n' in text
    assert 'tenon_jobs{state="queued"} 0\n' in text
    line = re.compile(r'(# (HELP|TYPE) .+|[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9.e+-]+)')
    assert all(line.fullmatch(item) for item in text.splitlines())


@pytest.mark.django_db
def test_requests_are_counted() -> None:
    before = sum(metrics.counts.total()[:-1])
    Client().get("/health")
    assert sum(metrics.counts.total()[:-1]) == before + 2  # a status and a class of time
