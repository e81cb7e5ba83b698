"""What outages do from day to day, read from a result once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray

from tenon.schema import Float

__all__ = ["Followed", "read_followed"]

_COLUMNS = (
    "followed", "out_days", "margin_lost_a_day", "first_loss_day", "over_day", "first_customer", "first_product",
    "first_short_day", "first_short_stage", "first_short_part",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Followed:
    """One outage from day to day.

    Parameters
    ----------
    name : str
        What is out.
    days : float, days
        How long.
    lost : (T,) array, currency per day
        Margin lost on each day.
    first, over : float, days
        First day on which a customer goes short, and first from which all get everything; NaN where there is none.
    customer, product : str
        Who goes short first, and of what; empty where nobody does.
    short_day : float, days
        Day on which the first stock ends; NaN where none does.
    short_stage, short_part : str
        Where, and what was in it.
    """

    name: str
    days: float
    lost: Float
    first: float
    over: float
    customer: str
    product: str
    short_day: float
    short_stage: str
    short_part: str

    @property
    def total(self) -> float:
        """Return the margin lost in all, currency."""
        return float(self.lost.sum())

    @property
    def hurts(self) -> bool:
        """Say whether a customer goes short."""
        return bool(np.isfinite(self.first))


def read_followed(values: xarray.Dataset) -> tuple[Followed, ...]:
    """Read what was followed from day to day.

    Parameters
    ----------
    values : xarray.Dataset
        Of a stressed chain.

    Returns
    -------
    tuple of Followed
        In the order of the result; empty if nothing was followed.
    """
    if "followed" not in values.dims:
        return ()
    rows = zip(*(values[name].to_numpy() for name in _COLUMNS), strict=True)
    return tuple(
        Followed(
            name=str(name),
            days=float(days),
            lost=lost,
            first=float(first),
            over=float(over),
            customer=str(customer),
            product=str(product),
            short_day=float(short_day),
            short_stage=str(stage),
            short_part=str(part),
        )
        for name, days, lost, first, over, customer, product, short_day, stage, part in rows
    )
