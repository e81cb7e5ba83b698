from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.config.demo.clock import past, told_by
from tenon.web.config.demo.story import Story

_THEN = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
_DAYS = st.floats(-30, 300, allow_nan=False).map(lambda days: round(days, 4))


def test_the_platform_asks_the_clock_that_it_was_told() -> None:
    with past(), told_by(_THEN):
        assert timezone.now() == _THEN
        assert timezone.localdate() == timezone.localtime(_THEN).date()
    assert timezone.now() - _THEN > timedelta(days=1)


def test_other_threads_go_by_the_true_time() -> None:
    heard: list[datetime] = []
    with past(), told_by(_THEN):
        other = Thread(target=lambda: heard.append(timezone.now()))
        other.start()
        other.join()
        assert timezone.now() == _THEN
    assert heard[0] > _THEN + timedelta(days=1)


def test_the_true_clock_is_back_after_a_failure() -> None:
    before = timezone.now
    with pytest.raises(ValueError, match="went wrong"), past(), told_by(_THEN):
        raise ValueError("something went wrong")
    assert timezone.now is before
    assert timezone.now() > _THEN + timedelta(days=1)


@given(st.lists(_DAYS, min_size=2, max_size=8, unique=True))
def test_fewer_days_ago_is_later_and_never_after_the_end(days: list[float]) -> None:
    story = Story(_THEN)
    moments = [story.moment(item) for item in sorted(days, reverse=True)]
    assert moments == sorted(moments)
    assert all(story.moment(item) <= _THEN for item in days if item >= 0)


def test_acts_are_done_in_order_and_may_lead_to_others() -> None:
    story, done = Story(_THEN), list[tuple[str, datetime]]()

    def first() -> None:
        done.append(("first", timezone.now()))
        story.add(5, lambda: done.append(("between", timezone.now())))

    story.add(1, lambda: done.append(("last", timezone.now())))
    story.add(10, first)
    story.play()
    assert [name for name, _moment in done] == ["first", "between", "last"]
    assert all(one[1] < other[1] for one, other in pairwise(done))
