"""The list of security items says only what can be looked up: its tests are there, and nothing is met by a blank."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping

import pytest

from tests.contracts.repository import ROOT

STATES = {"met", "partly", "not yet", "does not apply"}
with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def faults(row: Mapping[str, str]) -> list[str]:
    """Return one sentence for each thing that is wrong with a row."""
    found = []
    if not re.fullmatch(r"V\d{1,2}(\.\d{1,2}){0,2}", row["id"]):
        found.append(f"{row['id']}: chapter, section and item, such as V8.2.1")
    if row["level"] not in {"1", "2", "3"} or row["state"] not in STATES or None in row.values():
        found.append(f"{row['id']}: a level of 1 to 3 and a state of {sorted(STATES)} in five columns")
    if row["state"] in {"met", "partly"} and not row["where"]:
        found.append(f"{row['id']}: {row['state']}, but where?")
    path, _, name = row["test"].partition("::")
    there = not path or ((ROOT / path).is_file() and (not name or f"def {name}(" in (ROOT / path).read_text("utf-8")))
    return found if there else [*found, f"{row['id']}: there is no test {row['test']}"]


def test_every_row_can_be_looked_up() -> None:
    assert [fault for row in ROWS for fault in faults(row)] == []
    identifiers = [row["id"] for row in ROWS]
    assert len(identifiers) == len(set(identifiers))
    assert {f"V{number}" for number in range(1, 18)} == {identifier.partition(".")[0] for identifier in identifiers}


def test_authorization_is_proved_item_by_item() -> None:
    assert all(row["test"] for row in ROWS if row["id"].startswith("V8.") and row["state"] == "met")


GOOD = {"id": "V8.2.1", "level": "1", "in our words": "x", "state": "met", "where": "there", "test": ""}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "8.2"}, "chapter, section and item"),
        ({"state": "done"}, "a state of"),
        ({"level": "4"}, "a level of 1 to 3"),
        ({"where": ""}, "but where?"),
        ({"test": "tests/nothing.py"}, "there is no test"),
        ({"test": "tests/contracts/test_asvs.py::test_nothing"}, "there is no test"),
    ],
)
def test_a_wrong_row_is_named(change: dict[str, str], message: str) -> None:
    (found,) = faults({**GOOD, **change})
    assert message in found
