"""Every row of the reviewed matrix is what the platform answers, and every address is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from pytest_django import DjangoDbBlocker

from tests.web.matrix.endpoints import OPEN, Endpoint
from tests.web.matrix.everything import BY_KEY, ENDPOINTS
from tests.web.matrix.model import PROGRAMS, Case, answer, read_matrix
from tests.web.matrix.world import World
from tests.web.worlds import rolled_back

pytestmark = pytest.mark.django_db
ROWS = read_matrix()
FAST = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """Build the world once; what a test does in it is undone after the test."""
    own = {**FAST, "ATTACHMENTS": tmp_path_factory.mktemp("attachments")}
    with django_db_blocker.unblock(), override_settings(**own), rolled_back():
        made = World()
        for case in ROWS:
            _ = made.secret(case) if case.endpoint.startswith(PROGRAMS) else made.client(case)
            made.item(BY_KEY[case.endpoint, case.method, case.action].kind, case)
        yield made


def asked(world: World, endpoint: Endpoint, case: Case) -> str:
    """Return what the platform answers; nothing that it does lasts."""
    item = world.item(endpoint.kind, case)
    address = reverse(endpoint.name, args=endpoint.where(world, item))
    form = endpoint.sends(world, item)
    if endpoint.name.startswith(PROGRAMS):
        return asked_by_program(world, case, address, form, getattr(item, "version", 1))
    client = world.client(case)
    with rolled_back():
        world.stand_in(case, item)
        got = client.get(address) if endpoint.method == "GET" else client.post(address, form)
    return said(got)  # type: ignore[arg-type]  # Django's own type of the answer to a test


def asked_by_program(world: World, case: Case, address: str, form: dict[str, object], version: int) -> str:
    headers = {"Authorization": f"Bearer {world.secret(case)}", "If-Match": f'"{version}"'}
    with rolled_back():
        got = Client().generic(case.method, address, json.dumps(form), "application/json", headers=headers)
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
    assert names(get_resolver()) == asked_for | set(OPEN)


def test_one_s_own_account_needs_signing_in() -> None:
    for name, reason in OPEN.items():
        if reason == "one's own account":
            got = Client().get(reverse(name))
            assert said(got) == "sign in", name  # type: ignore[arg-type]  # Django's own type of the answer to a test


def names(resolver: URLResolver, before: str = "") -> set[str]:
    found: set[str] = set()
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            assert item.name, f"{item} has no name, so that no test can ask for it"
            found.add(before + item.name)
        else:
            found |= names(item, f"{before}{item.namespace}:" if item.namespace else before)
    return found


def _key(case: Case) -> tuple[str, str, str]:
    return case.endpoint, case.method, case.action
