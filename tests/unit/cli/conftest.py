from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def short_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a page of one line instead of the report, which takes seconds and has tests of its own."""

    def write_report(_: object, path: Path, **__: object) -> Path:
        path.write_text("<!doctype html>", encoding="utf-8")
        return path

    monkeypatch.setattr("tenon.report.write_report", write_report)
