"""The columns of a company's chain: one small type for each sheet of its workbook.

Every type holds columns of one length and checks its own figures; what they say of each other is checked by
:class:`tenon.schema.SupplyChain`. Quantities are in the unit of their part, rates per day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenon.schema.arrays import Float, Integer, frozen_array, frozen_integers
from tenon.schema.errors import ChainError
from tenon.schema.labels import check_labels, label_tuple

__all__ = [
    "Demands",
    "Evidence",
    "Group",
    "Inputs",
    "Lanes",
    "Mode",
    "Parts",
    "Passages",
    "Sites",
    "Stages",
    "Supplies",
]

E = TypeVar("E", bound=StrEnum)


class Evidence(StrEnum):
    """How well a figure is known."""

    ASSUMED = "assumed"
    ASKED = "asked"
    ESTIMATED = "estimated"
    CONFIRMED = "confirmed"


class Mode(StrEnum):
    """How goods travel."""

    SEA = "sea"
    RAIL = "rail"
    ROAD = "road"
    AIR = "air"
    POST = "post"


@dataclass(frozen=True, eq=False, kw_only=True)
class Sites:
    """Places that stand or fall as one: plants, mines, ports, warehouses.

    Parameters
    ----------
    labels : tuple of str
        Names of the ``M`` sites.
    country : tuple of str
        ISO code of the country of each; blank where unknown.
    latitude, longitude : (M,) array, degrees
        Place; NaN where unknown.
    capacity : (M,) array, site's measure per day
        What all its stages share; infinite where they share nothing.
    recovery_days : (M, 3) array, days
        Time to recover: low, likely, high; above zero, finite, in this order.
    recovery_evidence : tuple of Evidence
        Where these times come from.
    events_per_year : (M,) array, 1/year
        How often the site fails as a whole; not negative.

    Raises
    ------
    ChainError
        If columns differ in length, or a figure is out of its range.
    LabelError
        If there is no site, or a label is blank or stands twice.

    Examples
    --------
    >>> sites = Sites(labels=("mine", "plant"), country=("", ""), latitude=[np.nan] * 2, longitude=[np.nan] * 2,
    ...               capacity=[np.inf] * 2, recovery_days=[[5, 10, 20], [7, 7, 7]],
    ...               recovery_evidence=(Evidence.ASSUMED,) * 2, events_per_year=[0.1, 0.05])
    >>> len(sites)
    2
    """

    labels: tuple[str, ...]
    country: tuple[str, ...]
    latitude: Float
    longitude: Float
    capacity: Float
    recovery_days: Float
    recovery_evidence: tuple[Evidence, ...]
    events_per_year: Float

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", check_labels(self.labels, "sites"))
        object.__setattr__(self, "recovery_evidence", _kinds(Evidence, self, "recovery_evidence"))
        _freeze(self, integers=())
        if self.recovery_days.shape != (len(self), 3):
            message = (
                f"sites: recovery_days must have the shape ({len(self)}, 3), low, likely and high of each site, but "
                f"has {self.recovery_days.shape}."
            )
            raise ChainError(message)
        _check_lengths(self, len(self))
        low, likely, high = self.recovery_days.T
        named = _Named("sites", self.labels)
        for column, most in (("latitude", 90.0), ("longitude", 180.0)):
            required = f"between -{most:g} and {most:g} degrees"
            named.check(column, getattr(self, column), partial(_is_angle, most=most), required)
        named.check("capacity", self.capacity, lambda x: x > 0, "above zero; leave it infinite where nothing is shared")
        named.check("events_per_year", self.events_per_year, _finite, "a finite number, not negative")
        in_order = (low > 0) & (low <= likely) & (likely <= high) & np.isfinite(high)
        named.check("recovery_days", likely, lambda _: in_order, "above zero, finite, and low <= likely <= high")

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False, kw_only=True)
class Parts:
    """What is made, moved and used: raw materials, components, products.

    Parameters
    ----------
    labels : tuple of str
        Part numbers or names.
    units : tuple of str
        Unit in which quantities of each are counted, such as ``"t"`` or ``"piece"``.

    Raises
    ------
    ChainError
        If the columns differ in length.
    LabelError
        If there is no part, or a label is blank or stands twice.

    Examples
    --------
    >>> Parts(labels=("ore", "steel"), units=("t", "t")).labels
    ('ore', 'steel')
    """

    labels: tuple[str, ...]
    units: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", check_labels(self.labels, "parts"))
        _freeze(self, integers=())
        _check_lengths(self, len(self))

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stages:
    """What each site makes, buys in or passes on: a stage is one part at one site.

    Parameters
    ----------
    site, part : (N,) array of int
        Positions among the sites and the parts; a pair stands once.
    capacity : (N,) array, units per day
        Most that the stage can make; infinite where only the site limits it.
    stock : (N,) array, units
        Finished stock on hand.
    site_use : (N,) array, site's measure per unit
        What a unit takes of the capacity that the stages of a site share.
    added_cost : (N,) array, currency per unit
        Cost added here.
    processing_days : (N,) array, days
        Time from inputs to output.

    Raises
    ------
    ChainError
        If columns differ in length, or a figure is out of its range.

    Examples
    --------
    >>> len(Stages(site=[0], part=[0], capacity=[10.0], stock=[20.0], site_use=[1.0], added_cost=[3.0],
    ...            processing_days=[1.0]))
    1
    """

    site: Integer
    part: Integer
    capacity: Float
    stock: Float
    site_use: Float
    added_cost: Float
    processing_days: Float

    def __post_init__(self) -> None:
        _freeze(self, integers=("site", "part"))
        _check_lengths(self, len(self))
        named = _Named("stages")
        named.check("capacity", self.capacity, lambda x: x >= 0, "not negative")
        for column in ("stock", "site_use", "added_cost", "processing_days"):
            named.check(column, getattr(self, column), _finite, "a finite number, not negative")

    def __len__(self) -> int:
        return int(self.site.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """The bill of materials: what a stage needs for a unit of its output.

    Parameters
    ----------
    stage : (I,) array of int
        Position of the stage.
    part : (I,) array of int
        Position of the part that it needs; a pair stands once.
    units : (I,) array, units of input per unit of output
        How much; above zero.
    stock : (I,) array, units of input
        Stock of the input held at the stage.

    Raises
    ------
    ChainError
        If columns differ in length, or a figure is out of its range.

    Examples
    --------
    >>> len(Inputs(stage=[1], part=[0], units=[2.0], stock=[0.0]))
    1
    """

    stage: Integer
    part: Integer
    units: Float
    stock: Float

    def __post_init__(self) -> None:
        _freeze(self, integers=("stage", "part"))
        _check_lengths(self, len(self))
        named = _Named("inputs")
        named.check("units", self.units, lambda x: (x > 0) & np.isfinite(x), "a finite number above zero")
        named.check("stock", self.stock, _finite, "a finite number, not negative")

    def __len__(self) -> int:
        return int(self.stage.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class Supplies:
    """Who supplies whom; the part is what the supplying stage makes.

    Parameters
    ----------
    supplier, buyer : (L,) array of int
        Positions of two stages; a pair stands once.
    share : (L,) array, dimensionless
        Part of the buyer's need that comes this way in normal times, 0 to 1; NaN where it is not known.
    capacity : (L,) array, units per day
        Most that the contract lets pass; infinite where it says nothing.
    lane : (L,) array of int
        Position of the lane; -1 where goods stay in one place or the lane does not matter.
    start_up_days : (L,) array, days
        Zero for a source in use; for one that must be qualified or found first, the time that takes.
    verified : (L,) array of bool
        Whether the supply is known rather than presumed.

    Raises
    ------
    ChainError
        If columns differ in length, a figure is out of its range, or ``verified`` holds anything but true and false (or
        1 and 0).

    Examples
    --------
    >>> len(Supplies(supplier=[0], buyer=[1], share=[1.0], capacity=[np.inf], lane=[-1], start_up_days=[0.0],
    ...              verified=[True]))
    1
    """

    supplier: Integer
    buyer: Integer
    share: Float
    capacity: Float
    lane: Integer
    start_up_days: Float
    verified: NDArray[np.bool_]

    def __post_init__(self) -> None:
        object.__setattr__(self, "verified", _flags(self.verified, "supplies: verified"))
        _freeze(self, integers=("supplier", "buyer", "lane"))
        _check_lengths(self, len(self))
        named = _Named("supplies")
        named.check("share", self.share, lambda x: np.isnan(x) | ((x >= 0) & (x <= 1)), "between 0 and 1")
        named.check("capacity", self.capacity, lambda x: x >= 0, "not negative")
        named.check("start_up_days", self.start_up_days, _finite, "a finite number, not negative")

    def __len__(self) -> int:
        return int(self.supplier.size)


@dataclass(frozen=True, eq=False, kw_only=True)
class Lanes:
    """Routes between places, with the passages on the way.

    Parameters
    ----------
    labels : tuple of str
        Names of the ``K`` lanes; there may be none.
    mode : tuple of Mode
        How goods travel on each.
    days : (K,) array, days
        Time under way; not negative.
    capacity : (K,) array, units per day
        Most that can pass, all parts together; infinite where unknown.
    passages : tuple of tuple of str
        Straits, canals, borders and ports that each lane passes.
    events_per_year : (K,) array, 1/year, optional
        How often each closes by itself, without a passage on it; not negative. Left out: never.
    closure_days : (K, 3) array, days, optional
        How long it then stays closed: low, likely, high; above zero, finite, in this order. A row of NaN, or left out:
        not known, which a lane with events must not have.

    Raises
    ------
    ChainError
        If columns differ in length, a figure is out of its range, or a lane closes for an unknown time.
    LabelError
        If a label is blank or stands twice.

    Examples
    --------
    >>> Lanes(labels=("ore by sea",), mode=("sea",), days=[21.0], capacity=[np.inf], passages=(("Malacca",),)).mode[0]
    <Mode.SEA: 'sea'>
    """

    labels: tuple[str, ...]
    mode: tuple[Mode, ...]
    days: Float
    capacity: Float
    passages: tuple[tuple[str, ...], ...]
    events_per_year: Float = None  # type: ignore[assignment]  # what is left out is filled for every row
    closure_days: Float = None  # type: ignore[assignment]  # the same

    def __post_init__(self) -> None:
        labels = check_labels(self.labels, "lanes") if len(self.labels) else ()
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "mode", _kinds(Mode, self, "mode"))
        object.__setattr__(self, "passages", tuple(label_tuple(item, "passages") for item in self.passages))
        _freeze_closing(self)
        named = _Named("lanes", self.labels)
        _check_closures(self, named)
        named.check("days", self.days, _finite, "a finite number, not negative")
        named.check("capacity", self.capacity, lambda x: x >= 0, "not negative")

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False, kw_only=True)
class Passages:
    """Straits, canals, borders and ports that close for all lanes through them at once.

    A passage that lanes name and that stands not here has no events and no time of its own.

    Parameters
    ----------
    labels : tuple of str
        Names of the ``J`` passages, as lanes name them; there may be none.
    events_per_year : (J,) array, 1/year, optional
        How often each closes; not negative. Left out: never.
    closure_days : (J, 3) array, days, optional
        How long it then stays closed: low, likely, high; above zero, finite, in this order. A row of NaN, or left out:
        not known, which a passage with events must not have.

    Raises
    ------
    ChainError
        If columns differ in length, a figure is out of its range, or a passage closes for an unknown time.
    LabelError
        If a label is blank or stands twice.

    Examples
    --------
    >>> len(Passages(labels=("Suez Canal",), events_per_year=[0.1], closure_days=[[3, 7, 30]]))
    1
    """

    labels: tuple[str, ...] = ()
    events_per_year: Float = None  # type: ignore[assignment]  # what is left out is filled for every row
    closure_days: Float = None  # type: ignore[assignment]  # the same

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", check_labels(self.labels, "passages") if len(self.labels) else ())
        _freeze_closing(self)
        _check_closures(self, _Named("passages", self.labels))

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False, kw_only=True)
class Demands:
    """What customers take from the chain, and what it earns.

    Parameters
    ----------
    stage : (V,) array of int
        Position of the stage that delivers.
    customer : tuple of str
        Who takes it; a pair of stage and customer stands once.
    quantity : (V,) array, units per day
        Demand; above zero.
    margin : (V,) array, currency per unit
        What a unit earns, so what a unit lost costs; not negative.
    deviation : (V,) array, units per day
        Standard deviation of a day's demand; zero where it is taken as certain.
    service_days : (V,) array, days
        Time within which the customer must be served; zero means from stock.

    Raises
    ------
    ChainError
        If there is no demand, columns differ in length, or a figure is out of its range.

    Examples
    --------
    >>> len(Demands(stage=[1], customer=("all",), quantity=[10.0], margin=[7.0], deviation=[0.0], service_days=[0.0]))
    1
    """

    stage: Integer
    customer: tuple[str, ...]
    quantity: Float
    margin: Float
    deviation: Float
    service_days: Float

    def __post_init__(self) -> None:
        _freeze(self, integers=("stage",))
        _check_lengths(self, len(self))
        if not len(self):
            message = "demands: at least one is required, none came; a chain that serves nobody cannot be hurt."
            raise ChainError(message)
        named = _Named("demands", self.customer)
        named.check("quantity", self.quantity, lambda x: (x > 0) & np.isfinite(x), "a finite number above zero")
        for column in ("margin", "deviation", "service_days"):
            named.check(column, getattr(self, column), _finite, "a finite number, not negative")

    def __len__(self) -> int:
        return int(self.stage.size)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sites that share a cause of failure or an owner.

    Parameters
    ----------
    kind : str
        What they share, such as ``"region"``, ``"owner"`` or ``"hazard zone"``.
    sites : tuple of str
        Labels of the sites; at least one.
    events_per_year : float, 1/year
        How often all of them fail together; not negative.

    Raises
    ------
    ChainError
        If there is no site or the rate is out of its range.
    LabelError
        If a site stands twice.

    Examples
    --------
    >>> Group(kind="hazard zone", sites=("mine", "plant"), events_per_year=0.01).sites
    ('mine', 'plant')
    """

    kind: str
    sites: tuple[str, ...]
    events_per_year: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", check_labels(self.sites, f"sites of a group of kind {self.kind!r}"))
        if not (np.isfinite(self.events_per_year) and self.events_per_year >= 0):
            message = (
                f"events_per_year of a group must be a finite number, not negative, but is {self.events_per_year}."
            )
            raise ChainError(message)


