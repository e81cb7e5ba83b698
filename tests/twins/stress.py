"""The stress test written once more, straight from the formulas, in days and units, for scipy's linprog.

Slow and plain: one program an outage and horizon, a row a constraint, nothing scaled, nothing shared with the engine
but the undisturbed day.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from scipy.optimize import linprog

from tenon.schema import Float, Outage, SupplyChain
from tenon.vulnerability import normal_flows

__all__ = ["loss", "survival"]

Line = tuple[float, float]
"""A figure that grows with the horizon: what it is at the start, and what each day adds."""
Row = tuple[dict[tuple[str, int], float], float, float]
"""Coefficients by kind and position of the column, and the two figures of the right-hand side."""


class _Twin:
    """What an outage leaves of a chain, and the program over a stretch of days on which the same supplies are open."""

    def __init__(self, chain: SupplyChain, outage: Outage | None) -> None:
        self.chain = chain
        stages, sites, lanes, supplies = chain.stages, chain.sites, chain.lanes, chain.supplies
        hit_sites = set(outage.sites) if outage else set()
        hit_lanes = set(outage.lanes) if outage else set()
        if outage:
            hit_sites |= {site for group in outage.groups for site in chain.groups[group].sites}
            hit_lanes |= {
                lane
                for lane, passages in zip(lanes.labels, lanes.passages, strict=True)
                if set(passages) & set(outage.passages)
            }
        kept = 1 - outage.loss if outage else 1.0
        stock_kept = kept if outage and outage.stock_lost else 1.0

        def is_hit(stage: int) -> bool:
            if not outage:
                return False
            return sites.labels[stages.site[stage]] in hit_sites or chain.stage_labels[stage] in outage.stages

        self.site = [times(sites.capacity[m], kept if sites.labels[m] in hit_sites else 1) for m in range(len(sites))]
        self.lane = [times(lanes.capacity[k], kept if lanes.labels[k] in hit_lanes else 1) for k in range(len(lanes))]
        self.capacity, self.rate, self.stock = [], [], []
        for stage in range(len(stages)):
            use, shared = stages.site_use[stage], sites.capacity[stages.site[stage]]
            most = min(stages.capacity[stage], shared / use if use > 0 else np.inf)
            self.capacity.append(times(most, kept) if is_hit(stage) else stages.capacity[stage])
            self.rate.append(times(most, kept) if is_hit(stage) else most)
            self.stock.append(stages.stock[stage] * (stock_kept if is_hit(stage) else 1))
        self.input_stock = [
            chain.inputs.stock[k] * (stock_kept if is_hit(int(chain.inputs.stage[k])) else 1)
            for k in range(len(chain.inputs))
        ]
        self.contract, self.under_way, self.delay, self.lane_days = [], [], [], []
        flow = normal_flows(chain).flow
        for supply in range(len(supplies)):
            lane = int(supplies.lane[supply])
            left = kept if lane >= 0 and lanes.labels[lane] in hit_lanes else 1.0
            own = lanes.capacity[lane] if lane >= 0 else np.inf
            days = float(lanes.days[lane]) if lane >= 0 else 0.0
            contract = supplies.capacity[supply]
            self.contract.append(0.0 if left == 0 else times(contract, left if np.isinf(own) else 1))
            asked = sum(min(flow[other], supplies.capacity[other]) for other in np.flatnonzero(supplies.lane == lane))
            carried = own / asked if asked > own else 1.0
            self.under_way.append(min(flow[supply], contract) * carried * left if days > 0 else 0.0)
            self.lane_days.append(days)
            self.delay.append(days + float(supplies.start_up_days[supply]))

    def need(self, stage: int) -> float:
        """Most that demand could ask of a stage a day."""
        demands, supplies = self.chain.demands, self.chain.supplies
        found = float(demands.quantity[demands.stage == stage].sum())
        for supply in np.flatnonzero(supplies.supplier == stage):
            units = self.chain.inputs.units[self.chain.input_of_supply[supply]]
            found += float(units) * self.need(int(supplies.buyer[supply]))
        return found

    def rows(self, end: float) -> tuple[Float, list[Line]]:
        """Return the coefficients and the right-hand sides of ``a (u, y, l) <= b + c t`` on the days up to ``end``."""
        chain = self.chain
        sizes = (len(chain.stages), len(chain.supplies), len(chain.demands))
        rows = [*self._stage_rows(), *self._input_rows(end), *self._shared_rows(end), *self._supply_rows(end)]
        rows += [({("l", v): 1.0}, 0.0, float(chain.demands.quantity[v])) for v in range(sizes[2])]
        kept = [row for row in rows if np.isfinite(row[1]) and np.isfinite(row[2])]
        first = {"u": 0, "y": sizes[0], "l": sizes[0] + sizes[1]}
        left = np.zeros((len(kept), sum(sizes)))
        for number, (coefficients, _, _) in enumerate(kept):
            for (kind, position), value in coefficients.items():
                left[number, first[kind] + position] = value
        return left, [(start, per_day) for _, start, per_day in kept]

    def _stage_rows(self) -> Iterator[Row]:
        supplies, demands = self.chain.supplies, self.chain.demands
        for j in range(len(self.chain.stages)):
            row = {("u", j): -1.0}
            row |= {("y", supply): 1.0 for supply in np.flatnonzero(supplies.supplier == j).tolist()}
            mine = np.flatnonzero(demands.stage == j).tolist()
            row |= {("l", v): -1.0 for v in mine}
            yield row, self.stock[j], -float(demands.quantity[mine].sum())
            yield {("u", j): 1.0}, 0.0, self.capacity[j]

    def _input_rows(self, end: float) -> Iterator[Row]:
        inputs = self.chain.inputs
        for k in range(len(inputs)):
            mine = np.flatnonzero(self.chain.input_of_supply == k).tolist()
            row = {("u", int(inputs.stage[k])): float(inputs.units[k])} | {("y", supply): -1.0 for supply in mine}
            last = [supply for supply in mine if end <= self.lane_days[supply]]
            arrived = sum(self.under_way[s] * self.lane_days[s] for s in mine if s not in last)
            yield row, self.input_stock[k] + arrived, sum(self.under_way[supply] for supply in last)

    def _shared_rows(self, end: float) -> Iterator[Row]:
        stages, supplies = self.chain.stages, self.chain.supplies
        for m, most in enumerate(self.site):
            mine = np.flatnonzero(stages.site == m).tolist()
            yield {("u", j): float(stages.site_use[j]) for j in mine}, 0.0, most
        for k, most in enumerate(self.lane):
            mine = np.flatnonzero(supplies.lane == k).tolist()
            days = float(self.chain.lanes.days[k])
            if mine:
                is_open = end > days
                yield {("y", supply): 1.0 for supply in mine}, times(most, -days * is_open), times(most, is_open)

    def _supply_rows(self, end: float) -> Iterator[Row]:
        supplies, inputs = self.chain.supplies, self.chain.inputs
        for supply, delay in enumerate(self.delay):
            row = {("y", supply): 1.0}
            if delay == 0:
                yield row, 0.0, self.contract[supply]
            elif end <= delay:
                yield row, 0.0, 0.0
            else:
                units = float(inputs.units[self.chain.input_of_supply[supply]])
                most = min(self.contract[supply], units * self.need(int(supplies.buyer[supply])))
                yield row, -most * delay, most
        for start, way in itertools.product(set(supplies.start_up_days.tolist()), set(self.lane_days)):
            for j, rate in enumerate(self.rate):
                late = self._late(start, way, end, [j])
                if late:
                    yield dict.fromkeys(late, 1.0), self.stock[j] - times(rate, start + way), rate
            for site in range(len(self.site)):
                yield self._works_row(site, start, way, end)

    def _late(self, start: float, way: float, end: float, stages: list[int]) -> list[tuple[str, int]]:
        """Columns of what some stages send so late and so far, if any of it arrives."""
        supplies = self.chain.supplies
        late = [
            supply
            for supply in range(len(supplies))
            if supplies.supplier[supply] in stages
            and supplies.start_up_days[supply] >= start
            and self.lane_days[supply] >= way
        ]
        return [("y", supply) for supply in late] if any(self.delay[supply] < end for supply in late) else []

    def _works_row(self, site: int, start: float, way: float, end: float) -> Row:
        """What all stages of a site send so late was made, or in stock, in the days between."""
        stages, supplies = self.chain.stages, self.chain.supplies
        mine = np.flatnonzero(stages.site == site).tolist()
        late = self._late(start, way, end, mine)
        row = {column: float(stages.site_use[supplies.supplier[column[1]]]) for column in late}
        held = sum(float(stages.site_use[j]) * self.stock[j] for j in mine)
        return (row, held - times(self.site[site], start + way), self.site[site]) if late else ({}, 0.0, 0.0)

    def moments(self, until: float) -> list[float]:
        return sorted({day for day in [*self.delay, *self.lane_days] if 0 < day < until} | {until})


def times(figure: float, factor: float) -> float:
    """Multiply, where nothing of something unlimited is nothing."""
    return 0.0 if factor == 0 or figure == 0 else float(figure) * float(factor)


def loss(chain: SupplyChain, outage: Outage | None, days: float) -> float:
    """Margin lost over an outage of ``days``: the most that is lost by any moment of it, because losses stay."""
    twin = _Twin(chain, outage)
    return max(_loss_by(twin, moment) for moment in twin.moments(days))


def _loss_by(twin: _Twin, days: float) -> float:
    left, right = twin.rows(days)
    demands = twin.chain.demands
    cost = np.concatenate([np.zeros(left.shape[1] - len(demands)), demands.margin])
    found = _solve(cost, left, np.array([start + days * per_day for start, per_day in right]), [(0, None)] * cost.size)
    assert found is not None
    return found


def survival(chain: SupplyChain, outage: Outage, cap: float) -> float:
    """Longest outage without a loss, up to a cap."""
    twin = _Twin(chain, outage)
    begin = 0.0
    for end in twin.moments(cap):
        left, right = twin.rows(end)
        days = np.array([[-per_day] for _, per_day in right])
        cost = np.append(np.zeros(left.shape[1]), -1.0)
        columns: list[tuple[float, float | None]] = [(0, None)] * (left.shape[1] - len(chain.demands))
        columns += [(0, 0)] * len(chain.demands)
        start = np.array([line[0] for line in right])
        found = _solve(cost, np.hstack([left, days]), start, [*columns, (begin, end)])
        if found is None:
            return begin
        if -found < end * (1 - 1e-9):
            return -found
        begin = end
    return begin


def _solve(cost: Float, left: Float, right: Float, bounds: list[tuple[float, float | None]]) -> float | None:
    found = linprog(
        cost,
        left,
        right,
        bounds=bounds,
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert found.status in {0, 2}, found.message
    return found.fun if found.status == 0 else None
