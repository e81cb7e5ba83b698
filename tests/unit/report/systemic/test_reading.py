"""What the page reads from a result of systemic risk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report.systemic.reading import groups_of, read_systemic_result
from tenon.schema import ParameterError, Result, Status
from tenon.vulnerability import Converged, SystemicRules, systemic_risk
from tests.unit.report.systemic.samples import sample
from tests.unit.vulnerability.samples import CHAIN

FOUND = read_systemic_result(sample())


def test_failures_stand_the_riskiest_first_with_their_labels() -> None:
    assert FOUND.names == ("mill", "farm", "other farm", "shop", "idle")
    assert FOUND.sectors == ("flour", "grain", "grain", "trade", "trade")
    assert FOUND.figures.own.tolist() == [0.1, 0.3, 0.02, 0.001, 0.0]
    assert (FOUND.name, FOUND.firms, FOUND.links, FOUND.interrupted) == ("bread", 5, 12, False)


def test_the_plateau_reaches_half_of_the_riskiest() -> None:
    assert FOUND.plateau == 2
    index = np.array([0.19, 0.4, 0.002, 0.0, 0.03])
    assert read_systemic_result(sample(esri=("failure", index))).plateau == 1


def test_a_share_counts_only_those_above_it() -> None:
    assert [FOUND.above(share) for share in (0.4, 0.1, 0.01, 0.0)] == [0, 2, 3, 4]


def test_a_multiple_needs_a_share_of_its_own() -> None:
    np.testing.assert_allclose(FOUND.figures.multiple, [4.0, 0.25 / 0.3, 1.5, 2.0, np.nan])


def test_groups_come_by_their_riskiest_failure() -> None:
    groups = groups_of(FOUND.sectors)
    assert [(group.label, group.rows.tolist()) for group in groups] == [
        ("flour", [0]), ("grain", [1, 2]), ("trade", [3, 4]),
    ]  # fmt: skip


def test_rules_are_read_from_what_the_engine_keeps() -> None:
    rules = SystemicRules(count_final_demand=True, stopping=Converged(1e-8), essentiality=np.full((3, 3), 2))
    found = read_systemic_result(systemic_risk(CHAIN, rules=rules))
    assert found.rules.converged
    assert found.rules.needs == "matrix"
    assert (found.rules.eps, found.rules.all_output, found.rules.replaceable) == (1e-8, True, True)
    assert (found.firms, found.links) == (3, 2)
    early = read_systemic_result(systemic_risk(CHAIN))
    assert not early.rules.converged
    assert early.rules.needs == "essential"
    assert not early.rules.all_output


def test_groups_of_firms_have_no_sector() -> None:
    found = read_systemic_result(systemic_risk(CHAIN, {"south": {"a": 1.0, "b": 0.5}}))
    assert found.names == ("south",)
    assert found.sectors == found.regions == ()


def test_another_result_is_refused() -> None:
    other = Result(values=sample().values[["eps"]], status=Status.COMPLETE, residuals={}, notes=(), provenance={})
    with pytest.raises(ParameterError, match=r"lacks esri, .* by failure\. Run tenon\.vulnerability\.systemic_risk"):
        read_systemic_result(other)


def test_an_interrupt_before_the_first_failure_leaves_nothing_to_report() -> None:
    result = sample(Status.INTERRUPTED)
    empty = replace(result, values=result.values.isel(failure=slice(0)))
    with pytest.raises(ParameterError, match="no failure was finished before the interrupt"):
        read_systemic_result(empty)
