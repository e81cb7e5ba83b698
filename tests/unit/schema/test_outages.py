"""Outages: what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.schema import LabelError, Outage, ShockError


def test_an_outage_keeps_what_it_names() -> None:
    outage = Outage(name="strait closed", passages=("Malacca",), days=30)
    assert outage.passages == ("Malacca",)


def test_figures_may_come_from_arrays() -> None:
    days = np.int64(7)
    outage = Outage(name="fire", sites=("a",), loss=np.float64(0.5), days=days)  # type: ignore[arg-type]  # a number
    assert (outage.loss, outage.days) == (0.5, 7)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": " ", "sites": ("a",)}, "must have a name"),
        ({}, "takes nothing out; name sites, stages, lanes, passages or groups"),
        ({"sites": ("a",), "stock_lost": "no"}, "stock_lost of outage 'fire' must be True or False, but is 'no'"),
        ({"sites": ("a",), "loss": 0.0}, "above 0 and at most 1, but is 0.0"),
        ({"sites": ("a",), "loss": 1.2}, "above 0 and at most 1, but is 1.2"),
        ({"sites": ("a",), "days": 0}, "a finite number above zero, but are 0"),
        ({"sites": ("a",), "days": float("inf")}, "a finite number above zero, but are inf"),
        ({"sites": ("a",), "days": "7"}, "days of outage 'fire' must be a number, but came as '7', of type str"),
        ({"sites": ("a",), "days": True}, "days of outage 'fire' must be a number, but came as True, of type bool"),
        ({"sites": ("a",), "loss": "x"}, "loss of outage 'fire' must be a number, but came as 'x', of type str"),
        ({"sites": ("a",), "loss": None}, "loss of outage 'fire' must be a number, but came as None"),
        ({"sites": ("a",), "name": 3}, "the name of an outage must be a text, but is 3; write it in quotes"),
    ],
)
def test_what_cannot_happen_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ShockError, match=message):
        Outage(**{"name": "fire"} | wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_single_word_is_no_list_of_sites() -> None:
    with pytest.raises(LabelError, match="single word 'plant'"):
        Outage(name="fire", sites="plant")  # type: ignore[arg-type]  # wrong on purpose
