"""The deliveries of the Supply Chain Management System (SCMS), 2006 to 2015, as a chain.

USAID published what SCMS delivered of HIV medicines and tests, one row a line of a delivery: who made it, who sold it,
to which country it went, how, when, how much, for how much. That makes a chain of three tiers: plants make a product;
vendors, among them the regional distribution centers of SCMS, pass it on; countries receive it by lanes, one for each
country and mode of shipment, and use it.

A product is a medicine with its strength, or a test; packs of all sizes and brands of it stand in for each other, so a
unit is a tablet, capsule, millilitre or test. Its value is what was paid for it, and a unit that does not arrive costs
this value: the least that a missing treatment can be said to cost.

The file has no stocks, capacities, times under way or times to recover. They follow from :class:`ScmsAssumptions`, and
``source`` of the chain says so.
"""

from __future__ import annotations

import csv
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from tenon.data.scms_rows import SHIPMENT_MODES, ScmsDelivery, deliveries_of, read_scms_rows
from tenon.schema.arrays import Float
from tenon.schema.chain_columns import Demands, Evidence, Group, Inputs, Lanes, Mode, Parts, Sites, Stages, Supplies
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import ParameterError, SourceError

__all__ = ["ScmsAssumptions", "ScmsChain", "chain_from_scms"]

_CENTERS = "SCMS distribution centers"
_MODES = MappingProxyType(dict(zip(SHIPMENT_MODES, (Mode.AIR, Mode.AIR, Mode.ROAD, Mode.SEA), strict=True)))
_TRANSIT = MappingProxyType(dict(zip(SHIPMENT_MODES, (7.0, 7.0, 10.0, 45.0), strict=True)))
_RECOVERY = MappingProxyType(
    {
        "plant": (30.0, 90.0, 270.0),
        "vendor": (10.0, 30.0, 90.0),
        "center": (10.0, 30.0, 90.0),
        "country": (7.0, 21.0, 60.0),
    }
)
_QUANTILES = (10, 50, 90)


