"""A day and a year of a random network of firms, against the time in which memory can move the bytes of a day."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from bench import samples
from bench.cases import Extent, limits
from bench.table import Row, duration, thread_count
from bench.workers import Days, Worker

__all__ = ["bytes_a_day", "run"]

_MOST_OVER_BUS = 3.0
_MOST_SECONDS_A_YEAR = 90.0
_YEAR = 365
_RULES = ("proportional", "smallest_order_first")


@dataclass(frozen=True)
class _Size:
    """A network, and how many days are measured."""

    firms: int
    links: int
    days: int


_LARGEST = _Size(1_000_000, 5_000_000, 20)
_SIZES = (_Size(20_000, 100_000, 40), _Size(200_000, 1_000_000, 20), _LARGEST)


@dataclass(frozen=True)
class _Measured:
    days: Days
    slots: int
    peak: float
    # Clock of a run without its days: laying out before them, labelling after.
    set_up: float
    network: float


def bytes_a_day(size: tuple[int, int, int], rationing: str) -> float:
    """Return how much a day must move at least, if every array is read or written once and found in no cache.

    Parameters
    ----------
    size : (firms, links, slots)
        Size of the network; a slot is a buyer with all its suppliers of one product.
    rationing : str
        Rule; serving the smallest orders first reads orders and flows once more.

    Returns
    -------
    float
        Bytes. Each link: supplier (4), flow and target (16), stock and order read and written (32). Each slot: buyer
        (4) and two figures of the limit on output (12); first link and flow of the few slots with several links are
        left out. Each firm: output, capacity lost and final demand (24), production, share served, orders received and
        limit on output read and written (64). Smallest orders first, besides: place, order and flow of each link (20)
        and the first link of each firm (8), which is what a day costs on which every supplier is short.
    """
    firms, links, slots = size
    total = 52.0 * links + 16.0 * slots + 88.0 * firms
    if rationing == "smallest_order_first":
        total += 20.0 * links + 8.0 * firms
    return total


def run(extent: Extent) -> list[Row]:
    """Measure every size with one thread, and the largest also with two and for a year."""
    sizes = (_Size(2000, 10_000, 2),) if extent.smallest else _SIZES
    before = {threads: limits.measure(extent, threads) for threads in (1, 2)}
    measured = {}
    for size in sizes:
        for rationing in _RULES:
            for threads in _threads(size, extent):
                measured[size, rationing, threads] = _measure(size, rationing, threads=threads)
    after = {threads: limits.measure(extent, threads) for threads in (1, 2)}
    rows = [
        _day_row(
            *key,
            found,
            bus=max(before[key[2]].bus, after[key[2]].bus),
            place=min(before[key[2]].places, after[key[2]].places),
        )
        for key, found in measured.items()
    ]
    for rationing in _RULES:
        rows.append(_year_row(sizes[-1], rationing, measured[sizes[-1], rationing, 2]))
        if extent.full:
            rows.append(_full_year_row(sizes[-1], rationing))
    return rows


def _threads(size: _Size, extent: Extent) -> tuple[int, ...]:
    if extent.smallest:
        return (2,)
    return (1, 2) if size == _LARGEST else (1,)


def _measure(size: _Size, rationing: str, *, threads: int, days: int | None = None) -> _Measured:
    config = {
        "folder": str(samples.firm_network(size.firms, size.links)),
        "rationing": rationing,
        "warm_up_days": 1,
        "days": 1 + (days or size.days),
        "threads": threads,
    }
    with Worker("bench.programs.tenon_firms", config, threads=threads) as worker:
        worker.answer()
        found = worker.days(days or size.days)
        last = worker.finish()
    return _Measured(found, last["slots"], last["peak"], last["run_wall"] - sum(found.wall), last["network_wall"])


def _name(size: _Size, rationing: str, threads: int) -> str:
    return f"{size.firms:,} firms, {size.links:,} links, {rationing.replace('_', ' ')}, {thread_count(threads)}"


def _day_row(size: _Size, rationing: str, threads: int, found: _Measured, *, bus: float, place: float) -> Row:
    """Compare with the bus alone; places that are looked up out of order are said, but not counted."""
    moved = bytes_a_day((size.firms, size.links, found.slots), rationing)
    time = found.days.median_processor if threads == 1 else found.days.median_wall
    times = found.days.processor if threads == 1 else found.days.wall
    places = (2 if rationing == "proportional" else 3) * size.links
    besides = f" ({places / 1e6:.0f} million random places: {duration(places * place)})" if size == _LARGEST else ""
    return Row(
        case=f"a day, {_name(size, rationing, threads)}",
        measured=f"{duration(time)} (least {duration(min(times))}; peak memory {found.peak / 2**20:,.0f} MiB)",
        against=f"{moved / 1e6:.0f} MB at {bus / 1e9:.1f} GB/s: {duration(moved / bus)}" + besides,
        value=time / (moved / bus),
        most=_MOST_OVER_BUS if size == _LARGEST else None,
    )


def _year_row(size: _Size, rationing: str, found: _Measured) -> Row:
    seconds = found.set_up + _YEAR * statistics.mean(found.days.wall)
    return Row(
        case=f"a year, {_name(size, rationing, 2)}",
        measured=(
            f"{duration(seconds)}, extrapolated from {len(found.days.wall)} days and {duration(found.set_up)} of "
            f"set-up; making the network before that took {duration(found.network)}"
        ),
        value=seconds,
        unit="s",
        most=_MOST_SECONDS_A_YEAR if size == _LARGEST else None,
    )


def _full_year_row(size: _Size, rationing: str) -> Row:
    found = _measure(size, rationing, threads=2, days=_YEAR - 1)
    seconds = found.set_up + sum(found.days.wall)
    return Row(
        case=f"a year in full, {_name(size, rationing, 2)}",
        measured=(
            f"{duration(seconds)}, of which {duration(found.set_up)} set-up; "
            f"slowest day {duration(max(found.days.wall))}"
        ),
        value=seconds,
        unit="s",
        most=_MOST_SECONDS_A_YEAR if size == _LARGEST else None,
    )
