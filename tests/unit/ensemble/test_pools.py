"""Processes give the figures of one process, and survive the loss of a worker."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tenon.ensemble import Pool, plain_draws, processes, run
from tenon.schema import EnsembleError, ParameterError
from tests.unit.ensemble.samples import dies_on_three, dies_once, later_first, noise

DRAWS = plain_draws(20, seed=5, dimensions=2)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_processes_give_the_figures_of_one_process_bit_by_bit(workers: int) -> None:
    assert run(noise, DRAWS, pool=processes(workers)).values.tobytes() == run(noise, DRAWS).values.tobytes()


def test_draws_stand_in_order_whichever_is_finished_first() -> None:
    finished: list[int] = []
    ensemble = run(later_first, DRAWS, pool=processes(2), progress=lambda done, _: finished.append(done))
    assert ensemble.values.tobytes() == run(noise, DRAWS).values.tobytes()


def test_any_executor_will_do() -> None:
    pool = Pool(start=partial(ThreadPoolExecutor, 3), window=3)
    assert run(noise, DRAWS, pool=pool).values.tobytes() == run(noise, DRAWS).values.tobytes()


def test_a_run_survives_a_killed_worker(tmp_path: Path) -> None:
    ensemble = run(partial(dies_once, tmp_path / "died"), DRAWS, pool=processes(2))
    assert (tmp_path / "died").exists()
    assert ensemble.values.tobytes() == run(noise, DRAWS).values.tobytes()
    assert "workers were lost" in ensemble.notes[0]


def test_a_draw_that_always_kills_its_worker_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    message = r"draw 3 of 20 ended the worker process in which it ran alone, 3 of 3 times: too little memory"
    store = tmp_path / "ensemble"
    with pytest.raises(EnsembleError, match=message):
        run(dies_on_three, DRAWS, pool=processes(2), store=store)
    lines = store.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if '"draw": 3,' in line] == []
    assert len(lines) > 3


def test_numbers_below_one_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"workers must be at least 1, but are 0"):
        processes(0)
    with pytest.raises(ParameterError, match=r"window of a pool must be at least 1, but is 0"):
        Pool(start=ThreadPoolExecutor, window=0)
    with pytest.raises(ParameterError, match=r"trials of a pool must be at least 1, but is -1"):
        Pool(start=ThreadPoolExecutor, window=1, trials=-1)
