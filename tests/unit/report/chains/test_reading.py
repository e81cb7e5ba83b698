"""Reading the result of a stressed chain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenon.report.chains.reading import read_chain_result
from tenon.schema import ParameterError
from tests.unit.report.chains.samples import sample

FOUND = read_chain_result(sample())


def test_outages_come_with_the_most_expensive_first() -> None:
    assert [outage.name for outage in FOUND.outages] == ["P", "valley", "X", "S1", "S2"]
    assert FOUND.worst is not None
    assert FOUND.worst.impact == (40, 80, 120)


def test_only_sites_that_cost_something_are_exposed() -> None:
    assert [site.name for site in FOUND.exposed] == ["P", "X"]


def test_a_gap_is_recovery_less_survival() -> None:
    gaps = {outage.name: outage.gap for outage in FOUND.outages}
    assert gaps == {"P": 3, "X": 1.5, "valley": 2, "S1": -361, "S2": -361}


def test_spend_is_that_of_sites_only() -> None:
    spend = {outage.name: outage.spend for outage in FOUND.outages}
    assert spend["X"] == 5
    assert spend["valley"] != spend["valley"]


def test_hidden_points_pairs_and_the_network_are_read() -> None:
    assert [(point.cause, point.path) for point in FOUND.hidden] == [("X", "P @ P <- s (S1, S2) <- x (X)")]
    assert FOUND.pairs == (("S1", "S2", 20.0),)
    assert FOUND.network.sites == ("X", "S1", "S2", "P")
    assert (FOUND.name, FOUND.margin, FOUND.illustrative) == ("small chain", 20.0, True)


def test_a_result_of_another_kind_is_refused() -> None:
    result = sample()
    other = replace(result, values=result.values.drop_vars(["performance_impact", "margin"]))
    with pytest.raises(ParameterError, match=r"lacks performance_impact, margin\. Run tenon"):
        read_chain_result(other)
