"""The figures of systemic risk."""

from __future__ import annotations

import json

import numpy as np

from tenon.report.language import load_language
from tenon.report.systemic.pictures import curve_picture, sectors_picture, size_picture
from tenon.report.systemic.reading import read_systemic_result
from tenon.vulnerability import systemic_risk
from tests.unit.report.systemic.samples import sample
from tests.unit.vulnerability.samples import CHAIN

ENGLISH = load_language("en")
FOUND = read_systemic_result(sample())


def test_the_curve_shades_the_plateau_and_tells_who_is_not_drawn() -> None:
    picture = curve_picture(FOUND, ENGLISH)
    assert "Shaded: the plateau of 2 firms" in picture.captions[1]
    assert picture.captions[2] == "1 firm costs less than a millionth of that and is not drawn."
    assert picture.label.endswith(
        "the riskiest firm costs 40.0%, 2 cost at least half as much, the firm in the middle 3.0%."
    )
    assert json.loads(picture.plot)
    assert '"right":2.5' in picture.plot


def test_size_needs_a_share_of_output() -> None:
    picture = size_picture(FOUND, ENGLISH)
    assert picture is not None
    assert picture.captions[1].startswith("4 of 5 firms are drawn")
    nobody = read_systemic_result(sample(failing_share=("failure", np.zeros(5))))
    assert size_picture(nobody, ENGLISH) is None


def test_sectors_are_drawn_where_failures_are_firms() -> None:
    picture = sectors_picture(FOUND, ENGLISH)
    assert picture is not None
    assert '"factors":["trade","grain","flour"]' in picture.plot
    assert picture.captions[1] == "1 firm that costs less than a ten-thousandth of the riskiest is not drawn."
    assert sectors_picture(read_systemic_result(systemic_risk(CHAIN, {"south": {"a": 1.0}})), ENGLISH) is None


def test_many_firms_are_thinned_but_the_first_are_all_drawn() -> None:
    size = 5000
    values = sample().values.isel(failure=np.zeros(size, dtype=int)).assign_coords(
        failure=[f"f{number}" for number in range(size)]
    )  # fmt: skip
    index = np.linspace(0.5, 0.01, size)
    result = sample()
    found = read_systemic_result(
        type(result)(values=values.assign(esri=("failure", index)), status=result.status, residuals={}, notes=(),
                     provenance=result.provenance)
    )  # fmt: skip
    plot = curve_picture(found, ENGLISH).plot
    assert all(f'"f{number}"' in plot for number in range(30))
    assert '"f4999"' in plot
    assert len(plot) < 200_000
