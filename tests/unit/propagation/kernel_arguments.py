"""Arguments for kernels and their twins: a real layout, and states of a day that hold every special case."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from tenon.propagation import InventoryRule, Parameters
from tenon.propagation._layout import Layout, lay_out
from tenon.propagation._ordering import Ordering
from tenon.propagation._sparse import Agents, Borders
from tenon.schema import Float, SupplyNetwork
from tests.strategies import firms
from tests.twins.kernels import Arguments

CRITICALITY = {"s0": {"s1": 0.5, "s2": 0.0}, "s1": {"s1": 0.5}}


def assert_twins(kernel: Callable[..., Any], twin: Callable[[Arguments], None], **given: Any) -> None:
    """Hand the same arguments to both, by name, and compare every array that they may have changed."""
    names = list(inspect.signature(kernel).parameters)
    assert sorted(names) == sorted(given), "the kernel takes other arguments than this test gives"
    mine, its = SimpleNamespace(**copy.deepcopy(given)), copy.deepcopy(given)
    twin(mine)
    kernel(**its)
    for name in names:
        if isinstance(its[name], np.ndarray):
            np.testing.assert_allclose(its[name], getattr(mine, name), rtol=1e-11, atol=1e-11, err_msg=name)


def layout_of(
    seed: int,
    *,
    dense: bool = False,
    per_link: bool = False,
    unlimited: bool = True,
    network: SupplyNetwork | None = None,
) -> Layout:
    """Return the layout of a network of firms in which one input never runs short and some are not critical."""
    network = firms(seed) if network is None else network
    days = np.array(np.broadcast_to(network.inventory_days, (len(network.products), len(network))))
    if unlimited:
        days[1, ::2] = np.inf
    network = replace(network, inventory_days=days)
    rules = Parameters(
        inventory_rule=InventoryRule.PER_LINK if per_link else InventoryRule.PER_PRODUCT,
        restocking_days={"s0": 4.0, "s1": 30.0},
        criticality=CRITICALITY if len(network.products) > 2 else {},
        important_inputs="halve_production",  # type: ignore[arg-type] # plain words are accepted
    )
    return lay_out(network.to_dense() if dense else network, rules)


def shares(generator: np.random.Generator, *shape: int) -> Float:
    """Draw shares, some of them exactly 0 or 1."""
    values = generator.uniform(0, 1.3, shape)
    values[generator.random(shape) < 0.15] = 0.0
    values[generator.random(shape) < 0.15] = 1.0
    return values


def stocks(generator: np.random.Generator, layout: Layout, buyers: Any) -> Float:
    """Draw stocks around their targets: none, too little, exactly enough, too much, unlimited."""
    goal = np.array(layout.slots.goal)
    factor = generator.choice([0.0, 0.3, 0.9, 1.0, 1.4], goal.size)
    del buyers
    return np.where(np.isinf(goal), np.inf, np.where(np.isinf(goal), 0.0, goal) * factor)


def sparse_day(
    seed: int, ordering: Ordering, *, per_link: bool, closed: bool, late: bool, network: SupplyNetwork | None = None
) -> dict[str, Any]:
    """Return the arguments of a pass over the links, all segments at once."""
    generator = np.random.default_rng(seed)
    layout = layout_of(seed, per_link=per_link, network=network)
    slots, size = layout.slots, layout.output.size
    classes = (3, 4)
    places = slots.goal.size
    served = shares(generator, size)
    if ordering.by_flow:
        served[generator.random(size) < 0.3] = np.inf
    return {
        "segments": np.arange(slots.first.size - 1),
        "slots": slots,
        "rate": layout.restocking_rate,
        "ordering": ordering,
        "borders": Borders(
            generator.integers(0, classes[0], size),
            generator.integers(0, classes[1], size),
            shares(generator, *classes).clip(0, 1) if closed else np.ones((1, 1)),
            generator.integers(0, 4, classes) if late else np.zeros(classes, dtype=np.int64),
            7,
        ),
        "per_link": per_link,
        "agents": Agents(served, shares(generator, size), shares(generator, size), shares(generator, size)),
        "ceiling": 1.2,
        "stock": stocks(generator, layout, slots.buyer),
        "order": slots.link_flow * shares(generator, slots.link_flow.size),
        "arrivals": generator.uniform(0, 5, (4, places)) if late else np.zeros((0, 0)),
        "demand": np.zeros(size),
        "limit": np.full(size, np.inf),
        "scarce": np.full(size, -1, dtype=np.int64),
        "flows_of": np.zeros((layout.first_agent.size - 1, 4)),
    }


def dense_day(seed: int, ordering: Ordering) -> dict[str, Any]:
    """Return the arguments of a pass over the flows of a table."""
    generator = np.random.default_rng(seed)
    layout = layout_of(seed, dense=True)
    slots, size = layout.slots, layout.output.size
    products = layout.first_agent.size - 1
    return {
        "products": np.arange(products),
        "first_agent": layout.first_agent,
        "slots": slots,
        "rate": layout.restocking_rate,
        "ordering": ordering,
        "buyers": shares(generator, 2, size),
        "delivered": shares(generator, size),
        "weight": shares(generator, size),
        "stock": stocks(generator, layout, slots.buyer),
        "scale": shares(generator, slots.flow.size),
        "demand": np.zeros(size),
        "limit": np.full(size, np.inf),
        "scarce": np.full(size, -1, dtype=np.int64),
        "flows_of": np.zeros((products, 4)),
    }
