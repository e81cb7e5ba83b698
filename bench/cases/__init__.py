"""What is compared: one module a case, each with a function ``run`` that returns rows of the table."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Extent"]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured.

    Parameters
    ----------
    smallest : bool
        Only the smallest size of each case and few days, to see that it works.
    full : bool
        Whole years where otherwise some days are extrapolated.
    """

    smallest: bool = False
    full: bool = False
