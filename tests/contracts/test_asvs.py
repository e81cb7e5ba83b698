"""The list of security items says only what can be looked up: its tests are there, and nothing is met by a blank."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest

from tests.contracts.asvs import LEVELS
from tests.contracts.repository import ROOT

STATES = {"met", "partly", "not yet", "does not apply"}
with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def faults(row: Mapping[str, str]) -> list[str]:
    """Return one sentence for each thing that is wrong with a row."""
    found = []
    if row["id"] not in LEVELS:
        return [f"{row['id']}: the standard has no such item"]
    if row["level"] != str(LEVELS[row["id"]]):
        found.append(f"{row['id']}: it is of level {LEVELS[row['id']]}")
    if row["state"] not in STATES or None in row.values():
        found.append(f"{row['id']}: a state of {sorted(STATES)} in six columns")
    if row["state"] in {"met", "partly"} and not row["where"]:
        found.append(f"{row['id']}: {row['state']}, but where?")
    path, _, name = row["test"].partition("::")
    there = not path or ((ROOT / path).is_file() and (not name or f"def {name}(" in (ROOT / path).read_text("utf-8")))
    return found if there else [*found, f"{row['id']}: there is no test {row['test']}"]


def test_every_row_can_be_looked_up() -> None:
    assert [fault for row in ROWS for fault in faults(row)] == []
    identifiers = [row["id"] for row in ROWS]
    assert len(identifiers) == len(set(identifiers))
    assert identifiers == [item for item in LEVELS if item in identifiers]


def test_every_item_of_levels_one_and_two_has_its_row() -> None:
    """And of level 3, everything about authorization and logging."""
    wanted = {item for item, level in LEVELS.items() if level < 3 or item.startswith(("V8.", "V16."))}
    assert wanted - {row["id"] for row in ROWS} == set()
    assert len(LEVELS) == 345


def test_authorization_is_proved_item_by_item() -> None:
    assert all(row["test"] for row in ROWS if row["id"].startswith("V8.") and row["state"] == "met")


GOOD = {"id": "V8.2.1", "level": "1", "in our words": "x", "state": "met", "where": "there", "test": ""}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "V8.2.9"}, "the standard has no such item"),
        ({"state": "done"}, "a state of"),
        ({"level": "2"}, "it is of level 1"),
        ({"where": ""}, "but where?"),
        ({"test": "tests/nothing.py"}, "there is no test"),
        ({"test": "tests/contracts/test_asvs.py::test_nothing"}, "there is no test"),
    ],
)
def test_a_wrong_row_is_named(change: dict[str, str], message: str) -> None:
    (found,) = faults({**GOOD, **change})
    assert message in found
