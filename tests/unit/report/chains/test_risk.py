"""The page about a year of bad luck."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.report.chains.risk import risk_headlines, write_risk_report
from tenon.schema import ParameterError, Result
from tenon.vulnerability import annual_losses
from tests.chains import CASES


@pytest.fixture(scope="module")
def result() -> Result:
    """Ten a day of outage; S fails every second year, for ten days: 50 a year."""
    chain = CASES["serial"].chain
    chain = replace(chain, sites=replace(chain.sites, events_per_year=np.array([0.5, 0.0])))
    found = annual_losses(chain, lambda _, days: 10.0 * days, years=2000, seed=1, levels=(0.9, 0.99))
    return replace(found, provenance={**found.provenance, "chain": {"name": "serial", "illustrative": True}})


def test_the_sentences_say_the_mean_the_quiet_years_and_the_bad_ones(result: Result) -> None:
    expected, calm, decade, century, causes = risk_headlines(result)
    assert expected.startswith("A year costs EUR 5")
    assert calm.startswith("In 6")
    assert decade.startswith("One year in 10 costs at least EUR 100")
    assert century.startswith("One year in 100 costs at least EUR 300")
    assert causes == "Most of it comes from S (100%)."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_the_curve_the_levels_and_the_causes(tmp_path: Path, result: Result, language: str) -> None:
    page = write_risk_report(result, tmp_path / "risk.html", language=language).read_text(encoding="utf-8")
    for line in risk_headlines(result, language):
        assert line in page
    assert 'data-plot="curve"' in page
    assert 'id="causes-part"' in page
    assert "src=" not in page.partition("<script>")[0]


def test_a_result_of_another_kind_is_refused(result: Result) -> None:
    other = replace(result, values=result.values.drop_vars(["value_at_risk"]))
    with pytest.raises(ParameterError, match=r"lacks value_at_risk\. Run tenon"):
        risk_headlines(other)
