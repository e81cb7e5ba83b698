"""Rationing once more, in plain NumPy: who goes short, with water-filling by sorting."""

from __future__ import annotations

import numpy as np

from tenon.schema import Float

FINAL_LAST = {"final_demand_last", "smallest_order_first_final_demand_last"}
SMALLEST_FIRST = {"smallest_order_first", "smallest_order_first_final_demand_last"}


def level(orders: Float, flows: Float, supply: float) -> float:
    """Return the ratio ``r`` with ``sum min(orders, r flows) = supply``, infinite where there is enough for all.

    Orders are sorted by size relative to their flow; those that can be filled up are served in full, and the
    others share what is left in proportion to their flows.
    """
    if supply >= orders.sum():
        return np.inf
    sorting = np.argsort(orders / flows)
    orders, flows = orders[sorting], flows[sorting]
    left = supply - np.concatenate([[0.0], np.cumsum(orders)[:-1]])
    ratio = left / np.cumsum(flows[::-1])[::-1]
    filled_up = np.flatnonzero(ratio <= orders / flows)
    # Where rounding leaves none, only the last order is short of anything.
    return float(max(0.0, ratio[filled_up[0] if filled_up.size else -1]))


def proportional(
    orders: Float, final: Float, rebuilding: Float, supply: Float, *, final_last: bool
) -> tuple[Float, Float]:
    """Return the share of orders (and rebuilding) and the share of final demand that each supplier serves, (N,)."""
    firms = orders + rebuilding
    everyone = firms + final
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(everyone > 0, np.minimum(1.0, supply / everyone), 1.0)
        if not final_last:
            return share, share
        enough = share >= 1.0
        firms_first = np.where(firms > 0, np.minimum(1.0, supply / firms), 1.0)
        rest = np.where(final > 0, np.clip((supply - firms) / final, 0.0, 1.0), 1.0)
    return np.where(enough, 1.0, firms_first), np.where(enough, 1.0, rest)


def ration(
    rule: str, orders: Float, flows: Float, *, final: Float, rebuilding: Float, supply: Float
) -> tuple[Float, Float, Float]:
    """Return what of each order is served, (N, N), and the shares of rebuilding and of final demand that are, (N,)."""
    final_last = rule in FINAL_LAST
    share, final_share = proportional(orders.sum(axis=1), final, rebuilding, supply, final_last=final_last)
    if rule not in SMALLEST_FIRST:
        return orders * share[:, None], share, final_share
    served = np.zeros_like(orders)
    supply = supply - rebuilding * share
    final_share = np.ones_like(final)
    for i in range(len(orders)):
        links = flows[i] > 0
        asked, usual = orders[i, links], flows[i, links]
        if final[i] > 0 and not final_last:
            ratio = level(np.append(asked, final[i]), np.append(usual, final[i]), supply[i])
            final_share[i] = min(1.0, ratio)
        else:
            ratio = level(asked, usual, supply[i])
        served[i, links] = np.minimum(asked, ratio * usual)
        if final_last and final[i] > 0:
            final_share[i] = np.clip((supply[i] - asked.sum()) / final[i], 0.0, 1.0)
    return served, share, final_share
