"""Safety stocks without kernels: all service times tried, the dynamic program as written, messages as matrices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np

from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks._messages import Messages
from tenon.planning.safety_stocks._network import Network, Ranges
from tenon.planning.safety_stocks._tree import Walk
from tenon.schema import Float, Integer

__all__ = ["cost_of", "in_ranges", "least_cost", "pass_messages_plainly", "tree_cost"]


def cost_of(problem: SafetyStockProblem, service: Integer) -> float:
    """Cost of service times by the formula of the model; infinite where a promise cannot be kept."""
    total = 0.0
    for stage in range(len(problem)):
        inbound = max((service[s] for s in problem.supplier[problem.buyer == stage]), default=0)
        bridged = inbound + problem.stage_days[stage] - service[stage]
        if bridged < 0 or service[stage] > problem.service_days[stage]:
            return float("inf")
        holding = problem.holding_rate * problem.unit_cost[stage]
        total += holding * problem.service_factor * problem.pooled_deviation[stage] * bridged**0.5
    return total


def least_cost(problem: SafetyStockProblem) -> float:
    """Try all service times that can be kept, stage by stage; leave off where the cost is no longer the least."""
    order = problem.order.tolist()
    suppliers = {stage: problem.supplier[problem.buyer == stage].tolist() for stage in order}
    service = dict.fromkeys(order, 0)
    best = float("inf")

    def go_on(step: int, cost: float) -> None:
        nonlocal best
        if cost >= best:
            return
        if step == len(order):
            best = cost
            return
        stage = order[step]
        reach = int(max((service[s] for s in suppliers[stage]), default=0) + problem.stage_days[stage])
        for days in range(int(min(reach, problem.service_days[stage])), -1, -1):
            service[stage] = days
            go_on(step + 1, cost + float(problem.day_cost[stage]) * (reach - days) ** 0.5)

    go_on(0, 0.0)
    return best


def in_ranges(network: Network, ranges: Ranges, service: Integer) -> float:
    """Cost of service times where inbound times may not fall below their ranges; waiting longer is allowed."""
    total = 0.0
    for stage in range(network.days.size):
        promised = service[network.tail[network.head == stage]]
        inbound = max(ranges.least_inbound[stage], promised.max(initial=0))
        total += network.cost[stage] * max(0, inbound + network.days[stage] - service[stage]) ** 0.5
    return total


def tree_cost(network: Network, ranges: Ranges, walk: Walk) -> float:
    """Least cost by the functions f and g of Graves and Willems (2000), as they are written there."""
    children: dict[int, list[int]] = {stage: [] for stage in range(-1, network.days.size)}
    for stage, parent in enumerate(walk.parent.tolist()):
        children[parent].append(stage)

    def times(stage: int) -> tuple[range, range]:
        return (
            range(ranges.least_inbound[stage], ranges.most_inbound[stage] + 1),
            range(ranges.most_service[stage] + 1),
        )

    @cache
    def below(stage: int, inbound: int, service: int) -> float:
        """Cost of the stage and of everything that hangs on it."""
        bridged = inbound + network.days[stage] - service
        if bridged < 0:
            return float("inf")
        cost = network.cost[stage] * bridged**0.5
        for child in children[stage]:
            own_inbound, own_service = times(child)
            if walk.sells_to_parent[child]:
                cost += min(below(child, y, x) for y in own_inbound for x in own_service if x <= inbound)
            else:
                cost += min(below(child, y, x) for y in own_inbound for x in own_service if y >= service)
        return float(cost)

    total = 0.0
    for root in children[-1]:
        inbound, service = times(root)
        total += min(below(root, y, x) for y in inbound for x in service)
    return total


def pass_messages_plainly(
    network: Network, ranges: Ranges, messages: Messages
) -> tuple[float, Messages, Integer, Integer]:
    """One pass down and up; return the bound, new messages, the times chosen and those wished for."""
    new = Messages(*(array.copy() for array in messages))
    chosen, wished = np.zeros_like(network.days), np.zeros_like(network.days)
    for stage in range(network.days.size):
        _go_down(network, ranges, new, stage, chosen)
    bound = 0.0
    for stage in reversed(range(network.days.size)):
        bound += sum(_go_up(network, ranges, new, stage, wished))
    return bound, new, chosen, wished


def _spans(ranges: Ranges, stage: int) -> tuple[slice, slice]:
    inbound = slice(int(ranges.least_inbound[stage]), int(ranges.most_inbound[stage]) + 1)
    return inbound, slice(0, int(ranges.most_service[stage]) + 1)


def _stage_cost(network: Network, ranges: Ranges, stage: int) -> Float:
    """Cost by inbound time (rows) and service time (columns), infinite where it cannot be."""
    inbound, service = _spans(ranges, stage)
    bridged = np.arange(inbound.start, inbound.stop)[:, None] + network.days[stage] - np.arange(service.stop)[None, :]
    return np.where(bridged >= 0, network.cost[stage] * np.sqrt(np.maximum(bridged, 0)), np.inf)


def _supply_cost(ranges: Ranges, supplier: int, buyer: int) -> Float:
    """Nothing where the service time (rows) is not above the inbound time of the buyer (columns), else infinite."""
    inbound, _ = _spans(ranges, buyer)
    _, service = _spans(ranges, supplier)
    return np.where(np.arange(service.stop)[:, None] <= np.arange(inbound.start, inbound.stop)[None, :], 0.0, np.inf)


def _go_down(network: Network, ranges: Ranges, new: Messages, stage: int, chosen: Integer) -> None:
    inbound, service = _spans(ranges, stage)
    into, out_of = np.flatnonzero(network.head == stage), np.flatnonzero(network.tail == stage)
    heard = new.to_inbound[stage, inbound] + new.to_buyer[into][:, inbound].sum(axis=0)
    told = _stage_cost(network, ranges, stage) + (heard / max(1, into.size) - new.to_inbound[stage, inbound])[:, None]
    new.to_service[stage, service] = told.min(axis=0) - told.min()
    told_by_buyers = new.to_supplier[out_of][:, service].sum(axis=0)
    promised = max(int(ranges.least_inbound[stage]), int(chosen[network.tail[into]].max(initial=0)))
    row = _stage_cost(network, ranges, stage)[promised - inbound.start]
    chosen[stage] = np.argmin(row + told_by_buyers)
    heard = (new.to_service[stage, service] + told_by_buyers) / max(1, out_of.size)
    for arc in out_of:
        buyer = int(network.head[arc])
        told = _supply_cost(ranges, stage, buyer) + (heard - new.to_supplier[arc, service])[:, None]
        # Also below the buyer's range, where it is not heard now but may be later.
        least = np.minimum.accumulate(heard - new.to_supplier[arc, service])
        width = int(ranges.most_inbound[buyer]) + 1
        new.to_buyer[arc, :width] = np.pad(least, (0, max(0, width - least.size)), mode="edge")[:width] - told.min()


def _go_up(network: Network, ranges: Ranges, new: Messages, stage: int, wished: Integer) -> Iterator[float]:
    inbound, service = _spans(ranges, stage)
    into, out_of = np.flatnonzero(network.head == stage), np.flatnonzero(network.tail == stage)
    heard = new.to_service[stage, service] + new.to_supplier[out_of][:, service].sum(axis=0)
    wished[stage] = np.argmin(heard)
    yield float(heard.min())
    heard = (heard - heard.min()) / max(1, out_of.size) - new.to_service[stage, service]
    told = _stage_cost(network, ranges, stage) + heard[None, :]
    yield float(told.min())
    new.to_inbound[stage, inbound] = told.min(axis=1) - told.min()
    heard = new.to_inbound[stage, inbound] + new.to_buyer[into][:, inbound].sum(axis=0)
    yield float(heard.min())
    heard = (heard - heard.min()) / max(1, into.size)
    for arc in into:
        supplier = int(network.tail[arc])
        told = _supply_cost(ranges, supplier, stage) + (heard - new.to_buyer[arc, inbound])[None, :]
        yield float(told.min())
        new.to_supplier[arc, _spans(ranges, supplier)[1]] = told.min(axis=1) - told.min()
