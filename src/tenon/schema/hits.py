"""Outages as positions: which stages, sites and lanes they take, how much of them, and for how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tenon.schema.arrays import Float, Integer
from tenon.schema.chains import SupplyChain
from tenon.schema.errors import LabelError, ShockError, nearest
from tenon.schema.outages import Outage
from tenon.schema.sourcing import most_output

__all__ = ["NOTHING", "Hit", "Labels", "lanes_of_passages", "read_hits"]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Hit:
    """What an outage takes from a chain.

    Parameters
    ----------
    name : str
        Name of the outage.
    kept : float, share of capacity
        What is left of everything that it hits.
    stock_kept : float, share of stock
        What is left of the stocks of the stages that it hits.
    stages, sites, lanes : array of int
        Positions of what it hits; a site with all its stages.
    days : (3,) array, days
        Duration: low, likely, high.
    """

    name: str
    kept: float
    stock_kept: float
    stages: Integer
    sites: Integer
    lanes: Integer
    days: Float


_NONE = np.array([], dtype=np.int64)
NOTHING = Hit("undisturbed", 1.0, 1.0, _NONE, _NONE, _NONE, np.zeros(3))
"""No outage."""


def read_hits(chain: SupplyChain, outages: Sequence[Outage]) -> tuple[Hit, ...]:
    """Find what outages name in a chain.

    Parameters
    ----------
    chain : SupplyChain
        Where they happen.
    outages : sequence of Outage
        At least one; names must differ.

    Returns
    -------
    tuple of Hit
        In the same order.

    Raises
    ------
    ShockError
        If there is no outage, something else stands in the list or in its place, two have one name, a part of an
        unlimited capacity is lost, or no time is known for what fails.
    LabelError
        If an outage names something that the chain lacks.
    """
    outages = _checked_kinds(outages)
    if not outages:
        message = "at least one outage is required, none came; every_site(chain) takes out each site in turn."
        raise ShockError(message)
    seen = set()
    for outage in outages:
        if outage.name in seen:
            message = f"two outages are called {outage.name!r}; results are labelled by name, so give each its own."
            raise ShockError(message)
        seen.add(outage.name)
    labels = Labels(chain)
    return tuple(labels.hit(outage) for outage in outages)


def _checked_kinds(outages: object) -> tuple[Outage, ...]:
    if isinstance(outages, Outage):
        message = f"outages must be a list of outages, but is the single outage {outages.name!r}; put it into a list."
        raise ShockError(message)
    if not isinstance(outages, Iterable):
        message = f"outages must be a list of outages, but is {outages!r}."
        raise ShockError(message)
    listed = tuple(outages)
    for number, outage in enumerate(listed):
        if not isinstance(outage, Outage):
            message = (
                f"every outage must be an Outage, but number {number} (counted from 0) is {outage!r}; write, for a "
                "site, Outage(name=..., sites=(...,))."
            )
            raise ShockError(message)
    return listed


def lanes_of_passages(chain: SupplyChain) -> dict[str, list[int]]:
    """Find the lanes that a closed passage closes.

    Parameters
    ----------
    chain : SupplyChain
        With lanes; there may be none.

    Returns
    -------
    dict of str to list of int
        Positions of lanes by passage, in the order in which lanes name them.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> lanes_of_passages(example_chain())["Panama Canal"]
    [11, 19, 20]
    """
    found: dict[str, list[int]] = {}
    for lane, passages in enumerate(chain.lanes.passages):
        for passage in dict.fromkeys(passages):
            found.setdefault(passage, []).append(lane)
    return found


class Labels:
    """Positions of the labels of a chain.

    Parameters
    ----------
    chain : SupplyChain
        The chain.
    """

    def __init__(self, chain: SupplyChain) -> None:
        self._chain = chain
        self._most = most_output(chain)
        self._site = {label: i for i, label in enumerate(chain.sites.labels)}
        self._stage = {label: i for i, label in enumerate(chain.stage_labels)}
        self._lane = {label: i for i, label in enumerate(chain.lanes.labels)}
        self._group = {label: group.sites for label, group in chain.groups.items()}
        self._passage = lanes_of_passages(chain)
        self._passage_row = {label: i for i, label in enumerate(chain.passages.labels)}
        self._kinds: dict[str, Collection[str]] = {
            "site": self._site, "stage": self._stage, "lane": self._lane, "group": self._group,
            "passage": self._passage,
        }  # fmt: skip
        order = np.argsort(chain.stages.site, kind="stable")
        first = np.searchsorted(chain.stages.site[order], np.arange(len(chain.sites) + 1))
        self._stages_of = [order[first[i] : first[i + 1]] for i in range(len(chain.sites))]

    def hit(self, outage: Outage) -> Hit:
        """Return what an outage hits.

        Parameters
        ----------
        outage : Outage
            What fails.

        Returns
        -------
        Hit
            Positions, duration, and what is left.

        Raises
        ------
        LabelError, ShockError
            If the outage names something that the chain lacks, takes a part of what has no limit, or lasts for a time
            that nobody knows.
        """
        named = [*outage.sites]
        for label in outage.groups:
            named += self._known(self._group, label, "group", outage)
        sites = _positions(self._known(self._site, label, "site", outage) for label in named)
        single = _positions(self._known(self._stage, label, "stage", outage) for label in outage.stages)
        lanes = [self._known(self._lane, label, "lane", outage) for label in outage.lanes]
        for label in outage.passages:
            lanes += self._known(self._passage, label, "passage", outage)
        stages = np.unique(np.concatenate([single, *(self._stages_of[site] for site in sites)]))
        hit = Hit(
            name=outage.name,
            kept=1.0 - outage.loss,
            stock_kept=1.0 - outage.loss if outage.stock_lost else 1.0,
            stages=stages,
            sites=sites,
            lanes=_positions(lanes),
            days=self._days(outage, np.union1d(sites, self._chain.stages.site[single])),
        )
        if hit.kept > 0:
            self._check_limited(hit)
        return hit

    def _known(self, positions: Mapping[str, T], label: str, kind: str, outage: Outage) -> T:
        if label not in positions:
            others = [other for other, labels in self._kinds.items() if label in labels]
            if others:
                advice = f"it has a {others[0]} of that name, so list it under {others[0]}s."
            else:
                advice = nearest(label, positions)
            message = f"outage {outage.name!r} names the {kind} {label!r}, which the chain lacks; {advice}"
            raise LabelError(message)
        return positions[label]

    def _days(self, outage: Outage, sites: Integer) -> Float:
        """Return how long an outage lasts: as it says, or the longest time known of anything that it names."""
        if outage.days is not None:
            return np.full(3, float(outage.days))
        chain = self._chain
        lanes = [self._lane[label] for label in outage.lanes]
        passages = [self._passage_row[label] for label in outage.passages if label in self._passage_row]
        times = np.concatenate(
            [
                chain.sites.recovery_days[sites],
                chain.lanes.closure_days[_positions(lanes)],
                chain.passages.closure_days[_positions(passages)],
            ]
        )
        known = times[~np.isnan(times[:, 0])]
        if not known.size:
            message = (
                f"outage {outage.name!r} of lanes or passages must say how many days it lasts, because the chain has "
                "no closure days for them. Give days, or closure days to a lane or passage."
            )
            raise ShockError(message)
        longest: Float = known.max(axis=0)
        return longest

    def _check_limited(self, hit: Hit) -> None:
        """Refuse to take a part of what has no limit."""
        chain = self._chain
        unlimited = hit.stages[np.isinf(self._most[hit.stages])]
        if unlimited.size:
            what = f"{chain.stage_labels[unlimited[0]]!r}, which has no capacity"
            raise ShockError(_PART_OF_UNLIMITED.format(hit.name, 1 - hit.kept, what, "the stage or its site"))
        supplies = chain.supplies
        lane = np.append(chain.lanes.capacity, np.inf)[supplies.lane]
        on = np.isin(supplies.lane, hit.lanes) & np.isinf(lane) & np.isinf(supplies.capacity)
        if on.any():
            label = chain.lanes.labels[supplies.lane[np.flatnonzero(on)[0]]]
            what = f"lane {label!r}, where neither the lane nor every contract on it has a capacity"
            raise ShockError(_PART_OF_UNLIMITED.format(hit.name, 1 - hit.kept, what, "the lane"))


_PART_OF_UNLIMITED = (
    "outage {!r} takes {:.0%} of {}; a part of something unlimited is still unlimited. Give {} a capacity, or let it "
    "fail wholly (loss = 1)."
)


def _positions(found: Iterable[int]) -> Integer:
    return np.array(sorted(set(found)), dtype=np.int64)
