"""What the figures of a stressed chain rest on: how well its inputs are known, and what they leave out."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import xarray

from tenon.report.language import Language, day_number
from tenon.report.tables import Column, Table

__all__ = ["Basis", "basis_table", "read_basis"]

_EVIDENCE = ("confirmed", "estimated", "asked", "assumed")


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Counts of the inputs of a stress test.

    Parameters
    ----------
    evidence : tuple of (str, int)
        Kinds of evidence for times to recover, the best first, with the number of their sites.
    supplies, presumed, limited : int
        Supplies in all, those that nobody verified, and those that a contract limits.
    start_up : tuple of float, days
        Time that each source needs before it delivers, where it must be started up first.
    closure_days, within_days : float, days
        How long lanes and passages close, and within how many days a source counts as an alternative; NaN if not known.
    """

    evidence: tuple[tuple[str, int], ...]
    supplies: int
    presumed: int
    limited: int
    start_up: tuple[float, ...]
    closure_days: float
    within_days: float


def read_basis(values: xarray.Dataset, parameters: object) -> Basis | None:
    """Read what a stress test rests on.

    Parameters
    ----------
    values : xarray.Dataset
        Of a stressed chain.
    parameters : object
        What its provenance says about choices.

    Returns
    -------
    Basis or None
        None for a result of an older version.
    """
    if "recovery_evidence" not in values:
        return None
    known = values["recovery_evidence"].to_numpy().tolist()
    start_up = values["supply_start_up_days"].to_numpy()
    chosen = parameters if isinstance(parameters, dict) else {}
    return Basis(
        evidence=tuple((kind, known.count(kind)) for kind in _EVIDENCE if kind in known),
        supplies=values.sizes["supply"],
        presumed=int((~values["supply_verified"].to_numpy().astype(bool)).sum()),
        limited=int(values["supply_is_limited"].to_numpy().sum()),
        start_up=tuple(np.sort(start_up[start_up > 0]).tolist()),
        closure_days=float(chosen.get("closure_days", np.nan)),
        within_days=float(chosen.get("within_days", np.nan)),
    )


def basis_table(basis: Basis, language: Language) -> Table:
    """List what a stress test rests on.

    Parameters
    ----------
    basis : Basis
        What was read.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        One row an input: what it is, how it stands, and what that means.
    """
    text = language.text

    def share(count: int, whole: int) -> str:
        return text("chain.basis.of", number=language.number(count), all=language.number(whole))

    sites = sum(count for _, count in basis.evidence)
    rows = [
        (text(f"chain.basis.{kind}"), share(count, sites), text(f"chain.basis.{kind}_why"))
        for kind, count in basis.evidence
    ]
    counts = {"presumed": basis.presumed, "limited": basis.limited, "start_up": len(basis.start_up)}
    for name, count in counts.items():
        rows.append((text(f"chain.basis.{name}"), share(count, basis.supplies), _why(name, basis, language)))
    if not math.isnan(basis.closure_days):
        days = day_number(language, basis.closure_days)
        rows.append((text("chain.basis.closure"), text("chain.key.days", days=days), text("chain.basis.closure_why")))
    columns = tuple(Column(text(f"chain.column.{name}")) for name in ("input", "stands", "means"))
    return Table("basis", text("chain.caption.basis"), columns, tuple(rows))


def _why(name: str, basis: Basis, language: Language) -> str:
    """Say what an input means for the figures."""
    if name != "start_up" or not basis.start_up:
        return language.text(f"chain.basis.{name}_why")
    within = basis.within_days
    return language.text(
        "chain.basis.start_up_days",
        low=day_number(language, basis.start_up[0]),
        high=day_number(language, basis.start_up[-1]),
        counted=language.number(sum(days <= within for days in basis.start_up)),
        within="–" if math.isnan(within) else day_number(language, within),
    )
