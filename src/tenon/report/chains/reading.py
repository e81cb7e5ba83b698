"""What the pages say about a stressed chain, read from its result once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap

import numpy as np
import xarray

from tenon.report.chains.basis import Basis, read_basis
from tenon.report.chains.days import Followed, read_followed
from tenon.report.language import Money
from tenon.schema import Float, ParameterError, Result

__all__ = ["ChainFindings", "Network", "Outaged", "Point", "read_chain_result"]

_NEEDED = (
    "performance_impact",
    "undisturbed_loss",
    "recovery_days",
    "survival_days",
    "survival_is_capped",
    "risk_exposure_index",
    "outage_kind",
    "margin",
)
_NOTICEABLE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Outaged:
    """One outage and what it costs.

    Parameters
    ----------
    name, kind : str
        What is out: a site, group, lane or passage.
    impact : (3,) tuple of float, currency
        Margin lost beyond what is lost anyway, for a low, likely and high time to recover.
    recovery : (3,) tuple of float, days
        These times.
    survives : float, days
        Time without any loss; at least that where ``capped``.
    capped : bool
        Whether it lasts beyond the longest time that was looked at.
    index : float, dimensionless
        Risk exposure index: impact relative to the largest one.
    spend : float, currency per day
        What is bought from the site in normal times; NaN where it is no site or not known.
    earlier : float, currency per day
        Saved if the outage were a day shorter.
    remedy : str
        Stage where a little more stock saves most for its cost; empty where none does or it is not known.
    remedy_return : float, dimensionless
        What that stock saves for its cost.
    """

    name: str
    kind: str
    impact: tuple[float, float, float]
    recovery: tuple[float, float, float]
    survives: float
    capped: bool
    index: float
    spend: float
    earlier: float
    remedy: str
    remedy_return: float

    @property
    def gap(self) -> float:
        """Days by which recovery takes longer than stocks last, for the likely time to recover; below zero: spare."""
        return self.recovery[1] - self.survives


@dataclass(frozen=True)
class Point:
    """A single point of failure; see :func:`tenon.vulnerability.single_points`.

    Parameters
    ----------
    kind, cause : str
        What fails: a site, group, lane or passage.
    product : str
        Stage that stops.
    stake : float, currency per day
        Margin of that stage.
    tiers : int
        Supplies between the two.
    hidden : bool
        Whether it stands beyond the direct suppliers.
    standing : str
        ``"verified"``, ``"presumed"`` or ``"masked"``.
    path : str
        The proof.
    steps : tuple of (str, str, tuple of str)
        The same: who needs which part, and everybody who supplies it.
    """

    kind: str
    cause: str
    product: str
    stake: float
    tiers: int
    hidden: bool
    standing: str
    path: str
    steps: tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Network:
    """The chain itself, for drawing: stages with their tier, and supplies between them.

    Parameters
    ----------
    stages, sites : tuple of str
        Label and site of each of ``N`` stages.
    depth : (N,) array of int
        Supplies to the end of the chain.
    supplier, buyer : (L,) array of int
        Ends of each supply.
    flow : (L,) array, units per day
        What passes in normal times.
    verified : (L,) array of bool
        Whether the supply is known rather than presumed.
    """

    stages: tuple[str, ...]
    sites: tuple[str, ...]
    depth: np.ndarray
    supplier: np.ndarray
    buyer: np.ndarray
    flow: Float
    verified: np.ndarray


@dataclass(frozen=True, kw_only=True)
class ChainFindings:
    """Everything the pages say.

    Parameters
    ----------
    name : str
        Name of the chain.
    money : Money
        Currency of its figures.
    margin : float, currency per day
        What all products earn.
    outages : tuple of Outaged
        The most expensive first.
    points : tuple of Point
        Single points of failure; those with most at stake first.
    pairs : tuple of (str, str, float)
        Pairs of sites that stop a product together, with the margin per day at stake.
    products : tuple of str
        Labels of the stages with demand.
    network : Network
        The chain.
    followed : tuple of Followed
        Outages that were followed from day to day; the most expensive first.
    illustrative : bool
        Whether the chain was made up.
    examined : (int, int)
        Outages that were examined, and that were wanted: the longest are missing after an interrupt.
    basis : Basis, optional
        What the figures rest on.
    """

    name: str
    money: Money
    margin: float
    outages: tuple[Outaged, ...]
    points: tuple[Point, ...]
    pairs: tuple[tuple[str, str, float], ...]
    products: tuple[str, ...]
    network: Network
    followed: tuple[Followed, ...]
    illustrative: bool
    examined: tuple[int, int]
    basis: Basis | None

    @property
    def complete(self) -> bool:
        """Whether every outage was examined."""
        return self.examined[0] == self.examined[1]

    def of_kind(self, *kinds: str) -> tuple[Outaged, ...]:
        """Return the outages of some kinds.

        Parameters
        ----------
        *kinds : str
            Such as ``"site"``.

        Returns
        -------
        tuple of Outaged
            The most expensive first.
        """
        return tuple(outage for outage in self.outages if outage.kind in kinds)

    @property
    def hidden(self) -> tuple[Point, ...]:
        """Return the hidden points that hold today, those with most at stake first."""
        return tuple(point for point in self.points if point.hidden and point.standing != "masked")

    @property
    def hidden_sites(self) -> tuple[str, ...]:
        """Return the sites among the hidden points."""
        return tuple(dict.fromkeys(point.cause for point in self.hidden if point.kind == "site"))

    @property
    def worst(self) -> Outaged | None:
        """Return the site that costs most; None if no site costs anything."""
        sites = self.of_kind("site")
        return sites[0] if sites and self.hurts(sites[0]) else None

    @property
    def exposed(self) -> tuple[Outaged, ...]:
        """Return the sites whose likely outage outlasts the stocks."""
        return tuple(outage for outage in self.of_kind("site") if self.hurts(outage))

    @property
    def remedies(self) -> tuple[Outaged, ...]:
        """Return the sites whose outage a little stock would soften, those where it saves most for its cost first."""
        return tuple(sorted((site for site in self.exposed if site.remedy), key=lambda site: -site.remedy_return))

    def hurts(self, outage: Outaged) -> bool:
        """Say whether an outage costs anything that is more than rounding.

        Parameters
        ----------
        outage : Outaged
            For its likely time to recover.

        Returns
        -------
        bool
            Compared with what all products earn in that time.
        """
        return outage.impact[1] > _NOTICEABLE * self.margin * max(outage.recovery[1], 1.0)


def read_chain_result(result: Result) -> ChainFindings:
    """Read what the pages need.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress_supply_chain`.

    Returns
    -------
    ChainFindings
        Plain figures and labels.

    Raises
    ------
    ParameterError
        If the result is none of a stressed chain.
    """
    values = result.values
    missing = [name for name in _NEEDED if name not in values]
    if missing:
        message = (
            f"a report of a chain needs the result of a stressed chain; this one lacks {', '.join(missing)}. Run "
            "tenon.studies.stress_supply_chain."
        )
        raise ParameterError(message)
    chain = result.provenance.get("chain")
    about = chain if isinstance(chain, dict) else {}
    return ChainFindings(
        name=str(about.get("name", "")),
        money=Money(str(about.get("currency", ""))),
        margin=float(values["margin"].sum()),
        outages=tuple(sorted(_outages(values), key=lambda outage: (-outage.impact[1], outage.name))),
        points=_points(values),
        pairs=_pairs(values),
        products=_texts(values["product"]),
        network=_network(values),
        followed=read_followed(values),
        illustrative=bool(about.get("illustrative", False)),
        examined=_examined(result),
        basis=read_basis(values, result.provenance.get("parameters")),
    )


def _examined(result: Result) -> tuple[int, int]:
    count, about = result.values.sizes["outage"], result.provenance.get("outages")
    return count, int(about["wanted"]) if isinstance(about, dict) else count


def _outages(values: xarray.Dataset) -> list[Outaged]:
    spend = values["spend"].to_series() if "spend" in values else None
    priced = "remedy_stage" in values
    kinds, names = _texts(values["outage_kind"]), _texts(values["outage"])

    def three(name: str, row: int) -> tuple[float, float, float]:
        low, likely, high = values[name].sel(recovery=["low", "likely", "high"]).to_numpy()[row].tolist()
        return low, likely, high

    return [
        Outaged(
            name=name,
            kind=kind,
            impact=three("performance_impact", row),
            recovery=three("recovery_days", row),
            survives=float(values["survival_days"][row]),
            capped=bool(values["survival_is_capped"][row]),
            index=float(values["risk_exposure_index"][row]),
            spend=float(spend[name]) if spend is not None and kind == "site" else float("nan"),
            earlier=float(values["value_of_earlier_recovery"][row]) if priced else float("nan"),
            remedy=str(values["remedy_stage"].to_numpy()[row]) if priced else "",
            remedy_return=float(values["remedy_return"][row]) if priced else float("nan"),
        )
        for row, (name, kind) in enumerate(zip(names, kinds, strict=True))
    ]


def _points(values: xarray.Dataset) -> tuple[Point, ...]:
    if "path" not in values:
        return ()
    columns = ("cause_kind", "cause", "point_product", "margin_at_stake", "tiers", "hidden", "standing", "path")
    steps = (_steps(text) for text in values["steps"].to_numpy().tolist())
    rows = zip(*(values[name].to_numpy().tolist() for name in columns), steps, strict=True)
    return tuple(starmap(Point, rows))


def _steps(text: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple((buyer, part, tuple(suppliers)) for buyer, part, suppliers in json.loads(text))


def _pairs(values: xarray.Dataset) -> tuple[tuple[str, str, float], ...]:
    if "first" not in values:
        return ()
    stake = values["pair_stake"].to_numpy().tolist()
    return tuple(zip(_texts(values["first"]), _texts(values["second"]), stake, strict=True))


def _network(values: xarray.Dataset) -> Network:
    return Network(
        stages=_texts(values["stage"]),
        sites=_texts(values["stage_site"]),
        depth=values["stage_depth"].to_numpy(),
        supplier=values["supply_supplier"].to_numpy(),
        buyer=values["supply_buyer"].to_numpy(),
        flow=values["supply_flow"].to_numpy(),
        verified=values["supply_verified"].to_numpy(),
    )


def _texts(values: xarray.DataArray) -> tuple[str, ...]:
    items: Sequence[object] = values.to_numpy().tolist()
    return tuple(map(str, items))
