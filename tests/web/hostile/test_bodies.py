"""Whatever is sent to an address is answered, and never by a fault of ours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests.web.leaks.crawl import patterns
from tests.web.matrix.endpoints import OPEN, Endpoint
from tests.web.matrix.everything import ENDPOINTS
from tests.web.matrix.model import PROGRAMS
from tests.web.matrix.world import World
from tests.web.matrix.writing import WRITING, allowed, writing_world
from tests.web.programs import program_of
from tests.web.worlds import client_of, member, organization, rolled_back

pytestmark = pytest.mark.django_db
HOSTILE: tuple[str | list[str], ...] = (
    "a\0b",
    "9" * 40,
    "-9223372036854775809",
    "1e400",
    "NaN",
    "\ud7ff\U0010ffff\u202e\ufeff",
    "0000-00-00T99:99",
    "99999-12-31",
    "a" * 100_000,
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "{{ 7*7 }}{% load x %}%s%(x)s{0}",
    ["1", "2"],
    "",
)
# Every name that a page reads from its query, and some that none reads.
ASKED = ("search", "page", "state", "channel", "hazard", "level", "severity", "owner", "overdue", "by", "class", "from")
LISTS = [item for item in ENDPOINTS if item.method == "GET" and not item.kind and item.name not in {"join", "health"}]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    with django_db_blocker.unblock(), writing_world(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.mark.parametrize("endpoint", WRITING, ids=lambda item: f"{item.name} {item.action}".strip())
def test_no_hostile_value_breaks_a_form(world: World, endpoint: Endpoint) -> None:
    """Each field gets some of the values in turn, the others what belongs there; over the forms each meets many."""
    case = allowed(endpoint)
    client, item = world.client(case), world.item(endpoint.kind, case)
    address = reverse(endpoint.name, args=endpoint.where(world, item))
    for place, name in enumerate(world.filled(case, endpoint.sends(world, item))):
        for value in HOSTILE[place % 3 :: 3]:
            with rolled_back():
                world.stand_in(case, item)
                sent = {**world.filled(case, endpoint.sends(world, item)), name: value}
                assert client.post(address, sent).status_code < 500, (name, value)


@pytest.mark.parametrize("endpoint", LISTS, ids=lambda item: f"{item.name} {item.action}".strip())
def test_no_hostile_query_breaks_a_page(endpoint: Endpoint) -> None:
    ask = program_of(member(organization(), "administrator"))
    client = ask.client
    client.force_login(member(organization(), "administrator").user)
    headers = {"Authorization": f"Bearer {ask.secret}"} if endpoint.name.startswith(PROGRAMS) else {}
    address = reverse(endpoint.name, args=endpoint.where(None, None) if endpoint.name == "new_study" else [])  # type: ignore[arg-type]  # not looked at
    for place, name in enumerate(ASKED):
        for value in HOSTILE[place % 4 :: 4]:
            got = client.get(address, {name: value}, headers=headers)
            assert got.status_code < 500, (name, value)
    for query in ("%FF%FE", "search=%ED%A0%80", "page=%00", "&" * 2000, "a=" * 500, "search=" + "a+" * 1900):
        assert client.get(f"{address}?{query}", headers=headers).status_code < 500, query


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/findings/%00/",
        "/findings/%FF%FE/",
        "/join/%00/",
        "/join/" + "a" * 5000 + "/",
        "/r/%00/",
        "/r/%ED%A0%80/",
        "/studies/new/" + "a" * 3000 + "/",
        "/studies/00000000-0000-0000-0000-000000000001/files/..%2F..%2Fsecret-key",
        "/rooms/00000000-0000-0000-0000-000000000001/reports/" + "9" * 40 + "/",
        "/api/v1/findings/%00",
        "/" + "a/" * 2000,
    ],
)
def test_no_hostile_path_breaks_a_page(path: str) -> None:
    for client in (Client(), client_of(member(organization(), "administrator"))):
        assert client.get(path).status_code in {301, 302, 400, 401, 404}


@pytest.mark.parametrize(
    "path", ["/static/../../settings.py", "/static/%2e%2e/%2e%2e/manage.py", "/.git/config", "/static/"]
)
def test_no_path_leads_out_of_what_is_served(path: str) -> None:
    assert Client().get(path).status_code in {400, 404}


TYPES = (
    "text/xml",
    "application/octet-stream",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "image/svg+xml",
)
BODIES = (b"", b"\0", b"\xff\xfe", b"<svg onload=alert(1)>", b"--x\r\n" * 1000, b"[" * 100_000, b"a=1&" * 2000)


@pytest.mark.parametrize(
    "content_type", [*TYPES, "application/json", "application/x-www-form-urlencoded; charset=utf-7"]
)
def test_no_body_of_a_wrong_kind_breaks_an_address(content_type: str) -> None:
    client = client_of(member(organization(), "administrator"))
    turn = count()
    for name, pattern in patterns(get_resolver()):
        if name not in OPEN and not pattern.pattern.converters:
            with rolled_back():
                body = BODIES[next(turn) % len(BODIES)]
                got = client.generic("POST", reverse(name), body, content_type)
            assert got.status_code < 500, (name, body[:20])


NESTED = b'{"a":' * 50_000 + b"1" + b"}" * 50_000
JSONS: tuple[tuple[bytes, set[int]], ...] = (
    (NESTED, {400}),
    (b"[" * 100_000, {400}),
    (b'"' + b"a" * 3_000_000 + b'"', {413}),
    (b'{"title": "a\\u0000b"}', {400, 422}),
    (b'{"title": "a\\ud800b"}', {400, 422}),
    (b'{"\\u0000": 1}', {400, 422}),
    (b'{"severity": 1e999}', {400, 422}),
    (b'{"severity": NaN}', {400}),
    (b'{"severity": 99999999999999999999999999}', {422}),
    (b'{"title": 1, "title": 2}', {400}),
    (b"\xff\xfe\x00{", {400}),
    (b'{"title": ["a"]}', {422}),
    (b"null", {422}),
    (b"", {400, 422}),
)


@pytest.mark.parametrize(("body", "answers"), JSONS, ids=range(len(JSONS)))
def test_no_body_of_a_program_breaks_the_interface(body: bytes, answers: set[int]) -> None:
    ask = program_of(member(organization(), "administrator"))
    assert ask("post", "/findings", body).status_code in answers
    whole = {
        "title": "Crack",
        "level": "equipment",
        "channel": "plant",
        "hazard": "equipment",
        "severity": 1,
        "urgency": 1,
    }
    assert ask("post", "/findings", whole).status_code == 201
