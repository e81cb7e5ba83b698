"""A real server with the made-up world, and people in browsers of their own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

# Said of every answer that refuses, which some of these journeys ask for.
_EXPECTED = "Failed to load resource: the server responded with a status of 4"


@dataclass(frozen=True)
class Platform:
    """Where the platform is, and the password of everybody in it."""

    address: str
    password: str


@dataclass
class Visitor:
    """Somebody with a browser of their own, and what that complained about."""

    page: Page
    platform: Platform
    complaints: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        """Remember a complaint, if it is one."""
        if text and not text.startswith(_EXPECTED):
            self.complaints.append(text)

    def go(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.platform.address + path)
        return self.page

    def sign_in(self, who: str) -> Page:
        """Sign in as somebody of the made-up world."""
        self.go("/account/sign-in/")
        self.page.fill("input[name=login]", f"{who}@example.org")
        self.page.fill("input[name=password]", self.platform.password)
        self.page.click("main button.main")
        return self.page

    def press(self, name: str) -> None:
        """Press a button by its words."""
        self.page.get_by_role("button", name=name, exact=True).click()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):  # months of a made-up world are filled first
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address + "/health", timeout=1) as answer:  # noqa: S310 - this machine
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the platform did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Start the platform with its made-up world, as a new user does."""
    folder = tmp_path_factory.mktemp("platform")
    port, log = _free_port(), folder / "log"
    environment = {**os.environ, "TENON_WEB_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tenon.web", "serve", "--demo", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        said = re.search(r"the password (\S+), such as", log.read_text())
        assert said is not None, log.read_text()
        yield Platform(address, said[1])
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def visitor(browser: Browser, platform: Platform) -> Iterator[Callable[..., Visitor]]:
    """Return a function that brings somebody with an empty browser; nobody may have heard a complaint by the end."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def come(width: int = 1280, language: str = "en-GB", *, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale=language, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        someone = Visitor(page, platform)
        page.on("console", lambda said: someone.hear(said.text if said.type in {"error", "warning"} else ""))
        page.on("pageerror", lambda error: someone.hear(str(error)))
        page.on("request", lambda sent: someone.hear("" if sent.url.startswith(platform.address) else sent.url))
        visitors.append(someone)
        return someone

    yield come
    complaints = [text for someone in visitors for text in someone.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