def _finite(values: Float) -> NDArray[np.bool_]:
    return np.isfinite(values) & (values >= 0)


def _is_angle(values: Float, *, most: float) -> NDArray[np.bool_]:
    return np.isnan(values) | (np.abs(values) <= most)


def _kinds(kind: type[E], columns: object, name: str) -> tuple[E, ...]:
    """Return a column as members of an enumeration."""
    try:
        return tuple(kind(item) for item in getattr(columns, name))
    except ValueError as error:
        given = str(error).partition(" is not a valid")[0]
        *most, last = [item.value for item in kind]
        message = (
            f"{type(columns).__name__.lower()}: {name} of a row must be {', '.join(most)} or {last}, but is {given}."
        )
        raise ChainError(message) from error


def _flags(values: ArrayLike, what: str) -> NDArray[np.bool_]:
    """Return a read-only copy of a column of flags; any other word or number would count as true."""
    given = values if isinstance(values, np.ndarray) else np.asarray(values, dtype=object)
    if given.dtype != np.bool_ or given.ndim != 1:
        for row, value in enumerate(given.tolist() if given.ndim else [values]):
            if not isinstance(value, Real | np.bool_) or value not in (0, 1):
                message = f"{what} of row {row} must be True or False, 1 or 0, but is {value!r}."
                raise ChainError(message)
    flags = given.astype(bool)
    flags.flags.writeable = False
    return flags


