from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tenon.web.rooms import services
from tenon.web.rooms.models import Alert, AlertChoice, EscalationChain, Webhook
from tenon.web.rooms.rules import Action
from tests.web.worlds import client_of, finding, member, organization, step_values, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> tuple[Client, Alert]:
    """Return the browser of somebody whom a hazard was assigned to, and the alert."""
    plant = organization("Plant")
    lead = viewer(member(plant, "coordinator"))
    worker = member(plant, "inspector")
    item = finding(plant, lead)
    for action in (Action.TRIAGE, Action.ASSIGN):
        item = services.move(lead, item, action, step_values(worker.user), item.version)
    return client_of(worker), Alert.objects.get()


def test_the_bell_counts_what_is_unread(told: tuple[Client, Alert]) -> None:
    client, alert = told
    page = client.get(reverse("home")).content.decode()
    assert '<span class="bell">1<' in page
    answer = client.post(reverse("read_alerts"), {"alert": str(alert.pk)})
    assert answer.headers["Location"] == reverse("finding", args=[alert.finding_id])
    page = client.get(reverse("alerts")).content.decode()
    assert "bell" not in page
    assert "Crack in the kiln shell" in page


def test_an_alert_of_somebody_else_is_not_there(told: tuple[Client, Alert]) -> None:
    _client, alert = told
    other = client_of(member(alert.organization, "administrator"))
    assert other.post(reverse("read_alerts"), {"alert": str(alert.pk)}).status_code == 404
    assert other.post(reverse("read_alerts"), {"alert": "nonsense"}).status_code == 404
    other.post(reverse("read_alerts"))
    alert.refresh_from_db()
    assert alert.read is None
    assert "Crack" not in other.get(reverse("alerts")).content.decode()


def test_all_are_marked_as_read(told: tuple[Client, Alert]) -> None:
    client, alert = told
    assert client.post(reverse("read_alerts")).status_code == 302
    alert.refresh_from_db()
    assert alert.read is not None


def test_one_chooses_what_to_be_told() -> None:
    client = client_of(member(organization(), "member"))
    page = client.get(reverse("alert_choices")).content.decode()
    assert "webhook" not in page
    sent = {
        "assigned": ["page", "email"],
        "reported": ["page"],
        "reported_severity": "3",
        "overdue_severity": "1",
        "escalated_severity": "1",
    }
    assert client.post(reverse("alert_choices"), sent).status_code == 302
    chosen = {item.kind: (item.page, item.email, item.severity) for item in AlertChoice.objects.all()}
    assert chosen["assigned"] == (True, True, 1)
    assert chosen["reported"] == (True, False, 3)
    assert chosen["due"] == (False, False, 1)
    assert client.post(reverse("alert_choices"), {**sent, "reported": ["webhook"]}).status_code == 200


def test_a_webhook_shows_its_secret_once() -> None:
    client = client_of(member(organization(), "administrator"))
    answer = client.post(reverse("alert_webhook"), {"url": "https://hooks.example.org/x"})
    assert "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    secret = page.split('class="mono">', 1)[1].split("<", 1)[0]
    assert len(secret) == 64
    assert secret not in client.get(reverse("alert_choices")).content.decode()
    assert client.post(reverse("alert_webhook"), {"url": "https://127.0.0.1/"}).status_code == 200
    assert Webhook.objects.get().url == "https://hooks.example.org/x"
    assert client.post(reverse("alert_webhook"), {"remove": "1"}).status_code == 302
    assert not Webhook.objects.exists()


def test_who_may_not_export_sets_no_webhook_up() -> None:
    client = client_of(member(organization(), "coordinator"))
    assert client.post(reverse("alert_webhook"), {"url": "https://hooks.example.org/x"}).status_code == 403


CHAIN = {"name": "Late", "severity": "3", "remind_hours": "24", "repeats": "2", "wait_1": "2", "escalate_1": "on"}


def test_a_chain_is_set_up_and_ended_from_pages() -> None:
    boss = member(organization("Plant"), "administrator")
    client, address = client_of(boss), reverse("chains_of_organization", args=[boss.organization_id])
    sent = {**CHAIN, "wait_2": "4", "call_2": f"person:{boss.user_id}"}
    assert client.post(address, sent).status_code == 302
    chain = EscalationChain.objects.get()
    assert [step.wait_hours for step in chain.steps.all()] == [2, 4]
    page = client.get(address).content.decode()
    assert "Late" in page
    assert f"calls {boss.user.name}" in page
    assert client.post(address, {**CHAIN, "wait_1": ""}).status_code == 200
    assert client.post(reverse("end_chain", args=[boss.organization_id, chain.pk])).status_code == 302
    assert client.post(reverse("end_chain", args=[boss.organization_id, chain.pk])).status_code == 404


def test_chains_of_others_are_not_there_and_of_ones_own_only_to_be_read() -> None:
    plant = organization("Plant")
    boss = member(plant, "administrator")
    address = reverse("chains_of_organization", args=[plant.pk])
    client_of(boss).post(address, CHAIN)
    chain = EscalationChain.objects.get()
    stranger = client_of(member(organization("Port"), "administrator"))
    reader = client_of(member(plant, "coordinator"))
    end = reverse("end_chain", args=[plant.pk, chain.pk])
    assert (stranger.get(address).status_code, stranger.post(end).status_code) == (404, 404)
    assert reader.get(address).status_code == 200
    assert (reader.post(address, CHAIN).status_code, reader.post(end).status_code) == (403, 403)
    other = member(organization("Other"), "administrator")
    swapped = reverse("end_chain", args=[other.organization_id, chain.pk])
    assert client_of(other).post(swapped).status_code == 404


@pytest.mark.parametrize("name", ["alerts", "alert_choices", "findings_ledger", "findings_map", "findings_imports"])
def test_without_signing_in_there_is_nothing(name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


def test_the_list_of_alerts_asks_no_more_for_more_of_them(
    told: tuple[Client, Alert], django_assert_max_num_queries: object
) -> None:
    client, alert = told
    Alert.objects.bulk_create(
        Alert(
            user_id=alert.user_id, organization_id=alert.organization_id, finding=alert.finding, kind="due", key=str(n)
        )
        for n in range(30)
    )
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a context manager of pytest-django
        client.get(reverse("alerts"))
