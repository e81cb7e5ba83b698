"""The arrays that the kernels work on: stages with every supplier before its buyers, and the ranges of their times."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tenon.numerics import kernel
from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.schema import Float, Integer

__all__ = ["Network", "Ranges", "network_of", "ranges_of", "settle", "tighten"]


class Network(NamedTuple):
    """A chain for the kernels; stage ``n`` is the ``n``-th in the order of the problem.

    Parameters
    ----------
    days : (N,) array of int, days
        Stage times ``T``.
    cost : (N,) array, currency per year
        Cost of bridging one day, ``h z sigma``.
    tail, head : (A,) array of int
        Supplier and buyer of each arc.
    into, out_of : (A,) array of int
        Arcs by buyer, and by supplier.
    first_into, first_out_of : (N + 1,) array of int
        Where the arcs of each stage begin in them.
    root : array
        Square roots of 0, 1, 2 and so on, as far as times reach.
    """

    days: Integer
    cost: Float
    tail: Integer
    head: Integer
    into: Integer
    first_into: Integer
    out_of: Integer
    first_out_of: Integer
    root: Float


class Ranges(NamedTuple):
    """Which times the stages may have: service times from 0 up, inbound times between two ends.

    Parameters
    ----------
    most_service : (N,) array of int, days
        Upper ends of the service times ``S``.
    least_inbound, most_inbound : (N,) array of int, days
        Ends of the inbound service times ``SI``.
    """

    most_service: Integer
    least_inbound: Integer
    most_inbound: Integer

    @property
    def width(self) -> int:
        """Number of values of the widest range, counted from 0."""
        return int(max(self.most_service.max(), self.most_inbound.max())) + 1


def network_of(problem: SafetyStockProblem) -> Network:
    """Lay a problem out for the kernels.

    Parameters
    ----------
    problem : SafetyStockProblem
        With ``N`` stages and ``A`` supplies.

    Returns
    -------
    Network
        Stages in the order of the problem, arcs as in the problem.
    """
    count = len(problem)
    place = np.empty(count, dtype=np.int64)
    place[problem.order] = np.arange(count)
    tail, head = place[problem.supplier], place[problem.buyer]
    into, out_of = np.argsort(head, kind="stable"), np.argsort(tail, kind="stable")
    days = problem.stage_days[problem.order].astype(np.int64)
    bounds = np.arange(count + 1)
    network = Network(
        days=days,
        cost=problem.day_cost[problem.order],
        tail=tail,
        head=head,
        into=into,
        first_into=np.searchsorted(head[into], bounds),
        out_of=out_of,
        first_out_of=np.searchsorted(tail[out_of], bounds),
        root=np.zeros(0),
    )
    # No time is longer than all stages on the longest way from a first input to an output.
    longest = tighten(network, np.full(count, days.sum()), np.zeros(count, dtype=np.int64)).most_service.max()
    return network._replace(root=np.sqrt(np.arange(longest + 1, dtype=np.float64)))


def ranges_of(problem: SafetyStockProblem, network: Network) -> Ranges:
    """Find the ranges of all times.

    Parameters
    ----------
    problem : SafetyStockProblem
        With its longest service times.
    network : Network
        The same, laid out.

    Returns
    -------
    Ranges
        As wide as they need to be.
    """
    longest = network.root.size - 1
    limit = np.minimum(problem.service_days[problem.order], longest).astype(np.int64)
    return tighten(network, limit, np.zeros_like(limit))


def tighten(network: Network, most_service: Integer, least_inbound: Integer) -> Ranges:
    """Narrow ranges to what can matter; every value that is left goes with some value of each neighbor.

    Parameters
    ----------
    network : Network
        The chain.
    most_service, least_inbound : (N,) array of int, days
        Ends that are given; they are left alone.

    Returns
    -------
    Ranges
        An inbound time beyond the longest service time of all suppliers is only waiting, so none is kept; nor is a
        service time beyond the longest inbound time and the stage's own.
    """
    ranges = Ranges(most_service.copy(), least_inbound.copy(), np.empty_like(least_inbound))
    _tighten(network, ranges)
    return ranges


@kernel
def _tighten(network: Network, ranges: Ranges) -> None:
    for stage in range(network.days.size):
        most = ranges.least_inbound[stage]
        for position in range(network.first_into[stage], network.first_into[stage + 1]):
            most = max(most, ranges.most_service[network.tail[network.into[position]]])
        ranges.most_inbound[stage] = most
        ranges.most_service[stage] = min(ranges.most_service[stage], most + network.days[stage])


@kernel
def settle(network: Network, service: Integer) -> float:
    """Shorten service times that are longer than need be, in place.

    Parameters
    ----------
    network : Network
        The chain.
    service : (N,) array of int, days
        Service times; none is longer than the longest inbound time and the stage's own afterwards.

    Returns
    -------
    float, currency per year
        Cost of the safety stock that bridges what is left.
    """
    cost = 0.0
    for stage in range(network.days.size):
        reach = network.days[stage]
        for position in range(network.first_into[stage], network.first_into[stage + 1]):
            reach = max(reach, network.days[stage] + service[network.tail[network.into[position]]])
        service[stage] = min(service[stage], reach)
        cost += network.cost[stage] * network.root[reach - service[stage]]
    return cost
