"""Columns of a chain: what each refuses, by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.schema import ChainError, Group, LabelError, Lanes, Mode, Passages
from tests.chains import CASES, floats

CHAIN = CASES["dual source"].chain
LANES = Lanes(labels=("sea",), mode=(Mode.SEA,), days=floats(20), capacity=floats(np.inf), passages=(("Malacca",),))


@pytest.mark.parametrize(
    ("columns", "changed", "message"),
    [
        ("sites", {"capacity": [1.0, 0.0, 1.0]}, "sites: capacity of 'S2' must be above zero.* but is 0"),
        ("sites", {"latitude": [0.0, 91.0, 0.0]}, "latitude of 'S2' must be between -90 and 90 degrees, but is 91"),
        ("sites", {"longitude": [0.0, 0.0, -181.0]}, "longitude of 'P' must be between -180 and 180 .* is -181"),
        ("sites", {"recovery_days": [[1, 2, 3], [0, 1, 2], [1, 1, 1]]}, "recovery_days of 'S2' must be above zero"),
        ("sites", {"recovery_days": [[1, 2, np.inf]] * 3}, "recovery_days of 'S1' must be above zero, finite"),
        ("sites", {"recovery_days": [[3, 2, 4]] * 3}, "low <= likely <= high"),
        ("sites", {"recovery_days": [1.0, 2.0, 3.0]}, r"must have the shape \(3, 3\), .* but has \(3,\)"),
        ("sites", {"events_per_year": [0.0, -0.1, 0.0]}, "events_per_year of 'S2' must be a finite number"),
        ("sites", {"country": ("JPN",)}, "one entry a row, 3 here, but country has 1"),
        ("parts", {"units": ("t",)}, "parts: every column must have one entry a row, 2 here, but units has 1"),
        ("stages", {"capacity": [1.0, np.nan, 1.0]}, "capacity of row 1 must be not negative, but is nan"),
        ("stages", {"stock": [1.0, 1.0, np.inf]}, "stock of row 2 must be a finite number, not negative, but is inf"),
        ("inputs", {"units": [0.0]}, "units of row 0 must be a finite number above zero, but is 0"),
        ("inputs", {"stock": [-1.0]}, "stock of row 0 must be a finite number, not negative, but is -1"),
        ("supplies", {"share": [0.5, 1.5]}, "share of row 1 must be between 0 and 1, but is 1.5"),
        ("supplies", {"capacity": [0.5, -1.5]}, "capacity of row 1 must be not negative"),
        ("supplies", {"start_up_days": [0.0, np.inf]}, "start_up_days of row 1 must be a finite number"),
        ("supplies", {"verified": [True]}, "2 here, but verified has 1"),
        ("supplies", {"verified": [True, "no"]}, "supplies: verified of row 1 must be True or False, 1 or 0, .* 'no'"),
        ("supplies", {"verified": [0.5, 1]}, "supplies: verified of row 0 must be True or False, 1 or 0, but is 0.5"),
        ("supplies", {"verified": np.array([1, np.nan])}, "verified of row 1 must be True or False, .* but is nan"),
        ("supplies", {"verified": [None, True]}, "verified of row 0 must be True or False, 1 or 0, but is None"),
        ("supplies", {"verified": [[True], [False]]}, r"verified of row 0 must be True or False, .* but is \[True\]"),
        ("supplies", {"verified": "no"}, "verified of row 0 must be True or False, 1 or 0, but is 'no'"),
        ("demands", {"quantity": [0.0]}, "quantity of 'all' must be a finite number above zero, but is 0"),
        ("demands", {"margin": [-2.0]}, "margin of 'all' must be a finite number, not negative, but is -2"),
        (
            "demands",
            {"stage": [], "customer": (), "quantity": [], "margin": [], "deviation": [], "service_days": []},
            "at least one is required",
        ),
    ],
)
def test_a_figure_out_of_its_range_is_refused_by_name(columns: str, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ChainError, match=message):
        replace(getattr(CHAIN, columns), **changed)


def test_lanes_refuse_times_below_zero_and_unknown_modes() -> None:
    with pytest.raises(ChainError, match="lanes: days of 'sea' must be a finite number, not negative, but is -1"):
        replace(LANES, days=floats(-1))
    with pytest.raises(ChainError, match="lanes: capacity of 'sea' must be not negative, but is -1"):
        replace(LANES, capacity=floats(-1))
    with pytest.raises(ChainError, match="lanes: mode of a row must be sea, rail, road, air or post, but is 'ship'"):
        replace(LANES, mode=("ship",))  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("closing", [LANES, Passages(labels=("sea",))], ids=["lanes", "passages"])
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"events_per_year": [-0.1]}, "events_per_year of 'sea' must be a finite number, not negative, but is -0.1"),
        ({"events_per_year": [np.inf]}, "events_per_year of 'sea' must be a finite number, not negative, but is inf"),
        ({"events_per_year": [0.1]}, "closure_days of 'sea' must be known, low, likely and high, because it has"),
        ({"events_per_year": [0.1, 0.2]}, "one entry a row, 1 here, but events_per_year has 2"),
        ({"closure_days": [[3, 2, 4]]}, "closure_days of 'sea' must be above zero, finite, and low <= likely <= high"),
        ({"closure_days": [[0, 2, 4]]}, "closure_days of 'sea' must be above zero"),
        ({"closure_days": [[1, 2, np.inf]]}, "closure_days of 'sea' must be above zero, finite"),
        ({"closure_days": [[1, np.nan, 3]]}, "leave all three NaN where they are not known, but is nan"),
        ({"closure_days": [1, 2, 3]}, r"closure_days must have the shape \(1, 3\), low, likely .* but has \(3,\)"),
    ],
)
def test_rates_and_times_of_closure_that_cannot_be_are_refused(
    closing: Lanes | Passages, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ChainError, match=message):
        replace(closing, **changed)


@pytest.mark.parametrize("closing", [LANES, Passages(labels=("sea",))], ids=["lanes", "passages"])
def test_rates_and_times_that_are_left_out_mean_never_and_not_known(closing: Lanes | Passages) -> None:
    assert closing.events_per_year.tolist() == [0.0]
    assert np.isnan(closing.closure_days).tolist() == [[True] * 3]
    assert len(Passages()) == 0


def test_a_passage_that_stands_twice_is_refused() -> None:
    with pytest.raises(LabelError, match="'Malacca' stands twice"):
        Passages(labels=("Malacca", "Malacca"))


def test_evidence_of_another_kind_is_refused() -> None:
    with pytest.raises(ChainError, match=r"recovery_evidence of a row must be assumed, asked, .* but is 'heard'"):
        replace(CHAIN.sites, recovery_evidence=("heard",) * 3)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("given", [[1, 0], [1.0, 0.0], [True, 0], np.array([1, 0], dtype=np.uint8)])
def test_supplies_are_verified_or_not_in_numbers_too(given: Any) -> None:
    assert replace(CHAIN.supplies, verified=given).verified.tolist() == [True, False]


def test_columns_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        CHAIN.stages.stock[0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        CHAIN.supplies.verified[0] = False


def test_a_group_refuses_a_site_that_stands_twice_and_rates_below_zero() -> None:
    with pytest.raises(LabelError, match="'S1' stands twice"):
        Group(kind="owner", sites=("S1", "S1"))
    with pytest.raises(ChainError, match="events_per_year of a group must be a finite number, not negative, but is -1"):
        Group(kind="owner", sites=("S1",), events_per_year=-1)
