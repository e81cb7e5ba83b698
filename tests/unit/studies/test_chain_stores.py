"""The store of a chain's prices is refused before anything is priced where it belongs to another study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.schema import SourceError, SupplyChain
from tenon.studies import chain_risk, prepare_risk_store
from tests.chains import CASES

QUIET = CASES["hidden in the second tier"].chain
CHAIN = replace(QUIET, sites=replace(QUIET.sites, events_per_year=np.full(len(QUIET.sites), 0.5)))


def prepare(chain: SupplyChain, store: Path, **changes: int) -> None:
    prepare_risk_store(chain, store, **{"years": 200, "seed": 0} | changes, correlation=0.0)


def test_another_chain_study_or_figure_is_named(tmp_path: Path) -> None:
    store = tmp_path / "prices"
    prepare(CHAIN, store)
    chain_risk(CHAIN, years=200, store=store)
    prepare(CHAIN, store)
    with pytest.raises(SourceError, match=r"another run \(years: 200 there, 300 now; seed: 0 there, 1 now\)"):
        prepare(CHAIN, store, years=300, seed=1)
    with pytest.raises(SourceError, match=rf"another run \(chain: {CHAIN.name} there, other now\)"):
        prepare(replace(CHAIN, name="other"), store)
    more = replace(CHAIN, stages=replace(CHAIN.stages, stock=CHAIN.stages.stock + 1))
    with pytest.raises(SourceError, match=r"the same run .* but the figures or the code behind it have changed since"):
        prepare(more, store)
