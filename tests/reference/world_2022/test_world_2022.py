"""The table built from the published files has the figures that were computed independently (see source.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import WorldEstimate, aggregate_world_2022, estimate_table, estimate_world_2022, load
from tenon.data.balancing import PairTotals, balance_trade
from tenon.data.goods_trade import add_missing_economy, goods_between_regions, read_goods_totals
from tenon.data.missing_pairs import UNREPORTED, distances_between, fill_by_gravity, settle_unreported
from tenon.data.wiod2013 import read_wiod_2013
from tenon.data.world_aggregate import round_table
from tenon.schema import Float, InputOutputTable

MANUAL = Path(__file__).parents[3] / "docs" / "explanation" / "world-2022.md"
CHINA_IN = {"VNM": 14.4, "KOR": 6.1, "MEX": 5.1, "TWN": 4.4, "JPN": 3.8, "IND": 3.2, "DEU": 3.1, "USA": 1.6}


@pytest.fixture(scope="module")
def free(shared: Path) -> WorldEstimate:
    """Return the table of the plain recipe: pairs without a figure are left to the margins."""
    return estimate_world_2022(shared / "data", fill_missing_pairs=False)


@pytest.fixture(scope="module")
def filled(shared: Path) -> WorldEstimate:
    """Return the table that ships, before aggregation."""
    return estimate_world_2022(shared / "data")


def origin_shares(table: InputOutputTable, origin: str) -> dict[str, float]:
    """Return the percentage of an origin in the value added of each region's manufacturing output."""
    regions, sectors = len(table.regions), len(table.sectors)
    output = np.where(table.x > 0, table.x, 1.0)
    made = np.array([sector.startswith("C") for sector in table.sectors])
    earned = np.zeros((regions, sectors))
    first = table.regions.index(origin)
    earned[first] = (table.V[0] / output).reshape(regions, sectors)[first]
    # v (I - A)^-1 for the value added of one origin.
    multiplier = np.linalg.solve(np.eye(len(table)) - table.A.T, earned.ravel())
    weight = np.where(made, table.x.reshape(regions, sectors), 0.0)
    shares = (multiplier.reshape(regions, sectors) * weight).sum(axis=1) / weight.sum(axis=1)
    return {region: 100 * float(share) for region, share in zip(table.regions, shares, strict=True)}


def test_the_world_has_its_size(free: WorldEstimate) -> None:
    table = free.table
    assert (len(table.regions), len(table.sectors)) == (81, 50)
    assert table.V[0].sum() / 1e6 == pytest.approx(98.6, abs=0.05)
    assert table.x.sum() / 1e6 == pytest.approx(207.5, abs=0.05)
    assert free.trade.flows.sum() / 1e6 == pytest.approx(27.5, abs=0.05)
    assert table.estimated


def test_rows_and_margins_balance_as_well_as_the_recipe_does(free: WorldEstimate) -> None:
    assert free.row_residual / 1e3 == pytest.approx(2.7, abs=0.1)
    assert free.relative_row_residual == pytest.approx(3.0e-5, abs=0.1e-5)
    assert free.trade.export_error == pytest.approx(2e-4, abs=0.1e-4)
    assert free.trade.import_error < 1e-12
    assert free.table.balance().relative < 1e-12
    assert free.table.balance().relative_columns < 1e-12


def test_goods_totals_of_pairs_are_met_as_well_as_the_recipe_does(free: WorldEstimate) -> None:
    assert free.trade.pair_correlation == pytest.approx(0.951, abs=0.001)
    assert free.trade.pair_error == pytest.approx(0.28, abs=0.005)


def test_chinas_part_in_the_manufacturing_of_others(free: WorldEstimate) -> None:
    shares = origin_shares(free.table, "CHN")
    for region, expected in CHINA_IN.items():
        assert shares[region] == pytest.approx(expected, abs=0.06), region


def test_repairs_are_recorded(free: WorldEstimate, filled: WorldEstimate) -> None:
    kinds = [sentence.partition(":")[0] for sentence in free.table.repairs]
    assert kinds == [
        "rest of the world",
        "repair_negative_flows",
        "repair_excess_inputs",
        "repair_row_residuals",
        "repair_column_residuals",
    ]
    assert "inputs of 2 industries" in free.table.repairs[2]
    assert "CYP:H51 1.065, ISL:C21 1.205" in free.table.repairs[2]
    assert any(sentence.startswith("settle_unreported") for sentence in filled.table.repairs)


