"""Every stage of a company's chain out in turn, against building the model anew for each with a modelling layer."""

from __future__ import annotations

import statistics
from importlib.metadata import version
from typing import Any

import numpy as np

from bench import samples
from bench.cases import Extent
from bench.table import Row, duration
from bench.workers import Worker, WorkerError

__all__ = ["run"]

_LEAST = {"recovery": 200.0, "survival": 50.0}
_QUESTIONS = {"recovery": "time to recover", "survival": "time to survive"}
_MOST_MILLISECONDS = 20.0
_CAP_DAYS = 60.0
_SAMPLE = 12
_SAME = 1e-6
_SIZE = (200, 500, 1000)
_LARGE = (1800, 4700, 9500)
_LARGE_STEP = 10
_SMALLEST = (4, 10, 20)


def run(extent: Extent) -> list[Row]:
    """Compare at one size, and time a larger one alone."""
    size = _SMALLEST if extent.smallest else _SIZE
    ours = _stress(size, 1)
    stages = np.linspace(size[0], sum(size) - 1, 2 if extent.smallest else _SAMPLE).astype(int).tolist()
    config = {"folder": str(samples.chain(*size)), "sample": stages, "cap_days": _CAP_DAYS}
    with Worker("bench.programs.pyomo_chain", config) as worker:
        theirs = worker.answer()
    _check_same(ours, theirs, [stage - size[0] for stage in stages])
    rows = [_row(size, ours, theirs, question) for question in _QUESTIONS]
    return rows if extent.smallest else [*rows, *_large_rows()]


def _stress(size: tuple[int, int, int], step: int) -> dict[str, Any]:
    config = {"folder": str(samples.chain(*size)), "first": size[0], "step": step, "cap_days": _CAP_DAYS}
    with Worker("bench.programs.tenon_chain", config) as worker:
        return worker.answer()


def _check_same(ours: dict[str, Any], theirs: dict[str, Any], positions: list[int]) -> None:
    """Make sure that both programs found the same."""
    for what in ("impact", "survives"):
        found = np.array(ours[what])[positions]
        apart = np.abs(found - theirs[what]) / np.maximum(1.0, np.abs(found))
        if apart.max() > _SAME:
            message = f"both programs must find the same, but {what} differs by {apart.max():.2g}"
            raise WorkerError(message)


def _row(size: tuple[int, int, int], ours: dict[str, Any], theirs: dict[str, Any], question: str) -> Row:
    rebuilt = statistics.median(theirs[f"{question}_seconds"])
    time = ours[f"{question}_seconds"] / ours["outages"]
    return Row(
        case=f"{_QUESTIONS[question]}, {sum(size):,} stages, {ours['outages']:,} outages",
        measured=f"{duration(time)} an outage ({_spared(ours, question)})",
        against=f"Pyomo {version('pyomo')} and HiGHS, a model each: {duration(rebuilt)}",
        value=rebuilt / time if time > 0 else None,
        least=_LEAST[question],
    )


def _large_rows() -> list[Row]:
    ours = _stress(_LARGE, _LARGE_STEP)
    rows = []
    for question in _QUESTIONS:
        time = ours[f"{question}_seconds"] / ours["outages"]
        rows.append(
            Row(
                case=f"{_QUESTIONS[question]}, {sum(_LARGE):,} stages, {ours['outages']:,} outages",
                measured=f"{duration(time)} an outage ({_spared(ours, question)})",
                value=1e3 * time,
                unit="ms",
                most=_MOST_MILLISECONDS if question == "recovery" else None,
            )
        )
    return rows


def _spared(ours: dict[str, Any], question: str) -> str:
    programs = ours["programs"][question]
    return (
        f"{programs['solved']:,} programs solved, {programs['spared']:,} spared; peak {ours['peak'] / 2**20:,.0f} MiB"
    )
