"""How orders are made and rationed, as the kernels read it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Ordering"]


class Ordering(NamedTuple):
    """Rules of one day of orders and deliveries.

    Parameters
    ----------
    weighted : bool
        Whether orders are split by the weights of suppliers rather than by fixed shares.
    floored : bool
        Whether a stock above its target leaves the order for the day's use alone.
    planned : bool
        Whether orders are for the use at the output for which stocks are wanted rather than for today's.
    frozen : bool
        Whether stocks stay untouched today (a quirk of BoARIO).
    use_only : bool
        Whether nothing is ordered for restocking today (a quirk of BoARIO).
    by_flow : bool
        Whether suppliers ration by the undisturbed flow of a link rather than by the order.
    """

    weighted: bool
    floored: bool
    frozen: bool = False
    use_only: bool = False
    by_flow: bool = False
    planned: bool = False
