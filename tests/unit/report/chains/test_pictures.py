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


def test_who_takes_longest_to_recover_is_named_even_where_nothing_is_lost() -> None:
    days = np.tile([2.0, 4.0, 8.0], (5, 1))
    days[1] *= 10.0
    picture = survival_picture(read_chain_result(sample(recovery_days=(("outage", "recovery"), days))), ENGLISH)
    assert picture is not None
    layers = json.loads(picture.plot)["doc"]["roots"][0]["attributes"]["renderers"]
    texts = [layer["attributes"] for layer in layers if layer["attributes"]["glyph"]["name"] == "Text"]
    shown = [name for text in texts for name in dict(text["data_source"]["attributes"]["data"]["entries"])["name"]]
    assert "S1" in shown


def test_exposure_is_drawn_where_enough_sites_cost_something() -> None:
    everybody = np.tile([[1.0, 2.0, 3.0]], (5, 1))
    found = read_chain_result(sample(performance_impact=(("outage", "recovery"), everybody)))
    picture = spend_picture(found, ENGLISH)
    assert picture is not None
    assert picture.label.endswith("X stands out: little is bought there, but its outage costs EUR 2.00.")
    assert spend_picture(FOUND, ENGLISH) is None
