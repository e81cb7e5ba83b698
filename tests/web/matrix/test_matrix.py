"""Every row of the reviewed matrix is what the platform answers, and every address is in it."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, StringConverter, UUIDConverter
from pytest_django import DjangoDbBlocker

from tenon.web.rooms.room_actions import PEOPLE_ACTIONS, ROOM_ACTIONS
from tenon.web.rooms.rules import Action
from tests.web.leaks.crawl import patterns
from tests.web.matrix.endpoints import OPEN, Endpoint
from tests.web.matrix.everything import BY_KEY, ENDPOINTS
from tests.web.matrix.model import PROGRAMS, Case, answer, read_matrix
from tests.web.matrix.world import World, whole_world
from tests.web.worlds import client_of, member, organization, rolled_back

pytestmark = pytest.mark.django_db
ROWS = read_matrix()
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
_FITTING: dict[type, object] = {
    IntConverter: 1,
    SlugConverter: "chain-stress",
    StringConverter: "anything",
    UUIDConverter: uuid.UUID(int=1),
}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Build the world once; what a test does in it is undone after the test."""
    with django_db_blocker.unblock(), whole_world(tmp_path_factory.mktemp("data")) as made:
        for case in ROWS:
            _ = made.secret(case) if case.endpoint.startswith(PROGRAMS) else made.client(case)
            made.item(BY_KEY[case.endpoint, case.method, case.action].kind, case)
        yield made


def asked(world: World, endpoint: Endpoint, case: Case) -> str:
    """Return what the platform answers; nothing that it does lasts."""
    item = world.item(endpoint.kind, case)
    address = reverse(endpoint.name, args=endpoint.where(world, item))
    form = world.filled(case, endpoint.sends(world, item))
    if endpoint.name.startswith(PROGRAMS):
        return asked_by_program(world, case, address, form, item)
    client = world.client(case)
    with rolled_back():
        world.stand_in(case, item)
        got = client.get(address) if endpoint.method == "GET" else client.post(address, form)
        got.getvalue()  # a file is closed by it
    return said(got)  # type: ignore[arg-type]  # Django's own type of the answer to a test


def asked_by_program(world: World, case: Case, address: str, form: dict[str, object], item: Any) -> str:
    version = getattr(item, "version", 1)
    headers = {"Authorization": f"Bearer {world.secret(case)}", "If-Match": f'"{version}"'}
    with rolled_back():
        world.stand_in(case, item)
        got = Client().generic(case.method, address, json.dumps(form), "application/json", headers=headers)
        got.getvalue()  # a file is closed by it
    return str(got.status_code)


def said(got: HttpResponse) -> str:
    if got.status_code == 302 and got.headers["Location"].startswith(reverse("account_login")):
        return "sign in"
    return str(got.status_code)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda item: f"{item.name} {item.method} {item.action}".strip())
def test_the_platform_answers_as_the_matrix_says(world: World, endpoint: Endpoint) -> None:
    mine = {case: row for case, row in ROWS.items() if BY_KEY[case.endpoint, case.method, case.action] is endpoint}
    assert mine
    wrong = {}
    for case, expected in mine.items():
        got = asked(world, endpoint, case)
        if got != expected:
            wrong[case] = f"{got}, not {expected}"
    assert wrong == {}


def test_a_hole_in_the_rules_shows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case("finding", "POST", "triage", "share: read", "administrator", "TLP:GREEN")
    monkeypatch.setattr("tenon.web.rooms.services.allows", lambda *_: True)
    assert (ROWS[case], asked(world, BY_KEY[_key(case)], case)) == ("403", "302")


def test_the_matrix_holds_every_question_once() -> None:
    wanted = [case for endpoint in ENDPOINTS for case in endpoint.cases()]
    assert len(wanted) == len(set(wanted))
    assert set(ROWS) == set(wanted)


def test_the_reviewed_matrix_and_the_rules_agree() -> None:
    """A change of the rules changes rows, which people then look at: scripts/authorization-matrix writes them."""
    different = [case for case, said in ROWS.items() if said != answer(case, BY_KEY[_key(case)].need)]
    assert different == []


def test_every_address_is_in_the_matrix_or_open_for_a_reason() -> None:
    asked_for = {endpoint.name for endpoint in ENDPOINTS}
    assert not asked_for & set(OPEN)
    assert {name for name, _pattern in patterns(get_resolver())} == asked_for | set(OPEN)


def test_every_method_of_every_address_is_in_the_matrix() -> None:
    """A form that is sent to an address has rows of its own; a page without one answers no other method than GET."""
    who = member(organization(), "administrator")
    client = client_of(who)
    answered: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, set[str]] = defaultdict(set)
    for name, pattern in patterns(get_resolver()):
        if name not in OPEN:
            address = reverse(name, args=[_fitting(item) for item in pattern.pattern.converters.values()])
            rows[address] |= {endpoint.method for endpoint in ENDPOINTS if endpoint.name == name}
            with rolled_back():
                answered[address] |= {item for item in METHODS if client.generic(item, address).status_code != 405}
    assert answered == rows


def _fitting(converter: object) -> object:
    return next(value for kind, value in _FITTING.items() if isinstance(converter, kind))


def test_every_action_is_in_the_matrix() -> None:
    asked_for = {(endpoint.name, endpoint.action) for endpoint in ENDPOINTS if endpoint.method == "POST"}
    offered = {
        "finding": {action.value for action in Action},
        "room": set(ROOM_ACTIONS),
        "room_people": set(PEOPLE_ACTIONS),
    }
    assert {(name, action) for name, actions in offered.items() for action in actions} - asked_for == set()


def test_one_s_own_account_needs_signing_in() -> None:
    for name, reason in OPEN.items():
        if reason == "one's own account":
            got = Client().get(reverse(name))
            assert said(got) == "sign in", name  # type: ignore[arg-type]  # Django's own type of the answer to a test


def _key(case: Case) -> tuple[str, str, str]:
    return case.endpoint, case.method, case.action
