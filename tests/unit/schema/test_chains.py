"""Chains: what their columns must say of each other."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from tenon.schema import ChainError, Group, Inputs, LabelError, Supplies
from tests.chains import CASES, floats, positions

CHAIN = CASES["dual source"].chain
DEEP = CASES["hidden in the second tier"].chain


def changed(columns: str, **figures: Any) -> dict[str, Any]:
    return {columns: replace(getattr(CHAIN, columns), **figures)}


def test_stages_are_named_by_part_and_site() -> None:
    assert CHAIN.stage_labels == ("s @ S1", "s @ S2", "P @ P")


def test_each_supply_feeds_the_input_of_its_part() -> None:
    assert DEEP.inputs.stage[DEEP.input_of_supply].tolist() == DEEP.supplies.buyer.tolist()
    assert DEEP.inputs.part[DEEP.input_of_supply].tolist() == DEEP.stages.part[DEEP.supplies.supplier].tolist()


def test_depth_counts_supplies_to_the_end_of_the_chain() -> None:
    assert DEEP.depth.tolist() == [2, 1, 1, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed("stages", site=[0, 1, 3]), "stages: site of row 2 points at position 3, but there are only 3"),
        (changed("demands", stage=[-1]), "demands: stage of row 0 points at position -1"),
        (
            changed("supplies", lane=[-1, 5]),
            "supplies: lane of row 1 points at position 5, but there are only 0; .* from 0, and -1 stands for none",
        ),
        (changed("supplies", lane=[-2, -1]), "supplies: lane of row 0 points at position -2"),
        (changed("stages", site=[0, 0, 2]), "stages: 's @ S1' stands twice; merge the two rows"),
        (changed("supplies", supplier=[0, 0]), "supplies: 's @ S1' to 'P @ P' stands twice"),
        (changed("supplies", supplier=[0, 2], buyer=[2, 1]), "'P @ P' to 's @ S2' delivers a part that the buyer does"),
        (changed("supplies", share=[0.7, 0.7]), "shares of the suppliers of 's' to 'P @ P' must add up to 1, .* 1.4"),
        (changed("supplies", share=[0.7, 0.1]), "must add up to 1, but add up to 0.8; mend them, or leave .* blank"),
        ({"groups": {"owner": Group(kind="owner", sites=("S3",))}}, "group 'owner' names the site 'S3'.*mean 'S"),
    ],
)
def test_contradictions_are_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises((ChainError, LabelError), match=message):
        replace(CHAIN, **change)


def test_pickled_bytes_do_not_depend_on_what_was_asked_before() -> None:
    """Else a stored run would be taken for another one, and refused."""
    fresh, used = replace(DEEP), replace(DEEP)
    assert used.depth.size == len(used.stage_labels)
    assert pickle.dumps(used, protocol=5) == pickle.dumps(fresh, protocol=5)


def test_a_chain_that_was_pickled_answers_as_before() -> None:
    again = pickle.loads(pickle.dumps(DEEP))  # noqa: S301 - pickled here
    assert (again.name, again.sites.labels, again.groups) == (DEEP.name, DEEP.sites.labels, DEEP.groups)
    assert again.depth.tolist() == DEEP.depth.tolist()
    assert again.stage_labels == DEEP.stage_labels
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        again.name = "other"


def test_stages_of_one_label_are_refused() -> None:
    """Part ``a`` at site ``b @ c`` would have the label of part ``a @ b`` at site ``c``."""
    sites, parts = replace(DEEP.sites, labels=("b @ c", "c", "S2", "P")), DEEP.parts
    parts = replace(parts, labels=tuple({"x": "a", "s": "a @ b"}.get(label, label) for label in parts.labels))
    message = (
        "stages: part 'a' at site 'b @ c' and part 'a @ b' at site 'c' would both be called 'a @ b @ c', .* rename one"
    )
    with pytest.raises(ChainError, match=message):
        replace(DEEP, sites=sites, parts=parts)


def test_a_share_left_blank_takes_the_rest() -> None:
    assert replace(CHAIN, **changed("supplies", share=[0.7, np.nan])).supplies.share[0] == 0.7


def test_a_source_that_must_be_found_first_needs_no_share() -> None:
    chain = replace(CHAIN, **changed("supplies", share=[1.0, np.nan], start_up_days=[0.0, 30.0]))
    assert chain.supplies.start_up_days[1] == 30


def test_an_input_that_nobody_supplies_is_refused() -> None:
    inputs = Inputs(stage=positions(2, 0), part=positions(0, 1), units=floats(1, 1), stock=floats(0, 0))
    with pytest.raises(ChainError, match="'s @ S1' needs 'P', but nobody supplies it"):
        replace(CHAIN, inputs=inputs)


def test_the_same_input_twice_is_refused() -> None:
    inputs = Inputs(stage=positions(2, 2), part=positions(0, 0), units=floats(1, 1), stock=floats(0, 0))
    with pytest.raises(ChainError, match="'P @ P' names the input 's' twice"):
        replace(CHAIN, inputs=inputs)


def test_a_customer_that_stands_twice_is_refused() -> None:
    demands = replace(
        CHAIN.demands, stage=positions(2, 2), customer=("a", "a"), quantity=floats(1, 1), margin=floats(1, 1),
        deviation=floats(0, 0), service_days=floats(0, 0),
    )  # fmt: skip
    with pytest.raises(ChainError, match="customer 'a' of 'P @ P' stands twice"):
        replace(CHAIN, demands=demands)


def test_a_loop_of_supplies_is_shown() -> None:
    """P needs s of S1, which needs P: the way round is part of the message."""
    inputs = Inputs(stage=positions(2, 0), part=positions(0, 1), units=floats(1, 1), stock=floats(0, 0))
    supplies = Supplies(
        supplier=positions(0, 1, 2), buyer=positions(2, 2, 0), share=np.full(3, np.nan), capacity=np.full(3, np.inf),
        lane=np.full(3, -1), start_up_days=np.zeros(3), verified=np.ones(3, dtype=bool),
    )  # fmt: skip
    with pytest.raises(ChainError, match=r"run in a loop: (s @ S1 -> P @ P -> s @ S1|P @ P -> s @ S1 -> P @ P);"):
        replace(CHAIN, inputs=inputs, supplies=supplies)
