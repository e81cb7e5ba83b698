"""The kernels over agents equal their twins, and do by hand what the manual says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenon.propagation._agents import (
    check_balances,
    decide,
    ration_proportionally,
    settle_production,
    stock_limits,
    tally,
)
from tests.twins import kernels
from tests.twins.rationing import proportional
from tests.unit.propagation.kernel_arguments import assert_twins, layout_of, shares, stocks

SIZE = 40


def day_of_agents(seed: int) -> dict[str, Any]:
    """Return what agents know on a day."""
    generator = np.random.default_rng(seed)
    output = generator.lognormal(2, 1, SIZE) * (generator.random(SIZE) < 0.9)
    return {
        "output": output,
        "release": output * shares(generator, SIZE) * 0.2,
        "orders": output * shares(generator, SIZE),
        "final": output * shares(generator, SIZE),
        "rebuilding": output * shares(generator, SIZE) * (generator.random(SIZE) < 0.3),
        "production": output * shares(generator, SIZE),
    }


@pytest.mark.parametrize("adapt", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_production_equals_its_twin(adapt: bool, seed: int) -> None:
    generator = np.random.default_rng(seed)
    limit = shares(generator, SIZE)
    limit[::4] = np.inf
    day = day_of_agents(seed)
    assert_twins(
        settle_production,
        kernels.settle_production,
        **day,
        able=day["output"] * generator.choice([1.0, 1.5], SIZE) + generator.choice([0.0, 1.0], SIZE),
        adapt=adapt,
        base=1.05,
        most=1.3,
        days=20.0,
        tolerance=0.1,
        capacity_loss=shares(generator, SIZE).clip(0, 1),
        limit=limit,
        scarce=generator.integers(0, 5, SIZE),
        factor=generator.uniform(1, 1.3, SIZE),
        total=np.zeros(SIZE),
        capacity=np.zeros(SIZE),
        limiting=np.zeros(SIZE, dtype=np.int64),
    )


@pytest.mark.parametrize("final_last", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_proportional_rationing_equals_its_twin(final_last: bool, seed: int) -> None:
    day = day_of_agents(seed)
    del day["output"]
    share, final_share, rebuilding_served = np.zeros((3, SIZE))
    ration_proportionally(
        **day, final_last=final_last, share=share, final_share=final_share, rebuilding_served=rebuilding_served
    )
    supply = day["production"] + day["release"]
    expected = proportional(day["orders"], day["final"], day["rebuilding"], supply, final_last=final_last)
    np.testing.assert_allclose(share, expected[0], rtol=1e-12)
    np.testing.assert_allclose(final_share, expected[1], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(rebuilding_served, day["rebuilding"] * expected[0], rtol=1e-12)


def test_decisions_are_production_and_then_rationing_whatever_the_number_of_agents() -> None:
    size, generator = 2500, np.random.default_rng(5)
    names = (
        "output",
        "able",
        "release",
        "capacity_loss",
        "orders",
        "final",
        "rebuilding",
        "limit",
        "production",
        "factor",
    )
    given = {name: shares(generator, size) for name in names}
    scarce = generator.integers(0, 5, size)
    figures: dict[str, Any] = {"adapt": True, "base": 1.0, "most": 1.3, "days": 20.0, "tolerance": 0.1}
    results = ("total", "capacity", "share", "final_share", "rebuilding_served")

    def fresh() -> dict[str, Any]:
        arrays = {name: values.copy() for name, values in given.items()} | {name: np.zeros(size) for name in results}
        return arrays | {"scarce": scarce, "limiting": np.zeros(size, dtype=np.int32)}

    found, expected = fresh(), fresh()
    decide(**figures, final_last=True, **found)
    asked = ("orders", "final", "rebuilding", "release", "production")
    served = ("share", "final_share", "rebuilding_served")
    settle_production(**figures, **{name: values for name, values in expected.items() if name not in served})
    ration_proportionally(final_last=True, **{name: expected[name] for name in (*asked, *served)})
    for name, values in expected.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


@pytest.mark.parametrize("per_link", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_limits_of_stocks_equal_their_twin(per_link: bool, seed: int) -> None:
    generator = np.random.default_rng(seed)
    layout = layout_of(seed, per_link=per_link)
    assert_twins(
        stock_limits,
        kernels.stock_limits,
        products=3,
        slots=layout.slots,
        per_link=per_link,
        stock=stocks(generator, layout, None),
        limit=np.zeros(layout.output.size),
        scarce=np.full(layout.output.size, -1, dtype=np.int64),
    )


def totals(seed: int) -> dict[str, Any]:
    """Return the arguments of what is added up over agents."""
    generator = np.random.default_rng(seed)
    wanted = shares(generator, SIZE, 3)
    return {
        **day_of_agents(seed),
        "number": 12,
        "recovered": 0.99,
        "first_agent": np.array([0, 7, 7, 30, SIZE]),
        "final_share": shares(generator, SIZE).clip(0, 1),
        "rebuilding_served": shares(generator, SIZE),
        "wanted": wanted,
        "sent": wanted * shares(generator, SIZE, 3).clip(0, 1),
        "unmet": np.ones((3, 4)),
        "to_agents": np.ones(4),
        "lost": shares(generator, SIZE),
        "last_day_below": np.full(SIZE, -1.0),
        "residuals": np.zeros(3),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_totals_over_agents_equal_their_twin(seed: int) -> None:
    assert_twins(tally, kernels.tally, **totals(seed))


@pytest.mark.parametrize("name", ["production", "orders", "final", "rebuilding", "release"])
def test_an_excess_that_is_no_number_is_not_passed_over(name: str) -> None:
    """A residual that ignores not-a-number would call a run clean that is full of it."""
    given = totals(1)
    given[name][3] = np.nan
    tally(**given)
    assert np.isnan(given["residuals"][2])


def balances(seed: int) -> dict[str, Any]:
    """Return the arguments of the balances of a day."""
    generator = np.random.default_rng(seed)
    return {"to_agents": shares(generator, 4), "sums": shares(generator, 4, 4), "residuals": np.zeros(3)}


@pytest.mark.parametrize("seed", [1, 2])
def test_balances_equal_their_twin(seed: int) -> None:
    assert_twins(check_balances, kernels.check_balances, **balances(seed))


@pytest.mark.parametrize("column", [0, 1, 2, 3])
def test_a_balance_that_is_no_number_is_not_passed_over(column: int) -> None:
    """A residual that ignores not-a-number would call a run clean that is full of it."""
    given = balances(1)
    given["sums"][2, column] = np.nan
    check_balances(**given)
    assert not np.isfinite(given["residuals"]).all()
