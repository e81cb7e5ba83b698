from __future__ import annotations

import json
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tenon.web.audit.models import Entry
from tenon.web.organizations import refusal_middleware
from tests.web.programs import program_of
from tests.web.worlds import client_of, finding, member, organization

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    cache.clear()


def refused() -> list[Entry]:
    return list(Entry.objects.filter(action="access.refused").order_by("pk"))


def test_what_somebody_may_not_do_is_recorded_in_the_organization_acted_for() -> None:
    plant = organization("Plant")
    observer = member(plant, "observer")
    client_of(observer).get(reverse("new_finding"))
    (entry,) = refused()
    assert entry.chain == f"organization:{plant.pk}"
    assert entry.user_id == observer.user_id
    assert json.loads(entry.details) == {"status": 403, "method": "GET", "page": "new_finding"}


def test_asking_for_what_is_others_is_recorded_and_a_wrong_address_is_not() -> None:
    item, port = finding(organization("Plant")), organization("Port")
    stranger = member(port, "administrator")
    client_of(stranger).get(reverse("finding", args=[item.pk]))
    client_of(stranger).get(reverse("finding", args=[uuid.uuid4()]))
    program_of(stranger)("get", f"/findings/{item.pk}")
    program_of(stranger)("get", f"/organizations/{item.owner_id}")
    assert [(entry.subject_kind, entry.subject_id) for entry in refused()] == [
        ("finding", str(item.pk)),
        ("finding", str(item.pk)),
        ("organization", str(item.owner_id)),
    ]
    assert {entry.chain for entry in refused()} == {f"organization:{port.pk}"}


def test_a_visitor_is_recorded_by_the_platform() -> None:
    Client(enforce_csrf_checks=True).post(reverse("account_login"), {})
    (entry,) = refused()
    assert (entry.chain, entry.user_id, entry.subject_kind) == ("platform", None, "page")


def test_so_many_an_hour_are_recorded_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal_middleware, "MOST_AN_HOUR", 3)
    client = client_of(member(organization(), "observer"))
    for _ in range(5):
        assert client.get(reverse("new_finding")).status_code == 403
    assert len(refused()) == 3
