from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tenon.report.findings import Window
from tenon.report.windows import scenario_facts, shock_windows
from tests.unit.report import samples

WORLD = samples.world(days=200)


def with_file(text: str) -> tuple[Window, ...]:
    provenance = {"scenario": {"sample": {"toml": text}}}
    return shock_windows(replace(WORLD, provenance=provenance), "sample")


def test_windows_come_from_the_file_of_the_scenario() -> None:
    assert shock_windows(WORLD, "sample") == (Window(20, 50, 140),)


@pytest.mark.parametrize(
    ("shock", "window"),
    [
        ("day = 9", Window(9, 10, 10)),
        ("start_day = 3", Window(3, 4, 4)),
        ("start_day = 10\ncurve = [[0, 0.0], [5, 0.8], [9, 0.4], [20, 0.0]]", Window(10, 30, 30)),
        ("start_day = 1\ncurve = [[0, 1.0], [5, 0.8]]", Window(1, math.inf, math.inf)),
        ("curve = [[0, 0.0], [5, 0.01]]", Window(0, 0, 0)),
    ],
)
def test_each_kind_of_timing_has_its_window(shock: str, window: Window) -> None:
    assert with_file(f"[[shocks]]\n{shock}\n") == (window,)


def test_without_a_file_the_window_is_that_of_lost_capacity() -> None:
    capacity = WORLD.values["production"].copy(
        data=np.broadcast_to(WORLD.values["baseline_production"], (1, 200, 32, 25)).copy()
    )
    capacity[0, 30:41, 2, 3] *= 0.5
    run = replace(WORLD, values=WORLD.values.assign(capacity=capacity), provenance={})
    assert shock_windows(run, "sample") == (Window(30, 40, 40),)
    capacity[:] = WORLD.values["baseline_production"]
    assert shock_windows(replace(run, values=WORLD.values.assign(capacity=capacity)), "sample") == ()


def test_without_file_and_capacity_there_is_no_window() -> None:
    assert with_file("") == ()
    assert with_file("no [ toml") == ()


def test_an_unknown_scenario_has_no_facts() -> None:
    assert scenario_facts(WORLD, "other") == {}
    assert scenario_facts(WORLD, "sample")["horizon_days"] == 365
