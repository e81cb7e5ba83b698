from __future__ import annotations

import numpy as np
import pytest

from tenon.data import load
from tenon.data.synthetic_links import Flows, Industries, carried_flows, deal_links, draw_ends, spread_flows
from tests.unit.data.synthetic_samples import two_regions


def industries(count: list[int]) -> Industries:
    sizes = 1.0 / np.concatenate([np.arange(1, number + 1) for number in count])
    return Industries.of(np.array(count), sizes, 0.75)


FLOWS = Flows(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([90.0, 9.0, 1.0]), 0.0)


def test_every_flow_has_a_link_and_larger_flows_have_more() -> None:
    dealt = deal_links(FLOWS, industries([50, 50]), 103)
    assert dealt.sum() == 103
    assert dealt.tolist() == [91, 10, 2]


def test_no_flow_has_more_links_than_half_of_its_pairs() -> None:
    dealt = deal_links(FLOWS, industries([4, 4]), 20)
    # Four firms have twelve pairs without themselves, and sixteen with the other industry.
    assert dealt.tolist() == [6, 8, 6]


def test_no_pair_stands_twice_even_where_half_of_all_are_taken() -> None:
    firms = industries([4, 4])
    dealt = deal_links(FLOWS, firms, 22)
    supplier, buyer = draw_ends(FLOWS, dealt, firms, seed=5)
    assert len(set(zip(supplier.tolist(), buyer.tolist(), strict=True))) == 22
    assert (supplier != buyer).all()
    flow = np.repeat(np.arange(3), dealt)
    assert (firms.of_firm[supplier] == FLOWS.seller[flow]).all()
    assert (firms.of_firm[buyer] == FLOWS.buyer[flow]).all()


@pytest.mark.parametrize("seed", range(5))
def test_every_firm_is_at_an_end_of_some_link(seed: int) -> None:
    firms = industries([60, 60])
    flows = Flows(FLOWS.seller, FLOWS.buyer, np.array([40.0, 30.0, 30.0]), 0.0)
    supplier, buyer = draw_ends(flows, deal_links(flows, firms, 150), firms, seed)
    assert np.unique(np.concatenate([supplier, buyer])).size == 120


def test_links_of_a_flow_add_up_to_it_and_follow_the_sizes_of_firms() -> None:
    firms = industries([50, 50])
    dealt = deal_links(FLOWS, firms, 600)
    ends = draw_ends(FLOWS, dealt, firms, seed=1)
    flow = spread_flows(FLOWS, dealt, firms, ends)
    np.testing.assert_allclose(np.bincount(np.repeat(np.arange(3), dealt), weights=flow), FLOWS.value, rtol=1e-14)
    sold = np.bincount(ends[0], weights=flow, minlength=100)[:50]
    wanted = firms.share[:50] * 99.0
    assert np.abs(sold - wanted).sum() < 0.1 * 99.0


def test_all_flows_are_carried_where_links_suffice() -> None:
    table = two_regions()
    flows = carried_flows(table, 36, 0.0)
    assert (flows.value.size, flows.pooled) == (36, 0.0)
    np.testing.assert_array_equal(flows.value, table.Z.ravel())


def test_pooled_flows_are_few_and_keep_their_sums() -> None:
    table = load("world-2022")
    flows = carried_flows(table, 100_000, 0.1)
    assert flows.value.size <= 100_000
    assert 0.0 < flows.pooled < 0.1
    sold = np.bincount(flows.seller, weights=flows.value, minlength=len(table))
    np.testing.assert_allclose(sold, table.Z.sum(axis=1), rtol=1e-12)
    bought = np.bincount(flows.buyer, weights=flows.value, minlength=len(table))
    np.testing.assert_allclose(bought, table.Z.sum(axis=0), rtol=1e-10)
