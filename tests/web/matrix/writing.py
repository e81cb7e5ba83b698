"""Every form of the platform, and somebody who may send it: for tests that send it with something else in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.matrix.endpoints import Endpoint
from tests.web.matrix.everything import ENDPOINTS
from tests.web.matrix.model import PARTS, SENDER, About, Case
from tests.web.matrix.world import World, whole_world

COMMANDER = next(iter(PARTS))
WRITING = [item for item in ENDPOINTS if item.method == "POST" and not item.need.done]


def allowed(endpoint: Endpoint) -> Case:
    """Return the question of somebody who may do what the endpoint does."""
    relation, role, marking = "owner", "administrator", "TLP:GREEN"
    if endpoint.need.about is About.PLATFORM:
        relation, role = "operator", "-"
    elif endpoint.need.about is About.SENT:
        relation = SENDER
    elif endpoint.need.power is not None:
        relation = COMMANDER
    return Case(endpoint.name, "POST", endpoint.action, relation, role, marking)


@contextmanager
def writing_world(folder: Path) -> Iterator[World]:
    """Build a world in which every form can be sent; what a test does in it is undone after the test."""
    with whole_world(folder) as made:
        for endpoint in WRITING:
            case = allowed(endpoint)
            made.client(case)
            # Makes, and the world keeps, what the form names, such as a finding to merge into.
            endpoint.sends(made, made.item(endpoint.kind, case))
        yield made
