"""Fixtures for what may be absent: the shared data and a browser."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the published tables and reference runs that are too large or not ours to commit."""
    folder = Path(os.environ.get("TENON_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; set TENON_SHARED to the folder that holds data/ and reference/")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return the Chromium or Chrome that pages are looked at with."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    pytest.skip(
        "no Chromium on the PATH; Debian, Ubuntu: sudo apt-get install chromium fonts-noto-cjk, "
        "elsewhere install Chromium or Chrome"
    )
