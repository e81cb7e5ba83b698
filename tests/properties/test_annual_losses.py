"""A year of bad luck costs the same wherever it is worked out, however sites are named and money is counted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tenon.ensemble import Pool, cluster, processes, run_each
from tenon.schema import Result
from tenon.vulnerability import annual_losses
from tests.unit.ensemble.samples import dask_cluster
from tests.unit.vulnerability.risky_chains import DUAL, dual_impact, risky

CHAIN = risky(DUAL, [0.9, 0.6, 0.2], [2.0, 6.0, 30.0], {"both": (("S1", "S2"), 0.3), "all": (("S1", "S2", "P"), 0.1)})


def losses(pool: Pool | None, store: Path | None = None) -> Result:
    each = partial(run_each, pool=pool, store=store)
    return annual_losses(CHAIN, dual_impact, years=300, seed=9, correlation=0.4, each=each)


@pytest.fixture(params=["processes", "dask"])
def pool(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pool]:
    if request.param == "processes":
        yield processes(2)
        return
    pytest.importorskip("distributed", reason="the extra tenon[cluster] is not installed")
    with dask_cluster(tmp_path, workers=2) as client:
        yield cluster(client)


def test_figures_are_the_same_bit_by_bit_wherever_they_are_worked_out(pool: Pool) -> None:
    here = annual_losses(CHAIN, dual_impact, years=300, seed=9, correlation=0.4).values
    there = losses(pool).values
    assert set(there.data_vars) == set(here.data_vars)
    for name, variable in here.data_vars.items():
        assert there[name].to_numpy().tobytes() == variable.to_numpy().tobytes(), name


def test_a_stored_run_is_read_again(tmp_path: Path) -> None:
    first = losses(None, tmp_path / "store").values
    lines = (tmp_path / "store").read_bytes()
    again = losses(None, tmp_path / "store").values
    assert (tmp_path / "store").read_bytes() == lines
    assert again.identical(first)


def test_doubling_the_money_doubles_money_and_nothing_else() -> None:
    once = losses(None).values
    twice = annual_losses(
        CHAIN, lambda sites, days, _: 2 * dual_impact(sites, days), years=300, seed=9, correlation=0.4
    ).values
    for name in once.data_vars:
        factor = 1 if str(name).startswith("events") else 2
        np.testing.assert_allclose(twice[name], factor * once[name], rtol=1e-12)


def test_no_impact_no_loss() -> None:
    values = annual_losses(CHAIN, lambda *_: 0.0, years=300, seed=9).values
    for name in values.data_vars:
        assert str(name).startswith("events") or not values[name].any(), name
