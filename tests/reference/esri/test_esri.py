"""The index equals that of its authors' program, firm by firm and round by round; see source.md."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenon.schema import SparseLinks, SupplyNetwork, TenonWarning
from tenon.vulnerability import EarlyStop, Essentiality, SystemicRules, systemic_risk


def network_a(folder: Path) -> SupplyNetwork:
    links = pd.read_csv(folder / "net_a.csv")
    sector = pd.read_csv(folder / "net_a_sector.csv")["sector"].to_numpy()
    size = sector.size
    return SupplyNetwork(
        name="net_a",
        agents=tuple(str(firm) for firm in range(1, size + 1)),
        products=tuple(str(code) for code in range(1, 9)),
        product=sector - 1,
        regions=("all",),
        region=np.zeros(size, dtype=np.int64),
        links=SparseLinks(links["supplier"].to_numpy() - 1, links["buyer"].to_numpy() - 1, links["amount"].to_numpy()),
        demanders=("nobody",),
        final_demand=np.zeros((size, 1)),
        value_added=np.zeros(size),
        capital=np.zeros(size),
        inventory_days=np.array([[15.0]]),
        stock_release=np.zeros(size),
        currency="EUR",
        unit=1.0,
        source="reference run",
    )


@pytest.mark.parametrize("eps", ["0.01", "1e-06"])
@pytest.mark.parametrize("market", ["", "_market"])
@pytest.mark.parametrize("kind", ["lin", "leo", "mix"])
def test_every_firm_has_the_index_and_the_iterations_of_the_reference(
    shared: Path, kind: str, market: str, eps: str
) -> None:
    folder = shared / "reference" / "esri"
    expected = pd.read_csv(folder / f"net_a_{kind}{market}_eps{eps}.csv")
    needs = {"lin": Essentiality.NON_ESSENTIAL, "leo": Essentiality.ESSENTIAL}
    mixed = pd.read_csv(folder / "net_a_essentiality_mix.csv", index_col=0).to_numpy()
    rules = SystemicRules(essentiality=needs.get(kind, mixed), replaceable=bool(market), stopping=EarlyStop(float(eps)))
    with warnings.catch_warnings():
        # Below the published eps the index warns that it is on its way to total collapse.
        warnings.simplefilter("ignore", TenonWarning)
        values = systemic_risk(network_a(folder), rules=rules).values
    for name in ("esri", "esri_downstream", "esri_upstream"):
        np.testing.assert_allclose(values[name].to_numpy(), expected[name].to_numpy(), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(values["iterations"].to_numpy(), expected["iterations"].to_numpy())