def _freeze(columns: object, *, integers: Sequence[str]) -> None:
    """Turn every column into a read-only array, or a tuple where it holds labels."""
    for field in fields(columns):  # type: ignore[arg-type]  # every caller is a dataclass
        values = getattr(columns, field.name)
        if field.type == "Float":
            object.__setattr__(columns, field.name, frozen_array(values))
        elif field.name in integers:
            object.__setattr__(columns, field.name, frozen_integers(values))
        elif field.type == "tuple[str, ...]":
            object.__setattr__(columns, field.name, label_tuple(values, field.name))


def _check_lengths(columns: Any, length: int) -> None:  # noqa: ANN401 - any of the types above
    for field in fields(columns):
        values = getattr(columns, field.name)
        if len(values) != length:
            message = (
                f"{type(columns).__name__.lower()}: every column must have one entry a row, {length} here, but "
                f"{field.name} has {len(values)}."
            )
            raise ChainError(message)


class _Named:
    """Rows of one type, named by label where there is one, by position otherwise."""

    def __init__(self, what: str, labels: tuple[str, ...] | None = None) -> None:
        self._what = what
        self._labels = labels

    def check(self, column: str, values: Float, is_good: Callable[[Float], NDArray[np.bool_]], required: str) -> None:
        """Refuse the first figure that is out of its range."""
        bad = np.flatnonzero(~is_good(values))
        if bad.size:
            row = int(bad[0])
            name = f"row {row}" if self._labels is None else repr(self._labels[row])
            message = f"{self._what}: {column} of {name} must be {required}, but is {values[row]:g}."
            raise ChainError(message)


