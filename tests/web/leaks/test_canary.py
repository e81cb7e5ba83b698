"""No string that was planted in what somebody must not see comes before their eyes, on whatever way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.config.api import interface
from tenon.web.organizations.bearer import PerToken
from tenon.web.rooms.alert_labels import WISHES
from tenon.web.rooms.alert_rules import AlertKind, Way
from tenon.web.rooms.alert_services import Choice, choose, set_webhook
from tenon.web.rooms.deliveries import deliver
from tenon.web.rooms.ledger_rules import Dimension
from tenon.web.rooms.models import Alert, Delivery
from tenon.web.rooms.rules import Severity
from tenon.web.rooms.selectors import people_for
from tests.web.leaks.crawl import addresses, found_in, linked_pages, page
from tests.web.leaks.planted import Planted, organizations_of
from tests.web.programs import program_of
from tests.web.worlds import client_of, viewer

pytestmark = pytest.mark.django_db
READERS = ("stranger", "neighbor", "partner", "anonymous")


@pytest.mark.parametrize("who", READERS)
def test_no_page_that_links_lead_to_shows_what_is_kept(planted: Planted, who: str) -> None:
    client, secrets = planted.readers()[who]
    leaks = {address: found_in(text, secrets) for address, text in linked_pages(client)}
    assert {address: words for address, words in leaks.items() if words} == {}
    if who != "anonymous":
        assert len(leaks) > 8


# A neighbor sees what any stranger sees; the other ways ask for both.
@pytest.mark.parametrize("who", ["stranger", "partner", "anonymous"])
def test_no_address_shows_what_is_kept_whatever_is_put_into_it(planted: Planted, who: str) -> None:
    client, secrets = planted.readers()[who]
    leaks = {address: found_in(page(client, address), secrets) for address in addresses(planted.identifiers())}
    assert {address: words for address, words in leaks.items() if words} == {}


@pytest.mark.parametrize("who", READERS)
def test_no_answer_to_a_form_shows_what_is_kept(planted: Planted, who: str) -> None:
    """Forms that are refused come back filled, with lists of choices: a place where names are forgotten."""
    client, secrets = planted.readers()[who]
    leaks = {}
    for item in (planted.hidden, planted.shared, planted.open):
        address = reverse("finding", args=[item.pk])
        for action in ("triage", "assign", "eliminate", "verify", "merge", "reopen", "escalate", "nonsense"):
            leaks[address, action] = found_in(page(client, address, {"action": action, "version": 1}), secrets)
    for number, address in enumerate(addresses(planted.identifiers()[:9:2], method="POST")):
        if number % 3 == 0:
            leaks[address, ""] = found_in(page(client, address, {"name_en": "", "email": "x"}), secrets)
    assert {key: words for key, words in leaks.items() if words} == {}


@pytest.mark.parametrize("who", ["stranger", "neighbor", "partner"])
def test_no_search_finds_by_what_is_kept(planted: Planted, who: str) -> None:
    """A hit is an answer, even where the page does not show the word: all but its last sign is searched for."""
    client, secrets = planted.readers()[who]
    ways = [reverse("finding", args=[item.pk]) for item in (planted.hidden, planted.red, planted.shared, planted.open)]
    for word in secrets:
        text = page(client, f"{reverse('findings')}?search={word[:-1]}")
        assert [way for way in ways if way in text] == [], word
    for query in [f"owner={item.pk}" for item in organizations_of(planted)] + [
        "overdue=1",
        "state=open",
        "page=99",
        "severity=4",
    ]:
        assert found_in(page(client, f"{reverse('findings')}?{query}"), secrets) == [], query


def test_counts_do_not_count_what_is_kept(planted: Planted) -> None:
    text = page(client_of(planted.stranger), reverse("findings"))
    assert "eliminated of 2" in text  # the stranger's own, and the one that the community sees


@pytest.mark.parametrize("who", ["stranger", "neighbor", "partner"])
def test_no_answer_to_a_program_shows_what_is_kept(planted: Planted, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerToken, "allow_request", lambda *_: True)
    secrets = planted.readers()[who][1]
    ask = program_of(getattr(planted, who))
    known = interface.get_openapi_schema()["paths"]
    reading = [path.removeprefix("/api/v1") for path, operations in known.items() if "get" in operations]
    parts = {"number": 1, "name": "report.html"}
    paths = {path.format(**{"pk": pk, "task": pk, **parts}) for path in reading for pk in planted.identifiers()}
    assert len(paths) > 400
    leaks = {path: found_in(ask("get", path).content.decode(), secrets) for path in paths}
    assert {path: words for path, words in leaks.items() if words} == {}
    assert ask("get", "/me").status_code == 200


def test_letters_and_the_record_of_others_hold_nothing_of_it(planted: Planted) -> None:
    client, secrets = planted.readers()["stranger"]
    address = reverse("invite_to_organization", args=[planted.stranger.organization_id])
    page(client, address, {"email": "somebody@example.org", "role": 1})
    client.post(reverse("account_reset_password"), {"email": planted.stranger.user.email})
    assert mail.outbox
    for letter in mail.outbox:
        assert found_in(f"{letter.subject}\n{letter.body}", secrets) == []
    chain = f"organization:{planted.stranger.organization_id}"
    assert found_in("".join(Entry.objects.filter(chain=chain).values_list("details", flat=True)), secrets) == []


def test_a_forgotten_list_of_names_would_be_found(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenon.web.rooms.forms.eligible_for", lambda _viewer, finding: people_for(finding))
    client, secrets = planted.readers()["partner"]
    text = page(client, reverse("finding", args=[planted.shared.pk]), {"action": "assign", "version": 1})
    assert planted.worker.user.name in found_in(text, secrets)


def test_what_is_planted_is_there_for_its_owner(planted: Planted) -> None:
    """Else the tests above would prove nothing."""
    client = client_of(planted.lead)
    text = "".join(text for _address, text in linked_pages(client))
    # No link leads to a draft of an import: its sender is sent there.
    text += page(client, reverse("findings_import", args=[planted.others[-1].pk]))
    addresses_of_people = [word for word in planted.secrets if word.startswith("zqmail")] + planted.unlinked
    unseen = {word for word in [*planted.secrets, *planted.kept_back] if word not in text.replace(",", "")}
    assert unseen <= {*addresses_of_people, "12.34", "98.76"}


# Text fields that hold no secret of anybody, each with its reason.
NO_SECRET = {
    "organizations.Organization": "the directory shows every organization to everybody",
    "organizations.Role": "data of the platform, the same for everybody",
    "organizations.Ceiling": "two organizations of the directory and a marking",
    "accounts.User.password": "a digest; no page reads it",
    "accounts.User.language": "a code",
    "organizations.Invitation.token_digest": "a digest",
    "organizations.Token.token_digest": "a digest",
    "organizations.Token.capabilities": "words of the rules",
    "organizations.Share.subject_kind": "a word of the program",
    "organizations.Share.hides": "words of the rules",
    "rooms.FindingEvent.action": "a word of the program",
    "rooms.Webhook.salt": "random; the secret is made of it and the key of the platform",
    "rooms.Alert.key": "a word of the program",
    "rooms.TimerStep.name": "a word of the program",
    "rooms.Equipment.path": "identifiers",
    "rooms.ReportLabel.token_digest": "a digest",
    "rooms.Intake.address": "where a report from a phone came from; no page shows it",
    "rooms.Attachment.sha256": "a digest",
    "rooms.Attempt.key": "digests and addresses of networks; no page reads it",
    "rooms.RoomTask.told": "a word of the program",
    "rooms.RoomEntry.change": "a word of the program",
    "runs.Job.kind": "a word of the program",
    "runs.Job.queue": "a word of the program",
    "runs.Job.idempotency_key": "an identifier and a random word",
    "runs.Job.stage": "a word of the program",
    "runs.ChainFile.digest": "a digest",
    "audit.Chain": "identifiers and digests",
    "audit.DailyRoot": "digests and counts",
    **{
        f"audit.Entry.{name}": "words of the program, identifiers, digests, addresses of networks"
        for name in ("chain", "request_id", "address", "action", "subject_kind", "subject_id", "previous", "digest")
    },
    "interface.Answer.request": "a digest",
    "interface.Answer.headers": "no text of people",
}
_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
PLATFORM = ("accounts", "organizations", "rooms", "runs", "audit", "interface")


def test_every_text_field_holds_a_secret_or_has_its_reason(planted: Planted) -> None:
    bare, needless = [], []
    for model in (model for app in PLATFORM for model in apps.get_app_config(app).get_models()):
        for field in model._meta.concrete_fields:
            if isinstance(field, _TEXTS) and not field.choices:
                name = f"{model._meta.app_label}.{model.__name__}"
                excused = name in NO_SECRET or f"{name}.{field.name}" in NO_SECRET
                values = model._default_manager.values_list(field.name, flat=True)
                sown = any("zq" in str(bytes(value) if isinstance(value, memoryview) else value) for value in values)
                bare += [] if sown or excused else [f"{name}.{field.name}"]
                needless += [f"{name}.{field.name}"] if sown and f"{name}.{field.name}" in NO_SECRET else []
    assert (bare, needless) == ([], [])
    assert len(planted.secrets) > 60


@pytest.mark.parametrize("who", ["stranger", "neighbor", "partner"])
def test_no_export_shows_what_is_kept(planted: Planted, who: str) -> None:
    """Tables, messages of the alerting protocol, splits of the ledger with their charts, and the map."""
    client, secrets = planted.readers()[who]
    ways: list[tuple[str, dict[str, str] | None]] = [
        *((reverse("export_findings"), {"owner": str(item.pk)}) for item in organizations_of(planted)),
        (reverse("export_findings"), {}),
        *((reverse("export_finding", args=[pk]), {}) for pk in planted.identifiers()),
        *((f"{reverse('findings_ledger')}?by={by.value}", None) for by in Dimension),
        (reverse("findings_map"), None),
    ]
    texts = {(way, str(form)): page(client, way, form) for way, form in ways}
    assert {way: words for way, text in texts.items() if (words := found_in(text, secrets))} == {}
    assert planted.open.title in "".join(texts.values())


def test_no_letter_and_no_message_to_a_program_shows_what_is_kept(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wants to be told everything, by every way, of findings that they see in part or not at all."""
    sent: list[str] = []
    monkeypatch.setattr("tenon.web.rooms.webhooks.post", lambda *arguments, **named: sent.append(f"{arguments}{named}"))
    everything = {kind: Choice(frozenset(Way), Severity.MINOR) for kind in WISHES}
    outsiders = {"partner": planted.partner, "neighbor": planted.neighbor, "stranger": planted.stranger}
    for reader in outsiders.values():
        set_webhook(viewer(reader), "https://hooks.example.org/all")
        choose(viewer(reader), everything)
        for about in (planted.hidden, planted.red, planted.shared, planted.open):
            for way in (Way.EMAIL, Way.WEBHOOK):
                told, _new = Alert.objects.get_or_create(
                    user=reader.user,
                    finding=about,
                    kind=AlertKind.REPORTED,
                    key="told",
                    organization=reader.organization,
                )
                Delivery.objects.create(alert=told, way=way)
    deliver(timezone.now() + timedelta(days=1))
    letters = [f"{letter.to} {letter.subject}\n{letter.body}" for letter in mail.outbox]
    for name, reader in outsiders.items():
        secrets = planted.readers()[name][1]
        mine = [letter for letter in letters if reader.user.email in letter]
        assert found_in("\n".join(mine), secrets) == [], name
    assert found_in("\n".join(sent), [*planted.secrets, *planted.kept_back]) == []
    assert letters
    assert sent


def test_no_error_page_shows_what_is_kept(planted: Planted) -> None:
    client, secrets = planted.readers()["stranger"]
    for address in (
        "/nothing",
        f"/findings/{planted.hidden.pk}/",
        f"/findings/{planted.open.pk}/comment/",
        "/findings/?page=%00",
    ):
        for form in (None, {"note": "x"}):
            assert found_in(page(client, address, form), secrets) == [], address


def test_a_visitor_is_asked_to_sign_in(planted: Planted) -> None:
    assert Client().get(reverse("finding", args=[planted.open.pk])).status_code == 302
