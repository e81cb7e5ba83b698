"""Warning of a collapse that no shock explains.

When a stock lies at the threshold below which production falls, ``(n - c) / tau`` days of use are ordered for it each
day: ``n`` is the target, ``c`` the threshold in days and ``tau`` the restocking time. Where that is little, rationing
outweighs it and production can fall to nothing after a shock is long over.
"""

from __future__ import annotations

import numpy as np

from tenon.propagation._layout import Layout
from tenon.propagation.parameters import InventoryRule, Parameters, StockThreshold

__all__ = ["collapse_notes"]

# Below about 0.03 to 0.05 runs collapse after mild shocks, and up to 0.1 after long and deep ones.
_SAFE = 0.12
_ROUNDING = 1e-9


def collapse_notes(layout: Layout, parameters: Parameters) -> tuple[str, ...]:
    """Name the inputs whose restocking is too slow at the threshold, if there are any.

    Parameters
    ----------
    layout : Layout
        The network with its targets.
    parameters : Parameters
        ``psi`` and restocking times.

    Returns
    -------
    tuple of str
        One sentence, or none.
    """
    if parameters.stock_threshold is not StockThreshold.SHARE_OF_TARGET:
        return ()
    slots = layout.slots
    binds = slots.limit_slope > 0
    if not binds.any():
        return ()
    goal = slots.goal
    if parameters.inventory_rule is InventoryRule.PER_LINK:
        goal = np.add.reduceat(goal, slots.link_first[:-1])
    days = goal[binds] / slots.flow[binds]
    products = layout.product_of_slot[binds]
    refill = (days - np.maximum(parameters.psi * days, 1.0)) * layout.restocking_rate[products]
    slow = refill < _SAFE * (1 - _ROUNDING)
    if not slow.any():
        return ()
    worst = int(refill.argmin())
    product = layout.network.products[products[worst]]
    restocking_days = 1 / layout.restocking_rate[products[worst]]
    note = (
        f"production may collapse without a shock to explain it: at its threshold the stock of {product!r} (psi "
        f"{parameters.psi:g}, {days[worst]:g} days, restocked in {restocking_days:g} days) is refilled by "
        f"{refill[worst]:.3f} days of use per day, and below about {_SAFE} rationing can outweigh that "
        f"({np.unique(products[slow]).size} such products). Lower psi, hold more stock or restock faster."
    )
    return (note,)
