"""Pairs without a figure are settled: estimated, zero, or unknown."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.data.missing_pairs import UNREPORTED, distances_between, fill_by_gravity, settle_unreported

REGIONS = ("CHN", "DEU", "KOR", "USA", "VNM", "TWN", "ROW")


def test_distances_are_those_on_a_globe() -> None:
    distances = distances_between(["DEU", "FRA", "AUS"])
    assert np.allclose(distances, distances.T)
    assert not distances.diagonal().any()
    assert distances[0, 1] == pytest.approx(760, abs=20)
    assert distances[0, 2] > 13_000


def test_estimates_keep_the_sums_of_sellers_and_buyers() -> None:
    generator = np.random.default_rng(1)
    distances = distances_between(["DEU", "FRA", "AUS", "CHN", "BRA"])
    trade = generator.uniform(1, 9, (5, 5))
    known = ~np.eye(5, dtype=bool)
    known[1, 2] = False
    estimate = fill_by_gravity(trade, distances, known=known)
    assert np.allclose(np.where(known, estimate, 0).sum(axis=0), np.where(known, trade, 0).sum(axis=0))
    assert np.allclose(np.where(known, estimate, 0).sum(axis=1), np.where(known, trade, 0).sum(axis=1))
    assert estimate[1, 2] > 0


def test_empty_cells_mean_three_things() -> None:
    totals = np.full((7, 7), 2.0)
    np.fill_diagonal(totals, np.nan)
    totals[2, 4] = totals[4, 2] = np.nan  # Korea and Viet Nam: hidden in the file
    totals[0, 1] = np.nan  # no trade was reported
    totals[5], totals[:, 5] = np.nan, np.nan  # not in the file
    settled = settle_unreported(totals, REGIONS, absent=("TWN",))
    assert settled[2, 4] > 0
    assert settled[0, 1] == 0
    assert np.isnan(settled[5]).all()
    assert settled[0, 6] == 2.0


def test_the_hidden_economies_are_eleven() -> None:
    assert len(UNREPORTED) == 11
