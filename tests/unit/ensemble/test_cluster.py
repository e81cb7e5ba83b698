"""A scheduler and two worker processes, started as a user would, give the figures of one process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tenon.ensemble import Draw, cluster, plain_draws, run
from tenon.schema import EnsembleError, ParameterError
from tests.contracts.manual import blocks
from tests.contracts.repository import ROOT
from tests.unit.ensemble.samples import dask_cluster, dies_on_three, dies_once, later_first, vector

if TYPE_CHECKING:
    from distributed import Client

pytest.importorskip("distributed", reason="the extra tenon[cluster] is not installed")

DRAWS = plain_draws(20, seed=5, dimensions=2)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with dask_cluster(tmp_path_factory.mktemp("dask"), workers=2) as connected:
        yield connected


@pytest.mark.parametrize("function", [vector, later_first])
def test_a_cluster_of_two_workers_gives_the_figures_of_one_process_bit_by_bit(
    function: Callable[[Draw], object], client: Client
) -> None:
    here = run(function, DRAWS)
    there = run(function, DRAWS, pool=cluster(client))
    np.testing.assert_array_equal(there.draws, here.draws)
    assert there.values.tobytes() == here.values.tobytes()


def test_a_run_survives_a_killed_worker_of_a_cluster(client: Client, tmp_path: Path) -> None:
    function = partial(dies_once, tmp_path / "died")
    there = run(function, DRAWS, pool=cluster(client))
    assert (tmp_path / "died").exists()
    assert there.values.tobytes() == run(function, DRAWS).values.tobytes()


def test_a_draw_that_kills_every_worker_of_a_cluster_is_named(client: Client) -> None:
    with pytest.raises(EnsembleError, match=r"draw 3 of 20 ended the worker process in which it ran alone"):
        run(dies_on_three, DRAWS, pool=cluster(client))


def test_a_cluster_without_workers_is_refused(tmp_path: Path) -> None:
    with dask_cluster(tmp_path, workers=0) as bare:  # noqa: SIM117 - only the inner block may raise
        with pytest.raises(
            ParameterError, match=r"the cluster at tcp://.* has no workers.*start some with: dask worker"
        ):
            cluster(bare)


def test_the_files_that_the_manual_shows_give_the_same_here_and_on_a_cluster(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "run-an-ensemble.md").read_text(encoding="utf-8")
    for block in blocks(page):
        if block.language == "py":
            name = block.text.removeprefix('"""').partition(":")[0]
            (tmp_path / name).write_text(block.text, encoding="utf-8")
    outputs = [study(tmp_path)]
    with dask_cluster(tmp_path, workers=2) as started:
        outputs.append(study(tmp_path, started.scheduler_info()["address"]))
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith("3.2")


def study(folder: Path, *address: str) -> str:
    """Run the program of the manual and return what it prints."""
    command = [sys.executable, "-W", "error", "study.py", *address]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert (folder / "ore.draws").read_text(encoding="utf-8").count("\n") == 1001
    (folder / "ore.draws").unlink()
    return done.stdout
