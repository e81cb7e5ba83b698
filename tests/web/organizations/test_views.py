from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenon.web.accounts.models import User
from tenon.web.organizations.models import Membership, Organization, SharingGroup
from tests.web.worlds import PASSWORD, client_of, member, organization, person, protect

pytestmark = pytest.mark.django_db


def test_from_founding_to_the_first_sign_in() -> None:
    operator = person("Operator")
    User.objects.filter(pk=operator.pk).update(is_operator=True)
    client = Client()
    client.force_login(operator)
    sent = {
        "name_en": "Port of Somewhere",
        "name_zh": "某港",
        "kind": "port",
        "level": "group",
        "country": "SG",
        "administrator": "chief@example.org",
    }
    assert client.post(reverse("new_organization"), sent).status_code == 302
    (letter,) = mail.outbox
    found = re.search(r"http://testserver(/join/\S+/)", str(letter.body))
    assert found is not None
    fresh = Client()
    assert "Port of Somewhere" in fresh.get(found[1]).content.decode()
    refused = fresh.post(found[1], {"name": "Chief", "password": "short"})
    assert "too short" in refused.content.decode()
    assert fresh.post(found[1], {"name": "Chief", "password": PASSWORD}).status_code == 302
    assert fresh.get(found[1]).status_code == 404
    signed_in = fresh.post(reverse("account_login"), {"login": "chief@example.org", "password": PASSWORD})
    assert signed_in.status_code == 302
    home = fresh.get(reverse("home")).content.decode()
    assert "Port of Somewhere" in home
    assert "rest until you sign in with a second step" in home


def test_only_operators_found_organizations() -> None:
    client = client_of(member(organization(), "administrator"))
    assert client.get(reverse("new_organization")).status_code == 403
    assert client.post(reverse("new_organization"), {}).status_code == 403


def test_organizations_of_others_are_not_there() -> None:
    other = organization("Other")
    theirs = member(other, "member")
    client = client_of(member(organization("Works"), "administrator"))
    for name in ("organization", "invite_to_organization", "ceiling_of_organization", "new_organization_below"):
        assert client.get(reverse(name, args=[other.pk])).status_code == 404, name
    assert client.post(reverse("membership", args=[theirs.pk]), {"change": "ended"}).status_code == 404
    assert Membership.objects.get(pk=theirs.pk).state == "active"


def test_the_directory_shows_others_without_a_way_in() -> None:
    other = organization("Other")
    page = client_of(member(organization("Works"), "member")).get(reverse("organizations")).content.decode()
    assert "Other" in page
    assert reverse("organization", args=[other.pk]) not in page


def test_an_administrator_runs_an_organization_from_its_page() -> None:
    works = organization("Works")
    admin, worker = member(works, "administrator"), member(works, "member")
    client = client_of(admin)
    assert "Suspend" in client.get(reverse("organization", args=[works.pk])).content.decode()
    client.post(reverse("membership", args=[worker.pk]), {"change": "suspended"})
    assert Membership.objects.get(pk=worker.pk).state == "suspended"
    client.post(reverse("membership", args=[worker.pk]), {"change": "active"})
    client.post(reverse("membership", args=[worker.pk]), {"role": "inspector"})
    assert Membership.objects.get(pk=worker.pk).role.key == "inspector"
    below = {"name_en": "Kiln", "kind": "manufacturer", "level": "unit", "country": "CN"}
    client.post(reverse("new_organization_below", args=[works.pk]), below)
    assert Organization.objects.get(name_en="Kiln").parent == works
    client.post(reverse("invite_to_organization", args=[works.pk]), {"email": "a@example.org", "role": worker.role_id})
    assert mail.outbox[0].to == ["a@example.org"]


def test_somebody_acts_for_one_organization_at_a_time() -> None:
    works, port = organization("Works"), organization("Port")
    both = member(works, "member")
    member(port, "observer", both.user)
    client = client_of(both)
    assert "Works" in client.get(reverse("home")).content.decode()
    client.post(reverse("act_for"), {"organization": str(port.pk)})
    assert "<h1>Port</h1>" in client.get(reverse("home")).content.decode()
    stranger = organization("Stranger")
    assert client.post(reverse("act_for"), {"organization": str(stranger.pk)}).status_code == 404
    assert client.post(reverse("act_for"), {"organization": "nonsense"}).status_code == 404


def test_a_group_is_made_and_filled_from_pages() -> None:
    works, port = organization("Works"), organization("Port")
    client = client_of(member(works, "administrator"))
    made = client.post(reverse("new_group"), {"name_en": "Nickel", "open_history": "on"})
    group = SharingGroup.objects.get()
    assert made.headers["Location"] == reverse("group", args=[group.pk])
    client.post(reverse("group", args=[group.pk]), {"organization": str(port.pk)})
    assert "Port" in client.get(reverse("group", args=[group.pk])).content.decode()
    partner = client_of(member(port, "administrator"))
    assert partner.get(reverse("group", args=[group.pk])).status_code == 200
    partner.post(reverse("group", args=[group.pk]), {"leave": str(port.pk)})
    assert partner.get(reverse("group", args=[group.pk])).status_code == 404
    assert client_of(member(organization("X"))).get(reverse("group", args=[group.pk])).status_code == 404


def test_the_record_is_read_by_auditors_alone() -> None:
    works = organization("Works")
    assert client_of(member(works, "coordinator")).get(reverse("record")).status_code == 403
    page = client_of(member(works, "auditor")).get(reverse("record")).content.decode()
    assert "membership.began" in page


def test_without_the_second_step_an_administrator_reads_only() -> None:
    works = organization("Works")
    admin = member(works, "administrator")
    client = Client()
    client.force_login(admin.user)
    assert client.get(reverse("invite_to_organization", args=[works.pk])).status_code == 403
    protect(admin.user)
    assert client.get(reverse("invite_to_organization", args=[works.pk])).status_code == 200


def test_people_are_not_told_apart_by_addresses() -> None:
    """Whether an address has an account is not said to whoever asks for a new password."""
    known = person()
    answers = [
        Client().post(reverse("account_reset_password"), {"email": address})
        for address in (known.email, "x@example.org")
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
