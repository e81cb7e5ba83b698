"""No string that was planted in what somebody must not see comes before their eyes, on whatever way."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenon.web.audit.models import Entry
from tenon.web.config.api import interface
from tenon.web.organizations.bearer import PerToken
from tenon.web.rooms.selectors import people_for
from tests.web.leaks.crawl import addresses, found_in, linked_pages, page
from tests.web.leaks.planted import Planted, organizations_of
from tests.web.programs import program_of
from tests.web.worlds import client_of

pytestmark = pytest.mark.django_db
READERS = ("stranger", "neighbor", "partner", "anonymous")


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.mark.parametrize("who", READERS)
def test_no_page_that_links_lead_to_shows_what_is_kept(planted: Planted, who: str) -> None:
    client, secrets = planted.readers()[who]
    leaks = {address: found_in(text, secrets) for address, text in linked_pages(client)}
    assert {address: words for address, words in leaks.items() if words} == {}
    if who != "anonymous":
        assert len(leaks) > 8


@pytest.mark.parametrize("who", READERS)
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
    for number, address in enumerate(addresses(planted.identifiers()[:9:2])):
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
    addresses_of_people = [word for word in planted.secrets if word.startswith("zqmail")]
    unseen = {word for word in [*planted.secrets, *planted.kept_back] if word not in text.replace(",", "")}
    assert unseen <= {*addresses_of_people, "12.34", "98.76"}


def test_a_visitor_is_asked_to_sign_in(planted: Planted) -> None:
    assert Client().get(reverse("finding", args=[planted.open.pk])).status_code == 302
