"""Destroyed capital comes back as work is delivered; work is split as purchases are, or stays at home."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tenon.propagation import Parameters, RationingRule, propagate
from tenon.schema import CapitalShock, LabelError, Reconstruction, Scenario, ShockError, SparseLinks
from tests.unit.propagation.samples import BREAD, bread, during, quietly, scenario, values

RULES = Parameters(overproduction_max=1.0)


def hit(reconstruction: Reconstruction, households: dict[str, float] | None = None, **damage: float) -> Scenario:
    return scenario(
        CapitalShock(
            damage=damage, household_damage=households or {}, reconstruction=reconstruction, timing=during(1, 2)
        )
    )


def test_capital_stays_lost_and_then_returns_as_work_is_delivered() -> None:
    result = quietly(BREAD, hit(Reconstruction(sectors={"bread": 1.0}, days=5.0), farm=50.0), RULES)
    lost, done = values(result, "capital_lost")[:, 0], values(result, "reconstruction")[:, 2]
    # From day 3 a fifth of what remains is ordered; the bakery makes 40 and is asked for 40 more.
    np.testing.assert_allclose(lost[:4], [0, 50, 50, 50])
    assert done[3] == pytest.approx(10 * 40 / 50)
    assert lost[4] == pytest.approx(42)
    assert done[4] == pytest.approx(8.4 * 40 / 48.4)
    np.testing.assert_allclose(lost[3] - np.cumsum(done[3:-1]), lost[4:])
    np.testing.assert_allclose(values(result, "capacity")[:, 0], 20 * (1 - lost / 100))


def test_more_work_than_damage_is_asked_for_by_the_factor() -> None:
    result = quietly(BREAD, hit(Reconstruction(sectors={"bread": 1.0}, days=5.0, factor=1.5), farm=50.0), RULES)
    assert values(result, "reconstruction")[3, 2] == pytest.approx(15 * 40 / 55)
    lost = values(result, "capital_lost")[:, 0]
    assert lost[3] == pytest.approx(50)
    assert lost[4] == pytest.approx(50 - 15 * 40 / 55 / 1.5)


def test_work_is_done_before_final_users_are_served_where_they_come_last() -> None:
    rules = Parameters(overproduction_max=1.0, rationing=RationingRule.FINAL_DEMAND_LAST)
    result = quietly(BREAD, hit(Reconstruction(sectors={"bread": 1.0}, days=5.0), farm=50.0), rules)
    assert values(result, "reconstruction")[3, 2] == pytest.approx(10)
    assert values(result, "unmet_final_demand")[3, :, 2].sum() == pytest.approx(10)


def test_households_are_work_and_no_loss_of_capacity() -> None:
    plan = Reconstruction(sectors={"bread": 0.5, "grain": 0.5}, days=10.0)
    result = quietly(BREAD, hit(plan, {"A": 20.0, "B": 10.0}), RULES)
    assert not values(result, "capital_lost").any()
    np.testing.assert_allclose(values(result, "capacity"), np.tile(BREAD.output, (30, 1)))
    # 1.5 a day is asked of farm and bakery, who are short of it.
    np.testing.assert_allclose(values(result, "reconstruction")[3], [1.5 * 20 / 21.5, 0, 1.5 * 40 / 41.5])


def two_bakeries() -> dict[str, object]:
    """Return a network in which a farm in A buys 3 of bread a day from A and 1 from B."""
    return {
        "agents": ("farm", "north bakery", "south bakery"),
        "products": ("grain", "bread", "cake"),
        "product": np.array([0, 1, 1]),
        "region": np.array([0, 0, 1]),
        "links": SparseLinks(np.array([1, 2]), np.array([0, 0]), np.array([3.0, 1.0])),
        "final_demand": np.array([[10.0, 10.0], [10.0, 10.0], [10.0, 30.0]]),
    }


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize(("local", "shares"), [(False, [0.75, 0.25]), (True, [1.0, 0.0])])
def test_work_is_split_as_purchases_are_or_stays_at_home(local: bool, shares: list[float], dense: bool) -> None:
    network = bread(**two_bakeries())
    plan = Reconstruction(sectors={"bread": 1.0}, days=10.0, local=local)
    rules = Parameters(overproduction_max=1.0, rationing=RationingRule.FINAL_DEMAND_LAST)
    result = quietly(network.to_dense() if dense else network, hit(plan, farm=40.0), rules)
    np.testing.assert_allclose(values(result, "reconstruction")[3, 1:], 4 * np.array(shares))


def test_who_buys_nothing_from_a_sector_turns_to_its_makers_at_home_and_then_to_all() -> None:
    network = bread(**two_bakeries())
    rules = Parameters(overproduction_max=1.0, rationing=RationingRule.FINAL_DEMAND_LAST)
    plan = Reconstruction(sectors={"bread": 1.0}, days=10.0)
    at_home = quietly(network, scenario(CapitalShock(
        damage={"south bakery": 40.0}, reconstruction=plan, timing=during(1, 2))), rules)  # fmt: skip
    np.testing.assert_allclose(values(at_home, "reconstruction")[3], [0, 0, 4])
    plan = Reconstruction(sectors={"grain": 1.0}, days=10.0, local=True)
    nobody_home = quietly(network, scenario(CapitalShock(
        damage={"south bakery": 40.0}, reconstruction=plan, timing=during(1, 2))), rules)  # fmt: skip
    np.testing.assert_allclose(values(nobody_home, "reconstruction")[3], [4, 0, 0])


def test_households_outside_every_region_have_no_makers_at_home() -> None:
    network = bread(demanders=("A", "elsewhere"))
    plan = Reconstruction(sectors={"grain": 1.0}, days=10.0, local=True)
    result = quietly(network, hit(plan, {"elsewhere": 10.0}), RULES)
    assert values(result, "reconstruction")[3, 0] == pytest.approx(20 / 21)


@pytest.mark.parametrize(
    ("network", "changes", "message"),
    [
        (
            {},
            {"sectors": {"bred": 1.0}},
            "scenario 'sample' lets 'bred' rebuild, which does not exist; did you mean 'bread'",
        ),
        (
            {},
            {"households": {"AA": 1.0}},
            "scenario 'sample' damages households of 'AA', which does not exist; did you",
        ),
    ],
)
def test_unknown_labels_are_refused_with_the_nearest(
    network: dict[str, object], changes: dict[str, dict[str, float]], message: str
) -> None:
    plan = Reconstruction(sectors=changes.get("sectors", {"bread": 1.0}))
    with pytest.raises(LabelError, match=re.escape(message)):
        propagate(bread(**network), hit(plan, changes.get("households"), farm=1.0), Parameters())


def test_a_sector_that_nobody_makes_cannot_rebuild() -> None:
    network = bread(**two_bakeries())
    with pytest.raises(ShockError, match=r"nobody makes 'cake', which is to rebuild.*name another sector"):
        propagate(network, hit(Reconstruction(sectors={"cake": 1.0}), farm=1.0), Parameters())
