"""Measure, print the table, and write it into the manual: ``python -m bench [--smallest] [--full] [--only CASE]``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable

from bench.cases import (
    Extent,
    against_boario,
    annual_losses,
    batch,
    chain_days,
    chains,
    firms,
    limits,
    platform,
    start,
    stocks,
    systemic,
    willems,
    world,
)
from bench.machine import Quiet, describe_machine, wait_for_quiet
from bench.table import Row, markdown, rewrite
from bench.workers import ROOT, WorkerError

CASES: dict[str, Callable[[Extent], list[Row]]] = {
    "limits": limits.run,
    "against-boario": against_boario.run,
    "batch": batch.run,
    "firms": firms.run,
    "chains": chains.run,
    "chain-days": chain_days.run,
    "willems": willems.run,
    "systemic": systemic.run,
    "world": world.run,
    "annual-losses": annual_losses.run,
    "stocks": stocks.run,
    "platform": platform.run,
    "start": start.run,
}
PAGE = ROOT / "docs" / "benchmarks.md"
_PATIENCE_SECONDS = 180.0
# In cores; more than that makes times of the clock meaningless.
_MOST_DISTURBANCE = 0.25


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--smallest", action="store_true", help="smallest sizes only, and leave the manual alone")
    parser.add_argument("--full", action="store_true", help="whole years instead of extrapolated ones")
    parser.add_argument("--only", choices=CASES, action="append", help="one case (repeatable); leaves the manual alone")
    parser.add_argument("--now", action="store_true", help="neither wait for a quiet machine nor insist on one")
    options = parser.parse_args()
    extent = Extent(smallest=options.smallest, full=options.full)
    if not (extent.smallest or options.now):
        wait_for_quiet(_PATIENCE_SECONDS)
        _come_first()
    quiet = Quiet()
    rows, failed = _measure(options.only or list(CASES), extent, quiet)
    text = f"{describe_machine()}. {quiet.describe()}\n\n{markdown(rows)}"
    print(f"\n{text}")
    if failed:
        sys.exit(f"\nNothing was written, because these cases failed: {', '.join(failed)}.")
    if extent.smallest or options.only:
        return
    if quiet.most > _MOST_DISTURBANCE and not options.now:
        sys.exit(f"\nNot written into {PAGE.relative_to(ROOT)}: the machine was too busy. Run it again, or with --now.")
    rewrite(PAGE, text)
    print(f"\nWritten into {PAGE.relative_to(ROOT)}")


def _measure(names: list[str], extent: Extent, quiet: Quiet) -> tuple[list[Row], list[str]]:
    """Run the cases; one that fails says why and does not take the others with it."""
    rows: list[Row] = []
    failed = []
    for name in names:
        began = time.monotonic()
        quiet.begin()
        try:
            rows += CASES[name](extent)
        except WorkerError as error:
            failed.append(name)
            print(f"{name}: {error}", file=sys.stderr)
        quiet.end(name)
        print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    return rows, failed


def _come_first() -> None:
    """Ask for precedence over other programs, where that is allowed."""
    try:
        os.nice(-5)
    except OSError:
        print("not allowed to take precedence over other programs (nice -n -5)")


if __name__ == "__main__":
    main()
