"""Messages between stages: a bound on the cost from below, and service times that come close to it.

The problem is one of minimizing over the nodes ``SI`` and ``S`` of all stages a sum of terms on pairs: the cost of a
stage for its own pair, nothing or infinity for the pair of each supply. Each pass moves cost between terms without
changing the sum of any solution, so that the minima of single terms add up to a bound (Kolmogorov 2006, sequential
tree-reweighted message passing, with the order of the chain; the bound never falls from pass to pass). It is at least
that of a Lagrangian relaxation of supplies, because a message may price every single day rather than the number of
days.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tenon.numerics import inlined, kernel
from tenon.planning.safety_stocks._network import Network, Ranges
from tenon.schema import Float, Integer

__all__ = ["Messages", "pass_messages", "silence"]


class Messages(NamedTuple):
    """What nodes tell their neighbors: a cost for each value of the node that listens; any figures give a valid bound.

    Parameters
    ----------
    to_buyer, to_supplier : (A, W) array, currency per year
        Along each supply: to the buyer's inbound time, to the supplier's service time.
    to_service, to_inbound : (N, W) array, currency per year
        Inside each stage.
    """

    to_buyer: Float
    to_supplier: Float
    to_service: Float
    to_inbound: Float


def silence(network: Network, ranges: Ranges) -> Messages:
    """Return messages that say nothing yet.

    Parameters
    ----------
    network : Network
        The chain.
    ranges : Ranges
        The widest that will be used with them.

    Returns
    -------
    Messages
        Zeros.
    """
    arcs, stages = (network.tail.size, ranges.width), (network.days.size, ranges.width)
    return Messages(np.zeros(arcs), np.zeros(arcs), np.zeros(stages), np.zeros(stages))


@kernel
def pass_messages(network: Network, ranges: Ranges, messages: Messages, service: Integer, wish: Integer) -> float:
    """Pass messages down the chain and up again.

    Parameters
    ----------
    network : Network
        The chain.
    ranges : Ranges
        Of all times.
    messages : Messages
        Renewed in place.
    service : (N,) array of int, days
        Filled with service times that are chosen one after the other on the way down, each for what the suppliers
        promised and what the buyers told.
    wish : (N,) array of int, days
        Filled with the service time that each stage would choose for itself; where it differs from ``service``, stages
        do not agree yet.

    Returns
    -------
    float, currency per year
        The bound.
    """
    total = np.zeros(messages.to_service.shape[1])
    for stage in range(network.days.size):
        _tell_own_service(network, ranges, messages, stage, total)
        service[stage] = _choose(network, ranges, messages, stage, service)
        _tell_buyers(network, ranges, messages, stage, total)
    bound = 0.0
    for stage in range(network.days.size - 1, -1, -1):
        bound += _tell_own_inbound(network, ranges, messages, stage, total, wish)
        bound += _tell_suppliers(network, ranges, messages, stage, total)
    return bound


@inlined
def _hear_suppliers(network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float) -> float:
    """Add up what the inbound time hears; return the share of it for each neighbor on one side."""
    first, last = network.first_into[stage], network.first_into[stage + 1]
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        total[inbound] = messages.to_inbound[stage, inbound]
    for position in range(first, last):
        arc = network.into[position]
        for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
            total[inbound] += messages.to_buyer[arc, inbound]
    return float(1.0 / max(1, last - first))


@inlined
def _hear_buyers(network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float) -> float:
    """Add up what the buyers tell the service time; return the share of it for each neighbor on one side."""
    first, last = network.first_out_of[stage], network.first_out_of[stage + 1]
    for service in range(ranges.most_service[stage] + 1):
        total[service] = 0.0
    for position in range(first, last):
        arc = network.out_of[position]
        for service in range(ranges.most_service[stage] + 1):
            total[service] += messages.to_supplier[arc, service]
    return float(1.0 / max(1, last - first))


@inlined
def _tell_own_service(network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float) -> None:
    share = _hear_suppliers(network, ranges, messages, stage, total)
    days, cost = network.days[stage], network.cost[stage]
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        total[inbound] = share * total[inbound] - messages.to_inbound[stage, inbound]
    lowest = np.inf
    for service in range(ranges.most_service[stage] + 1):
        least = np.inf
        for inbound in range(max(ranges.least_inbound[stage], service - days), ranges.most_inbound[stage] + 1):
            least = min(least, total[inbound] + cost * network.root[inbound + days - service])
        messages.to_service[stage, service] = least
        lowest = min(lowest, least)
    for service in range(ranges.most_service[stage] + 1):
        messages.to_service[stage, service] -= lowest


@inlined
def _choose(network: Network, ranges: Ranges, messages: Messages, stage: int, service: Integer) -> int:
    """Choose the service time that is best for what the suppliers promised and what the buyers told."""
    inbound = ranges.least_inbound[stage]
    for position in range(network.first_into[stage], network.first_into[stage + 1]):
        inbound = max(inbound, service[network.tail[network.into[position]]])
    reach = inbound + network.days[stage]
    least, choice = np.inf, 0
    for own in range(min(ranges.most_service[stage], reach) + 1):
        value = network.cost[stage] * network.root[reach - own]
        for position in range(network.first_out_of[stage], network.first_out_of[stage + 1]):
            value += messages.to_supplier[network.out_of[position], own]
        if value < least:
            least, choice = value, own
    return choice


@inlined
def _tell_buyers(network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float) -> None:
    share = _hear_buyers(network, ranges, messages, stage, total)
    for service in range(ranges.most_service[stage] + 1):
        total[service] += messages.to_service[stage, service]
    for position in range(network.first_out_of[stage], network.first_out_of[stage + 1]):
        arc = network.out_of[position]
        buyer = network.head[arc]
        least = np.inf
        for inbound in range(ranges.most_inbound[buyer] + 1):
            if inbound <= ranges.most_service[stage]:
                least = min(least, share * total[inbound] - messages.to_supplier[arc, inbound])
            messages.to_buyer[arc, inbound] = least
        for inbound in range(ranges.most_inbound[buyer] + 1):
            messages.to_buyer[arc, inbound] -= least


@inlined
def _tell_own_inbound(
    network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float, wish: Integer
) -> float:
    """Return the parts of the bound that the service time and the stage give."""
    share = _hear_buyers(network, ranges, messages, stage, total)
    days, cost = network.days[stage], network.cost[stage]
    lowest = np.inf
    for service in range(ranges.most_service[stage] + 1):
        total[service] += messages.to_service[stage, service]
        if total[service] < lowest:
            lowest, wish[stage] = total[service], service
    for service in range(ranges.most_service[stage] + 1):
        total[service] = share * (total[service] - lowest) - messages.to_service[stage, service]
    least_of_all = np.inf
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        least = np.inf
        for service in range(min(ranges.most_service[stage], inbound + days) + 1):
            least = min(least, total[service] + cost * network.root[inbound + days - service])
        messages.to_inbound[stage, inbound] = least
        least_of_all = min(least_of_all, least)
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        messages.to_inbound[stage, inbound] -= least_of_all
    return lowest + least_of_all


@inlined
def _tell_suppliers(network: Network, ranges: Ranges, messages: Messages, stage: int, total: Float) -> float:
    """Return the parts of the bound that the inbound time and the supplies give."""
    share = _hear_suppliers(network, ranges, messages, stage, total)
    bound = np.inf
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        bound = min(bound, total[inbound])
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        total[inbound] = share * (total[inbound] - bound)
    for position in range(network.first_into[stage], network.first_into[stage + 1]):
        arc = network.into[position]
        most = ranges.most_service[network.tail[arc]]
        least = np.inf
        for service in range(ranges.most_inbound[stage], -1, -1):
            if service >= ranges.least_inbound[stage]:
                least = min(least, total[service] - messages.to_buyer[arc, service])
            if service <= most:
                messages.to_supplier[arc, service] = least
        for service in range(most + 1):
            messages.to_supplier[arc, service] -= least
        bound += least
    return bound