def _freeze_closing(columns: Lanes | Passages) -> None:
    """Freeze columns; let what was left out never close, for a time that is not known."""
    rows = len(columns)
    for column, filled in (("events_per_year", np.zeros(rows)), ("closure_days", np.full((rows, 3), np.nan))):
        if getattr(columns, column) is None:
            object.__setattr__(columns, column, filled)
    _freeze(columns, integers=())
    if columns.closure_days.shape != (rows, 3):
        message = (
            f"{type(columns).__name__.lower()}: closure_days must have the shape ({rows}, 3), low, likely and high of "
            f"each, but has {columns.closure_days.shape}."
        )
        raise ChainError(message)
    _check_lengths(columns, rows)


def _check_closures(columns: Lanes | Passages, named: _Named) -> None:
    """Refuse rates and times that cannot be, and rates without a time."""
    low, likely, high = columns.closure_days.T
    unknown = np.isnan(columns.closure_days).all(axis=1)
    in_order = (low > 0) & (low <= likely) & (likely <= high) & np.isfinite(high)
    named.check("events_per_year", columns.events_per_year, _finite, "a finite number, not negative")
    required = "above zero, finite, and low <= likely <= high; leave all three NaN where they are not known"
    named.check("closure_days", likely, lambda _: in_order | unknown, required)
    required = "known, low, likely and high, because it has events"
    named.check("closure_days", likely, lambda _: ~unknown | (columns.events_per_year == 0), required)
