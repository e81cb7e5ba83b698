"""Which draw is to blame for lost workers, told with executors that lose them on demand."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest

from tenon.ensemble._dispatch import Dispatcher
from tenon.ensemble._tasks import attempt_pickled
from tenon.ensemble.pools import Pool
from tenon.schema import EnsembleError
from tests.unit.ensemble.samples import ones


class LostWorkerError(Exception):
    """What the executor below raises for every draw that was under way."""


class Fragile(Executor):
    """Runs draws when the window is full, in reverse order, and loses all of them if one is deadly."""

    def __init__(self, is_deadly: Callable[[object], bool], submitted: list[object]) -> None:
        self._is_deadly, self._submitted = is_deadly, submitted
        self._lost = False

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        if self._lost:
            raise LostWorkerError
        assert function is attempt_pickled
        self._submitted.append(arguments[1])
        future: Future[Any] = Future()
        if self._is_deadly(arguments[1]):
            self._lost = True
            future.set_exception(LostWorkerError())
        else:
            future.set_result(function(*arguments))
        return future


def dispatch(is_deadly: Callable[[object], bool], *, trials: int = 2) -> tuple[list[int], list[object], Dispatcher]:
    submitted: list[object] = []
    pool = Pool(start=lambda: Fragile(is_deadly, submitted), window=3, lost=(LostWorkerError,), trials=trials)
    dispatcher = Dispatcher(pool, pickle.dumps(ones), list(range(8)))
    found = sorted((number, len(np.atleast_1d(value))) for number, value in dispatcher.results(range(8)))  # type: ignore[arg-type]  # no failure here
    assert [length for _, length in found] == [number for number, _ in found]
    return [number for number, _ in found], submitted, dispatcher


def test_without_a_loss_every_draw_runs_once() -> None:
    found, submitted, dispatcher = dispatch(lambda _: False)
    assert found == list(range(8))
    assert submitted == list(range(8))
    assert dispatcher.repeated == 0


def test_a_draw_that_lost_its_worker_runs_again() -> None:
    deaths = iter([True])
    found, submitted, dispatcher = dispatch(lambda item: item == 5 and next(deaths, False))
    assert found == list(range(8))
    assert submitted.count(5) == 2
    assert dispatcher.repeated == 1


@pytest.mark.parametrize("trials", [1, 3])
def test_a_draw_is_given_up_after_its_trials_alone(trials: int) -> None:
    message = rf"draw 5 of 8 ended the worker process in which it ran alone, {trials} of {trials} times"
    with pytest.raises(EnsembleError, match=message):
        dispatch(lambda item: item == 5, trials=trials)
