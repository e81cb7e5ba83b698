"""Smallest orders first: every supplier raises one ratio of served to undisturbed flow until its goods are gone."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._grouping import grouped
from tenon.propagation._layout import Index, Slots
from tenon.schema import Float, Integer

__all__ = ["Customers", "Supplies", "customers_of", "level", "serve_smallest_first"]

# Orders that exceed supply by less than their rounding are served in full.
_SHORT = 1 - 1e-15
_CHUNK = 1024


class Customers(NamedTuple):
    """Links by supplier.

    Parameters
    ----------
    first : (N+1,) array of int
        Place of the first link of each supplier.
    link : (L,) array of int
        Links, supplier by supplier.
    flow : (L,) array, currency per day
        Undisturbed flows of these links: once more, because it is much faster to read them in a row.
    """

    first: Integer
    link: Index
    flow: Float


class Supplies(NamedTuple):
    """What suppliers have and who asks for it, (N,), currency per day, and the shares that are served.

    Parameters
    ----------
    production, release : (N,) array
        What can be delivered: production and sales out of stock.
    orders, final : (N,) array
        Orders of agents, and final demand.
    rebuilding_served : (N,) array
        What reconstruction gets: it has no undisturbed flow to be measured by and keeps its proportional share.
    served : (N,) array, dimensionless
        Takes the multiple of its undisturbed flow that no order gets more than; infinite where there is enough.
    final_share : (N,) array, dimensionless
        Takes the share of final demand served, unless final demand comes last.
    """

    production: Float
    release: Float
    orders: Float
    final: Float
    rebuilding_served: Float
    served: Float
    final_share: Float


def customers_of(slots: Slots, agents: int) -> Customers:
    """Return the links of each of some ``agents``."""
    first, link = grouped(slots.supplier, agents)
    return Customers(first, link, slots.link_flow[link])


@kernel
def level(asked: Float, usual: Float, supply: float) -> float:
    """Return the ratio ``r`` with ``sum min(asked, r usual) = supply``; infinite where there is enough for all.

    One entry after the other is tried as the ratio: either it and all smaller ones are served in full, or it and all
    larger ones are open. Every second entry or so is settled by a try, as when the smallest numbers are selected.
    Overwrites its arguments.
    """
    undecided, open_flow = asked.size, 0.0
    while undecided > 0:
        middle = undecided // 2
        ratio = asked[middle] / usual[middle]
        given = ratio * open_flow
        for k in range(undecided):
            given += min(asked[k], ratio * usual[k])
        enough = given <= supply
        kept = 0
        for k in range(undecided):
            above = asked[k] - ratio * usual[k]
            if k != middle and (above > 0.0 if enough else above < 0.0):
                asked[kept], usual[kept] = asked[k], usual[k]
                kept += 1
            elif enough:
                supply -= asked[k]
            else:
                open_flow += usual[k]
        undecided = kept
    return max(0.0, supply) / open_flow if open_flow > 0.0 else math.inf


@kernel
def serve_smallest_first(
    low: int,
    high: int,
    final_last: bool,
    customers: Customers,
    order: Float,
    supplies: Supplies,
) -> None:
    """Serve the smallest orders first, relative to undisturbed flows, for the suppliers from ``low`` to ``high``.

    Solves ``sum_k min(o_k, r f_k) + c min(1, r) = supply`` for the ratio r of each supplier (Inoue and Todo 2019):
    orders ``o`` that r covers are served in full, the others share what is left in proportion to their undisturbed
    flows ``f``; so does final demand ``c``, unless it comes last.
    """
    most = 0
    for i in range(low, high):
        most = max(most, customers.first[i + 1] - customers.first[i])
    asked, usual = np.empty(_CHUNK + most + 1), np.empty(_CHUNK + most + 1)
    place, supply = np.zeros(_CHUNK + 1, dtype=np.int64), np.empty(_CHUNK)
    while low < high:
        # Orders stand far apart: those of many suppliers are looked up before the first of them is served.
        some, size = 0, 0
        while some < _CHUNK and size < _CHUNK and low + some < high:
            i = low + some
            users = 0.0 if final_last else supplies.final[i]
            supply[some] = supplies.production[i] + supplies.release[i] - supplies.rebuilding_served[i]
            if supply[some] < (supplies.orders[i] + users) * _SHORT:
                for k in range(customers.first[i], customers.first[i + 1]):
                    asked[size], usual[size] = order[customers.link[k]], customers.flow[k]
                    size += 1
                if users > 0.0:
                    asked[size] = usual[size] = users
                    size += 1
            some += 1
            place[some] = size
        for k in range(some):
            ratio = math.inf
            if place[k] < place[k + 1]:
                ratio = level(asked[place[k] : place[k + 1]], usual[place[k] : place[k + 1]], supply[k])
            supplies.served[low + k] = ratio
            if not final_last:
                supplies.final_share[low + k] = min(1.0, ratio)
        low += some
