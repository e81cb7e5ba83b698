"""What a year of bad luck costs, read from a result once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray

from tenon.report.language import Money
from tenon.schema import Float, ParameterError, Result

__all__ = ["KINDS", "Cause", "Level", "Risk", "read_risk"]

KINDS = ("site", "group", "lane", "passage")
"""What may fail."""

_NEEDED = (
    "expected_annual_loss", "annual_loss_exceeded", "value_at_risk",
    *(f"{name}_{kind}" for kind in KINDS for name in ("expected_loss_by", "events_per_year_of")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Level:
    """What the years beyond a level of probability cost.

    Parameters
    ----------
    level : float, probability
        Share of years that are better.
    reached, beyond : float, currency
        What these years cost at least, and on average.
    reached_interval, beyond_interval : pair of float, currency
        Interval of each with 95 % confidence.
    """

    level: float
    reached: float
    reached_interval: tuple[float, float]
    beyond: float
    beyond_interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """A site, group, lane or passage that costs something.

    Parameters
    ----------
    name, kind : str
        Which.
    rate : float, 1/year
        How often it fails or closes.
    expected, tail : float, currency
        Its part of the expected loss, and of the loss beyond the highest level.
    """

    name: str
    kind: str
    rate: float
    expected: float
    tail: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Risk:
    """Everything that the page says.

    Parameters
    ----------
    name : str
        Of the chain.
    money : Money
        Its currency.
    illustrative : bool
        Whether the chain was made up.
    closes : bool
        Whether any lane or passage has events.
    expected : float, currency
        Mean loss of a year.
    interval : pair of float, currency
        Its interval with 95 % confidence.
    levels : tuple of Level
        The mildest first.
    causes : tuple of Cause
        The costliest first.
    annual, greatest : array, currency
        Loss of each year, and of its costliest event; each falling.
    calm : float, share of years
        In which nothing is lost.
    """

    name: str
    money: Money
    illustrative: bool
    closes: bool
    expected: float
    interval: tuple[float, float]
    levels: tuple[Level, ...]
    causes: tuple[Cause, ...]
    annual: Float
    greatest: Float
    calm: float

    def of_kind(self, kind: str) -> float:
        """Return the part of the expected loss that one kind of cause makes.

        Parameters
        ----------
        kind : str
            One of ``KINDS``.

        Returns
        -------
        float, currency
            Zero where it makes none.
        """
        return sum(cause.expected for cause in self.causes if cause.kind == kind)


def read_risk(result: Result) -> Risk:
    """Read a result.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.chain_risk`.

    Returns
    -------
    Risk
        What the page says.

    Raises
    ------
    ParameterError
        If the result is none of annual losses.
    """
    values = result.values
    missing = [name for name in _NEEDED if name not in values]
    if missing:
        message = (
            f"a report of annual losses needs their result; this one lacks {', '.join(missing)}. Run "
            "tenon.studies.chain_risk."
        )
        raise ParameterError(message)
    chain = result.provenance.get("chain")
    about = chain if isinstance(chain, dict) else {}
    annual = np.sort(values["annual_loss"].to_numpy())[::-1]
    return Risk(
        name=str(about.get("name", "")),
        money=Money(str(values["expected_annual_loss"].attrs.get("units", ""))),
        illustrative=bool(about.get("illustrative", False)),
        closes=any(bool((values[f"events_per_year_of_{kind}"] > 0).any()) for kind in ("lane", "passage")),
        expected=float(values["expected_annual_loss"]),
        interval=_interval(values["expected_annual_loss_interval"]),
        levels=_levels(values),
        causes=_causes(values),
        annual=annual,
        greatest=np.sort(values["greatest_loss"].to_numpy())[::-1],
        calm=float((annual == 0).mean()),
    )


def _interval(bounds: xarray.DataArray) -> tuple[float, float]:
    return float(bounds.sel(bound="low")), float(bounds.sel(bound="high"))


def _levels(values: xarray.Dataset) -> tuple[Level, ...]:
    rows = (values.isel(level=row) for row in values["level"].to_numpy().argsort())
    return tuple(
        Level(
            level=float(row["level"]),
            reached=float(row["value_at_risk"]),
            reached_interval=_interval(row["value_at_risk_interval"]),
            beyond=float(row["conditional_value_at_risk"]),
            beyond_interval=_interval(row["conditional_value_at_risk_interval"]),
        )
        for row in rows
    )


def _causes(values: xarray.Dataset) -> tuple[Cause, ...]:
    worst = values.isel(level=int(values["level"].to_numpy().argmax()))
    found = [
        Cause(name=str(name), kind=kind, rate=rate, expected=expected, tail=tail)
        for kind in KINDS
        for name, rate, expected, tail in zip(
            worst[kind].to_numpy().tolist(),
            worst[f"events_per_year_of_{kind}"].to_numpy().tolist(),
            worst[f"expected_loss_by_{kind}"].to_numpy().tolist(),
            worst[f"tail_loss_by_{kind}"].to_numpy().tolist(),
            strict=True,
        )
        if expected > 0
    ]
    return tuple(sorted(found, key=lambda cause: (-cause.expected, cause.name)))