@dataclass(frozen=True, kw_only=True)
class ScmsAssumptions:
    """What the delivery history does not say.

    Parameters
    ----------
    capacity_slack : float, dimensionless, at least 1
        Capacity of a plant for a product over what it delivers of it in normal times.
    stock_days : float, days, not negative
        Stock at distribution centers and in countries, in days of what they pass on or use in normal times.
    transit_days : mapping of str to float, days
        Time under way by mode: Air, Air Charter, Truck and Ocean. The file has no date of shipment.
    recovery_days : mapping of str to tuple of float, days
        Low, likely and high time to recover of a plant, vendor, center and country.
    centers : mapping of str to str
        Distribution center that serves each country. The file does not name them: countries left out share one.

    Raises
    ------
    ParameterError
        If a figure is out of its range, or a mode or kind of site is missing.

    Examples
    --------
    >>> ScmsAssumptions(stock_days=60).transit_days["Ocean"]
    45.0
    """

    capacity_slack: float = 1.5
    stock_days: float = 30.0
    transit_days: Mapping[str, float] = field(default_factory=lambda: _TRANSIT)
    recovery_days: Mapping[str, tuple[float, float, float]] = field(default_factory=lambda: _RECOVERY)
    centers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        figures = {"capacity_slack": (self.capacity_slack, 1.0), "stock_days": (self.stock_days, 0.0)}
        figures |= {f"transit_days of {mode}": (days, 0.0) for mode, days in self.transit_days.items()}
        for name, (value, least) in figures.items():
            if not (math.isfinite(value) and value >= least):
                message = f"{name} must be a finite number of at least {least:g}, but is {value}."
                raise ParameterError(message)
        for name, needed in (("transit_days", _TRANSIT), ("recovery_days", _RECOVERY)):
            missing = [key for key in needed if key not in getattr(self, name)]
            if missing:
                message = f"{name} must name {', '.join(needed)}; {', '.join(missing)} is missing."
                raise ParameterError(message)

    def describe(self) -> str:
        """Say in a sentence what was assumed.

        Returns
        -------
        str
            For the source of the chain.
        """
        recovery = ", ".join(
            f"{name} {'/'.join(f'{day:g}' for day in days)}" for name, days in self.recovery_days.items()
        )
        transit = ", ".join(f"{mode} {days:g}" for mode, days in self.transit_days.items())
        named = ", ".join(self.centers)
        centers = f"centers as given for {named}" if named else "one site for all centers"
        return (
            f"assumed: capacity of plants {self.capacity_slack:g} times the normal flow, stocks of {self.stock_days:g} "
            f"days of it at centers and in countries, days under way {transit}, days to recover (low/likely/high) "
            f"{recovery}, {centers}"
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class ScmsChain:
    """The chain of the deliveries, and what became of the rows of the file.

    Parameters
    ----------
    chain : SupplyChain
        Plants, vendors and countries; products; lanes by country and mode.
    read, used : int
        Rows in the file, and rows that the chain rests on.
    put_aside : mapping of str to int
        Rows not used, by reason; with ``used`` they add up to ``read``.
    remarks : mapping of str to int
        Rows used although something is missing in them or was not taken as it stands, by what that is.
    lead_days : mapping of str to tuple of float, days
        Days from the order to the vendor to the delivery in the country by mode: number of rows with both dates, 10th
        percentile, median, 90th percentile. Production and approval count, not the way alone.
    """

    chain: SupplyChain
    read: int
    used: int
    put_aside: Mapping[str, int]
    remarks: Mapping[str, int]
    lead_days: Mapping[str, tuple[int, float, float, float]]

    @property
    def notes(self) -> tuple[str, ...]:
        """What became of the rows, in sentences."""
        return (
            f"{self.used:,} of {self.read:,} rows are used.",
            *(f"Rows put aside, {reason}: {count:,}." for reason, count in self.put_aside.items()),
            *(f"Rows used, {what}: {count:,}." for what, count in self.remarks.items()),
        )


def chain_from_scms(
    path: str | Path,
    assumptions: ScmsAssumptions | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
) -> ScmsChain:
    r"""Read the SCMS delivery history as a chain of plants, vendors and countries.

    Flows are units delivered over days of the period. A supply has a share of what its buyer got; the lane of a vendor
    to a country is that by which most units came. A plant takes, to make a product, the median time from order to
    delivery less the time under way; where none of its rows has both dates, the median of all rows that do.

    Parameters
    ----------
    path : str or Path
        ``SCMS_Delivery_History_Dataset.csv``.
    assumptions : ScmsAssumptions, optional
        What the file does not say; its defaults if left out.
    since, until : date, optional
        First and last day of delivery to count; those of the file if left out. Over the whole file, sources that
        followed each other stand side by side as if each could replace the other.

    Returns
    -------
    ScmsChain
        The chain, in USD and units a day, and what became of the rows.

    Raises
    ------
    ParameterError
        If the period ends before it begins.
    SourceError
        If the file is missing or of another layout, encoding or delimiter, or no row can be used.

    Examples
    --------
    >>> import tempfile
    >>> row = {"ID": "1", "Country": "Kenya", "Fulfill Via": "Direct Drop", "Shipment Mode": "Air",
    ...        "PO Sent to Vendor Date": "3/15/14", "Delivered to Client Date": "15-Jun-14", "Vendor": "Maker Ltd",
    ...        "Molecule/Test Type": "Efavirenz", "Dosage": "600mg", "Dosage Form": "Tablet",
    ...        "Unit of Measure (Per Pack)": "30", "Line Item Quantity": "100", "Line Item Value": "300",
    ...        "Manufacturing Site": "Maker, Goa, India", "Freight Cost (USD)": "60"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "deliveries.csv"
    ...     length = file.write_text(",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()))
    ...     read = chain_from_scms(file)
    >>> read.chain.stage_labels
    ('Efavirenz 600mg @ Maker, Goa, India', 'Efavirenz 600mg @ Maker Ltd (vendor)', 'Efavirenz 600mg @ Kenya')
    >>> read.chain.demands.margin, read.chain.stages.processing_days[0]
    (array([0.1]), np.float64(85.0))
    """
    if since is not None and until is not None and since > until:
        message = f"since must not be after until, but {since} is after {until}."
        raise ParameterError(message)
    rows = read_scms_rows(path)
    deliveries, aside, remarks = deliveries_of(rows, since=since, until=until)
    if not deliveries:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in aside.items()) or "there are none"
        message = f"{path}: no row can be used ({reasons}). Check the file and the period."
        raise SourceError(message)
    legs = _legs(deliveries, assumptions or ScmsAssumptions())
    lanes = _main_modes(legs)
    remarks["mode other than that of the lane, by which most units came"] = sum(
        leg.delivery.mode != lanes[leg.sent] for leg in legs
    )
    days = [delivery.delivered for delivery in deliveries]
    return ScmsChain(
        chain=_chain(legs, lanes, (since or min(days), until or max(days)), assumptions or ScmsAssumptions()),
        read=len(rows),
        used=len(deliveries),
        put_aside=dict(aside.most_common()),
        remarks=dict(remarks.most_common()),
        lead_days=_lead_days(deliveries),
    )


