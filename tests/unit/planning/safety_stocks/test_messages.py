from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks._messages import Messages, pass_messages, silence
from tenon.planning.safety_stocks._network import Network, Ranges, network_of, ranges_of, tighten
from tests.strategies import SEEDS, safety_stock_problems
from tests.twins.safety_stocks import least_cost, pass_messages_plainly
from tests.unit.planning.safety_stocks.samples import problem


def noise(network: Network, ranges: Ranges, seed: int) -> Messages:
    """Messages that say anything."""
    generator = np.random.default_rng(seed)
    return Messages(*(generator.normal(0, 3, array.shape) for array in silence(network, ranges)))


@settings(max_examples=200)
@given(safety_stock_problems(), SEEDS)
def test_the_kernel_passes_the_messages_of_its_twin(drawn: SafetyStockProblem, seed: int) -> None:
    network = network_of(drawn)
    generator = np.random.default_rng(seed)
    wide = ranges_of(drawn, network)
    ranges = tighten(
        network, wide.most_service, generator.integers(0, wide.most_inbound + 1) * generator.integers(0, 2, len(drawn))
    )
    messages = noise(network, wide, seed)
    bound, expected, chosen, wished = pass_messages_plainly(network, ranges, messages)
    service, wish = np.empty_like(chosen), np.empty_like(wished)
    assert pass_messages(network, ranges, messages, service, wish) == pytest.approx(bound, rel=1e-10, abs=1e-10)
    for name, array, wanted in zip(Messages._fields, messages, expected, strict=True):
        np.testing.assert_allclose(array, wanted, rtol=1e-10, atol=1e-10, err_msg=name)
    np.testing.assert_array_equal(service, chosen)
    np.testing.assert_array_equal(wish, wished)


@given(safety_stock_problems(), SEEDS)
def test_whatever_the_messages_say_the_bound_holds(drawn: SafetyStockProblem, seed: int) -> None:
    network = network_of(drawn)
    ranges = ranges_of(drawn, network)
    messages = noise(network, ranges, seed)
    service, wish = np.empty(len(drawn), dtype=np.int64), np.empty(len(drawn), dtype=np.int64)
    least = least_cost(drawn)
    for _ in range(5):
        assert pass_messages(network, ranges, messages, service, wish) <= least + 1e-9


@given(safety_stock_problems())
def test_the_bound_does_not_fall_from_pass_to_pass(drawn: SafetyStockProblem) -> None:
    network = network_of(drawn)
    ranges = ranges_of(drawn, network)
    messages = silence(network, ranges)
    service, wish = np.empty(len(drawn), dtype=np.int64), np.empty(len(drawn), dtype=np.int64)
    bounds = [pass_messages(network, ranges, messages, service, wish) for _ in range(10)]
    assert (np.diff(bounds) >= -1e-10).all()


def test_messages_close_the_gap_of_a_small_chain() -> None:
    network = network_of(problem())
    ranges = ranges_of(problem(), network)
    messages = silence(network, ranges)
    service, wish = np.empty(4, dtype=np.int64), np.empty(4, dtype=np.int64)
    bounds = [pass_messages(network, ranges, messages, service, wish) for _ in range(20)]
    assert bounds[0] < bounds[-1]
    assert bounds[-1] == pytest.approx(least_cost(problem()), rel=1e-12)
