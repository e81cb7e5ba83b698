"""The method of the 2022 table, measured on 2011 with origins hidden, errs as source.md says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import BalancingAccuracy, accuracy_table, balancing_accuracy, read_wiod_2013

MANUAL = Path(__file__).parents[3] / "docs" / "explanation" / "world-2022.md"


@pytest.fixture(scope="module")
def cases(shared: Path) -> tuple[BalancingAccuracy, ...]:
    """Return the measured cases: margins, goods totals, wrong totals, pattern, totals and pattern."""
    folder = shared / "data" / "wiod2013"
    return balancing_accuracy(
        read_wiod_2013(folder / "wiot_2011.RData"),
        goods=[f"c{number}" for number in range(1, 17)],
        manufacturing=[f"c{number}" for number in range(3, 17)],
        older=read_wiod_2013(folder / "wiot_2000.RData"),
    )


def test_errors_of_trade_are_the_published_ones(cases: tuple[BalancingAccuracy, ...]) -> None:
    margins, goods, _, pattern, both = (case.trade_error for case in cases)
    assert [round(100 * error) for error in (margins, pattern, goods, both)] == [63, 33, 36, 30]


@pytest.mark.parametrize(
    ("case", "domestic", "abroad", "origins"), [(1, 5, 56, (0.962, 0.14, 13.1)), (4, 5, 52, (0.985, 0.12, 7.5))]
)
def test_errors_of_cells_and_origins_are_the_published_ones(
    cases: tuple[BalancingAccuracy, ...], case: int, domestic: int, abroad: int, origins: tuple[float, float, float]
) -> None:
    found = cases[case]
    correlation, mean, worst = origins
    assert round(100 * found.domestic_error) == domestic
    assert round(100 * found.cross_border_error) == abroad
    assert found.origin_correlation == pytest.approx(correlation, abs=0.0006)
    assert 100 * found.origin_mean_error == pytest.approx(mean, abs=0.006)
    assert 100 * found.origin_worst_error == pytest.approx(worst, abs=0.1)


def test_wrong_goods_totals_cost_accuracy(cases: tuple[BalancingAccuracy, ...]) -> None:
    assert cases[1].trade_error < cases[2].trade_error < cases[0].trade_error


def test_the_manual_shows_the_measured_figures(cases: tuple[BalancingAccuracy, ...]) -> None:
    assert accuracy_table(cases) in MANUAL.read_text(encoding="utf-8")
