from __future__ import annotations

import json
from typing import Any

import pytest

from tenon.report import chain_summary, headlines, table_summary
from tenon.schema import ParameterError
from tenon.studies import stress, stress_site, stress_supply_chain
from tests.chains import CASES

CHAIN = CASES["hidden in the second tier"].chain


def plain(summary: dict[str, object]) -> dict[str, Any]:
    """Return what a program reads: nothing of it is lost on the way through JSON."""
    read: dict[str, Any] = json.loads(json.dumps(summary, allow_nan=False))
    assert read == summary
    return read


def test_the_summary_of_a_chain_agrees_with_its_result() -> None:
    result = stress_supply_chain(CHAIN)
    summary = plain(chain_summary(result))
    impact = result.values["performance_impact"].sel(recovery="likely").to_series()
    worst = summary["worst"][0]
    assert worst["loss"] == pytest.approx(impact.max())
    assert impact[worst["name"]] == impact.max()
    losses = [row["loss"] for row in summary["worst"]]
    assert losses == sorted(losses, reverse=True)
    assert summary["sites"] == sorted(CHAIN.sites.labels)
    followed = summary["followed"]
    assert followed["loss"] == pytest.approx(float(result.values["margin_lost"].max()))
    assert sum(followed["losses"]["values"]) == pytest.approx(followed["loss"], rel=1e-5)
    assert max(followed["losses"]["values"]) == pytest.approx(followed["loss_a_day"], rel=1e-5)


def test_one_outage_is_told_alone() -> None:
    summary = plain(chain_summary(stress_site(CHAIN, "X", days=10)))
    assert [row["name"] for row in summary["worst"]] == ["X"]
    assert all(len(lines) == 1 for lines in summary["sentences"].values())
    assert "X" in summary["sentences"]["en"][0]


def test_an_outage_that_nobody_feels_has_no_first_customer() -> None:
    followed = plain(chain_summary(stress_site(CHAIN, "S1", days=1)))["followed"]
    assert (followed["first_loss_day"], followed["first_customer"], followed["loss"]) == (None, "", 0)


def test_the_summary_of_a_table_agrees_with_its_headlines() -> None:
    result = stress("world-2022", "supplier-outage-2022")
    summary = plain(table_summary(result))
    assert summary["sentences"]["en"] == headlines(result)
    assert "USD 3.72 billion" in summary["sentences"]["en"][0]
    assert summary["loss"] == pytest.approx(3.72e9, rel=2e-3)
    assert (summary["days"], summary["worst_day"], summary["over_day"]) == (180, 16, 23)
    assert sum(row["loss"] for row in summary["regions"]) <= summary["loss"] * 1.001
    assert min(summary["output"]["values"]) == pytest.approx(1 - summary["worst_drop"], abs=1e-5)
    assert len(summary["regions"]) == len(summary["sectors"]) == 10


def test_long_series_are_thinned_out() -> None:
    output = table_summary(stress("world-2022", "tohoku-2011"))["output"]
    assert isinstance(output, dict)
    assert output["step"] > 1
    assert len(output["values"]) <= 400


def test_a_result_of_something_else_is_refused() -> None:
    with pytest.raises(ParameterError, match="needs the result of a stressed chain"):
        chain_summary(stress("world-2022", "supplier-outage-2022"))
