"""The economic systemic risk index, a failing firm at a time, against the figure measured of its authors' program.

And the making of a synthetic economy, on which the index can be tried at full size.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench import samples
from bench.cases import Extent
from bench.table import Row, duration, thread_count
from bench.workers import Worker

__all__ = ["run"]

# Processor time of fastcascade 0.9.3.1 for one of 91,595 firms with 229,000 links in 577 sectors, replaceable, eps
# 0.01: measured once on another, comparable machine, because the program needs R.
_PEER_SECONDS = 1.42
_LEAST_RATIO = 30.0
_MOST_SECONDS = 300.0
_MOST_SECONDS_TO_MAKE = 120.0


@dataclass(frozen=True)
class _Size:
    """A network, and how many firms fail; 0: all."""

    firms: int
    links: int
    sectors: int
    failing: int


_LIKE_THE_PEER = _Size(91_595, 229_000, 577, 500)
_ALL = _Size(20_000, 100_000, 100, 0)
_SMALLEST = _Size(2000, 10_000, 97, 20)


def run(extent: Extent) -> list[Row]:
    """Measure firms one by one on the larger network, and all of them on the smaller."""
    if extent.smallest:
        return [_shock_row(_SMALLEST, replaceable=True), _making_row(3000, 100_000)]
    return [
        _shock_row(_LIKE_THE_PEER, replaceable=True),
        _shock_row(_LIKE_THE_PEER, replaceable=False),
        _all_row(_ALL, threads=1),
        _all_row(_ALL, threads=2),
        _making_row(1_000_000, 5_000_000),
    ]


def _measure(size: _Size, *, replaceable: bool, threads: int) -> dict[str, float]:
    folder = samples.firm_network(size.firms, size.links, sectors=size.sectors)
    config = {"folder": str(folder), "replaceable": replaceable, "failing": size.failing, "threads": threads}
    with Worker("bench.programs.tenon_systemic", config, threads=threads) as worker:
        return worker.finish()


def _name(size: _Size, *, replaceable: bool) -> str:
    kind = "replaceable" if replaceable else "nobody replaceable"
    return f"{size.firms:,} firms, {size.links:,} links, {size.sectors} sectors, mixed needs, {kind}"


def _shock_row(size: _Size, *, replaceable: bool) -> Row:
    found = _measure(size, replaceable=replaceable, threads=1)
    seconds = found["processor"] / found["failures"]
    # The peer's figure is that of its own network of this size, with replaceable sellers.
    compared = replaceable and size == _LIKE_THE_PEER
    return Row(
        case=f"systemic risk of a firm, {_name(size, replaceable=replaceable)}, 1 thread",
        measured=f"{duration(seconds)}, set-up included ({found['rounds']:.1f} rounds)",
        against=f"fastcascade 0.9.3.1, measured before: {duration(_PEER_SECONDS)} (3.6 rounds)" if compared else "",
        value=_PEER_SECONDS / seconds if compared else None,
        least=_LEAST_RATIO if compared else None,
    )


def _all_row(size: _Size, *, threads: int) -> Row:
    found = _measure(size, replaceable=True, threads=threads)
    return Row(
        case=f"systemic risk of all firms, {_name(size, replaceable=True)}, {thread_count(threads)}",
        measured=f"{duration(found['wall'])} ({found['rounds']:.1f} rounds a firm)",
        value=found["wall"],
        unit="s",
        most=_MOST_SECONDS if threads > 1 else None,
    )


def _making_row(firms: int, links: int) -> Row:
    with Worker("bench.programs.tenon_synthetic", {"firms": firms, "links": links}) as worker:
        found = worker.finish()
    return Row(
        case=f"making a synthetic economy of {firms:,} firms with {links:,} links from the world table",
        measured=f"{duration(found['wall'])} (peak memory {found['peak'] / 2**20:,.0f} MiB)",
        value=found["wall"],
        unit="s",
        most=_MOST_SECONDS_TO_MAKE,
    )
