"""What a year of bad luck costs, read from a result."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenon.report.chains.risk.reading import read_risk
from tenon.schema import ParameterError
from tests.unit.report.chains.risk.samples import everything, sites_alone

RISK = read_risk(everything())


def test_causes_of_every_kind_come_with_their_rates_the_costliest_first() -> None:
    assert [(cause.name, cause.kind, cause.rate) for cause in RISK.causes] == [
        ("S", "site", 0.5),
        ("strait", "passage", 0.4),
        ("coast", "group", 0.2),
        ("sea", "lane", 0.1),
    ]
    assert sum(cause.expected for cause in RISK.causes) == pytest.approx(RISK.expected)
    assert sum(cause.tail for cause in RISK.causes) == pytest.approx(RISK.levels[-1].beyond)
    assert RISK.of_kind("passage") == RISK.causes[1].expected


def test_levels_stand_in_order_with_their_intervals() -> None:
    risk = read_risk(sites_alone((0.99, 0.5)))
    assert [level.level for level in risk.levels] == [0.5, 0.99]
    for level in risk.levels:
        assert level.reached_interval[0] <= level.reached <= level.reached_interval[1]
        assert level.beyond_interval[0] <= level.beyond <= level.beyond_interval[1]


def test_lanes_and_passages_close_if_any_of_them_has_a_rate() -> None:
    assert RISK.closes
    assert not read_risk(sites_alone()).closes


def test_a_result_of_another_kind_is_refused() -> None:
    result = sites_alone()
    other = replace(result, values=result.values.drop_vars(["value_at_risk"]))
    with pytest.raises(ParameterError, match=r"lacks value_at_risk\. Run tenon"):
        read_risk(other)
