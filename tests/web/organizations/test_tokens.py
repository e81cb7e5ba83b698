from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenon.web.accounts.services import close_account
from tenon.web.audit.models import Entry
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services, token_services
from tenon.web.organizations.models import Token
from tenon.web.organizations.rules import Capability, MembershipState
from tests.web.programs import Program, program_of, secret_of
from tests.web.worlds import PASSWORD, client_of, finding, member, organization, protect, viewer

pytestmark = pytest.mark.django_db


def test_a_token_is_kept_as_its_digest_alone() -> None:
    secret = secret_of(member(organization()))
    stored = Token.objects.get()
    assert secret.startswith("tenon_")
    assert secret not in str(vars(stored))
    assert Entry.objects.get(action="token.made").details.find(secret) == -1


@pytest.mark.parametrize("wrong", ["", "tenon_wrong", "tenon_\0", "ü" * 50, "x" * 4000])
def test_without_a_token_that_counts_there_is_nothing(wrong: str) -> None:
    answer = Program(wrong)("get", "/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_cookie_of_a_session_counts_for_nothing() -> None:
    lead = member(organization(), "administrator")
    assert client_of(lead).get("/api/v1/me").status_code == 401
    assert client_of(lead).post("/api/v1/findings", {}, content_type="application/json").status_code == 401


def test_nobody_gives_a_token_more_than_they_may() -> None:
    who = viewer(member(organization(), "member"))
    with pytest.raises(PermissionDenied, match="more than they may"):
        token_services.make_token(who, "x", {Capability.AUDIT}, 30)
    with pytest.raises(ValidationError, match="one of the times"):
        token_services.make_token(who, "x", {Capability.READ}, 3000)
    with pytest.raises(ValidationError, match="allows something"):
        token_services.make_token(who, "x", set(), 30)
    with pytest.raises(ValidationError, match="cannot be blank"):
        token_services.make_token(who, " ", {Capability.READ}, 30)


def test_a_person_has_a_few_tokens_and_no_more() -> None:
    who = viewer(member(organization(), "member"))
    for _ in range(token_services.MOST):
        token_services.make_token(who, "x", {Capability.READ}, 30)
    with pytest.raises(ValidationError, match="Revoke one first"):
        token_services.make_token(who, "x", {Capability.READ}, 30)


def test_a_token_ends_with_the_membership_though_the_person_stays_elsewhere() -> None:
    plant, port = organization("Plant"), organization("Port")
    lead = member(plant, "coordinator")
    member(port, "coordinator", lead.user)
    secret_finding = finding(port)
    program = program_of(lead)
    assert program("get", "/me").json()["organization"]["id"] == str(plant.pk)
    boss = viewer(member(plant, "administrator"))
    services.move_membership(boss, lead, MembershipState.SUSPENDED)
    assert program("get", "/me").status_code == 401
    assert program("get", f"/findings/{secret_finding.pk}").status_code == 401
    services.move_membership(boss, lead, MembershipState.ACTIVE)
    assert program("get", "/me").status_code == 200
    services.move_membership(boss, lead, MembershipState.ENDED)
    assert program("get", "/me").status_code == 401


def test_a_token_follows_the_role_and_the_second_step() -> None:
    plant = organization()
    lead = member(plant, "administrator")
    program = program_of(lead)
    assert "audit" in program("get", "/me").json()["capabilities"]
    Authenticator.objects.filter(user=lead.user).delete()
    assert "audit" not in program("get", "/me").json()["capabilities"]
    protect(lead.user)
    close_account(Actor(), lead.user)
    assert program("get", "/me").status_code == 401


def test_a_token_ends_with_its_time_and_when_it_is_taken_back() -> None:
    lead = member(organization())
    program = program_of(lead)
    Token.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert program("get", "/me").status_code == 401
    other = program_of(lead)
    token_services.revoke_token(viewer(lead), Token.objects.get(expires__gt=timezone.now()))
    assert other("get", "/me").status_code == 401
    assert Entry.objects.filter(action="token.revoked").count() == 1


def test_using_a_token_writes_once_an_hour(django_assert_max_num_queries: object) -> None:
    program = program_of(member(organization()))
    program("get", "/me")
    used = Token.objects.get().used
    assert used is not None
    assert (used.minute, used.second) == (0, 0)
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # a context manager of pytest-django
        program("get", "/me")


def test_the_record_names_the_token() -> None:
    plant = organization()
    program = program_of(member(plant, "coordinator"))
    item = finding(plant)
    program("post", f"/findings/{item.pk}/comments", {"note": "x"})
    assert Entry.objects.get(action="finding.comment").request_id.startswith(Token.objects.get().pk.hex)


def signed_in() -> Client:
    lead = member(organization("Plant"), "coordinator")
    client = Client()
    client.post(reverse("account_login"), {"login": lead.user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def test_a_token_is_made_on_a_page_shown_once_and_taken_back() -> None:
    client = signed_in()
    page = client.post(reverse("new_token"), {"name": "Reports", "scope": ["read", "report"], "days": 7})
    found = re.search(r"tenon_[\w-]+", page.content.decode())
    assert found is not None
    assert page["Cache-Control"] == "no-store"
    program = Program(found[0])
    assert program("get", "/me").json()["capabilities"] == ["read", "report"]
    listed = client.get(reverse("tokens")).content.decode()
    assert "Reports" in listed
    assert found[0] not in listed
    client.post(reverse("revoke_token", args=[Token.objects.get().pk]))
    assert program("get", "/me").status_code == 401
    assert "Reports" not in client.get(reverse("tokens")).content.decode()


def test_the_form_offers_only_what_the_role_allows() -> None:
    client = signed_in()
    answer = client.post(reverse("new_token"), {"name": "x", "scope": ["administer"], "days": 7})
    assert answer.status_code == 200
    assert not Token.objects.exists()


def test_making_a_token_asks_for_the_password_again() -> None:
    answer = client_of(member(organization())).get(reverse("new_token"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_nobody_takes_back_the_token_of_another() -> None:
    secret_of(member(organization("Plant")))
    stranger = member(organization("Port"))
    token = Token.objects.get()
    assert client_of(stranger).post(reverse("revoke_token", args=[token.pk])).status_code == 404
    with pytest.raises(PermissionDenied, match="somebody else's"):
        token_services.revoke_token(viewer(stranger), token)
