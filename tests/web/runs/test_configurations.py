from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.schema import ParameterError
from tenon.web.runs.configurations import (
    LIMITS,
    ChainOutage,
    ChainStress,
    Configuration,
    StudyKind,
    TableStress,
    as_values,
    read_configuration,
)

CHAINS = st.sampled_from(["example", "0" * 64, "9f" * 32])


def within(name: str) -> st.SearchStrategy[float]:
    least, most = LIMITS[name]
    return st.floats(least, most)


def whole(name: str) -> st.SearchStrategy[int]:
    least, most = LIMITS[name]
    return st.integers(int(least), int(most))


@given(
    st.one_of(
        st.builds(
            ChainStress,
            chain=CHAINS,
            closure_days=within("closure_days"),
            within_days=within("within_days"),
            follow=whole("follow"),
        ),
        st.builds(
            ChainOutage,
            chain=CHAINS,
            site=st.text(min_size=1, max_size=200).filter(str.strip),
            days=within("outage_days"),
        ),
        st.builds(
            TableStress,
            table=st.just("world-2022"),
            scenario=st.from_regex(r"[a-z][a-z0-9-]{0,30}", fullmatch=True),
            days=st.none() | whole("horizon_days"),
        ),
    )
)
def test_what_is_stored_is_read_again(configuration: Configuration) -> None:
    kinds = {ChainStress: "chain stress", ChainOutage: "chain outage", TableStress: "table stress"}
    assert read_configuration(StudyKind(kinds[type(configuration)]), as_values(configuration)) == configuration


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("chain stress", {"follow": 51}, "follow must be a whole number from 0 to 50; it is 51"),
        ("chain stress", {"follow": 2.5}, "follow must be a whole number"),
        ("chain stress", {"closure_days": float("nan")}, "closure_days must be a number from 1 to 365"),
        ("chain stress", {"within_days": True}, "within_days must be a number"),
        ("chain stress", {"chain": "../../etc/passwd"}, "chain must be 'example' or the SHA-256"),
        ("chain stress", {"folow": 3}, "has no 'folow'; did you mean 'follow'"),
        ("chain outage", {"days": 3}, "needs more: .*site"),
        ("chain outage", {"site": " ", "days": 3}, "site must be a label"),
        ("chain outage", {"site": "P", "days": 0}, "outage_days must be a number from 1 to 730"),
        ("table stress", {"table": "/etc/passwd", "scenario": "a"}, "table must be a name of letters"),
        ("table stress", {"table": "a", "scenario": "a.toml"}, "scenario must be a name of letters"),
        ("table stress", {"table": "a", "scenario": "a", "days": 3}, "horizon_days must be a whole number from 10"),
    ],
)
def test_what_cannot_be_is_refused(kind: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_configuration(StudyKind(kind), values)
