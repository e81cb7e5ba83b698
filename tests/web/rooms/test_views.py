from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import FindingState
from tests.web.worlds import FIELDS, client_of, finding, member, organization, viewer

pytestmark = pytest.mark.django_db


def test_a_hazard_is_reported_and_judged_from_pages() -> None:
    plant = organization("Plant")
    lead = member(plant, "coordinator")
    client = client_of(lead)
    sent = {**FIELDS, "marking": "TLP:AMBER", "reach": "organization"}
    answer = client.post(reverse("new_finding"), sent)
    item = Finding.objects.get()
    assert answer.headers["Location"] == reverse("finding", args=[item.pk])
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Crack in the kiln shell" in page
    judged = {"action": "triage", "version": 1, "severity": 3, "urgency": 2, "note": ""}
    assert client.post(reverse("finding", args=[item.pk]), judged).status_code == 302
    assert Finding.objects.get().state == FindingState.TRIAGED
    assert "1 2" not in page


def test_a_form_with_a_mistake_comes_back_with_what_was_entered() -> None:
    client = client_of(member(organization(), "coordinator"))
    answer = client.post(reverse("new_finding"), {**FIELDS, "title": "", "marking": "TLP:AMBER", "reach": "community"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Seen at the second tyre" in page
    assert "This field is required" in page
    assert not Finding.objects.exists()


def test_two_people_at_once_lose_nothing() -> None:
    plant = organization("Plant")
    client = client_of(member(plant, "coordinator"))
    item = finding(plant)
    judged = {"action": "triage", "version": 1, "severity": 3, "urgency": 2, "note": "first"}
    client.post(reverse("finding", args=[item.pk]), judged)
    again = client.post(reverse("finding", args=[item.pk]), {**judged, "note": "second, typed with care"})
    assert again.status_code == 409
    assert "second, typed with care" in again.content.decode()


def test_what_is_not_visible_is_not_there() -> None:
    item = finding(organization("Plant"), title="Secret crack")
    stranger = client_of(member(organization("Port"), "administrator"))
    for name in ("finding", "comment_finding", "share_finding", "reach_of_finding"):
        method = stranger.get if name == "finding" else stranger.post
        answer = method(reverse(name, args=[item.pk]))
        assert answer.status_code == 404, name
        assert "Secret crack" not in answer.content.decode()
    assert "Secret crack" not in stranger.get(reverse("findings")).content.decode()
    assert "Secret crack" not in stranger.get(reverse("findings"), {"search": "Secret"}).content.decode()


def test_without_signing_in_there_is_nothing() -> None:
    item = finding(organization("Plant"))
    for name, arguments in (("findings", []), ("finding", [item.pk]), ("new_finding", [])):
        answer = Client().get(reverse(name, args=arguments))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_ceiling_of_queries_of_a_list_does_not_grow_with_its_rows(django_assert_max_num_queries: object) -> None:
    plant = organization("Plant")
    lead = member(plant, "coordinator")
    client, by = client_of(lead), viewer(lead)
    for _ in range(20):
        finding(plant, by)
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a context manager of pytest-django
        client.get(reverse("findings"))


def test_a_step_is_refused_before_its_form_is_looked_at() -> None:
    """Whoever may only read learns that, and not what a step would need."""
    plant = organization("Plant")
    made = finding(plant, reach="community", marking="TLP:GREEN")
    reader = client_of(member(organization("Neighbor"), "administrator"))
    answer = reader.post(reverse("finding", args=[made.pk]), {"action": "assign", "version": made.version})
    assert answer.status_code == 403
