"""Five thousand events of a chain of 1,700 stages, on one worker process and on two."""

from __future__ import annotations

import time
from functools import partial

from bench import samples
from bench.cases import Extent
from bench.table import Row, duration
from tenon.ensemble import processes, run_each
from tenon.schema import SupplyChain
from tenon.vulnerability import OutageImpact, annual_losses

__all__ = ["run"]

_SIZE = (200, 500, 1000)
_SMALLEST = (4, 10, 20)
_EVENTS_A_YEAR = 5.0
_YEARS = 1000
_MOST_SECONDS = 30.0
_LEAST_RATIO = 1.7


def run(extent: Extent) -> list[Row]:
    """Draw the years, and price their events on one worker and on two."""
    size, years = (_SMALLEST, 20) if extent.smallest else (_SIZE, _YEARS)
    chain = samples.company_chain(*size, events_per_year=_EVENTS_A_YEAR)
    one, events = _measure(chain, years, workers=1)
    two, _ = _measure(chain, years, workers=2)
    what = f"{events:,} events of {len(chain.sites):,} sites"
    return [
        Row(case=f"{what}, two workers", measured=duration(two), value=two, unit="s", most=_MOST_SECONDS),
        Row(
            case=f"{what}, two workers against one",
            measured=duration(two),
            against=f"one worker: {duration(one)}",
            value=one / two,
            least=_LEAST_RATIO,
        ),
    ]


def _measure(chain: SupplyChain, years: int, *, workers: int) -> tuple[float, int]:
    """Return the time on the clock, start of the processes included, and the number of events."""
    began = time.perf_counter()
    each = partial(run_each, pool=processes(workers))
    result = annual_losses(chain, OutageImpact(chain), years=years, levels=(0.9,), each=each)
    return time.perf_counter() - began, int(result.values["events"].sum())
