"""Goods trade is pooled by label, and an economy that is missing gets an older pattern."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data.goods_trade import add_missing_economy, goods_between_regions, read_goods_totals
from tenon.schema import SourceError
from tests.unit.data.examples import world, write_rows


def write_trade(folder: Path) -> Path:
    """Write trade of four economies, two of which are no regions of their own."""
    write_rows(folder / "country_labels.csv", [["iso3", "iso_code"], ["AAA", 1], ["CHN", 2], ["DEU", 3], ["ZZZ", 4]])
    rows = [["", 1000, 2000, 5000], [3000, 7, "", 0], [4000, 8000, "", 1000], [6000, "", 9000, ""]]
    write_rows(folder / "trade_cepii.csv", [["e1", "e2", "e3", "e4"], *rows])
    return folder


def test_economies_that_are_no_regions_are_pooled(tmp_path: Path) -> None:
    totals = read_goods_totals(write_trade(tmp_path), ("CHN", "DEU", "ROW"))
    assert np.array_equal(totals, [[np.nan, np.nan, 3.0], [8.0, np.nan, 5.0], [1.0, 11.0, np.nan]], equal_nan=True)


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    folder = write_trade(tmp_path)
    lines = (folder / "trade_cepii.csv").read_text().splitlines()
    (folder / "trade_cepii.csv").write_text("\n".join(lines[:3]))
    with pytest.raises(SourceError, match=r"must be 4 x 4, one row and column for each label of country_labels.csv"):
        read_goods_totals(folder, ("CHN", "ROW"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (write_trade(tmp_path) / "country_labels.csv").unlink()
    with pytest.raises(SourceError, match=r"country_labels.csv does not exist"):
        read_goods_totals(tmp_path, ("CHN", "ROW"))


def test_labels_without_their_column_are_refused(tmp_path: Path) -> None:
    (write_trade(tmp_path) / "country_labels.csv").write_text("code\nAAA\n")
    with pytest.raises(SourceError, match="cannot be read"):
        read_goods_totals(tmp_path, ("CHN", "ROW"))


def test_a_missing_economy_gets_its_older_partners_and_its_own_margins() -> None:
    older = world(("CHN", "TWN", "ROW"), tuple(f"c{number}" for number in range(1, 18)))
    regions = ("CHN", "TWN", "VNM", "ROW")
    totals = np.array([[np.nan, np.nan, 3, 4], [np.nan] * 4, [2, np.nan, np.nan, 1], [5, np.nan, 6, np.nan]])
    exports, imports = np.array([10.0, 8.0, 4.0, 9.0]), np.array([9.0, 7.0, 8.0, 7.0])
    result = add_missing_economy(totals, "TWN", regions, margins=(exports, imports), older=older)
    sold = goods_between_regions(older, 16)[1]
    shares = result[1, [0, 2, 3]] / np.nansum(result[1])
    assert np.allclose(shares, np.array([sold[0], 0.8 * sold[2], 0.2 * sold[2]]) / (sold[0] + sold[2]))
    assert np.nansum(result) == pytest.approx(exports.sum())
    assert np.nansum(result[1]) / np.nansum(result[:, 1]) == pytest.approx(8 / 7)
    assert np.isnan(result.diagonal()).all() or result[1, 1] == 0


def test_goods_between_regions_leave_services_and_own_use_out() -> None:
    table = world(("A", "B"), ("goods", "services"))
    flows = goods_between_regions(table, 1)
    assert not flows.diagonal().any()
    assert flows[0, 1] == pytest.approx(table.Z[0, 2:].sum() + table.Y[0, 2:].sum())
