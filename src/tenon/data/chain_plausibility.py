"""Warnings about figures that are possible but hardly meant: events too often, and demand that cannot be met."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenon.data.chain_problems import Findings
from tenon.data.chain_sheet_reading import Filled
from tenon.data.chain_wiring import Wiring
from tenon.schema.chains import SupplyChain
from tenon.schema.sourcing import most_fed_output

__all__ = ["check_plausible"]

_LIKELY = 1
_DAYS_OF_A_YEAR = 365.0
_TOLERANCE = 1e-6


def check_plausible(chain: SupplyChain, filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    """Look for what contradicts nothing and is hardly meant.

    Parameters
    ----------
    chain : SupplyChain
        The chain that the workbook makes.
    filled : mapping of str to Filled
        Every sheet.
    wiring : Wiring
        What their rows mean.
    findings : Findings
        Where warnings are noted.
    """
    _check_rates(chain, filled, wiring, findings)
    _check_demands(chain, filled["demand"], wiring, findings)


def _check_rates(chain: SupplyChain, filled: Mapping[str, Filled], wiring: Wiring, findings: Findings) -> None:
    """Warn of events that follow each other faster than what they hit comes back, or more often than once a year."""
    times = (
        ("sites", chain.sites.events_per_year, chain.sites.recovery_days),
        ("lanes", chain.lanes.events_per_year, chain.lanes.closure_days),
        ("passages", chain.passages.events_per_year, chain.passages.closure_days),
    )
    for sheet, rates, days in times:
        for row, (rate, likely) in enumerate(zip(rates.tolist(), days[:, _LIKELY].tolist(), strict=True)):
            _check_rate(filled[sheet], row, rate, likely, findings)
    likely_of = dict(zip(chain.sites.labels, chain.sites.recovery_days[:, _LIKELY].tolist(), strict=True))
    for label, group in chain.groups.items():
        longest = max(likely_of[site] for site in group.sites)
        _check_rate(filled["groups"], wiring.groups[label][0], group.events_per_year, longest, findings)


def _check_rate(sheet: Filled, row: int, rate: float, days: float, findings: Findings) -> None:
    place, shown = sheet.place(row, "events a year"), f"{rate:g}"
    if rate * days > _DAYS_OF_A_YEAR:
        total = f"{rate * days:g}"
        findings.note(place, "whole.all_year", warning=True, shown=shown, days=f"{days:g}", total=total)
    elif rate > 1:
        # It may be meant; more often it is a probability in percent.
        findings.note(place, "whole.often", warning=True, shown=shown, fraction=f"{rate / 100:g}")


def _check_demands(chain: SupplyChain, demand: Filled, wiring: Wiring, findings: Findings) -> None:
    """Warn where customers of a stage ask for more than all that can reach it allows, at the first of their rows."""
    asked = np.bincount(chain.demands.stage, chain.demands.quantity, len(chain.stages))
    most = most_fed_output(chain)
    told: set[int] = set()
    for stage, row in wiring.demands:
        if asked[stage] > most[stage] * (1 + _TOLERANCE) and stage not in told:
            told.add(stage)
            findings.note(
                demand.place(row, "quantity"),
                "whole.too_much_asked",
                warning=True,
                asked=f"{asked[stage]:.6g}",
                unit=chain.parts.units[chain.stages.part[stage]],
                stage=chain.stage_labels[stage],
                most=f"{most[stage]:.6g}",
            )
