"""All 38 chains of Willems (2008): every site of each out in turn, and every single point of failure."""

from __future__ import annotations

from bench.cases import Extent
from bench.table import Row, duration
from bench.willems import NUMBERS, examine_chains, find_workbook

__all__ = ["run"]

_SMALLEST = (1, 2, 6)


def run(extent: Extent) -> list[Row]:
    """Examine the chains, or say that their workbook is not here."""
    numbers = _SMALLEST if extent.smallest else NUMBERS
    workbook = find_workbook()
    if workbook is None:
        return [Row(case="the chains of Willems (2008)", measured="not measured: no workbook in the shared data here")]
    chains = list(examine_chains(workbook, numbers))
    totals = {
        name: sum(chain.found[name] for chain in chains) for name in ("sites", "stress_seconds", "points_seconds")
    }
    return [
        Row(
            case=f"{len(chains)} chains of Willems (2008), each of {totals['sites']:,} sites out in turn, one thread",
            measured=f"{duration(totals['stress_seconds'])} (the slowest chain "
            f"{duration(max(chain.found['stress_seconds'] for chain in chains))})",
        ),
        Row(
            case=f"{len(chains)} chains of Willems (2008), all single points of failure, one thread",
            measured=duration(totals["points_seconds"]),
        ),
    ]
