from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tenon.web.rooms.rules import (
    EDGES,
    OPEN,
    Action,
    FindingState,
    Severity,
    Urgency,
    actions_from,
    days_allowed,
    is_must,
    missing,
    overdue,
    priority,
    refusal_of_verifier,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def test_the_only_way_to_closed_passes_every_station() -> None:
    found: list[list[FindingState]] = []
    waiting = [[FindingState.REPORTED]]
    while waiting:
        way = waiting.pop()
        for action in actions_from(way[-1]):
            target = EDGES[action].target
            if target is None or target in way:
                continue
            if target is FindingState.CLOSED:
                found.append([*way, target])
            else:
                waiting.append([*way, target])
    stations = [FindingState.TRIAGED, FindingState.ASSIGNED, FindingState.ELIMINATED, FindingState.VERIFIED]
    assert found
    assert all([state for state in way if state in stations] == stations for way in found)


def test_every_state_but_the_first_can_be_reached_and_left() -> None:
    reached = {edge.target for edge in EDGES.values()}
    assert set(FindingState) - reached == {FindingState.REPORTED}
    assert all(actions_from(state) for state in FindingState)


def test_what_is_over_can_be_reopened_and_nothing_else() -> None:
    for state in set(FindingState) - OPEN:
        assert actions_from(state) == {Action.REOPEN}


@pytest.mark.parametrize("absent", ["responsible", "measure", "means", "deadline", "fallback"])
def test_each_of_the_five_is_required_before_assigning(absent: str) -> None:
    values = dict.fromkeys(("responsible", "measure", "means", "deadline", "fallback"), "x")
    assert missing(Action.ASSIGN, values) == ()
    assert missing(Action.ASSIGN, {**values, absent: "  "}) == (absent,)
    assert missing(Action.ASSIGN, {**values, absent: None}) == (absent,)


def test_whoever_eliminated_or_was_responsible_does_not_verify() -> None:
    assert refusal_of_verifier(1, 1, 2) == "eliminator"
    assert refusal_of_verifier(2, 1, 2) == "responsible"
    assert refusal_of_verifier(3, 1, 2) == ""


def test_serious_findings_hold_a_room_open() -> None:
    assert [is_must(severity) for severity in Severity] == [False, False, True, True]


def test_priority_grows_with_both() -> None:
    assert priority(Severity.CRITICAL, Urgency.NOW) == 16
    assert priority(Severity.MINOR, Urgency.NOW) == priority(Severity.CRITICAL, Urgency.MONTHS) == 4


@pytest.mark.parametrize("urgency", list(Urgency))
def test_without_a_deadline_the_urgency_sets_one(urgency: Urgency) -> None:
    late = NOW + timedelta(days=days_allowed(urgency), seconds=1)
    assert overdue(FindingState.REPORTED, NOW, None, urgency, late)
    assert not overdue(FindingState.REPORTED, NOW, None, urgency, late - timedelta(seconds=1))
    assert not overdue(FindingState.ELIMINATED, NOW, None, urgency, late)


def test_a_deadline_comes_before_the_urgency() -> None:
    late = NOW + timedelta(days=50)
    assert not overdue(FindingState.ASSIGNED, NOW, NOW + timedelta(days=60), Urgency.NOW, late)
    assert overdue(FindingState.ASSIGNED, NOW, NOW + timedelta(days=40), Urgency.MONTHS, late)
