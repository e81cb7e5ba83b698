"""Kernels are compiled, keep their meaning, and do not swallow infinities or not-a-numbers."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tenon.numerics import inlined, kernel
from tenon.schema import Float


@inlined
def halved(value: float) -> float:
    return value / 2


@kernel
def total_of_halves(values: Float) -> float:
    total = 0.0
    for value in values:
        total += halved(value)
    return total


@kernel
def count_special(values: Float) -> int:
    count = 0
    for value in values:
        if value != value or value == math.inf:  # noqa: PLR0124 - the test for not-a-number that kernels use
            count += 1
    return count


def test_a_kernel_computes_what_it_says() -> None:
    assert total_of_halves(np.arange(5.0)) == 5.0
    assert halved(3.0) == 1.5


def test_infinities_and_not_a_numbers_keep_their_meaning() -> None:
    assert count_special(np.array([1.0, math.inf, math.nan, 2.0])) == 2
    assert math.isnan(total_of_halves(np.array([math.nan])))


def test_a_kernel_can_run_in_threads() -> None:
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(total_of_halves, [np.ones(4)] * 8)) == [2.0] * 8


def test_a_kernel_from_a_file_keeps_its_machine_code_there() -> None:
    assert type(total_of_halves._cache).__name__ == "FunctionCache"  # type: ignore[attr-defined] # of the compiler


def test_the_same_sum_twice_is_the_same_bits() -> None:
    values = np.random.default_rng(1).lognormal(0, 3, 10_001)
    assert total_of_halves(values) == total_of_halves(values.copy())
