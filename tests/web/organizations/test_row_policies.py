"""PostgreSQL itself keeps rows from who may not see them, where a query forgot to ask."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.organizations.middleware import ViewerMiddleware
from tenon.web.organizations.models import Shared
from tenon.web.organizations.policies import NOBODY, Viewer
from tenon.web.organizations.row_policies import as_platform, looking_as, sight_of
from tenon.web.organizations.rules import Capability, Marking
from tenon.web.rooms.models import Finding, FindingEvent
from tests.web.worlds import finding, member, organization, rolled_back, viewer

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has policies of rows")
# Tables that name an object that is owned and shared, and hold nothing of it.
OF_THE_PLATFORM = {"rooms_timer", "rooms_timerstep", "rooms_importedfinding"}


def test_a_sight_holds_what_policies_compare() -> None:
    port, group, since = uuid.uuid4(), uuid.uuid4(), datetime(2026, 1, 2, tzinfo=UTC)
    looks = Viewer(
        actor=Actor(user_id=uuid.UUID(int=7)),
        capabilities=frozenset({Capability.READ}),
        own=frozenset({port}),
        groups={group: since},
        ceilings={port: Marking.GREEN},
    )
    assert json.loads(sight_of(looks)) == {
        "own": [str(port)],
        "groups": {str(group): "2026-01-02T00:00:00+00:00"},
        "withheld": [f"{port} {marking}" for marking in ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER")],
        "user": "00000000-0000-0000-0000-000000000007",
    }


def test_who_may_read_nothing_has_no_sight() -> None:
    assert sight_of(NOBODY) == "{}"


@on_postgresql
@pytest.mark.django_db
def test_a_query_that_forgot_to_ask_gets_what_the_viewer_sees() -> None:
    steel, port = organization("Steel"), organization("Port")
    hidden, own = finding(steel), finding(port)
    with looking_as(viewer(member(port, "coordinator"))):
        assert [item.pk for item in Finding.objects.all()] == [own.pk]
        assert not FindingEvent.objects.filter(finding=hidden).exists()
        with as_platform():
            assert Finding.objects.count() == 2
    with looking_as(NOBODY):
        assert not Finding.objects.exists()
    assert Finding.objects.count() == 2


@on_postgresql
@pytest.mark.usefixtures("committing")
def test_a_transaction_that_is_rolled_back_does_not_bring_back_another_sight() -> None:
    steel, port = organization("Steel"), organization("Port")
    finding(steel)
    with looking_as(viewer(member(port, "coordinator"))):
        with rolled_back():
            assert not Finding.objects.exists()
        assert not Finding.objects.exists()
        with as_platform():
            with rolled_back():
                assert Finding.objects.exists()
            assert Finding.objects.exists()
        assert not Finding.objects.exists()


@on_postgresql
@pytest.mark.django_db
def test_without_any_sight_there_is_nothing() -> None:
    finding(organization())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tenon.sight', '', true)")
        cursor.execute("SELECT count(*) FROM rooms_finding")
        assert cursor.fetchone() == (0,)


@on_postgresql
@pytest.mark.django_db
def test_rows_are_neither_put_under_others_nor_changed_there() -> None:
    steel, port = organization("Steel"), organization("Port")
    hidden = finding(steel)
    looks = viewer(member(port, "administrator"))
    forged = Finding(owner=steel, number=99, title="x", level="part", channel="sea", hazard="other", source="page")
    event = FindingEvent(finding=hidden, action="comment", state=hidden.state, note="x")
    with looking_as(looks):
        for row in (forged, event):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                row.save(force_insert=True)
        assert Finding.objects.filter(pk=hidden.pk).update(title="changed") == 0
    hidden.refresh_from_db()
    assert hidden.title != "changed"


@on_postgresql
@pytest.mark.django_db
def test_every_table_of_what_is_owned_and_shared_is_guarded() -> None:
    named = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, Shared)
        or any(
            not field.null and isinstance(field.related_model, type) and issubclass(field.related_model, Shared)
            for field in model._meta.fields
        )
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        guarded = {name for (name,) in cursor.fetchall()}
    assert "rooms_roomentry" in named
    assert named - guarded == OF_THE_PLATFORM


@on_postgresql
@pytest.mark.django_db
def test_the_platform_is_no_superuser_of_the_tests() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def _numbers(_: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Finding.objects.count()))


def _stream(_: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[str]:
        yield str(Finding.objects.count())

    return StreamingHttpResponse(pieces())


def _answer(page: object, user: User | AnonymousUser) -> HttpResponseBase:
    request = RequestFactory().get("/")
    request.user = user
    request.session = {}  # type: ignore[assignment]  # all that is asked of it
    return ViewerMiddleware(cast("type[HttpResponse]", page))(request)


@on_postgresql
@pytest.mark.django_db
def test_a_page_that_forgot_to_ask_shows_what_the_viewer_sees() -> None:
    steel, port = organization("Steel"), organization("Port")
    finding(steel)
    finding(port)
    someone = member(port, "coordinator").user
    assert cast("HttpResponse", _answer(_numbers, someone)).content == b"1"
    assert cast("StreamingHttpResponse", _answer(_stream, someone)).getvalue() == b"1"
    assert cast("HttpResponse", _answer(_numbers, AnonymousUser())).content == b"0"
    assert Finding.objects.count() == 2
