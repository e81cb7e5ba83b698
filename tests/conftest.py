"""Fixtures for what may be absent: the shared data and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


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


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Start a browser once for all tests of a process, which can have one driver of Playwright at a time."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; make env installs it")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield started
        started.close()
