from __future__ import annotations

import time
import uuid

from tenon.web.audit.identifiers import new_identifier


def test_identifiers_are_of_version_seven_and_differ() -> None:
    made = {new_identifier() for _ in range(1000)}
    assert len(made) == 1000
    assert {item.version for item in made} == {7}
    assert {item.variant for item in made} == {uuid.RFC_4122}


def test_they_sort_by_the_time_they_were_made() -> None:
    first = new_identifier()
    time.sleep(0.003)
    assert first < new_identifier()
    assert abs((first.int >> 80) / 1000 - time.time()) < 5
