"""The figures of a stressed chain."""

from __future__ import annotations

import json

import numpy as np

from tenon.report.chains.pictures import spend_picture, survival_picture, tiers_picture
from tenon.report.chains.reading import read_chain_result
from tenon.report.language import load_language
from tests.unit.report.chains.samples import sample

ENGLISH = load_language("en")
FOUND = read_chain_result(sample())


def test_the_drawing_says_its_size_and_marks_hidden_points() -> None:
    picture = tiers_picture(FOUND, ENGLISH)
    assert picture.label.startswith("The chain drawn by tiers: 4 stages in 3 columns")
    assert "x @ X: an outage of its site costs EUR 30.0" in picture.svg
    assert picture.swatches[-1].hollow


def test_survival_beyond_the_longest_recovery_stands_at_the_edge() -> None:
    picture = survival_picture(FOUND, ENGLISH)
    assert picture is not None
    assert "2 of 4 sites lie above the line" in picture.label
    assert "more than 365" in picture.plot
    json.loads(picture.plot)


def test_exposure_is_drawn_where_enough_sites_cost_something() -> None:
    everybody = np.tile([[1.0, 2.0, 3.0]], (5, 1))
    found = read_chain_result(sample(performance_impact=(("outage", "recovery"), everybody)))
    picture = spend_picture(found, ENGLISH)
    assert picture is not None
    assert picture.label.endswith("X stands out: little is bought there, but its outage costs EUR 2.00.")
    assert spend_picture(FOUND, ENGLISH) is None
