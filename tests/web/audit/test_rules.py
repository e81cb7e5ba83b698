from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.audit.rules import (
    BEGINNING,
    Actor,
    Statement,
    canonical,
    digest,
    first_fault,
    merkle_root,
)

TIME = datetime(2026, 11, 30, 12, tzinfo=UTC)


def chain(length: int) -> list[tuple[Statement, str]]:
    entries, previous = [], BEGINNING
    for number in range(1, length + 1):
        statement = Statement("c", number, TIME, Actor(), "act", "thing", str(number), {"n": number}, previous)
        previous = digest(statement)
        entries.append((statement, previous))
    return entries


def test_a_chain_as_it_was_written_has_no_fault() -> None:
    assert first_fault(chain(5)) is None
    assert first_fault([]) is None


@given(st.integers(1, 6), st.sampled_from(["action", "details", "time", "actor", "subject_id", "chain"]))
def test_whatever_is_changed_in_an_entry_is_named(number: int, field: str) -> None:
    entries = chain(6)
    statement, stored = entries[number - 1]
    changed: dict[str, Any] = {
        "action": "other",
        "details": {"n": -1},
        "time": TIME + timedelta(microseconds=1),
        "actor": Actor(user_id=uuid.UUID(int=1)),
        "subject_id": "x",
        "chain": "d",
    }
    entries[number - 1] = (replace(statement, **{field: changed[field]}), stored)
    fault = first_fault(entries)
    assert fault is not None
    assert fault.number == number
    assert "changed" in fault.reason


@given(st.integers(1, 5))
def test_a_changed_entry_with_a_new_digest_is_found_by_the_next(number: int) -> None:
    entries = chain(6)
    forged = replace(entries[number - 1][0], action="forged")
    entries[number - 1] = (forged, digest(forged))
    fault = first_fault(entries)
    assert fault is not None
    assert (fault.number, "digest of the entry before" in fault.reason) == (number + 1, True)


@given(st.integers(1, 5))
def test_an_entry_taken_out_is_missed(number: int) -> None:
    entries = chain(6)
    del entries[number - 1]
    fault = first_fault(entries)
    assert fault is not None
    assert f"entry {number} is missing" in fault.reason


def test_the_same_value_gives_the_same_text() -> None:
    assert canonical({"b": [1, None, "é"], "a": TIME}) == canonical({"a": TIME, "b": [1, None, "é"]})
    elsewhere = TIME.astimezone(timezone(timedelta(hours=8)))
    assert canonical(elsewhere) == canonical(TIME) == '"2026-11-30T12:00:00.000000+00:00"'
    assert canonical(uuid.UUID(int=5)) == '"00000000-0000-0000-0000-000000000005"'


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), object(), {1, 2}])  # noqa: DTZ001 - a time without a zone is the point
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="JSON values, UUIDs and times with a zone"):
        canonical(value)


def test_no_number_that_is_none_gets_in() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def leaf(text: str) -> bytes:
    return hashlib.sha256(b"\0" + bytes.fromhex(text)).digest()


def test_the_root_is_that_of_the_published_tree() -> None:
    one, two, three = "00" * 32, "11" * 32, "22" * 32
    pair = hashlib.sha256(b"\1" + leaf(one) + leaf(two)).digest()
    assert merkle_root([one]) == leaf(one).hex()
    assert merkle_root([one, two]) == pair.hex()
    assert merkle_root([one, two, three]) == hashlib.sha256(b"\1" + pair + leaf(three)).hexdigest()


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=9, unique=True), st.data())
def test_the_root_changes_with_any_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = list(leaves)
    other[place] = hashlib.sha256(leaves[place]).digest()
    assert merkle_root(item.hex() for item in leaves) != merkle_root(item.hex() for item in other)
