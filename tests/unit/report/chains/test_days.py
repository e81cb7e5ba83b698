"""What the pages read of outages that were followed from day to day."""

from __future__ import annotations

import numpy as np

from tenon.report.chains.days import read_followed
from tests.unit.report.chains.samples import daily, sample


def test_a_result_in_which_nothing_was_followed_has_none() -> None:
    assert read_followed(sample().values) == ()


def test_outages_keep_their_order_days_and_first_customers() -> None:
    late, safe = read_followed(sample(**daily()).values)
    assert (late.name, late.days, late.first, late.over) == ("X", 4, 6, 9)
    assert (late.customer, late.product) == ("all", "P @ P")
    assert (late.short_day, late.short_stage, late.short_part) == (2, "x @ X", "x")
    assert late.total == 45
    assert late.hurts
    assert safe.name == "S1"
    assert not safe.hurts
    assert np.isnan(safe.first)
