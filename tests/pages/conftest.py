"""A browser that looks at pages as people do, and pages to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenon.data import example_chain, synthetic_firms
from tenon.report import write_chain_report, write_report, write_risk_report, write_systemic_report
from tenon.studies import chain_risk, stress_supply_chain
from tenon.vulnerability import systemic_risk
from tests.unit.report import samples
from tests.unit.studies.examples import TABLE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, NARROW = 1280, 390


@dataclass
class Visit:
    """A page that was opened, with what went wrong on the way."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a page at a width and waits until its figures are drawn."""
    opened: list[Visit] = []

    def open_page(path: Path, width: int = WIDE) -> Visit:
        opened.append(_open(browser, path, width))
        return opened[-1]

    yield open_page
    for seen in opened:
        seen.page.close()


@pytest.fixture(scope="session")
def looked_at(browser: Browser, reports: dict[str, Path]) -> Iterator[Callable[[str, int], Visit]]:
    """Return a function that gives a page which is only looked at, never touched, and opened once."""
    opened: dict[tuple[str, int], Visit] = {}

    def look(kind: str, width: int) -> Visit:
        if (kind, width) not in opened:
            opened[kind, width] = _open(browser, reports[kind], width)
        return opened[kind, width]

    yield look
    for seen in opened.values():
        seen.page.close()


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write one report of each kind."""
    folder = tmp_path_factory.mktemp("reports")
    world = samples.world()
    chain = stress_supply_chain(example_chain())
    risk = chain_risk(example_chain(), years=500)
    systemic = systemic_risk(synthetic_firms(TABLE, firms=300, links=3000, seed=1))
    return {
        "en": write_report(world, folder / "en.html"),
        "zh": write_report(world, folder / "zh.html", language="zh"),
        "several": write_report(samples.world(scenarios=3, days=120), folder / "several.html"),
        "firms": write_report(samples.firms(), folder / "firms.html"),
        "chain": write_chain_report(chain, folder / "chain.html"),
        "chain-zh": write_chain_report(chain, folder / "chain-zh.html", language="zh"),
        "systemic": write_systemic_report(systemic, folder / "systemic.html"),
        "systemic-zh": write_systemic_report(systemic, folder / "systemic-zh.html", language="zh"),
        "risk": write_risk_report(risk, folder / "risk.html"),
        "risk-zh": write_risk_report(risk, folder / "risk-zh.html", language="zh"),
    }


def _open(browser: Browser, path: Path, width: int) -> Visit:
    page = browser.new_page(viewport={"width": width, "height": 900}, accept_downloads=True)
    seen = Visit(page)
    page.on("console", lambda message: seen.complaints.append(message.text) if message.type in _BAD else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda request: seen.requests.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    return seen


_BAD = {"error", "warning"}
