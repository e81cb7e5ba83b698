from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.schema.errors import ParameterError
from tenon.web.rooms.alert_rules import (
    ATTEMPTS,
    DEFAULTS,
    OVERDUE,
    REMINDER,
    AlertKind,
    Plan,
    next_step,
    retry_at,
    signature,
    step_of,
)

DEADLINE = datetime(2026, 11, 30, 12, tzinfo=UTC)
plans = st.builds(
    Plan,
    remind_hours=st.integers(0, 100),
    waits=st.lists(st.integers(0, 48), max_size=4).map(tuple),
    repeats=st.integers(0, 5),
)
# Hours between two looks at the clock, beginning ten days before the deadline.
looks = st.lists(st.integers(0, 200), max_size=40)


def run(plan: Plan, gaps: list[int]) -> list[tuple[str, datetime, datetime]]:
    """Look at a clock again and again; return name, due moment and time of every step done."""
    done: dict[str, datetime] = {}
    log = []
    now = DEADLINE - timedelta(days=10)
    for gap in gaps:
        now += timedelta(hours=gap)
        while (due := next_step(plan, DEADLINE, done, now)) is not None and due.moment <= now:
            assert due.name not in done
            done[due.name] = now
            log.append((due.name, due.moment, now))
    return log


@given(plans, looks)
def test_every_step_is_done_once_in_order_and_never_early(plan: Plan, gaps: list[int]) -> None:
    log = run(plan, gaps)
    names = [name for name, _, _ in log]
    assert len(set(names)) == len(names) <= 2 + plan.length
    assert all(moment <= time for _, moment, time in log)
    expected = [OVERDUE, *(f"{1 + at // len(plan.waits)}.{1 + at % len(plan.waits)}" for at in range(plan.length))]
    assert [name for name in names if name != REMINDER] == expected[: len([name for name in names if name != REMINDER])]
    assert all(time < DEADLINE for name, _, time in log if name == REMINDER)
    assert all(time >= DEADLINE for name, _, time in log if name != REMINDER)


@given(plans, looks)
def test_nobody_is_called_for_a_whole_night_at_once(plan: Plan, gaps: list[int]) -> None:
    log = [(name, time) for name, _, time in run(plan, gaps) if name != REMINDER]
    for (_, before), (name, after) in pairwise(log):
        step = step_of(name)
        assert step is not None
        assert after - before >= timedelta(hours=plan.waits[step - 1])


@given(plans)
def test_who_looks_often_enough_sees_everything_to_its_end(plan: Plan) -> None:
    hours = 11 * 24 + sum(plan.waits) * (1 + plan.repeats) + 1
    log = run(plan, [1] * hours)
    assert len(log) == (1 if plan.remind_hours else 0) + 1 + plan.length
    assert next_step(plan, DEADLINE, {name: time for name, _, time in log}, DEADLINE + timedelta(days=9999)) is None


@given(plans, st.integers(-300, 300))
def test_what_comes_next_does_not_depend_on_how_often_one_asks(plan: Plan, hours: int) -> None:
    now = DEADLINE + timedelta(hours=hours)
    assert next_step(plan, DEADLINE, {}, now) == next_step(plan, DEADLINE, {}, now)


def test_a_reminder_that_was_missed_is_left_out() -> None:
    due = next_step(Plan(), DEADLINE, {}, DEADLINE + timedelta(hours=1))
    assert due is not None
    assert due.name == OVERDUE


@pytest.mark.parametrize(
    "fields",
    [{"repeats": 6}, {"repeats": -1}, {"waits": (1,) * 11}, {"waits": (-1,)}, {"remind_hours": 721}],
)
def test_a_chain_has_bounds(fields: dict[str, object]) -> None:
    with pytest.raises(ParameterError, match=r"at most 10 steps and 5 repeats|wait 0 to 720 hours"):
        Plan(**fields)  # type: ignore[arg-type]  # wrong on purpose


def test_waits_between_attempts_grow_and_end() -> None:
    waits = [retry_at(attempt, DEADLINE) for attempt in range(1, ATTEMPTS + 1)]
    assert waits[-1] is None
    gaps = [(moment - DEADLINE).total_seconds() / 60 for moment in waits if moment is not None]
    assert gaps == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert all(first < second for first, second in pairwise(gaps))


@given(st.text(min_size=1), st.integers(0, 2**40), st.binary())
def test_a_signature_holds_for_one_secret_time_and_body(secret: str, timestamp: int, body: bytes) -> None:
    made = signature(secret, timestamp, body)
    others = [signature(secret + "x", timestamp, body), signature(secret, timestamp + 1, body)]
    assert made not in [*others, signature(secret, timestamp, body + b"x")]


def test_every_kind_says_what_holds_without_a_choice() -> None:
    assert set(DEFAULTS) == set(AlertKind)
