"""Checks over the whole of a chain's workbook: inputs without supply, shares, loops, and what hangs loose."""

from __future__ import annotations

import graphlib
import math
import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from tenon.data.chain_cells import BAD
from tenon.data.chain_problems import Findings, Place
from tenon.data.chain_sheet_reading import Filled
from tenon.data.chain_wiring import Input, Wiring
from tenon.data.chain_words import currencies, spelling

__all__ = ["check_whole"]

Node = TypeVar("Node", int, str)
_SHARE_TOLERANCE = 1e-6
_LOOPS = 20
_COMMAS = re.compile(r"[,\u3001]")


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
    _check_passages(filled["lanes"], findings)
    _check_fed(filled, wiring, findings)
    _check_shares(filled["suppliers"], wiring, findings)
    _check_bill_loops(filled["bill of materials"], findings)
    _check_supply_loops(filled["suppliers"], wiring, findings)
    _check_loose_ends(filled, wiring, findings)


def _check_about(about: Filled, findings: Findings) -> None:
    for row in range(1, len(about.rows)):
        findings.note(about.place(row), "cell.second_row")
    currency = next(iter(about.texts("currency")), None)
    codes = currencies()
    if currency is not None and currency not in codes.values():
        code = codes.get(spelling(currency))
        key = "cell.currency_guessed" if code else "cell.currency"
        findings.note(about.place(0, "currency"), key, warning=True, shown=currency, code=code)


def _check_sites(sites: Filled, findings: Findings) -> None:
    for row in range(len(sites.rows)):
        _check_order(sites, row, "recovery", findings)
        unknown = {
            math.isnan(value)
            for value in (sites.values[column][row] for column in ("latitude", "longitude"))
            if isinstance(value, float)
        }
        if len(unknown) > 1:
            findings.note(sites.place(row), "cell.half_a_place", warning=True)


def _check_passages(lanes: Filled, findings: Findings) -> None:
    """Passages are separated by semicolons; a comma may be part of a name, but rarely is."""
    for row, passages in enumerate(lanes.values["passages"]):
        for passage in passages if isinstance(passages, tuple) else ():
            parts = _pieces(passage)
            if parts != [passage]:
                mended = "; ".join(parts)
                findings.note(
                    lanes.place(row, "passages"), "cell.names_with_comma", warning=True, shown=passage, mended=mended
                )


def _pieces(passage: str) -> list[str]:
    return [piece.strip() for piece in _COMMAS.split(passage) if piece.strip()]


def _check_closures(closing: Filled, findings: Findings) -> None:
    """Lanes and passages need no time as long as they never close."""
    for row in range(len(closing.rows)):
        _check_order(closing, row, "closure", findings)
        likely, rate = (closing.values[column][row] for column in ("closure likely", "events a year"))
        if isinstance(likely, float) and math.isnan(likely):
            for column in ("closure low", "closure high"):
                end = closing.values[column][row]
                if isinstance(end, float) and not math.isnan(end):
                    findings.note(closing.place(row, column), "cell.no_likely", shown=f"{end:g}")
            if isinstance(rate, float) and rate > 0:
                findings.note(closing.place(row, "closure likely"), "cell.closes_unknown", rate=f"{rate:g}")


def _check_order(sheet: Filled, row: int, what: str, findings: Findings) -> None:
    """Low, likely and high must rise; where one of them is blank nothing is said."""
    low, likely, high = (sheet.values[f"{what} {name}"][row] for name in ("low", "likely", "high"))
    if isinstance(likely, float):
        for end, time, wrong in (("low", low, operator.gt), ("high", high, operator.lt)):
            if isinstance(time, float) and wrong(time, likely):
                key = "cell.above_likely" if end == "low" else "cell.below_likely"
                findings.note(sheet.place(row, f"{what} {end}"), key, shown=f"{time:g}", likely=f"{likely:g}")


