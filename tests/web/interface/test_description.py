"""Everything that the interface does is in its description, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast, get_args

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tenon.web.config.api import interface
from tenon.web.config.wsgi import application
from tenon.web.organizations.bearer import PerToken
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.rooms.models import Participant
from tenon.web.rooms.room_report_services import make_report
from tenon.web.rooms.room_work_services import give_task
from tests.web.plants import equipment, round_begun
from tests.web.programs import secret_of
from tests.web.runs.building import asked
from tests.web.worlds import finding, member, organization, room, viewer


def description() -> dict[str, Any]:
    loaded = json.loads(Client().get("/api/v1/openapi.json").content)
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.django_db
def test_the_description_is_open_and_says_31() -> None:
    assert reverse("interface:openapi-json") == "/api/v1/openapi.json"
    assert description()["openapi"].startswith("3.1")
    assert Client().get("/api/v1/docs").status_code == 404


@pytest.mark.django_db
def test_every_operation_declares_its_refusals_and_its_token() -> None:
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            statuses = set(operation["responses"])
            assert {"401", "403", "429"} <= statuses, path
            assert operation["security"] == [{"AccessToken": []}], path
            if "{" in path:
                assert "404" in statuses, path
            if "requestBody" in operation:
                assert {"400", "413", "415", "422"} <= statuses, path
            if method != "get":
                assert "Idempotency-Key" in {item["name"] for item in operation["parameters"]}, path
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]


@pytest.mark.django_db
def test_every_object_that_goes_in_takes_nothing_else() -> None:
    schemas = description()["components"]["schemas"]
    inputs = [name for name in schemas if name.strip("_").endswith("In")]
    assert "ReportIn" in inputs
    assert not [name for name in inputs if schemas[name].get("additionalProperties") is not False]
    changing = [name for name in inputs if not name.endswith("FiltersIn")]
    assert not [name for name in changing if {"id", "pk", "version", "state"} & set(schemas[name]["properties"])]


@pytest.mark.django_db
def test_no_two_operations_and_no_two_objects_are_called_alike() -> None:
    operations = [operation for _path, view, _router in _views() for operation in view.operations]
    names = [operation.view_func.__name__ for operation in operations]
    assert len(names) == len(set(names))
    known: dict[str, object] = {}
    for operation in operations:
        for model in _models(operation):
            assert known.setdefault(model.__name__, model) is model, model.__name__


def _views() -> Iterator[tuple[str, Any, Any]]:
    for _prefix, router in interface._routers:
        for path, view in router.path_operations.items():
            yield path, view, router


def _models(operation: Any) -> Iterator[type[BaseModel]]:
    """List the objects that an operation takes and gives, and those inside them."""
    waiting: list[Any] = [*operation.models, *operation.response_models.values()]
    seen: set[Any] = set()
    while waiting:
        item = waiting.pop()
        if item in seen or isinstance(item, str):
            continue
        seen.add(item)
        waiting += get_args(item)
        if isinstance(item, type) and issubclass(item, BaseModel):
            waiting += [field.annotation for field in item.model_fields.values()]
            if item.__module__.startswith("tenon."):
                yield item


@pytest.mark.django_db
def test_refusals_outside_the_operations_are_problems_too() -> None:
    for method, path, status in (("get", "nothing", 404), ("post", "me", 405), ("get", "findings/no-uuid", 404)):
        answer = getattr(Client(), method)(f"/api/v1/{path}")
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_too_many_requests_are_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = secret_of(member(organization()))
    throttle = next(iter(interface.throttle if isinstance(interface.throttle, list) else [interface.throttle]))
    monkeypatch.setattr(throttle, "num_requests", 2)
    cache.clear()
    got = [Client().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {secret}") for _ in range(3)]
    assert [answer.status_code for answer in got] == [200, 200, 429]
    assert got[2]["Retry-After"] == "60"
    assert got[2].json()["status"] == 429
    cache.clear()


# Each example is a request with its writing; a few for each operation find what is not declared.
_FEW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _there(plant: Organization, by: Viewer) -> dict[str, Any]:
    """Make one of everything that an address can name, by the part of the address that names it."""
    opened, piece = room(plant, by), equipment(plant, by)
    lead = Participant.objects.get(room=opened)
    return {
        "organizations": str(plant.pk),
        "findings": str(finding(plant, by).pk),
        "rooms": str(opened.pk),
        "task": str(give_task(by, opened, "Ask", lead, timezone.now()).pk),
        "equipment": str(piece.pk),
        "rounds": str(round_begun(piece, by).pk),
        "studies": str(asked(by, plant).pk),
        "number": make_report(by, opened, "It holds").number,
    }


@pytest.mark.usefixtures("committing")
def test_whatever_is_sent_gets_an_answer_that_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    plant = organization("Plant")
    lead = member(plant, "administrator")
    there = _there(plant, viewer(lead))
    sent = {"Authorization": f"Bearer {secret_of(lead)}"}
    monkeypatch.setattr(PerToken, "allow_request", lambda *_: True)
    loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations: list[Any] = [found.ok() for found in cast("Any", loaded.get_all_operations())]
    for operation in operations:
        kind = operation.path.split("/")[3]

        @_FEW
        @given(operation.as_strategy(), st.booleans())
        def send(case: Any, exists: bool) -> None:
            if exists and "pk" in case.path_parameters:
                known = {"pk": there[kind], **there}  # noqa: B023 - called in this turn of the loop alone
                case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
            # What fits the description can still be refused: a cursor of nobody, a step that does not lead on.
            case.call_and_validate(headers=sent, excluded_checks=[positive_data_acceptance])

        send()
    assert len(operations) == sum(len(methods) for methods in description()["paths"].values())
