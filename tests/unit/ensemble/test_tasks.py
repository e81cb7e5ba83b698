"""What goes wrong in a worker comes home in words."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np

from tenon.ensemble._tasks import Failure, attempt, attempt_pickled
from tests.unit.ensemble.samples import ones


class StubbornError(Exception):
    """An exception that cannot be unpickled, because its making needs two arguments."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} in {where}")


def stubborn(_item: Any) -> float:
    what, where = "leak", "cellar"
    raise StubbornError(what, where)


def test_a_value_becomes_an_array_of_doubles() -> None:
    value = attempt(lambda item: item + 1, 2)
    assert isinstance(value, np.ndarray)
    assert value.dtype == np.float64
    assert value.shape == ()
    assert value == 3


def test_a_failure_survives_the_way_between_processes() -> None:
    failure = attempt(stubborn, 1)
    assert isinstance(failure, Failure)
    assert pickle.loads(pickle.dumps(failure)) == failure  # noqa: S301 - pickled a moment ago
    assert failure.reason == "StubbornError: leak in cellar"
    assert "in stubborn" in failure.trace


def test_what_is_no_number_is_a_failure() -> None:
    failure = attempt(lambda _: "much", 1)
    assert isinstance(failure, Failure)
    assert failure.reason == "ValueError: could not convert string to float: 'much'"


def test_a_pickled_function_does_the_same() -> None:
    np.testing.assert_array_equal(attempt_pickled(pickle.dumps(ones), 3), np.ones(3))


def test_a_function_whose_module_the_worker_lacks_is_a_failure() -> None:
    failure = attempt_pickled(pickle.dumps(ones).replace(b"tests.unit", b"tests.cnit"), 3)
    assert isinstance(failure, Failure)
    assert failure.reason == "ModuleNotFoundError: No module named 'tests.cnit' (the worker cannot load the function)"