def test_the_shipped_table_is_what_the_builder_gives(filled: WorldEstimate) -> None:
    shipped = load("world-2022")
    built = round_table(aggregate_world_2022(filled.table), bits=12, smallest=0.01)
    assert (shipped.regions, shipped.sectors) == (built.regions, built.sectors)
    assert shipped.final_demand_categories == built.final_demand_categories
    assert shipped.source == built.source
    assert [line.partition(":")[0] for line in shipped.repairs] == [line.partition(":")[0] for line in built.repairs]
    # One step of the rounding: the last bits of sums differ between processors.
    for name in ("Z", "Y", "x"):
        one, other = getattr(shipped, name), getattr(built, name)
        assert np.allclose(one, other, rtol=2.0**-11, atol=0.011), name
    assert np.abs(shipped.Z - built.Z).sum() < 1e-6 * built.Z.sum()


def test_aggregation_keeps_totals(filled: WorldEstimate) -> None:
    small = aggregate_world_2022(filled.table)
    assert small.Z.sum() == pytest.approx(filled.table.Z.sum(), rel=1e-12)
    assert small.Y.sum() == pytest.approx(filled.table.Y.sum(), rel=1e-12)
    assert small.x.sum() == pytest.approx(filled.table.x.sum(), rel=1e-12)


def test_the_manual_shows_the_measured_figures(filled: WorldEstimate) -> None:
    assert estimate_table(filled) in MANUAL.read_text(encoding="utf-8")


def test_the_trade_file_has_no_figure_between_eleven_economies(shared: Path, free: WorldEstimate) -> None:
    totals = read_goods_totals(shared / "data" / "liberation_day_2025", free.table.regions)
    hidden = np.isin(free.table.regions, UNREPORTED)
    assert np.isnan(totals[np.ix_(hidden, hidden)]).all()
    others = np.isnan(totals[~hidden][:, ~hidden]).sum()
    assert others < 0.15 * (~hidden).sum() ** 2


def flow(estimate: WorldEstimate, seller: str, buyer: str) -> float:
    """Return goods that one region sells to another, billion USD."""
    regions = estimate.table.regions
    goods = np.array([sector[0] in "ABC" for sector in estimate.table.sectors])
    return float(estimate.trade.flows[goods][:, regions.index(seller), regions.index(buyer)].sum()) / 1e3


def test_filling_removes_flows_that_only_the_margins_invented(free: WorldEstimate, filled: WorldEstimate) -> None:
    assert flow(free, "RUS", "KOR") == pytest.approx(122, abs=1)
    assert flow(filled, "RUS", "KOR") < 20
    assert flow(free, "SAU", "ISR") > 30
    assert flow(filled, "SAU", "ISR") == 0


def test_gravity_finds_hidden_pairs_better_than_the_margins_do(shared: Path, free: WorldEstimate) -> None:
    block = ("IND", "THA", "TUR", "IDN", "EGY", "CHL", "CZE", "PAK", "NGA", "SWE", "KAZ")
    regions = free.table.regions
    reported = read_goods_totals(shared / "data" / "liberation_day_2025", regions)
    settled = settle_unreported(reported, regions, absent=("TWN", "STP"))
    inside, own = np.isin(regions, block), np.eye(len(regions), dtype=bool)
    hidden = inside[:, None] & inside & ~own
    known = ~(own | hidden | np.isnan(settled))
    known[-1] = known[:, -1] = False
    gravity = fill_by_gravity(np.nan_to_num(settled), distances_between(regions), known=known)
    older = read_wiod_2013(shared / "data" / "wiod2013" / "wiot_2011.RData")
    goods = np.array([sector[0] in "ABC" for sector in free.table.sectors])
    exports, imports = free.trade.flows.sum(axis=2), free.trade.flows.sum(axis=1)
    margins = (exports[goods].sum(axis=0), imports[goods].sum(axis=0))
    totals = add_missing_economy(np.where(hidden, np.nan, settled), "TWN", regions, margins=margins, older=older)
    left_free = balance_trade(exports, imports, PairTotals(totals, goods)).flows[goods].sum(axis=0)

    def error(estimate: Float) -> float:
        return float(np.abs(estimate - settled)[hidden].sum() / settled[hidden].sum())

    assert error(gravity) == pytest.approx(0.60, abs=0.01)
    assert error(left_free) == pytest.approx(1.19, abs=0.05)
    assert goods_between_regions(older, 16).sum() > 0
