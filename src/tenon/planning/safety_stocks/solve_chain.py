"""Service times of a chain of any shape, with a bound: messages, trees and branches.

Three steps, each only while there is a gap. Messages give service times and a bound on the cost of all others. Trees
make the service times better: along a random spanning tree the dynamic program chooses all times anew, while the ends
of every other supply are held apart by what was promised over it. Branches close the gap: the service time of a stage
is either at most so many days, or the inbound times of all its buyers are longer; the bound is found anew in both.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tenon.planning.safety_stocks._messages import Messages, pass_messages, silence
from tenon.planning.safety_stocks._network import Network, Ranges, network_of, ranges_of, settle, tighten
from tenon.planning.safety_stocks._tree import is_forest, solve_walk, spanning_walk
from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.planning.safety_stocks.solve_tree import solve_tree
from tenon.schema import Integer

__all__ = ["TOLERANCE", "Placement", "solve_chain"]

TOLERANCE = 1e-9
"""Relative gap below which two costs count as the same."""

_MOST_PASSES = 5000
_PASSES_A_ROUND = 50
# A round that closes less than this share of the gap is the last; a bound may well rest for some passes.
_LEAST_PROGRESS = 1e-3
_TREES = 30


@dataclass(frozen=True, eq=False)
class Placement:
    """What was found.

    Parameters
    ----------
    service : (N,) array of int, days
        Service times, in the order of the problem's stages.
    cost : float, currency per year
        Of the safety stock that they need.
    bound : float, currency per year
        What no service times can undercut.
    branches : int
        How many branches were looked at.
    """

    service: Integer
    cost: float
    bound: float
    branches: int


def solve_chain(
    problem: SafetyStockProblem, *, branches: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> Placement:
    """Find service times of low cost, and how low any could be.

    Parameters
    ----------
    problem : SafetyStockProblem
        Of any shape.
    branches : int
        Most branches to look at once messages and trees leave a gap.
    seed : int
        Of the random trees.
    progress : callable, optional
        Called with the branches done and the most.

    Returns
    -------
    Placement
        With ``bound`` equal to ``cost`` up to :data:`TOLERANCE` where the service times are proven to be the best.

    References
    ----------
    Kolmogorov, V., 2006. Convergent tree-reweighted message passing for energy minimization. IEEE Transactions on
    Pattern Analysis and Machine Intelligence 28(10), 1568-1583.
    """
    network = network_of(problem)
    if is_forest(network):
        chosen = solve_tree(problem)
        cost = settle(network, chosen[problem.order])
        return Placement(chosen, cost, cost, 0)
    search = _Search(problem, network, seed)
    bound, looked_at = search.run(branches, progress)
    service = np.empty(len(problem), dtype=np.int64)
    service[problem.order] = search.service
    return Placement(service, search.cost, min(bound, search.cost), looked_at)


class _Branch(NamedTuple):
    """A part of the problem that is still open; the first comes first in the heap."""

    bound: float
    number: int
    ranges: Ranges
    service: Integer
    wish: Integer


class _Search:
    """The best service times so far, and the messages, which every branch finds as the one before left them."""

    def __init__(self, problem: SafetyStockProblem, network: Network, seed: int) -> None:
        self._network = network
        self._ranges: Ranges = ranges_of(problem, network)
        self._messages: Messages = silence(self._network, self._ranges)
        self._seed = seed
        self.service: Integer = np.zeros(len(problem), dtype=np.int64)
        self.cost: float = settle(self._network, self.service)

    def run(self, branches: int, progress: Callable[[int, int], None] | None) -> tuple[float, int]:
        """Return the bound, and the number of branches looked at."""
        first = self._look(0, self._ranges, 0.0, _MOST_PASSES)
        if not self._is_closed(first.bound):
            self._plant_trees()
        waiting, looked_at = [first], 0
        while looked_at < branches and not self._is_closed(waiting[0].bound):
            open_branch = heapq.heappop(waiting)
            for ranges in self._split(open_branch):
                looked_at += 1
                part = self._look(looked_at, ranges, open_branch.bound, _PASSES_A_ROUND)
                if not self._is_closed(part.bound):
                    heapq.heappush(waiting, part)
            if progress is not None:
                progress(min(looked_at, branches), branches)
            if not waiting:
                return self.cost, looked_at
        return waiting[0].bound, looked_at

    def _is_closed(self, bound: float) -> bool:
        return self.cost - bound <= TOLERANCE * self.cost

    def _look(self, number: int, ranges: Ranges, bound: float, passes: int) -> _Branch:
        """Pass messages until they agree or stop making progress; keep the best service times that turn up."""
        service, wish = np.empty_like(self.service), np.empty_like(self.service)
        chosen, least, before = service, np.inf, bound
        for number_of_pass in range(1, passes + 1):
            bound = max(bound, pass_messages(self._network, ranges, self._messages, service, wish))
            cost = self._offer(service)
            if cost < least:
                least, chosen = cost, service.copy()
            if self._is_closed(bound):
                break
            if number_of_pass % _PASSES_A_ROUND == 0:
                if bound - before < _LEAST_PROGRESS * (self.cost - bound):
                    break
                before = bound
        return _Branch(bound, number, ranges, chosen, wish)

    def _offer(self, service: Integer) -> float:
        """Keep service times that are better than the best so far; return their cost."""
        settled = service.copy()
        cost = settle(self._network, settled)
        if cost < self.cost:
            self.cost, self.service = cost, settled
        return cost

    def _plant_trees(self) -> None:
        """Choose all times anew along random trees, in which supplies that bind come first."""
        network = self._network
        for number in range(_TREES):
            generator = np.random.default_rng(np.random.SeedSequence(self._seed, spawn_key=(number,)))
            promised, received = self.service[network.tail], _inbound(network, self.service)[network.head]
            walk = spanning_walk(network, 1.0 + generator.random(promised.size) + (promised < received))
            most, least = self._ranges.most_service.copy(), self._ranges.least_inbound.copy()
            outside = walk.in_tree == 0
            apart = np.where(generator.integers(0, 2, promised.size), promised, received)[outside]
            np.minimum.at(most, network.tail[outside], apart)
            np.maximum.at(least, network.head[outside], apart)
            self._offer(solve_walk(network, tighten(network, most, least), walk))

    def _split(self, branch: _Branch) -> list[Ranges]:
        """Cut the range of one service time in two: at most so long, or longer, and then so are its buyers' times."""
        network, ranges = self._network, branch.ranges
        # Below the least inbound time of all buyers, a service time costs the buyers nothing.
        free = np.full(network.days.size, np.iinfo(np.int64).max)
        np.minimum.at(free, network.tail, ranges.least_inbound[network.head])
        room = ranges.most_service - free
        # Where stages wish for other times than they got; failing that, where the range is widest.
        apart = np.abs(branch.wish - branch.service)
        worth = np.where(room > 0, network.cost * np.where(apart > 0, apart, 1e-3 * room), -1.0)
        stage = int(np.argmax(worth))
        if room[stage] <= 0:
            # No supply binds any more: every stage for itself, with the longest service time.
            self._offer(ranges.most_service)
            return []
        shorter = min(branch.wish[stage], branch.service[stage])
        cut = int(np.clip(shorter, free[stage], ranges.most_service[stage] - 1))
        short, long = ranges.most_service.copy(), ranges.least_inbound.copy()
        short[stage] = cut
        buyers = network.head[network.tail == stage]
        long[buyers] = np.maximum(long[buyers], cut + 1)
        return [
            tighten(network, short, ranges.least_inbound),
            tighten(network, ranges.most_service, long),
        ]


def _inbound(network: Network, service: Integer) -> Integer:
    """Inbound times: the longest service time of the suppliers."""
    inbound = np.zeros_like(service)
    np.maximum.at(inbound, network.head, service[network.tail])
    return inbound
