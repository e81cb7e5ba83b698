"""Draws give the same figures wherever they run; interrupts and failures keep what was finished."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenon.ensemble import Draw, Pool, plain_draws, processes, run, run_each
from tenon.schema import EnsembleError, ParameterError, Status
from tests.unit.ensemble.samples import counted, fails_on_three, noise, ones, vector

DRAWS = plain_draws(12, seed=5, dimensions=2)
TWO = processes(2)
PLACES = pytest.mark.parametrize("pool", [None, TWO], ids=["here", "processes"])


class Interrupt:
    """Press Ctrl-C when so many draws are finished."""

    def __init__(self, after: int) -> None:
        self._after = after

    def __call__(self, done: int, _total: int) -> None:
        if done == self._after:
            raise KeyboardInterrupt


def test_values_stand_in_the_order_of_draws() -> None:
    ensemble = run(vector, DRAWS)
    assert ensemble.status is Status.COMPLETE
    assert ensemble.notes == ()
    np.testing.assert_array_equal(ensemble.draws, range(12))
    np.testing.assert_array_equal(ensemble.values, [[draw.number, noise(draw)] for draw in DRAWS])


def test_progress_counts_finished_draws() -> None:
    calls: list[tuple[int, int]] = []
    run(noise, DRAWS, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(done, 12) for done in range(1, 13)]


@PLACES
def test_an_interrupt_keeps_finished_draws(pool: Pool | None) -> None:
    whole = run(noise, DRAWS)
    stopped = run(noise, DRAWS, pool=pool, progress=Interrupt(5))
    assert stopped.status is Status.INTERRUPTED
    assert len(stopped.draws) == 5
    np.testing.assert_array_equal(stopped.values, whole.values[stopped.draws])


def test_an_interrupt_before_the_first_draw_ends_the_run() -> None:
    def interrupted(_draw: Draw) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted, DRAWS)


@PLACES
def test_a_draw_that_fails_is_named_with_its_reason_and_trace(pool: Pool | None) -> None:
    message = r"draw 3 of 12 ended with ValueError: no such flow\. Mend the function"
    with pytest.raises(EnsembleError, match=message) as raised:
        run(fails_on_three, DRAWS, pool=pool)
    assert "in fails_on_three" in raised.value.__notes__[0]


def test_values_of_different_shapes_are_refused() -> None:
    with pytest.raises(EnsembleError, match=r"draw 0 gave \(0,\) and draw 1 gave \(1,\); pad them, or use run_each"):
        run(ones, range(3))


@PLACES
def test_a_larger_computation_may_have_values_of_different_shapes(pool: Pool | None) -> None:
    assert [len(values) for values in run_each(ones, range(3), pool=pool)] == [0, 1, 2]


def test_an_interrupt_goes_on_to_a_larger_computation() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_each(noise, DRAWS, progress=Interrupt(2))


def test_no_draw_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"at least one draw is required, none came"):
        run(noise, ())


@pytest.mark.parametrize("where", ["pool", "store"])
def test_a_function_that_cannot_travel_is_refused(where: str, tmp_path: Path) -> None:
    function: Callable[[Draw], float] = lambda draw: draw.number  # noqa: E731 - the point of the test
    pool, store = (TWO, None) if where == "pool" else (None, tmp_path / "store")
    with pytest.raises(ParameterError, match=r"the function cannot be handed to other processes or stored.*top of a m"):
        run(function, DRAWS, pool=pool, store=store)


@PLACES
def test_a_stored_ensemble_goes_on_where_it_stopped(pool: Pool | None, tmp_path: Path) -> None:
    traces, store = tmp_path / "traces", tmp_path / "ensemble"
    traces.mkdir()
    function = functools.partial(counted, traces)
    stopped = run(function, DRAWS, store=store, progress=Interrupt(5))
    calls: list[tuple[int, int]] = []
    whole = run(function, DRAWS, pool=pool, store=store, progress=lambda *call: calls.append(call))
    assert whole.status is Status.COMPLETE
    assert whole.values.tobytes() == run(noise, DRAWS).values.tobytes()
    assert calls[0] == (6, 12)
    assert all((traces / str(number)).read_text(encoding="utf-8") == "x" for number in range(12))
    assert len(stopped.draws) == 5


def test_a_failed_run_goes_on_after_its_finished_draws(tmp_path: Path) -> None:
    store = tmp_path / "ensemble"
    with pytest.raises(EnsembleError, match=r"draw 3 of 12 ended with ValueError"):
        run(fails_on_three, DRAWS, store=store)
    with pytest.raises(EnsembleError, match=r"draw 3 of 12 ended with ValueError"):
        run(fails_on_three, DRAWS, store=store)
    assert len(store.read_text(encoding="utf-8").splitlines()) == 4
