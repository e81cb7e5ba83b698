"""The small networks of these tests hold short stocks so that figures stay easy to check by hand."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let them pass without the warning that such stocks may collapse, which has tests of its own."""
    for item in items:
        if "unit/propagation" in item.path.as_posix():
            item.add_marker(pytest.mark.filterwarnings("ignore:production may collapse"), append=False)
