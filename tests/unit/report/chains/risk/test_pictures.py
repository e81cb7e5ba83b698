"""The loss exceedance curve."""

from __future__ import annotations

import json

from tenon.report.chains.risk.pictures import curve_picture
from tenon.report.chains.risk.reading import read_risk
from tenon.report.language import load_language
from tests.unit.report.chains.risk.samples import everything


def test_the_curve_draws_all_losses_and_the_costliest_event_and_marks_the_levels() -> None:
    risk = read_risk(everything())
    picture = curve_picture(risk, load_language("en"))
    assert len(picture.keys) == 2
    assert picture.label.startswith("Loss exceedance curve. The worst 1% of years cost EUR ")
    assert json.loads(picture.plot)
    for name in ("line-0", "line-1"):
        assert f'"{name}"' in picture.plot
    assert len(picture.tables) == 1
