"""A company's chain: sites, parts, who makes what of what, who supplies whom, over which lanes, for which customers.

The columns stand in :mod:`tenon.schema.chain_columns`; here they come together and are checked against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenon.schema.arrays import Integer
from tenon.schema.chain_columns import Demands, Group, Inputs, Lanes, Parts, Passages, Sites, Stages, Supplies
from tenon.schema.errors import ChainError, LabelError, nearest

__all__ = ["SupplyChain"]

_SHARE_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False, kw_only=True)
class SupplyChain:  # budget: the sheets of a workbook and what its first one says; none of it is state
    """Sites, parts, stages and supplies of a company and its suppliers, checked when made.

    Parameters
    ----------
    name : str
        Short name.
    sites : Sites
        ``M`` places.
    parts : Parts
        ``P`` parts.
    stages : Stages
        ``N`` stages: a part made, bought in or passed on at a site.
    inputs : Inputs
        What each stage needs; every input has a supply.
    supplies : Supplies
        ``L`` supplies between stages, without loops.
    lanes : Lanes
        ``K`` routes.
    passages : Passages
        ``J`` straits, canals, borders and ports of which it is known how often or for how long they close.
    demands : Demands
        ``V`` demands of customers.
    groups : mapping of str to Group
        Sites that share a cause of failure or an owner.
    currency : str
        ISO code of the currency of costs and margins.
    source : str
        Where the figures come from.
    illustrative : bool
        Whether the chain was made up to show what can be done.

    Raises
    ------
    ChainError
        If a position points nowhere, a pair stands twice, two stages would have one label, an input has no supply or a
        supply no use, shares do not add up, or supplies run in a loop.
    LabelError
        If a group names an unknown site.
    """

    name: str
    sites: Sites
    parts: Parts
    stages: Stages
    inputs: Inputs
    supplies: Supplies
    lanes: Lanes
    passages: Passages = field(default_factory=Passages)
    demands: Demands
    groups: Mapping[str, Group] = field(default_factory=dict)
    currency: str
    source: str
    illustrative: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", dict(self.groups))
        self._check_positions()
        self._check_pairs()
        self._check_stage_labels()
        self._check_groups()
        self._check_inputs_have_supplies()
        self._check_shares()
        self._check_loops()

    def __getstate__(self) -> dict[str, object]:
        # What was worked out on demand stays behind, so that equal chains are equal bytes whatever was asked of them.
        return {column.name: getattr(self, column.name) for column in fields(self)}

    @cached_property
    def stage_labels(self) -> tuple[str, ...]:
        """Label of each stage, ``"part @ site"``."""
        sites, parts = self.sites.labels, self.parts.labels
        return tuple(
            f"{parts[part]} @ {sites[site]}" for site, part in zip(self.stages.site, self.stages.part, strict=True)
        )

    @cached_property
    def input_of_supply(self) -> Integer:
        """Position, among the inputs, of the input that each supply feeds, (L,)."""
        width = len(self.parts)
        keys = self.inputs.stage * width + self.inputs.part
        order = np.argsort(keys)
        wanted = self.supplies.buyer * width + self.stages.part[self.supplies.supplier]
        place = np.minimum(np.searchsorted(keys[order], wanted), max(keys.size - 1, 0))
        found = keys[order][place] == wanted if keys.size else np.zeros(wanted.size, dtype=bool)
        if not found.all():
            supply = int(np.flatnonzero(~found)[0])
            message = (
                f"supplies: {self._named_supply(supply)} delivers a part that the buyer does not need; add it to the "
                "bill of materials of the buyer, or drop the supply."
            )
            raise ChainError(message)
        return order[place]

    @cached_property
    def depth(self) -> Integer:
        """Number of supplies on the longest way from each stage to a stage without buyers, (N,)."""
        return _levels(len(self.stages), self.supplies.buyer, self.supplies.supplier)[0]

    def _named_supply(self, supply: int) -> str:
        labels = self.stage_labels
        return f"{labels[self.supplies.supplier[supply]]!r} to {labels[self.supplies.buyer[supply]]!r}"

    def _check_positions(self) -> None:
        counts = {"site": len(self.sites), "part": len(self.parts), "stage": len(self.stages)}
        columns = [
            ("stages", "site", self.stages.site, counts["site"]),
            ("stages", "part", self.stages.part, counts["part"]),
            ("inputs", "stage", self.inputs.stage, counts["stage"]),
            ("inputs", "part", self.inputs.part, counts["part"]),
            ("supplies", "supplier", self.supplies.supplier, counts["stage"]),
            ("supplies", "buyer", self.supplies.buyer, counts["stage"]),
            ("supplies", "lane", self.supplies.lane, len(self.lanes)),
            ("demands", "stage", self.demands.stage, counts["stage"]),
        ]
        for what, column, positions, count in columns:
            least, none = (-1, ", and -1 stands for none") if column == "lane" else (0, "")
            bad = np.flatnonzero((positions < least) | (positions >= count))
            if bad.size:
                message = (
                    f"{what}: {column} of row {bad[0]} points at position {positions[bad[0]]}, but there are only "
                    f"{count}; positions count from 0{none}."
                )
                raise ChainError(message)

    def _check_pairs(self) -> None:
        stages, inputs, supplies = self.stages, self.inputs, self.supplies
        twice = _twice(stages.site, stages.part)
        if twice is not None:
            message = f"stages: {self.stage_labels[twice]!r} stands twice; merge the two rows."
            raise ChainError(message)
        twice = _twice(inputs.stage, inputs.part)
        if twice is not None:
            message = (
                f"inputs: {self.stage_labels[inputs.stage[twice]]!r} names the input "
                f"{self.parts.labels[inputs.part[twice]]!r} twice; merge the two rows."
            )
            raise ChainError(message)
        twice = _twice(supplies.supplier, supplies.buyer)
        if twice is not None:
            message = f"supplies: {self._named_supply(twice)} stands twice; merge the two rows."
            raise ChainError(message)
        pairs = list(zip(self.demands.stage.tolist(), self.demands.customer, strict=True))
        if len(set(pairs)) < len(pairs):
            row = next(row for row, pair in enumerate(pairs) if pair in pairs[:row])
            message = (
                f"demands: customer {pairs[row][1]!r} of {self.stage_labels[pairs[row][0]]!r} stands twice; merge the "
                "two rows."
            )
            raise ChainError(message)

    def _check_stage_labels(self) -> None:
        """Refuse two stages of one label, such as part ``a`` at site ``b @ c`` and part ``a @ b`` at site ``c``."""
        first: dict[str, int] = {}
        for stage, label in enumerate(self.stage_labels):
            other = first.setdefault(label, stage)
            if other != stage:
                these, those = (
                    f"part {self.parts.labels[self.stages.part[row]]!r} at site "
                    f"{self.sites.labels[self.stages.site[row]]!r}"
                    for row in (other, stage)
                )
                message = (
                    f"stages: {these} and {those} would both be called {label!r}, and no result could tell them apart; "
                    "rename one of these parts or sites."
                )
                raise ChainError(message)

    def _check_groups(self) -> None:
        for label, group in self.groups.items():
            for site in group.sites:
                if site not in self.sites.labels:
                    message = f"group {label!r} names the site {site!r}, which the chain lacks; "
                    raise LabelError(message + nearest(site, self.sites.labels))

    def _check_inputs_have_supplies(self) -> None:
        fed = np.zeros(len(self.inputs), dtype=bool)
        fed[self.input_of_supply] = True
        if not fed.all():
            row = int(np.flatnonzero(~fed)[0])
            stage, part = self.stage_labels[self.inputs.stage[row]], self.parts.labels[self.inputs.part[row]]
            message = f"{stage!r} needs {part!r}, but nobody supplies it; add a supply, or drop the input."
            raise ChainError(message)

    def _check_shares(self) -> None:
        """Shares of the sources in use may leave a rest to sources without a share, but must not exceed one."""
        in_use = self.supplies.start_up_days == 0
        share, feeds = self.supplies.share[in_use], self.input_of_supply[in_use]
        total = np.bincount(feeds, np.nan_to_num(share), len(self.inputs))
        open_ended = np.bincount(feeds, np.isnan(share), len(self.inputs)) > 0
        named = np.bincount(feeds, minlength=len(self.inputs)) > 0
        wrong = (total > 1 + _SHARE_TOLERANCE) | (named & ~open_ended & (total < 1 - _SHARE_TOLERANCE))
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            message = (
                f"shares of the suppliers of {self.parts.labels[self.inputs.part[row]]!r} to "
                f"{self.stage_labels[self.inputs.stage[row]]!r} must add up to 1, but add up to {total[row]:g}; mend "
                "them, or leave the share of one supplier blank, which then takes the rest."
            )
            raise ChainError(message)

    def _check_loops(self) -> None:
        _, rest = _levels(len(self.stages), self.supplies.buyer, self.supplies.supplier)
        if rest.any():
            loop = " -> ".join(self._loop(rest.astype(bool)))
            message = (
                f"supplies run in a loop: {loop}; a part cannot be needed to make itself. Remove one of these supplies."
            )
            raise ChainError(message)

    def _loop(self, inside: NDArray[np.bool_]) -> list[str]:
        """Walk along supplies among stages that all have a buyer among themselves until one comes again."""
        supplier, buyer = self.supplies.supplier, self.supplies.buyer
        kept = inside[supplier] & inside[buyer]
        onward = dict(zip(supplier[kept].tolist(), buyer[kept].tolist(), strict=True))
        walk = [next(iter(onward))]
        while onward[walk[-1]] not in walk:
            walk.append(onward[walk[-1]])
        again = onward[walk[-1]]
        return [self.stage_labels[stage] for stage in [*walk[walk.index(again) :], again]]


def _twice(first: Integer, second: Integer) -> int | None:
    """Return the row of the first pair that stood before."""
    pairs = np.stack([first, second], axis=1)
    _, kept = np.unique(pairs, axis=0, return_index=True)
    again = np.setdiff1d(np.arange(first.size), kept)
    return int(again[0]) if again.size else None


def _levels(count: int, tail: Integer, head: Integer) -> tuple[Integer, Integer]:
    """Longest way to each node along arrows from ``tail`` to ``head``, and the arrows into it that loops hold back."""
    level = np.zeros(count, dtype=np.int64)
    waiting = np.bincount(head, minlength=count)
    order = np.argsort(tail, kind="stable")
    first = np.searchsorted(tail[order], np.arange(count + 1))
    ready = np.flatnonzero(waiting == 0).tolist()
    while ready:
        node = ready.pop()
        for arrow in order[first[node] : first[node + 1]]:
            reached = head[arrow]
            level[reached] = max(level[reached], level[node] + 1)
            waiting[reached] -= 1
            if waiting[reached] == 0:
                ready.append(int(reached))
    return level, waiting
