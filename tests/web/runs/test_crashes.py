from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.web.runs.crashes import survive


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason=f"children are found in /proc, not on {sys.platform}")
def test_studies_survive_their_killed_workers(tmp_path: Path) -> None:
    assert "studies done, each once" in survive(tmp_path, rounds=5)
