"""An outage of a chain from day to day, as one linear program in which somebody who foresees everything decides.

Written from the equations under "What one period leaves out" in ``docs/explanation/stress-test.md``: plain, slow, and
without anything of the engine. Days are ``0 .. H - 1``, and the outage takes the first ``T`` of them::

    S_j(d) = S_j(d - 1) + u_j(d - p_j) - sum_l y_l(d) - sum_v (d_v - lost_v(d)) >= 0     finished stock of a stage
    M_k(d) = M_k(d - 1) + sum_l y_l(d - days_l) - r_k u_j(d)                    >= 0     stock of an input at its stage
    sum_j use_j u_j(d) <= C_m(d),    sum_l y_l(d) <= K(d)                                site, lane
    u_j(d) <= c_j(d),    y_l(d) <= contract_l(d),    lost_v(d) <= d_v

What was sent, or begun, before day 0 is that of an undisturbed day.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import block_array, coo_array, csr_array, eye_array, kron

from tenon.schema import Float, Integer, Outage, SupplyChain

__all__ = ["Day", "Method", "lost_margin"]

Method = Literal["highs-ds", "highs-ipm"]
_EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Day(NamedTuple):
    """What stages make and supplies bring on an undisturbed day, in units."""

    output: Float
    flow: Float


class _Hit(NamedTuple):
    """What an outage hits, and the share that is left of it."""

    stages: NDArray[np.bool_]
    sites: NDArray[np.bool_]
    lanes: NDArray[np.bool_]
    kept: float
    stock_kept: float


def lost_margin(
    chain: SupplyChain,
    outage: Outage,
    day: Day,
    *,
    days_after: int = 0,
    processing: bool = False,
    method: Method = "highs-ds",
) -> float:
    """Least margin that is lost from the first day of an outage on.

    Parameters
    ----------
    chain : SupplyChain
        Lanes and stages take whole days.
    outage : Outage
        It says for how many days, whole ones.
    day : Day
        What is under way and in process at the start.
    days_after : int
        Days after the outage in which losses count too.
    processing : bool
        Whether it takes the days of the chain to make something; nothing if left out.
    method : {"highs-ds", "highs-ipm"}
        Way through the program: the simplex method, or interior points, which are quicker where
        there are many days and known to a part in ten million.
    """
    assert outage.days is not None
    days = int(_whole(np.array(outage.days)))
    is_out = np.arange(days + days_after)[:, None] < days
    hit = _hit(chain, outage)
    balance, start = _balances(chain, hit, day, is_out, processing=processing)
    shared, room = _shared(chain, hit, is_out)
    limited = np.isfinite(room)
    demands, margins = (np.tile(each, len(is_out)) for each in (chain.demands.quantity, chain.demands.margin))
    most = np.concatenate([_making(chain, hit, is_out).ravel(), _sending(chain, hit, is_out).ravel(), demands])
    stocks = balance.shape[1] - most.size
    # The types of linprog know neither sparse arrays nor a method that is chosen later.
    others: dict[str, Any] = {
        "A_ub": csr_array(block_array([[shared, csr_array((room.size, demands.size + stocks))]]))[limited],
        "A_eq": balance,
        "method": method,
        "options": _EXACT if method == "highs-ds" else {},
    }
    found = linprog(
        np.concatenate([np.zeros(most.size - demands.size), margins, np.zeros(stocks)]),
        b_ub=room[limited],
        b_eq=start,
        bounds=[(0.0, limit) for limit in [*most.tolist(), *[np.inf] * stocks]],
        **others,
    )
    assert found.fun is not None, found.message
    return float(found.fun)


def _balances(
    chain: SupplyChain, hit: _Hit, day: Day, is_out: NDArray[np.bool_], *, processing: bool
) -> tuple[csr_array, Float]:
    """Rows of finished stocks and stocks of inputs; columns ``u, y, lost, S, M``, each of them day after day."""
    stages, inputs, supplies, demands = chain.stages, chain.inputs, chain.supplies, chain.demands
    horizon, n, k = len(is_out), len(stages), len(inputs)
    process_days = _whole(stages.processing_days if processing else np.zeros(n))
    lane_days = _whole(np.append(chain.lanes.days, 0)[supplies.lane])
    sold, used = _sum_by(demands.stage, n), csr_array(coo_array((inputs.units, (np.arange(k), inputs.stage)), (k, n)))
    finished = [
        _later(np.arange(n), n, process_days, horizon),
        -_each_day(_sum_by(supplies.supplier, n), horizon),
        _each_day(sold, horizon),
        _less_than_before(n, horizon),
        None,
    ]
    fed = [
        -_each_day(used, horizon),
        _later(chain.input_of_supply, k, lane_days, horizon),
        None,
        None,
        _less_than_before(k, horizon),
    ]
    stock = _first_day(stages.stock * np.where(hit.stages, hit.stock_kept, 1), horizon)
    input_stock = _first_day(inputs.stock * np.where(hit.stages, hit.stock_kept, 1)[inputs.stage], horizon)
    begun = _begun_before(np.minimum(day.output, _most(chain)), process_days, hit.stages, hit.kept, is_out)
    on_lane = np.append(hit.lanes, False)[supplies.lane]
    sent = _begun_before(_under_way(chain, day), lane_days, on_lane, hit.kept, is_out)
    arriving = sent @ _sum_by(chain.input_of_supply, k).toarray().T
    start = [sold @ demands.quantity - stock - begun, -input_stock - arriving]
    return csr_array(block_array([finished, fed])), np.concatenate([each.ravel() for each in start])


def _shared(chain: SupplyChain, hit: _Hit, is_out: NDArray[np.bool_]) -> tuple[csr_array, Float]:
    """Rows of sites and lanes over the columns ``u, y``."""
    stages, sites, lanes, n = chain.stages, chain.sites, chain.lanes, len(chain.stages)
    worked = csr_array(coo_array((stages.site_use, (stages.site, np.arange(n))), shape=(len(sites), n)))
    carried = _sum_by(chain.supplies.lane, len(lanes))
    rows = [[_each_day(worked, len(is_out)), None], [None, _each_day(carried, len(is_out))]]
    room = [_left(sites.capacity, hit.sites, hit.kept, is_out), _left(lanes.capacity, hit.lanes, hit.kept, is_out)]
    return csr_array(block_array(rows)), np.concatenate([each.ravel() for each in room])


def _making(chain: SupplyChain, hit: _Hit, is_out: NDArray[np.bool_]) -> Float:
    """Most that each stage makes each day."""
    capacity = np.where(hit.stages, _most(chain), chain.stages.capacity)
    return _left(capacity, hit.stages, hit.kept, is_out)


def _sending(chain: SupplyChain, hit: _Hit, is_out: NDArray[np.bool_]) -> Float:
    """Most that each supply sends each day: a lane without a capacity loses a part of each contract on it."""
    supplies = chain.supplies
    on_lane = np.append(hit.lanes, False)[supplies.lane]
    unlimited = np.isinf(np.append(chain.lanes.capacity, np.inf)[supplies.lane])
    most = _left(supplies.capacity, on_lane & (unlimited | (hit.kept == 0)), hit.kept, is_out)
    return np.where(np.arange(len(is_out))[:, None] < _whole(supplies.start_up_days), 0.0, most)


def _left(most: Float, is_hit: NDArray[np.bool_], kept: float, is_out: NDArray[np.bool_]) -> Float:
    """Limits by day."""
    less = most * kept if kept > 0 else np.zeros(most.size)
    return np.where(is_out & is_hit, less, most)


def _begun_before(
    daily: Float, takes: Integer, is_hit: NDArray[np.bool_], kept: float, is_out: NDArray[np.bool_]
) -> Float:
    """What comes each day of what was begun before day 0; what the outage holds back comes by its days later."""
    horizon, days = len(is_out), int(is_out.sum())
    due = np.where(np.arange(horizon)[:, None] < takes, daily, 0.0)
    later = np.zeros_like(due)
    later[days:] = due[: horizon - days]
    comes: Float = np.where(is_hit, kept * due + (1 - kept) * later, due)
    return comes


def _under_way(chain: SupplyChain, day: Day) -> Float:
    """Undisturbed flows that contracts and lanes can carry."""
    lanes = np.append(chain.lanes.capacity, np.inf)
    flow = np.minimum(day.flow, chain.supplies.capacity)
    on_lane = np.bincount(chain.supplies.lane % lanes.size, flow, lanes.size)
    carried = np.minimum(1, np.divide(lanes, on_lane, out=np.ones(lanes.size), where=on_lane > 0))
    sent: Float = flow * carried[chain.supplies.lane]
    return sent


def _most(chain: SupplyChain) -> Float:
    """Most that a stage could make if it had its site to itself."""
    stages = chain.stages
    alone = np.full(len(stages), np.inf)
    np.divide(chain.sites.capacity[stages.site], stages.site_use, out=alone, where=stages.site_use > 0)
    most: Float = np.minimum(stages.capacity, alone)
    return most


def _hit(chain: SupplyChain, outage: Outage) -> _Hit:
    lanes, sites, stages = chain.lanes, chain.sites, chain.stages
    names = {*outage.sites, *(site for group in outage.groups for site in chain.groups[group].sites)}
    at_site = np.array([label in names for label in sites.labels])
    alone = np.array([label in outage.stages for label in chain.stage_labels])
    closed = [
        label in outage.lanes or bool({*passages} & {*outage.passages})
        for label, passages in zip(lanes.labels, lanes.passages, strict=True)
    ]
    kept = 1 - outage.loss
    return _Hit(
        at_site[stages.site] | alone, at_site, np.array(closed, dtype=bool), kept, kept if outage.stock_lost else 1.0
    )


def _sum_by(rows: Integer, count: int) -> csr_array:
    """Add up by row; what stands at -1 counts nowhere."""
    listed = np.flatnonzero(rows >= 0)
    return csr_array(coo_array((np.ones(listed.size), (rows[listed], listed)), shape=(count, rows.size)))


def _each_day(rows: csr_array, horizon: int, *, before: int = 0) -> csr_array:
    """Rows of every day, over the columns of the day that lies so many days before."""
    return csr_array(kron(eye_array(horizon, k=-before), rows))


def _later(rows: Integer, count: int, takes: Integer, horizon: int) -> csr_array:
    """Add up by row what was begun so many days before."""
    total = csr_array((horizon * count, horizon * rows.size))
    for days in np.unique(takes[takes < horizon]).tolist():
        total = total + _each_day(_sum_by(np.where(takes == days, rows, -1), count), horizon, before=days)
    return total


def _less_than_before(count: int, horizon: int) -> csr_array:
    """Stocks of the day before less those of the day."""
    one = csr_array(eye_array(count))
    change: csr_array = _each_day(one, horizon, before=1) - _each_day(one, horizon)
    return change


def _first_day(stock: Float, horizon: int) -> Float:
    return np.vstack([stock, np.zeros((horizon - 1, stock.size))])


def _whole(days: Float) -> Integer:
    whole = np.asarray(days).astype(np.int64)
    assert (whole == days).all(), "the program by days knows whole days only"
    return whole
