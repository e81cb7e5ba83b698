"""The 38 chains of Willems (2008), every site of each out in turn: ``python -m bench.willems`` writes their summary.

The workbook is not part of the repository; it is looked for where the tests look for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from bench.machine import Quiet, describe_machine
from bench.table import rewrite
from bench.workers import ROOT, Worker

__all__ = ["Figures", "examine_chains", "find_workbook", "summary"]

NUMBERS = tuple(range(1, 39))
PAGE = ROOT / "docs" / "explanation" / "willems-chains.md"
MARKS = ("<!-- written by python -m bench.willems: begin -->", "<!-- written by python -m bench.willems: end -->")
_FILE = Path("data", "willems_2008", "MSOM-06-038-R2.xlsx")
_HEADING = (
    "| chain | industry | stages | arcs | tiers | sites with an impact | hidden single points | worst impact, % of a "
    "year's margin | days survived | seconds |"
)


class Figures(NamedTuple):
    """What was found of a chain: its number, and the answer of the program that examined it."""

    number: int
    found: dict[str, float]

    @property
    def seconds(self) -> float:
        """Processor time of the stress test and of the single points."""
        return self.found["stress_seconds"] + self.found["points_seconds"]


def find_workbook() -> Path | None:
    """Return the workbook in the shared data, or None if there is none here."""
    file = Path(os.environ.get("TENON_SHARED", ROOT.parent / "shared")) / _FILE
    return file if file.is_file() else None


def examine_chains(workbook: Path, numbers: Sequence[int] = NUMBERS) -> Iterator[Figures]:
    """Examine chains one after the other in a fresh process, and say how far it is.

    Parameters
    ----------
    workbook : Path
        The workbook of the source.
    numbers : sequence of int
        Which chains, 1 to 38.

    Yields
    ------
    Figures
        Of the next chain.
    """
    with Worker("bench.programs.tenon_willems", {"path": str(workbook), "numbers": list(numbers)}) as worker:
        for number in numbers:
            figures = Figures(number, worker.answer())
            print(f"chain {number:02}, {figures.found['stages']:,} stages: {figures.seconds:.1f} s", flush=True)
            yield figures
        worker.finish()


def summary(chains: Sequence[Figures], industries: dict[int, str]) -> str:
    """Return the table of the page.

    Parameters
    ----------
    chains : sequence of Figures
        In the order in which they are shown.
    industries : dict of int to str
        By number of the chain.

    Returns
    -------
    str
        Lines of Markdown.
    """
    lines = [_HEADING, "|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    for number, found in chains:
        days = sorted({f"{found[name]:.3g}" for name in ("shortest_days", "longest_days")}, key=float)
        cells = (
            f"{number}",
            industries[number],
            *(f"{found[name]:,}" for name in ("stages", "arcs", "tiers", "sites_with_impact", "hidden")),
            f"{100 * found['worst_share']:.2g}",
            " to ".join(days),
            f"{found['stress_seconds'] + found['points_seconds']:.2g}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _industries(workbook: Path) -> dict[int, str]:
    """Read the industry of each chain, the description of its SIC code, from table 1 of the workbook."""
    import openpyxl

    rows = openpyxl.load_workbook(workbook, read_only=True)["Summary Tables"].iter_rows(values_only=True)
    for heading in rows:
        if "SIC Description" in heading:
            chain, industry = heading.index("Chain Name"), heading.index("SIC Description")
            named = ((row[chain], str(row[industry]).strip()) for row in islice(rows, len(NUMBERS)))
            return {int(str(number)): name.removesuffix(", Not Elsewhere Classified") for number, name in named}
    message = f"{workbook}, sheet 'Summary Tables', must hold the column 'SIC Description'; download it again."
    raise ValueError(message)


def main() -> None:
    """Examine all chains and write the table into the manual."""
    workbook = find_workbook()
    if workbook is None:
        message = f"no {_FILE} in the shared data; set TENON_SHARED to the folder that holds data/"
        raise SystemExit(message)
    industries = _industries(workbook)
    quiet = Quiet()
    quiet.begin()
    chains = list(examine_chains(workbook))
    quiet.end("Willems")
    rewrite(PAGE, f"{describe_machine()}. {quiet.describe()}\n\n{summary(chains, industries)}", MARKS)
    print(f"Written into {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
