"""Sixty-four scenarios side by side, against one, on the same table."""

from __future__ import annotations

from bench import samples
from bench.cases import Extent, limits
from bench.table import Row, duration, thread_count
from bench.workers import Days, Worker

__all__ = ["run"]

_SCENARIOS = 64
_MOST = 10.0
_SIZES = ((20, 20, 30), (44, 56, 6), (49, 163, 2))
_SMALLEST = ((2, 3, 2),)
_TURNS = 3
# Deliveries, order weights and orders: three products of the flows with a column for each scenario.
_OPERATIONS_A_FLOW = 6


def run(extent: Extent) -> list[Row]:
    """Compare at each size, with one thread and with two."""
    rows = []
    for threads in (2,) if extent.smallest else (1, 2):
        speed = limits.measure(extent, threads).product
        rows += [_compare(*size, threads=threads, speed=speed) for size in (_SMALLEST if extent.smallest else _SIZES)]
    return rows


def _compare(regions: int, sectors: int, days: int, *, threads: int, speed: float) -> Row:
    config = {
        "folder": str(samples.table(regions, sectors)),
        "rules": "default",
        "warm_up_days": 2,
        "days": 2 + days * _TURNS,
        "duration": 10,
        "recovery": 30,
        "threads": threads,
    }
    module = "bench.programs.tenon_table"
    with (
        Worker(module, config | {"scenarios": 1}, threads=threads) as one,
        Worker(module, config | {"scenarios": _SCENARIOS}, threads=threads) as many,
    ):
        one.answer()
        many.answer()
        one_days, many_days = Days(), Days()
        for _ in range(_TURNS):
            one_days += one.days(days)
            many_days += many.days(days)
        one.finish()
        peak = many.finish()["peak"]
    # Two threads shorten the time on the clock, not that of the processor.
    one_time = one_days.median_processor if threads == 1 else one_days.median_wall
    many_time = many_days.median_processor if threads == 1 else many_days.median_wall
    arithmetic = _OPERATIONS_A_FLOW * (regions * sectors) ** 2 * _SCENARIOS / speed
    return Row(
        case=f"a day, {regions * sectors:,} agents, {_SCENARIOS} scenarios, {thread_count(threads)}",
        measured=f"{duration(many_time)} (peak memory {peak / 2**20:,.0f} MiB)",
        against=f"one scenario: {duration(one_time)} (matrix products of {_SCENARIOS}: {duration(arithmetic)})",
        value=many_time / one_time,
        most=_MOST,
    )
