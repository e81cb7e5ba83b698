from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report import agents
from tenon.report.language import Money
from tenon.report.reading import find, scenario_names
from tenon.schema import ParameterError
from tests.unit.report import samples

WORLD = samples.world(scenarios=2)


def test_every_scenario_is_found_in_order() -> None:
    assert scenario_names(WORLD) == ("sample", "milder 1")
    assert [found.name for found in find(WORLD)] == ["sample", "milder 1"]


def test_losses_by_cause_add_up_to_the_loss_of_each_industry() -> None:
    for found in find(WORLD):
        assert found.each.causes is not None
        np.testing.assert_allclose(found.each.causes.sum(axis=1), found.each.lost, rtol=1e-9, atol=1e-6)
        assert (found.each.causes[:, :3] >= 0).all()
        assert (found.each.causes[:, 3] <= 0).all()


def test_losses_of_regions_and_sectors_add_up_to_the_whole() -> None:
    found = find(WORLD)[0]
    for group in (found.regions, found.sectors):
        assert group.lost.sum() == pytest.approx(found.lost)
        assert group.baseline.sum() == pytest.approx(found.each.baseline.sum())
        assert group.causes is not None
        np.testing.assert_allclose(group.causes.sum(axis=1), group.lost, rtol=1e-9, atol=1e-6)


def test_direct_losses_are_those_of_the_industry_that_lost_capacity() -> None:
    found = find(WORLD)[0]
    assert found.each.causes is not None
    hit = found.each.labels.index("JPN:electronics")
    assert np.flatnonzero(found.each.causes[:, 0]).tolist() == [hit]


def test_regions_over_time_are_production_relative_to_undisturbed() -> None:
    found = find(WORLD)[0]
    values = WORLD.values.isel(scenario=0)
    expected = (
        values["production"].sel(region="THA").sum("sector") / values["baseline_production"].sel(region="THA").sum()
    )
    assert found.regions.production is not None
    np.testing.assert_allclose(found.regions.production[found.regions.labels.index("THA")], expected)


def test_shortages_count_waiting_industries_and_what_waiting_costs() -> None:
    found = find(samples.firms())[0]
    assert found.shortages is not None
    assert found.shortages.held_back[0].tolist() == [12 * (12 <= day < 45) for day in range(60)]
    assert not found.shortages.held_back[1:].any()
    assert found.shortages.order() == [0]
    assert found.each.causes is not None
    assert found.shortages.lost[0] == pytest.approx(found.each.causes[:, 1].sum())
    assert found.shortages.by_region.sum() == pytest.approx(found.shortages.lost.sum())


def test_days_read_in_small_blocks_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = find(WORLD)[0]
    monkeypatch.setattr(agents, "_CELLS_IN_A_BLOCK", 5 * 800)
    parts = find(WORLD)[0]
    assert whole.each.causes is not None
    assert parts.each.causes is not None
    np.testing.assert_allclose(parts.each.causes, whole.each.causes, rtol=1e-10, atol=1e-9)
    assert whole.shortages is not None
    assert parts.shortages is not None
    np.testing.assert_array_equal(parts.shortages.held_back, whole.shortages.held_back)


def test_records_that_were_not_kept_are_left_out() -> None:
    kept = ["total_production", "baseline_production", "baseline_value_added", "value_added_lost"]
    found = find(replace(WORLD, values=WORLD.values[kept]))[0]
    assert (found.each.causes, found.regions.production, found.shortages) == (None, None, None)
    assert (found.unmet, found.origins, found.routes) == (None, None, ())
    assert np.isnan(found.each.back).all()
    assert found.lost == pytest.approx(find(WORLD)[0].lost)


def test_a_result_without_losses_is_refused_with_what_is_missing() -> None:
    poor = replace(WORLD, values=WORLD.values.drop_vars("value_added_lost"))
    with pytest.raises(ParameterError, match=r"but value_added_lost is missing; keep these records"):
        find(poor)


def test_money_comes_from_the_table_or_else_from_the_units() -> None:
    assert find(WORLD)[0].money == Money("USD", 1e6)
    assert find(samples.firms())[0].money == Money("EUR", 1e3)
    unnamed = samples.firms()
    unnamed.values["value_added_lost"].attrs["units"] = "points"
    assert find(unnamed)[0].money == Money("points", 1.0)


def test_routes_are_ranked_and_end_where_labels_end() -> None:
    routes = find(WORLD)[0].routes
    assert [len(route.steps) for route in routes] == [1, 2, 2, 3, 3]
    assert routes[1].steps == (("CHN:electronics", "input: electronics"), ("JPN:electronics", "capacity"))
    assert [route.lost for route in routes] == sorted((route.lost for route in routes), reverse=True)
