from __future__ import annotations

import numpy as np

from tenon.report.findings import Group, Origins, back_from, step_of


def group(lost: list[float], baseline: list[float]) -> Group:
    labels = tuple("abcdef"[: len(lost)])
    return Group(labels=labels, lost=np.array(lost), baseline=np.array(baseline), back=np.zeros(len(lost)))


def test_groups_are_ranked_by_loss_and_ties_keep_their_order() -> None:
    assert group([1.0, 3.0, 1.0], [1.0, 1.0, 1.0]).order() == [1, 0, 2]


def test_shares_need_value_added_to_lose() -> None:
    shares = group([1.0, 2.0, -1.0], [1.0, 0.0, 2.0]).share(10)
    assert shares[0] == 0.1
    assert np.isnan(shares[1])
    assert shares[2] == -0.05


def test_return_is_the_day_after_the_last_one_more_than_a_hundredth_below() -> None:
    production = np.array([[1.0, 0.98, 0.995, 1.0], [1.0, 0.995, 1.0, 1.0], [0.5, 1.1, 1.2, 0.9]])
    back = back_from(production, np.array([0.0, 7.0, 14.0, 21.0]))
    assert back[:2].tolist() == [14.0, 0.0]
    assert np.isnan(back[2])


def test_a_run_of_one_day_has_steps_of_one_day() -> None:
    assert step_of(np.array([0.0])) == 1.0
    assert step_of(np.array([0.0, 7.0])) == 7.0


def test_own_losses_are_those_that_began_in_the_region_itself() -> None:
    origins = Origins(regions=("a", "b"), origins=("b", "final demand"), lost=np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert origins.own().tolist() == [0.0, 3.0]
