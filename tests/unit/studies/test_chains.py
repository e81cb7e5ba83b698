"""The stress test of a chain, as one study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report import chain_headlines
from tenon.schema import Group, LabelError, Outage, ParameterError, Passages, ShockError, Status
from tenon.studies import stress_site, stress_supply_chain
from tests.chains import CASES
from tests.unit.vulnerability.risky_chains import closing

CHAIN = replace(
    CASES["hidden in the second tier"].chain,
    groups={"valley": Group(kind="hazard zone", sites=("S1", "S2")), "X": Group(kind="owner", sites=("X",))},
)
BOTH = Outage(name="both sources", sites=("S1", "S2"), days=4, loss=0.5)


def test_sites_groups_and_own_combinations_are_taken_out_in_one_study() -> None:
    result = stress_supply_chain(CHAIN, [BOTH])
    kinds = result.values["outage_kind"].to_series()
    assert kinds.to_dict() == {
        "X": "site", "S1": "site", "S2": "site", "P": "site", "valley": "group", "X (group)": "group",
        "both sources": "combination",
    }  # fmt: skip
    assert result.status is Status.COMPLETE
    assert result.provenance["parameters"] == {"cap_days": 365.0, "closure_days": 30.0, "within_days": 0.0}


def test_the_study_holds_impacts_single_points_pairs_and_the_chain_for_drawing() -> None:
    values = stress_supply_chain(CHAIN).values
    # Ten days of ten units, less five of X, ten each of S1 and S2 in stock: 75 units of margin 2 are lost.
    assert values["performance_impact"].sel(outage="X", recovery="likely").item() == pytest.approx(150)
    assert "X" in values["cause"].values[values["hidden"].values]
    assert values["first"].values.tolist() == ["S1"]
    assert values["spend"].sel(site="P").item() == pytest.approx(30)
    assert values["margin"].sum().item() == pytest.approx(20)
    assert values["recovery_evidence"].values.tolist() == ["assumed"] * 4
    assert not values["supply_is_limited"].any()
    assert values["supply_start_up_days"].values.tolist() == CHAIN.supplies.start_up_days.tolist()


def test_the_most_expensive_outages_are_followed_from_day_to_day() -> None:
    values = stress_supply_chain(CHAIN, follow=3).values
    assert values["followed"].values.tolist() == ["P", "valley", "X"]
    # The program loses 75 units of X; the days lose as many, after the outage is over for some.
    assert values["margin_lost"].sel(followed="X").item() == pytest.approx(150)
    assert "followed" not in stress_supply_chain(CHAIN, follow=0).values.dims


def test_what_nearly_costs_something_is_followed_after_what_does() -> None:
    """Stocks carry the chain for two and a half days without X, and beyond any cap without S1 or S2."""
    sites = replace(CHAIN.sites, recovery_days=np.tile([[2.0], [1.0], [1.0], [2.0]], 3))
    chain = replace(CHAIN, groups={}, sites=sites)
    brief = Outage(name="brief", sites=("X",), days=1)
    followed = stress_supply_chain(chain, [brief], follow=10).values["followed"].values.tolist()
    assert followed == ["P", "X", "brief"]


def test_days_report_their_own_progress() -> None:
    seen: list[tuple[int, int]] = []
    stress_supply_chain(CHAIN, follow=1, follow_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (375, 375)


def test_a_number_of_outages_below_none_is_refused() -> None:
    with pytest.raises(ParameterError, match="follow must be a number of outages, at least 0, but is -1"):
        stress_supply_chain(CHAIN, follow=-1)


def test_the_study_says_where_a_little_more_stock_helps_most() -> None:
    """A unit more of x at X makes a unit of P, which earns 2; it costs 1, what is added there."""
    values = stress_supply_chain(CHAIN).values
    remedy = {name: values[f"remedy_{name}"].sel(outage="X").item() for name in ("stage", "value", "return")}
    assert remedy == {"stage": "x @ X", "value": pytest.approx(2), "return": pytest.approx(2)}
    assert "value_of_stock" not in values


def test_the_headline_names_combinations_of_ones_own() -> None:
    told = chain_headlines(stress_supply_chain(CHAIN, [Outage(name="everything", sites=("X", "P"), days=40)]))
    assert any("most is lost with everything (EUR 800 in 40 days)" in line for line in told)


def test_the_headline_comes_straight_from_the_study() -> None:
    worst, exposed = chain_headlines(stress_supply_chain(CHAIN))[1:3]
    assert worst.startswith("P costs most: out for 10 days, it takes EUR 200 of margin, 100% of what")
    assert exposed.endswith("when P stops, the first sales are lost at once.")


def test_progress_ends_with_everything_done() -> None:
    seen: list[tuple[int, int]] = []
    stress_supply_chain(CHAIN, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (6, 6)


@pytest.mark.parametrize("days", [0.0, -1.0, float("inf"), float("nan")])
def test_closures_need_a_time(days: float) -> None:
    with pytest.raises(ParameterError, match="closure_days must be a finite number above zero"):
        stress_supply_chain(CHAIN, closure_days=days)


def test_two_combinations_of_one_name_are_refused() -> None:
    with pytest.raises(ShockError, match="both sources"):
        stress_supply_chain(CHAIN, [BOTH, BOTH])


def test_lanes_and_passages_close_for_their_own_time_where_the_chain_says_one() -> None:
    """The lanes of X to S1 and S2 have none and close for as long as is asked; their strait has."""
    chain = closing(
        CASES["hidden in the second tier"].chain, {"north": (("strait",), 0.0), "south": (("strait",), 0.0)}
    )
    days = np.full((2, 3), np.nan)
    strait = Passages(labels=("strait",), closure_days=np.array([[2.0, 5.0, 9.0]]))
    chain = replace(chain, lanes=replace(chain.lanes, closure_days=days), passages=strait)
    values = stress_supply_chain(chain, closure_days=20.0).values
    assert values["recovery_days"].sel(outage="north").values.tolist() == [20, 20, 20]
    assert values["recovery_days"].sel(outage="strait").values.tolist() == [2, 5, 9]
    # Ten a day of margin 2; S1 and S2 have ten each in stock.
    assert values["performance_impact"].sel(outage="strait").values.tolist() == pytest.approx([0, 60, 140])


def test_the_stop_of_one_site_costs_what_it_costs_among_all() -> None:
    outages = stress_supply_chain(CHAIN).values
    days = float(outages["recovery_days"].sel(outage="X", recovery="likely"))
    alone = stress_site(CHAIN, "X", days=days)
    assert alone.values["outage"].values.tolist() == alone.values["followed"].values.tolist() == ["X"]
    assert alone.values["performance_impact"].sel(recovery="likely").item() == pytest.approx(
        outages["performance_impact"].sel(outage="X", recovery="likely").item()
    )
    assert alone.values["margin_lost"].item() == pytest.approx(outages["margin_lost"].sel(followed="X").item())
    assert alone.provenance["outages"] == {"examined": 1, "wanted": 1}


def test_a_stop_that_costs_nothing_is_followed_too() -> None:
    assert stress_site(CHAIN, "S1", days=1).values["margin_lost"].item() == 0


def test_a_site_that_the_chain_lacks_is_refused() -> None:
    with pytest.raises(LabelError, match="'Y', which the chain lacks"):
        stress_site(CHAIN, "Y", days=3)
