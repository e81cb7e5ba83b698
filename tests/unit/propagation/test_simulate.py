"""A run takes a network and scenarios and gives a labelled result with residuals, notes and where it came from."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tenon.propagation import RECORDS, Parameters, propagate
from tenon.schema import CapacityShock, ParameterError, ScenarioError, Status, Target
from tests.strategies import firms
from tests.unit.propagation.samples import BREAD, during, named, quietly, scenario, values

OUTAGE = scenario(CapacityShock(target=named("mill"), loss=0.5, timing=during(3, 10)), days=40)


def test_a_chain_by_hand() -> None:
    """The mill makes half of its 30 for ten days; everybody who is served by it gets half of what was ordered."""
    result = quietly(BREAD, OUTAGE, Parameters(overproduction_max=1.0))
    made = values(result, "production")
    np.testing.assert_allclose(made[:3], np.tile([20, 30, 40], (3, 1)))
    np.testing.assert_allclose(made[3:13, 1], 15)
    # On day 3 the mill uses 5 of grain and orders no more than that; its stock of grain is above what it needs.
    np.testing.assert_allclose(made[3], [20, 15, 40])
    np.testing.assert_allclose(made[4], [15, 15, 40])
    stocks = values(result, "inventories")
    # The bakery got 10 of 20 on day 3, and used 20.
    assert stocks[3, 1, 2] == pytest.approx(400 - 10)
    unmet = values(result, "unmet_final_demand")
    np.testing.assert_allclose(unmet[3], [[0, 2.5, 0], [0, 2.5, 0]], atol=1e-12)
    # It orders 20 for use and a 60th of the gap; the mill serves 15 of 20 + 10/60 + 10.
    asked = 20 + 10 / 60 + 10
    np.testing.assert_allclose(values(result, "orders")[4, 1], asked)
    np.testing.assert_allclose(unmet[4, :, 1], 5 * (1 - 15 / asked))
    limiting = values(result, "limiting")
    assert limiting[3].tolist() == [-1, -2, -1]
    assert limiting[4].tolist() == [-3, -2, -1]


def test_the_result_is_labelled_with_units() -> None:
    result = quietly(BREAD, OUTAGE)
    assert result.status is Status.COMPLETE
    production = result.values["production"]
    assert production.dims == ("scenario", "day", "agent")
    assert production.attrs == {"units": "EUR/day", "long_name": "production"}
    assert production.sel(scenario="sample", agent="mill", day=3) == 15
    assert result.values["unmet_final_demand"].dims == ("scenario", "day", "demander", "product")
    assert result.values["inventories"].dims == ("scenario", "day", "product", "agent")
    assert result.values["total_production"].dims == ("scenario", "day")


def test_every_record_has_the_dimensions_of_its_description() -> None:
    result = quietly(BREAD, OUTAGE)
    for name, record in RECORDS.items():
        assert result.values[name].dims == ("scenario", "day", *record.dims)
        assert result.values[name].dtype == record.dtype
        assert result.values[name].attrs["long_name"] == record.meaning


def test_totals_are_sums_of_the_records() -> None:
    result = quietly(BREAD, OUTAGE).values
    made = result["production"]
    np.testing.assert_allclose(result["total_production"], made.sum("agent"))
    np.testing.assert_allclose(
        result["total_unmet_final_demand"], result["unmet_final_demand"].sum(("demander", "product"))
    )
    lost = (result["baseline_production"] - made).sum("day")
    np.testing.assert_allclose(result["production_lost"], lost.transpose("scenario", "agent"), atol=1e-9)
    share = result["baseline_value_added"] / result["baseline_production"]
    np.testing.assert_allclose(result["value_added_lost"], result["production_lost"] * share)
    np.testing.assert_allclose(result["baseline_production"], BREAD.output)
    np.testing.assert_allclose(result["baseline_final_demand"], [[5, 5, 30], [5, 5, 10]])


def test_the_day_of_recovery_is_the_first_after_which_production_stays() -> None:
    twice = scenario(
        CapacityShock(target=named("mill"), loss=0.5, timing=during(3, 2)),
        CapacityShock(target=named("mill"), loss=0.02, timing=during(20, 5)),
        CapacityShock(target=named("farm"), loss=0.5, timing=during(38, 2)),
        CapacityShock(target=named("bakery"), loss=0.005, timing=during(4, 2)),
        days=40,
    )
    recovery = quietly(BREAD, twice, Parameters(overproduction_max=1.0)).values["recovery_day"]
    assert np.isnan(recovery.sel(agent="farm").item())
    assert recovery.sel(agent="mill").item() == 25
    # Less than a hundredth was missing at any time.
    assert recovery.sel(agent="bakery").item() == 0


def test_residuals_and_provenance_say_how_good_and_from_what() -> None:
    described = replace(OUTAGE, title="An outage", sources=("a paper",))
    result = quietly(BREAD, described, Parameters(psi=0.7))
    assert all(0 <= residual < 1e-12 for residual in result.residuals.values())
    story = json.loads(json.dumps(result.provenance))
    assert story["table"] == {"name": "bread", "source": "made up", "currency": "EUR", "unit": 1.0, "estimated": False}
    assert story["scenario"]["sample"]["title"] == "An outage"
    assert story["scenario"]["sample"]["sources"] == ["a paper"]
    assert "loss=0.5" in story["scenario"]["sample"]["shocks"][0]
    assert story["parameters"]["psi"] == 0.7
    assert story["parameters"]["rationing"] == "proportional"
    assert {"tenon", "numpy", "numba", "xarray", "python", "made", "seconds"} <= story.keys()


def test_scenarios_run_side_by_side_to_the_longest_horizon() -> None:
    short = replace(OUTAGE, name="short", horizon_days=10)
    result = quietly(BREAD, [OUTAGE, short])
    assert result.values["scenario"].to_numpy().tolist() == ["sample", "short"]
    assert result.values.sizes["day"] == 40
    np.testing.assert_array_equal(values(result, "production", 1), values(result, "production", 0))


def test_progress_is_called_after_each_day() -> None:
    seen: list[tuple[int, int]] = []
    quietly(BREAD, replace(OUTAGE, horizon_days=4), progress=lambda done, days: seen.append((done, days)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_no_scenario_is_refused() -> None:
    with pytest.raises(ScenarioError, match="at least one scenario is required, none came"):
        propagate(BREAD, [])


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(ScenarioError, match="two scenarios are called 'sample'; results are labelled by name"):
        propagate(BREAD, [OUTAGE, replace(OUTAGE, horizon_days=9)])


def test_threads_below_one_are_refused() -> None:
    with pytest.raises(ParameterError, match="threads must be at least 1, but is 0"):
        propagate(BREAD, OUTAGE, threads=0)


def test_the_network_is_left_as_it_was() -> None:
    network = firms(4)
    before = [np.array(network.final_demand), np.array(network.inventory_days), np.array(network.capital)]
    hit = scenario(CapacityShock(target=Target(), loss=0.5, timing=during(1, 3)))
    quietly(network, hit)
    for array, old in zip((network.final_demand, network.inventory_days, network.capital), before, strict=True):
        np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize(("days", "finite"), [(1, True), (400, True)])
def test_runs_of_any_length_end(days: int, finite: bool) -> None:
    result = quietly(BREAD, scenario(CapacityShock(target=Target(), loss=1.0), days=days))
    assert np.isfinite(values(result, "production")).all() is np.bool_(finite)
    assert values(result, "production")[0].max() == 0.0
