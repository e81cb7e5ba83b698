"""The page about a year of bad luck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.report.chains.risk.page import risk_headlines, write_risk_report
from tenon.schema import Result
from tests.unit.report.chains.risk.samples import sites_alone


@pytest.fixture(scope="module")
def result() -> Result:
    return sites_alone()


def test_the_sentences_say_the_mean_the_quiet_years_and_the_bad_ones(result: Result) -> None:
    expected, calm, decade, century, causes = risk_headlines(result)
    assert expected.startswith("A year costs EUR 5")
    assert calm.startswith("In 6")
    assert decade.startswith("The worst 10% of years cost EUR ")
    assert decade.endswith(" on average, at least EUR 100.")
    assert century.startswith("The worst 1% of years cost EUR ")
    assert century.endswith(" on average, at least EUR 300.")
    assert causes == "Most of it comes from S (100%)."


@pytest.fixture(scope="module")
def tied() -> Result:
    """Six of ten years cost nothing, so that value at risk is zero at three of four levels."""
    return sites_alone((0.0, 0.3, 0.5, 0.999))


def test_years_that_cost_the_same_and_low_levels_are_told_rightly(tied: Result) -> None:
    """With a tie, years that cost at least zero are all years; the mean told is that of the worst share alone."""
    losses = np.sort(tied.values["annual_loss"].to_numpy())[::-1]
    told = risk_headlines(tied)[2:6]
    means = [f"{losses[:count].mean():.3g}" for count in (2000, 1400, 1000)]
    assert told[:3] == [
        f"All years cost EUR {means[0]} on average, at least EUR 0.",
        f"The worst 70% of years cost EUR {means[1]} on average, at least EUR 0.",
        f"The worst 50% of years cost EUR {means[2]} on average, at least EUR 0.",
    ]
    assert told[3].startswith("The worst 0.1% of years cost EUR ")
    assert risk_headlines(tied, "zh")[2:4] == [
        f"所有年份平均损失{means[0]}欧元，至少损失0欧元。",
        f"最糟的70%年份平均损失{means[1]}欧元，至少损失0欧元。",
    ]


@pytest.mark.parametrize(
    ("language", "years"),
    [("en", ["All years", "The worst 70% of years", "The worst 0.1% of years"]), ("zh", ["所有年份", "最糟的70%年份"])],
)
def test_headings_tables_and_key_figures_name_years_as_the_sentences_do(
    tied: Result, tmp_path: Path, language: str, years: list[str]
) -> None:
    page = write_risk_report(tied, tmp_path / "risk.html", language=language).read_text(encoding="utf-8")
    for name in years:
        assert name in page
    assert "ne year in" not in page
    assert "年一遇" not in page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_the_curve_the_levels_and_the_causes(tmp_path: Path, result: Result, language: str) -> None:
    page = write_risk_report(result, tmp_path / "risk.html", language=language).read_text(encoding="utf-8")
    for line in risk_headlines(result, language):
        assert line in page
    assert 'data-plot="curve"' in page
    assert 'id="causes-part"' in page
    assert "src=" not in page.partition("<script>")[0]
