"""The dynamic program on a spanning tree (Graves and Willems 2000, section 4), compiled.

A stage hands to its parent in the tree the least cost of everything below it: as a function of its own service time
if the parent buys from it (``f`` of the paper), of its own inbound time if the parent supplies it (``g``). Service
times of supplies outside the tree are held apart by the ranges: nothing else couples their ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from tenon.numerics import inlined, kernel
from tenon.planning.safety_stocks._network import Network, Ranges
from tenon.schema import Float, Integer

__all__ = ["Walk", "is_forest", "solve_walk", "spanning_walk"]


class Walk(NamedTuple):
    """A spanning tree of each connected part, parents before their children.

    Parameters
    ----------
    stages : (N,) array of int
        The order.
    parent : (N,) array of int
        By stage; -1 for roots.
    sells_to_parent : (N,) array of bool
        By stage: whether the parent is a buyer of it rather than its supplier.
    in_tree : (A,) array of bool
        Which arcs belong to it.
    """

    stages: Integer
    parent: Integer
    sells_to_parent: Integer
    in_tree: Integer


class _Tables(NamedTuple):
    """Working memory, a row a stage: costs below it by time, and the choices that they stand for."""

    inbound: Float
    service: Float
    other: Integer
    best: Integer
    own_inbound: Integer
    own_service: Integer


def is_forest(network: Network) -> bool:
    """Say whether no two ways lead from one stage to another, whichever way goods run.

    Parameters
    ----------
    network : Network
        The chain.

    Returns
    -------
    bool
        Whether its undirected graph is a tree, or several.
    """
    count = network.days.size
    graph = coo_array((np.ones(network.tail.size), (network.tail, network.head)), shape=(count, count))
    parts, _ = connected_components(graph, directed=False)
    return bool(network.tail.size == count - parts)


def spanning_walk(network: Network, weights: Float) -> Walk:
    """Find the spanning tree of least weight, and a walk through it.

    Parameters
    ----------
    network : Network
        The chain.
    weights : (A,) array
        Above zero; arcs of small weight are preferred.

    Returns
    -------
    Walk
        One tree for each connected part.
    """
    count = network.days.size
    graph = coo_array((weights, (network.tail, network.head)), shape=(count, count))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    # A further stage, beyond the last, is tied to the first of each part, so that one walk reaches all of them.
    _, part = connected_components(tree, directed=False)
    first = np.unique(part, return_index=True)[1]
    ends = np.concatenate([tree.row, np.full(first.size, count)]), np.concatenate([tree.col, first])
    tied = coo_array((np.ones(ends[0].size), ends), shape=(count + 1, count + 1)).tocsr()
    stages, before = breadth_first_order(tied, count, directed=False)
    parent = np.where(before[:count] == count, -1, before[:count]).astype(np.int64)
    sells = np.zeros(count, dtype=np.int64)
    in_tree = np.zeros(network.tail.size, dtype=np.int64)
    up, down = parent[network.tail] == network.head, parent[network.head] == network.tail
    sells[network.tail[up]] = 1
    in_tree[up | down] = 1
    return Walk(stages[1:].astype(np.int64), parent, sells, in_tree)


def solve_walk(network: Network, ranges: Ranges, walk: Walk) -> Integer:
    """Find the service times of least cost, were there no supplies outside the tree.

    Parameters
    ----------
    network : Network
        The chain.
    ranges : Ranges
        Of all times.
    walk : Walk
        The tree.

    Returns
    -------
    (N,) array of int, days
        Service times.
    """
    shape = (network.days.size, ranges.width)
    tables = _Tables(
        inbound=np.zeros(shape),
        service=np.zeros(shape),
        other=np.zeros(shape, dtype=np.int64),
        best=np.zeros(shape, dtype=np.int64),
        own_inbound=np.zeros(shape[0], dtype=np.int64),
        own_service=np.zeros(shape[0], dtype=np.int64),
    )
    _solve(network, ranges, walk, tables)
    return tables.own_service


@kernel
def _solve(network: Network, ranges: Ranges, walk: Walk, tables: _Tables) -> None:
    for step in range(walk.stages.size - 1, -1, -1):
        stage = walk.stages[step]
        if walk.parent[stage] < 0:
            _choose_inbound(network, ranges, stage, tables)
        elif walk.sells_to_parent[stage]:
            _choose_inbound(network, ranges, stage, tables)
            _tell_buyer(ranges, stage, walk.parent[stage], tables)
        else:
            _choose_service(network, ranges, stage, tables)
            _tell_supplier(ranges, stage, walk.parent[stage], tables)
    for step in range(walk.stages.size):
        stage = walk.stages[step]
        parent = walk.parent[stage]
        if parent < 0:
            service = np.argmin(tables.service[stage, : ranges.most_service[stage] + 1])
            inbound = tables.other[stage, service]
        elif walk.sells_to_parent[stage]:
            service = tables.best[stage, tables.own_inbound[parent]]
            inbound = tables.other[stage, service]
        else:
            inbound = tables.best[stage, tables.own_service[parent]]
            service = tables.other[stage, inbound]
        tables.own_service[stage] = service
        tables.own_inbound[stage] = inbound


@inlined
def _choose_inbound(network: Network, ranges: Ranges, stage: int, tables: _Tables) -> None:
    """Turn costs by service time into ``f``: with the best inbound time for each."""
    days, cost = network.days[stage], network.cost[stage]
    for service in range(ranges.most_service[stage] + 1):
        least, choice = np.inf, 0
        for inbound in range(max(ranges.least_inbound[stage], service - days), ranges.most_inbound[stage] + 1):
            value = tables.inbound[stage, inbound] + cost * network.root[inbound + days - service]
            if value < least:
                least, choice = value, inbound
        tables.service[stage, service] += least
        tables.other[stage, service] = choice


@inlined
def _choose_service(network: Network, ranges: Ranges, stage: int, tables: _Tables) -> None:
    """Turn costs by inbound time into ``g``: with the best service time for each."""
    days, cost = network.days[stage], network.cost[stage]
    for inbound in range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1):
        least, choice = np.inf, 0
        for service in range(min(ranges.most_service[stage], inbound + days) + 1):
            value = tables.service[stage, service] + cost * network.root[inbound + days - service]
            if value < least:
                least, choice = value, service
        tables.inbound[stage, inbound] += least
        tables.other[stage, inbound] = choice


@inlined
def _tell_buyer(ranges: Ranges, stage: int, buyer: int, tables: _Tables) -> None:
    """Add the least ``f`` among service times up to each inbound time of the buyer."""
    least, choice = np.inf, 0
    for inbound in range(ranges.most_inbound[buyer] + 1):
        if inbound <= ranges.most_service[stage] and tables.service[stage, inbound] < least:
            least, choice = tables.service[stage, inbound], inbound
        tables.inbound[buyer, inbound] += least
        tables.best[stage, inbound] = choice


@inlined
def _tell_supplier(ranges: Ranges, stage: int, supplier: int, tables: _Tables) -> None:
    """Add the least ``g`` among inbound times from each service time of the supplier up."""
    least, choice = np.inf, 0
    for service in range(ranges.most_inbound[stage], -1, -1):
        if service >= ranges.least_inbound[stage] and tables.inbound[stage, service] < least:
            least, choice = tables.inbound[stage, service], service
        if service <= ranges.most_service[supplier]:
            tables.service[supplier, service] += least
            tables.best[stage, service] = choice
