"""What every test and doctest stands on: an environment of its own and reproducible properties."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent

# Deterministic by default: the same properties are tried in every run, here and in continuous integration.
# HYPOTHESIS_PROFILE=explore looks for new counterexamples.
hypothesis.settings.register_profile(
    "default", derandomize=True, deadline=None, database=None, max_examples=40, print_blob=True
)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

# Browsers of tests keep a loop of asyncio running in the process; Django's tests beside them use the database from one
# thread all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Pymrio imports Matplotlib, which lists all fonts anew in every new home; one folder for all tests saves seconds.
os.environ["MPLBACKEND"] = "Agg"
os.environ["MPLCONFIGDIR"] = str(ROOT / "build" / "matplotlib")


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test an empty home and none of the settings of whoever runs it."""
    home = tmp_path / ".home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for folder in ("cache", "config", "data", "state"):
        monkeypatch.setenv(f"XDG_{folder.upper()}_HOME", str(home / folder))
    for variable in list(os.environ):
        if variable.startswith("TENON_") and variable != "TENON_SHARED":
            monkeypatch.delenv(variable)
    for variable in ("COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(variable, raising=False)
