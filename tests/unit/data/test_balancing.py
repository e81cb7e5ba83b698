"""Balanced trade meets its margins, follows pair totals, and never crosses a border to itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenon.data import PairTotals, balance_trade
from tenon.data.balancing import users_from_trade
from tenon.schema import ConvergenceError, Float, TableError


def example(products: int = 3, regions: int = 5) -> Float:
    """Return trade flows between different regions."""
    flows = np.random.default_rng(3).lognormal(1.0, 1.0, (products, regions, regions))
    flows[:, np.arange(regions), np.arange(regions)] = 0.0
    return flows


def test_margins_are_met_and_the_diagonal_is_empty() -> None:
    true = example()
    trade = balance_trade(true.sum(axis=2), true.sum(axis=1))
    assert np.allclose(trade.flows.sum(axis=2), true.sum(axis=2))
    assert np.allclose(trade.flows.sum(axis=1), true.sum(axis=1))
    assert not trade.flows[:, np.arange(5), np.arange(5)].any()
    assert trade.export_error < 1e-10
    assert np.isnan(trade.pair_error)
    assert trade.rounds == 700


def test_the_truth_as_a_start_stays_the_truth() -> None:
    true = example()
    trade = balance_trade(true.sum(axis=2), true.sum(axis=1), start=true)
    assert np.allclose(trade.flows, true)


def test_pair_totals_bring_the_estimate_nearer_to_the_truth() -> None:
    true = example()
    goods = np.array([True, True, False])
    totals = PairTotals(true[goods].sum(axis=0), goods)
    with_totals = balance_trade(true.sum(axis=2), true.sum(axis=1), totals)
    without = balance_trade(true.sum(axis=2), true.sum(axis=1))
    assert np.abs(with_totals.flows - true).sum() < 0.8 * np.abs(without.flows - true).sum()
    assert with_totals.pair_error < 1e-6
    assert with_totals.pair_correlation > 0.999


def test_unknown_pair_totals_leave_the_pair_to_the_margins() -> None:
    true = example(1)
    unknown = PairTotals(np.full((5, 5), np.nan), np.array([True]))
    free = balance_trade(true.sum(axis=2), true.sum(axis=1))
    assert np.allclose(balance_trade(true.sum(axis=2), true.sum(axis=1), unknown).flows, free.flows)


def test_a_pair_total_of_zero_closes_the_pair() -> None:
    true = example(1)
    true[0, 0, 1] = 0.0
    totals = PairTotals(true[0], np.array([True]))
    assert balance_trade(true.sum(axis=2), true.sum(axis=1), totals).flows[0, 0, 1] == 0.0


def test_currency_does_not_matter() -> None:
    true = example()
    one = balance_trade(true.sum(axis=2), true.sum(axis=1)).flows
    thousand = balance_trade(1e3 * true.sum(axis=2), 1e3 * true.sum(axis=1)).flows
    assert np.allclose(thousand, 1e3 * one)


def test_progress_is_reported_to_the_end() -> None:
    seen: list[tuple[int, int, str]] = []
    true = example()
    balance_trade(
        true.sum(axis=2),
        true.sum(axis=1),
        rounds=(0, 40),
        progress=lambda done, total, what: seen.append((done, total, what)),
    )
    assert seen == [(20, 40, "balancing trade"), (40, 40, "balancing trade")]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exports": np.array([[np.nan, 1.0]])}, "exports must be finite and not negative"),
        ({"imports": np.array([[-1.0, 1.0]])}, "imports must be finite and not negative"),
        ({"imports": np.ones((1, 3))}, r"exports \(1, 2\) and imports \(1, 3\) must both"),
        ({"totals": PairTotals(np.ones((3, 3)), np.array([True]))}, r"pair totals must be \(2, 2\)"),
    ],
)
def test_margins_that_do_not_fit_are_refused(changes: dict[str, Any], message: str) -> None:
    arguments: dict[str, Any] = {"exports": np.ones((1, 2)), "imports": np.ones((1, 2)), "totals": None} | changes
    with pytest.raises(TableError, match=message):
        balance_trade(arguments["exports"], arguments["imports"], arguments["totals"])


def test_margins_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ConvergenceError, match=r"the margins are missed by 50\.00% of exports"):
        balance_trade(np.array([[2.0, 2.0, 2.0]]), np.array([[1.0, 1.0, 1.0]]))


def test_shares_of_origin_add_up_to_one() -> None:
    trade = example()
    use = trade.sum(axis=1) + 1.0
    shares = users_from_trade(trade, use)
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert np.allclose(shares * use[:, None], trade + np.eye(5)[None])


def test_a_product_nobody_uses_is_domestic() -> None:
    shares = users_from_trade(np.zeros((1, 2, 2)), np.zeros((1, 2)))
    assert np.array_equal(shares[0], np.eye(2))
