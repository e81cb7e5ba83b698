"""A year of bad luck of a chain, as one study."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tenon.schema import ChainError, Group, ParameterError, SourceError
from tenon.studies import chain_risk, read_result, save_chain_risk
from tests.chains import CASES
from tests.unit.vulnerability.risky_chains import closing

QUIET = CASES["hidden in the second tier"].chain
RATES = np.array([0.2, 0.1, 0.1, 0.05])
CHAIN = replace(QUIET, sites=replace(QUIET.sites, events_per_year=RATES))


def test_the_expected_loss_is_rate_times_impact_of_each_site() -> None:
    """X out for ten days costs 150 and P costs 200; S1 and S2 stand in for each other."""
    values = chain_risk(CHAIN, years=4000, seed=2).values
    low, high = values["expected_annual_loss_interval"].values
    assert low < 0.2 * 150 + 0.05 * 200 < high
    assert values["expected_loss_by_site"].sel(site=["S1", "S2"]).values.tolist() == [0, 0]


def test_sites_that_stand_in_for_each_other_cost_what_both_stop_if_they_fail_together() -> None:
    """Alone, S1 and S2 cost nothing; both out for ten days cost eight days of P, for two are in stock."""
    group = Group(kind="region", sites=("S1", "S2"), events_per_year=0.4)
    values = chain_risk(replace(CHAIN, groups={"valley": group}), years=4000, seed=2).values
    assert values["expected_loss_by_site"].sel(site=["S1", "S2"]).values.tolist() == [0, 0]
    assert float(values["expected_loss_by_group"].sel(group="valley")) == pytest.approx(0.4 * 160, rel=0.1)


def test_lanes_that_stand_in_for_each_other_cost_only_if_their_passage_closes() -> None:
    """X sends to S1 and S2 over a lane each; without both for ten days, only two of ten days of P are in stock."""
    lanes = {"north": (("strait",), 0.2), "south": (("strait",), 0.2)}
    result = chain_risk(closing(QUIET, lanes, {"strait": 0.3}, 10.0), years=2000, seed=2)
    values = result.values
    assert values["expected_loss_by_lane"].values.tolist() == [0, 0]
    assert float(values["expected_loss_by_passage"].sel(passage="strait")) == pytest.approx(0.3 * 160, rel=0.1)
    assert "1 distinct outages were priced, and" in result.notes[0]


def test_a_label_of_two_things_is_idle_only_if_both_are() -> None:
    """A lane called like a site that costs much, though the lane costs nothing."""
    sites = replace(QUIET.sites, events_per_year=np.array([0.2, 0.0, 0.0, 0.0]))
    chain = closing(replace(QUIET, sites=sites), {"X": ((), 0.2)}, {}, 10.0)
    values = chain_risk(chain, years=2000, seed=2).values
    assert float(values["expected_loss_by_site"].sel(site="X")) == pytest.approx(0.2 * 150, rel=0.1)
    assert values["expected_loss_by_lane"].values.tolist() == [0]


def test_figures_do_not_depend_on_the_number_of_workers() -> None:
    alone = chain_risk(CHAIN, years=200, seed=3)
    shared = chain_risk(CHAIN, years=200, seed=3, workers=2)
    assert alone.values.equals(shared.values)


def test_a_chain_in_which_nothing_fails_is_refused() -> None:
    with pytest.raises(ChainError, match="nothing can fail in chain 'small'"):
        chain_risk(QUIET)


def test_no_workers_are_refused() -> None:
    with pytest.raises(ParameterError, match="workers must be at least 1, but are 0"):
        chain_risk(CHAIN, workers=0)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"years": 1}, "years must be a whole number, at least 2, but are 1"),
        ({"seed": -1}, "seed must be a whole number that is not negative, but is -1"),
        ({"correlation": 2.0}, r"correlation must be from 0 to 1, but is 2\.0"),
        ({"levels": (95,)}, "levels are probabilities, at least 0 and below 1, but one is 95"),
    ],
)
def test_choices_are_checked_before_all_sites_are_tested(
    choice: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        pytest.fail("the stress test of all sites has begun")

    monkeypatch.setattr(sys.modules[chain_risk.__module__], "stress_chain", never)
    with pytest.raises(ParameterError, match=message):
        chain_risk(CHAIN, **choice)


def test_the_store_of_another_study_is_refused_before_all_sites_are_tested(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chain_risk(CHAIN, years=200, store=tmp_path / "prices")

    def never(*_: object, **__: object) -> None:
        pytest.fail("the stress test of all sites has begun")

    monkeypatch.setattr(sys.modules[chain_risk.__module__], "stress_chain", never)
    with pytest.raises(SourceError, match=r"another run \(seed: 0 there, 1 now\)"):
        chain_risk(CHAIN, years=200, seed=1, store=tmp_path / "prices")


def test_a_refused_study_leaves_no_store(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"level 0\.99 asks for the worst year in 100, but only 50 years"):
        chain_risk(CHAIN, years=50, store=tmp_path / "prices")
    assert not (tmp_path / "prices").exists()


def test_the_table_of_causes_names_lanes_and_passages(tmp_path: Path) -> None:
    lanes = {"north": (("strait",), 0.2), "south": (("strait",), 0.2)}
    save_chain_risk(chain_risk(closing(QUIET, lanes, {"strait": 0.3}, 10.0), years=200, seed=2), tmp_path)
    causes = pd.read_csv(tmp_path / "causes.csv")
    assert (causes["cause"][0], causes["kind"][0]) == ("strait", "passage")
    assert set(causes["kind"]) == {"site", "lane", "passage"}


def test_the_folder_holds_years_levels_and_causes(tmp_path: Path) -> None:
    result = chain_risk(CHAIN, years=200, seed=3, levels=(0.5, 0.9))
    save_chain_risk(result, tmp_path)
    causes = pd.read_csv(tmp_path / "causes.csv")
    assert causes["cause"].tolist()[:2] == ["X", "P"]
    assert causes["events_per_year (1/year)"].tolist()[:2] == [0.2, 0.05]
    assert len(pd.read_csv(tmp_path / "years.csv")) == 200
    assert pd.read_csv(tmp_path / "levels.csv")["level"].tolist() == [0.5, 0.9]
    assert read_result(tmp_path).values.equals(result.values)
