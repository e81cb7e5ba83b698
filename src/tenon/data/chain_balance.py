"""Checks over the whole of a chain's workbook: inputs without supply, shares, loops, and what hangs loose."""

from __future__ import annotations

import graphlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from tenon.data.chain_cells import BAD
from tenon.data.chain_problems import Findings
from tenon.data.chain_sheet_reading import Filled
from tenon.data.chain_wiring import Wiring

__all__ = ["check_whole"]

Node = TypeVar("Node", int, str)
_SHARE_TOLERANCE = 1e-6
_LOOPS = 20


def check_whole(filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    """Look for what no single row shows.

    Parameters
    ----------
    filled : mapping of str to Filled
        Every sheet.
    wiring : Wiring
        What their rows mean.
    findings : Findings
        Where problems are noted.
    """
    _check_about(filled["about"], findings)
    _check_sites(filled["sites"], findings)
    for closing in ("lanes", "passages"):
        _check_closures(filled[closing], findings)
    _check_fed(filled, wiring, findings)
    _check_shares(filled["suppliers"], wiring, findings)
    _check_bill_loops(filled["bill of materials"], findings)
    _check_supply_loops(filled["suppliers"], wiring, findings)
    _check_loose_ends(filled, wiring, findings)


def _check_about(about: Filled, findings: Findings) -> None:
    for row in range(1, len(about.rows)):
        findings.add(about.problem(row, "", "is a second row; the chain is described in one.", "Delete it."))


def _check_sites(sites: Filled, findings: Findings) -> None:
    for row in range(len(sites.rows)):
        _check_order(sites, row, "recovery", findings)
        unknown = {
            math.isnan(value)
            for value in (sites.values[column][row] for column in ("latitude", "longitude"))
            if isinstance(value, float)
        }
        if len(unknown) > 1:
            what = "has only one of latitude and longitude, so it stands on no map."
            findings.add(sites.problem(row, "", what, "Write both or none.", warning=True))


def _check_closures(closing: Filled, findings: Findings) -> None:
    """Lanes and passages need no time as long as they never close."""
    for row in range(len(closing.rows)):
        _check_order(closing, row, "closure", findings)
        likely, rate = (closing.values[column][row] for column in ("closure likely", "events a year"))
        if isinstance(likely, float) and math.isnan(likely):
            for column in ("closure low", "closure high"):
                end = closing.values[column][row]
                if isinstance(end, float) and not math.isnan(end):
                    what = f"is {end:g}, but the likely time is blank."
                    mend = "Write the likely time too, or leave all three blank."
                    findings.add(closing.problem(row, column, what, mend))
            if isinstance(rate, float) and rate > 0:
                what = f"is blank, but it closes {rate:g} times a year."
                mend = "Write for how many days it then stays closed."
                findings.add(closing.problem(row, "closure likely", what, mend))


def _check_order(sheet: Filled, row: int, what: str, findings: Findings) -> None:
    """Low, likely and high must rise; where one of them is blank nothing is said."""
    low, likely, high = (sheet.values[f"{what} {name}"][row] for name in ("low", "likely", "high"))
    mend = "Write low, likely and high in rising order."
    if isinstance(likely, float):
        if isinstance(low, float) and low > likely:
            findings.add(sheet.problem(row, f"{what} low", f"is {low:g}, above the likely time of {likely:g}.", mend))
        if isinstance(high, float) and high < likely:
            findings.add(sheet.problem(row, f"{what} high", f"is {high:g}, below the likely time of {likely:g}.", mend))


def _check_fed(filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    fed = {supply.input for supply in wiring.supplies}
    made = {stage.part for stage in wiring.stages}
    for position, item in enumerate(wiring.inputs):
        if position in fed:
            continue
        stage = wiring.stages[item.stage]
        what = f"{str(stage)!r} needs {item.part!r}, but nobody supplies it."
        mend = f"Add a row with the buyer {stage.site!r} to the sheet {filled['suppliers'].title!r}."
        if item.part not in made:
            what = f"{str(stage)!r} needs {item.part!r}, but no site makes it, buys it in or passes it on."
            sheets = f"{filled['production'].title!r} and one to the sheet {filled['suppliers'].title!r}"
            mend = f"Add a row for it to the sheet {sheets}."
        findings.add(filled["production"].problem(stage.row, "part", what, mend))


def _check_shares(suppliers: Filled, wiring: Wiring, findings: Findings) -> None:
    """Shares of the sources in use must add up to one, unless one of them takes the rest."""
    rows: dict[int, list[int]] = defaultdict(list)
    for supply in wiring.supplies:
        if suppliers.values["start-up days"][supply.row] == 0:
            rows[supply.input].append(supply.row)
    for position, used in rows.items():
        shares = [suppliers.values["share"][row] for row in used]
        if BAD in shares:
            continue
        known = [share for share in shares if isinstance(share, float) and not math.isnan(share)]
        total = sum(known)
        open_ended = len(known) < len(shares)
        if total > 1 + _SHARE_TOLERANCE or (not open_ended and total < 1 - _SHARE_TOLERANCE):
            item = wiring.inputs[position]
            listed = ", ".join(str(suppliers.rows[row]) for row in used)
            what = (
                f"shares of {item.part!r} for {str(wiring.stages[item.stage])!r} add up to {total:g} (rows {listed})."
            )
            mend = "Let them add up to 1, or leave one blank, which then takes the rest."
            findings.add(suppliers.problem(used[0], "share", what, mend))


def _check_bill_loops(bill: Filled, findings: Findings) -> None:
    """Rows without a site hold everywhere, so a loop among them can be made nowhere."""
    arrows: dict[str, dict[str, int]] = defaultdict(dict)
    for row, (site, part, needed) in enumerate(
        zip(bill.values["site"], bill.texts("part"), bill.texts("input"), strict=True)
    ):
        if site is None and part is not None and needed is not None:
            arrows[part].setdefault(needed, row)
    for loop in _loops(arrows):
        what = f"the bill of materials runs in a loop: {' needs '.join(repr(part) for part in loop)}."
        mend = "Delete one of these rows; give what is used again a name of its own, such as 'scrap'."
        findings.add(bill.problem(arrows[loop[0]][loop[1]], "", what, mend))


def _check_supply_loops(suppliers: Filled, wiring: Wiring, findings: Findings) -> None:
    arrows: dict[int, dict[int, int]] = defaultdict(dict)
    for supply in wiring.supplies:
        arrows[supply.buyer][supply.supplier] = supply.row
    for loop in _loops(arrows):
        named = [str(wiring.stages[stage]) for stage in reversed(loop)]
        what = f"supplies run in a loop: {' -> '.join(named)}."
        findings.add(suppliers.problem(arrows[loop[0]][loop[1]], "", what, "Delete one of these supplies."))


def _loops(arrows: Mapping[Node, Mapping[Node, int]]) -> Iterable[list[Node]]:
    """Yield loops, each from a node back to itself, without the arrows of those found before.

    A loop begins with its first row, so that it reads the same in every run.
    """
    rest = {node: list(ends) for node, ends in arrows.items()}
    for _ in range(_LOOPS):
        try:
            graphlib.TopologicalSorter(rest).prepare()
        except graphlib.CycleError as error:
            # Each node of the list comes before the next, so in our direction the list runs backwards.
            loop: list[Node] = list(reversed(error.args[1]))[:-1]
            rows = [arrows[node][loop[(place + 1) % len(loop)]] for place, node in enumerate(loop)]
            start = rows.index(min(rows))
            turned: list[Node] = loop[start:] + loop[: start + 1]
            rest[turned[0]].remove(turned[1])
            yield turned
        else:
            return


def _check_loose_ends(filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    busy = {stage.site for stage in wiring.stages}
    _note_unused(filled["sites"], "site", busy, "no part is made, bought in or passed on here.", findings)
    used = {stage.part for stage in wiring.stages} | {item.part for item in wiring.inputs}
    _note_unused(filled["parts"], "part", used, "no site makes it and none needs it.", findings)
    travelled = {lane for lane in filled["suppliers"].texts("lane") if lane}
    _note_unused(filled["lanes"], "lane", travelled, "no supply travels on it.", findings)
    passed = {name for names in filled["lanes"].values["passages"] if isinstance(names, tuple) for name in names}
    _note_unused(filled["passages"], "passage", passed, "no lane passes what is written like this.", findings)
    taken = {supply.supplier for supply in wiring.supplies} | {stage for stage, _ in wiring.demands}
    production = filled["production"]
    for position, stage in enumerate(wiring.stages):
        if position not in taken:
            what = f"{str(stage)!r} goes to nobody: no supply and no demand takes it."
            mend = f"Add a row to the sheet {filled['suppliers'].title!r} or {filled['demand'].title!r}, or delete it."
            findings.add(production.problem(stage.row, "", what, mend, warning=True))


def _note_unused(sheet: Filled, column: str, used: set[str], why: str, findings: Findings) -> None:
    for row, label in enumerate(sheet.texts(column)):
        if label is not None and label not in used:
            mend = "Use it, or delete the row."
            findings.add(sheet.problem(row, column, f"{label!r} hangs loose: {why}", mend, warning=True))