_Stage = tuple[str, str]
"""Site and product."""


class _Leg(NamedTuple):
    """The stages that a delivery went through."""

    made: _Stage
    sold: _Stage
    taken: _Stage
    delivery: ScmsDelivery

    @property
    def stages(self) -> tuple[_Stage, _Stage, _Stage]:
        return self.made, self.sold, self.taken

    @property
    def bought(self) -> tuple[_Stage, _Stage]:
        return self.made, self.sold

    @property
    def sent(self) -> tuple[_Stage, _Stage]:
        return self.sold, self.taken


def _legs(deliveries: Iterable[ScmsDelivery], assumptions: ScmsAssumptions) -> list[_Leg]:
    legs = []
    for item in deliveries:
        vendor = assumptions.centers.get(item.country, _CENTERS) if item.from_stock else f"{item.vendor} (vendor)"
        plant = item.plant or f"{vendor}: maker not named"
        legs.append(_Leg((plant, item.product), (vendor, item.product), (item.country, item.product), item))
    return legs


def _main_modes(legs: Iterable[_Leg]) -> dict[tuple[_Stage, _Stage], str]:
    """Return the mode by which most units went from each vendor to each country, blank where most have none."""
    units: dict[tuple[_Stage, _Stage], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for leg in legs:
        units[leg.sent][leg.delivery.mode] += leg.delivery.units
    return {sent: max(sorted(by_mode), key=by_mode.__getitem__) for sent, by_mode in units.items()}


def _lead_days(deliveries: Iterable[ScmsDelivery]) -> dict[str, tuple[int, float, float, float]]:
    days: dict[str, list[int]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.mode and delivery.lead_days is not None:
            days[delivery.mode].append(delivery.lead_days)
    found = {}
    for mode in SHIPMENT_MODES:
        if days[mode]:
            low, median, high = np.percentile(days[mode], _QUANTILES).tolist()
            found[mode] = (len(days[mode]), low, median, high)
    return found


class _Layout(NamedTuple):
    """Sites and stages in order: plants, vendors, countries; and where each stage stands."""

    plants: list[str]
    vendors: list[str]
    countries: list[str]
    products: list[str]
    stages: list[_Stage]
    place: dict[_Stage, int]


def _lay_out(legs: Sequence[_Leg]) -> _Layout:
    tiers = [sorted({leg.stages[tier] for leg in legs}) for tier in range(3)]
    stages = [stage for tier in tiers for stage in tier]
    plants, vendors, countries = (sorted({site for site, _ in tier}) for tier in tiers)
    products = sorted({product for _, product in stages})
    return _Layout(plants, vendors, countries, products, stages, {stage: i for i, stage in enumerate(stages)})


def _chain(
    legs: Sequence[_Leg],
    modes: Mapping[tuple[_Stage, _Stage], str],
    period: tuple[date, date],
    assumptions: ScmsAssumptions,
) -> SupplyChain:
    layout = _lay_out(legs)
    days = (period[1] - period[0]).days + 1
    lanes = sorted({(mode, sent[1][0]) for sent, mode in modes.items() if mode})
    sites = _sites(layout, assumptions)
    return SupplyChain(
        name=f"SCMS deliveries {period[0].year}-{period[1].year}",
        sites=sites,
        parts=Parts(labels=tuple(layout.products), units=("unit",) * len(layout.products)),
        stages=_stages(legs, layout, days, assumptions),
        inputs=_inputs(layout),
        supplies=_supplies(legs, layout, modes, lanes),
        lanes=Lanes(
            labels=tuple(f"{mode.lower()} to {country}" for mode, country in lanes),
            mode=tuple(_MODES[mode] for mode, _ in lanes),
            days=np.array([assumptions.transit_days[mode] for mode, _ in lanes]),
            capacity=np.full(len(lanes), np.inf),
            passages=((),) * len(lanes),
        ),
        demands=_demands(legs, layout, days),
        groups=_groups(layout.plants, sites.country),
        currency="USD",
        source=(
            f"USAID, SCMS Delivery History, deliveries from {period[0]} to {period[1]}; a unit is worth what was paid "
            f"for it; {assumptions.describe()}"
        ),
    )


def _sites(layout: _Layout, assumptions: ScmsAssumptions) -> Sites:
    centers = {_CENTERS, *assumptions.centers.values()}
    kinds = ["plant"] * len(layout.plants)
    kinds += ["center" if vendor in centers else "vendor" for vendor in layout.vendors]
    kinds += ["country"] * len(layout.countries)
    count = len(kinds)
    countries = [_country_of(name) for name in layout.plants] + [""] * len(layout.vendors)
    countries += [_places().get(name, "") for name in layout.countries]
    return Sites(
        labels=(*layout.plants, *layout.vendors, *layout.countries),
        country=tuple(countries),
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        capacity=np.full(count, np.inf),
        recovery_days=np.array([assumptions.recovery_days[kind] for kind in kinds]),
        recovery_evidence=(Evidence.ASSUMED,) * count,
        events_per_year=np.zeros(count),
    )


def _stages(legs: Sequence[_Leg], layout: _Layout, days: int, assumptions: ScmsAssumptions) -> Stages:
    count, products = len(layout.stages), {product: i for i, product in enumerate(layout.products)}
    made, sold, taken = (np.array([layout.place[leg.stages[tier]] for leg in legs]) for tier in range(3))
    units, value, freight = _columns(legs)
    flow = sum(np.bincount(tier, units, count) for tier in (made, sold, taken)) / days
    cost = np.bincount(made, value, count) + np.bincount(taken, freight, count)
    sites = {label: i for i, label in enumerate((*layout.plants, *layout.vendors, *layout.countries))}
    site = np.array([sites[label] for label, _ in layout.stages])
    is_plant = site < len(layout.plants)
    centers = {_CENTERS, *assumptions.centers.values(), *layout.countries}
    holds = np.array([label in centers for label, _ in layout.stages])
    return Stages(
        site=site,
        part=np.array([products[product] for _, product in layout.stages]),
        capacity=np.where(is_plant, assumptions.capacity_slack * flow, np.inf),
        stock=np.where(holds, assumptions.stock_days * flow, 0.0),
        site_use=np.ones(count),
        added_cost=cost / (flow * days),
        processing_days=_processing_days(legs, layout, assumptions),
    )


def _columns(legs: Sequence[_Leg]) -> tuple[Float, Float, Float]:
    columns = np.array([(leg.delivery.units, leg.delivery.value, leg.delivery.freight) for leg in legs]).T
    return columns[0], columns[1], columns[2]


def _processing_days(legs: Sequence[_Leg], layout: _Layout, assumptions: ScmsAssumptions) -> Float:
    """Return the median time from order to delivery less the time under way, whole days, of what plants make."""
    before: dict[_Stage, list[float]] = defaultdict(list)
    for leg in legs:
        if leg.delivery.lead_days is not None:
            under_way = assumptions.transit_days.get(leg.delivery.mode, 0.0)
            before[leg.made].append(max(leg.delivery.lead_days - under_way, 0.0))
    every = float(np.median([days for found in before.values() for days in found])) if before else 0.0
    plants = {leg.made for leg in legs}
    return np.array(
        [round(float(np.median(before[s])) if s in before else every) if s in plants else 0 for s in layout.stages],
        dtype=np.float64,
    )


def _inputs(layout: _Layout) -> Inputs:
    """Return what vendors and countries need: a unit of the product for each that they pass on or use."""
    plants = set(layout.plants)
    products = {product: i for i, product in enumerate(layout.products)}
    needing = [i for i, (site, _) in enumerate(layout.stages) if site not in plants]
    return Inputs(
        stage=np.array(needing),
        part=np.array([products[layout.stages[i][1]] for i in needing]),
        units=np.ones(len(needing)),
        stock=np.zeros(len(needing)),
    )


def _supplies(
    legs: Sequence[_Leg],
    layout: _Layout,
    modes: Mapping[tuple[_Stage, _Stage], str],
    lanes: Sequence[tuple[str, str]],
) -> Supplies:
    units: dict[tuple[_Stage, _Stage], float] = defaultdict(float)
    total: dict[_Stage, float] = defaultdict(float)
    for leg in legs:
        for pair in (leg.bought, leg.sent):
            units[pair] += leg.delivery.units
            total[pair[1]] += leg.delivery.units
    presumed = {leg.bought for leg in legs if not leg.delivery.plant}
    lane_of = {lane: i for i, lane in enumerate(lanes)}
    pairs = sorted(units, key=lambda pair: (layout.place[pair[1]], layout.place[pair[0]]))
    return Supplies(
        supplier=np.array([layout.place[seller] for seller, _ in pairs]),
        buyer=np.array([layout.place[buyer] for _, buyer in pairs]),
        share=np.array([units[pair] / total[pair[1]] for pair in pairs]),
        capacity=np.full(len(pairs), np.inf),
        lane=np.array([lane_of.get((modes.get(pair, ""), pair[1][0]), -1) for pair in pairs]),
        start_up_days=np.zeros(len(pairs)),
        verified=np.array([pair not in presumed for pair in pairs]),
    )


def _demands(legs: Sequence[_Leg], layout: _Layout, days: int) -> Demands:
    taken = np.array([layout.place[leg.taken] for leg in legs])
    units, value, _ = _columns(legs)
    stage, of = np.unique(taken, return_inverse=True)
    quantity = np.bincount(of, units)
    return Demands(
        stage=stage,
        customer=tuple(layout.stages[i][0] for i in stage),
        quantity=quantity / days,
        margin=np.bincount(of, value) / quantity,
        deviation=np.zeros(stage.size),
        service_days=np.zeros(stage.size),
    )


def _groups(plants: Sequence[str], countries: Sequence[str]) -> dict[str, Group]:
    """Put plants of one country together, where there are several."""
    members: dict[str, list[str]] = defaultdict(list)
    for plant, country in zip(plants, countries, strict=False):
        members[country].append(plant)
    names: dict[str, str] = {}
    for text, country in _places().items():
        names.setdefault(country, text)
    return {
        f"plants in {names[country]}": Group(kind="region", sites=tuple(sites))
        for country, sites in sorted(members.items())
        if country and len(sites) > 1
    }


@cache
def _places() -> dict[str, str]:
    """Return the ISO code of the country of places by the words with which the file names them."""
    text = files("tenon.data").joinpath("labels", "scms_places.csv").read_text(encoding="utf-8")
    return {row["text"]: row["country"] for row in csv.DictReader(text.splitlines())}


def _country_of(plant: str) -> str:
    """Return the ISO code of the country that the name of a plant tells, blank where it tells none."""
    for text, country in _places().items():
        # Codes of two letters are words of other meanings unless in capitals.
        flags = re.NOFLAG if text.isupper() else re.IGNORECASE
        if re.search(rf"\b{re.escape(text)}\b", plant, flags):
            return country
    return ""