def _check_fed(filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    fed = {supply.input for supply in wiring.supplies}
    made = {stage.part for stage in wiring.stages}
    hungry = [item for position, item in enumerate(wiring.inputs) if position not in fed]
    if hungry:
        _note_no_suppliers(filled["suppliers"], hungry, wiring, findings)
    for item in hungry:
        stage = wiring.stages[item.stage]
        if item.part in made:
            key = "whole.no_supplier"
            follows = findings.may_say("suppliers", {"part": item.part, "buyer": stage.site})
        else:
            key = "whole.no_maker"
            follows = findings.may_say("production", {"part": item.part})
        findings.note(
            filled["production"].place(stage.row, "part"),
            key,
            follows=follows,
            stage=str(stage),
            part=item.part,
            site=stage.site,
            production=filled["production"].title,
            suppliers=filled["suppliers"].title,
        )


def _note_no_suppliers(suppliers: Filled, hungry: list[Input], wiring: Wiring, findings: Findings) -> None:
    """Say once that there are no supplies at all."""
    if suppliers.rows or findings.left_out("suppliers"):
        return
    purpose = findings.words.within(suppliers.sheet.purpose, suppliers.sheet.purpose_zh)
    stage = str(wiring.stages[hungry[0].stage])
    place = Place(suppliers.title)
    findings.note(place, "sheet.nobody_supplies", number=len(hungry), part=hungry[0].part, stage=stage, purpose=purpose)
    findings.leave_out("suppliers")


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
            stage = wiring.stages[item.stage]
            findings.note(
                suppliers.place(used[0], "share"),
                "whole.shares",
                follows=findings.may_say("suppliers", {"part": item.part, "buyer": stage.site}),
                part=item.part,
                stage=str(stage),
                total=f"{total:g}",
                rows=", ".join(str(suppliers.rows[row]) for row in used),
            )


def _check_bill_loops(bill: Filled, findings: Findings) -> None:
    """Rows without a site hold everywhere, so a loop among them can be made nowhere."""
    arrows: dict[str, dict[str, int]] = defaultdict(dict)
    for row, (site, part, needed) in enumerate(
        zip(bill.values["site"], bill.texts("part"), bill.texts("input"), strict=True)
    ):
        if site is None and part is not None and needed is not None:
            arrows[part].setdefault(needed, row)
    words = findings.words
    for loop in _loops(arrows):
        findings.note(
            bill.place(arrows[loop[0]][loop[1]]),
            "whole.bill_loop",
            loop=words.say("word.needs").join(map(words.quoted, loop)),
        )


def _check_supply_loops(suppliers: Filled, wiring: Wiring, findings: Findings) -> None:
    arrows: dict[int, dict[int, int]] = defaultdict(dict)
    for supply in wiring.supplies:
        arrows[supply.buyer][supply.supplier] = supply.row
    for loop in _loops(arrows):
        named = [str(wiring.stages[stage]) for stage in reversed(loop)]
        findings.note(suppliers.place(arrows[loop[0]][loop[1]]), "whole.supply_loop", loop=" -> ".join(named))


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
    _note_idle(filled["sites"], "site", busy, {"production": ("site",)}, findings)
    used = {stage.part for stage in wiring.stages} | {item.part for item in wiring.inputs}
    may = {"production": ("part",), "bill of materials": ("part", "input")}
    _note_idle(filled["parts"], "part", used, may, findings)
    travelled = {lane for lane in filled["suppliers"].texts("lane") if lane}
    if not travelled <= wiring.lanes.keys():
        findings.leave_out("lanes of suppliers")
    _note_idle(filled["lanes"], "lane", travelled, {"suppliers": (), "lanes of suppliers": ()}, findings)
    named = {name for names in filled["lanes"].values["passages"] if isinstance(names, tuple) for name in names}
    # Names separated by commas are told of already.
    passed = named.union(*map(_pieces, named))
    _note_idle(filled["passages"], "passage", passed, {"lanes": ()}, findings)
    taken = {supply.supplier for supply in wiring.supplies} | {stage for stage, _ in wiring.demands}
    for position, stage in enumerate(wiring.stages):
        if position not in taken:
            supplied = findings.may_say("suppliers", {"supplier": stage.site, "part": stage.part})
            demanded = findings.may_say("demand", {"site": stage.site, "part": stage.part})
            findings.note(
                filled["production"].place(stage.row),
                "whole.no_outlet",
                warning=True,
                follows=supplied or demanded,
                stage=str(stage),
                suppliers=filled["suppliers"].title,
                demand=filled["demand"].title,
            )


def _note_idle(
    sheet: Filled, column: str, used: set[str], may: Mapping[str, Iterable[str]], findings: Findings
) -> None:
    """Warn of names that nothing uses; ``may`` says in which columns of which sheets they might have been used."""
    for row, label in enumerate(sheet.texts(column)):
        if label is not None and label not in used:
            follows = any(
                findings.left_out(other) or any(findings.may_say(other, {named: label}) for named in columns)
                for other, columns in may.items()
            )
            place = sheet.place(row, column)
            findings.note(place, f"whole.idle_{column}", warning=True, follows=follows, label=label)
