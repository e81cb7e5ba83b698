"""Sessions, passwords, cookies and heads: what stands between a visitor and an account."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenon.web.accounts.services import close_account, create_user
from tenon.web.audit.rules import Actor
from tests.web.worlds import PASSWORD, client_of, finding, member, organization, person, protect, viewer

pytestmark = pytest.mark.django_db
LONG = " " + "two spaces  and a very long sentence, " * 4 + "Größe 船 "


def signed_in(email: str, password: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(reverse("account_login"), {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("home")).status_code == 200


def test_every_answer_says_what_it_is() -> None:
    plant = organization()
    lead = member(plant, "administrator")
    item = finding(plant, viewer(lead))
    client = client_of(lead)
    answers = [
        client.get(way) for way in ("/", "/findings/", "/nothing", "/health", "/api/v1/me", "/api/v1/openapi.json")
    ]
    answers += [client.post(reverse("export_finding", args=[item.pk])), client.post(reverse("export_findings"))]
    for answer in answers:
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "object-src 'none'" in answer["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer
        kind = answer["Content-Type"]
        assert "json" in kind or "charset=utf-8" in kind


def test_cookies_are_kept_from_scripts_and_other_sites() -> None:
    user = person()
    client = signed_in(user.email, PASSWORD)
    client.post(reverse("switch_language"), {"language": "zh-hans"})
    assert len(client.cookies) >= 2
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


def test_browsers_keep_no_page_of_somebody_who_signed_in() -> None:
    client = client_of(member(organization(), "administrator"))
    assert all("no-store" in client.get(way)["Cache-Control"] for way in ("/", "/findings/", "/nothing", "/record/"))
    assert "Cache-Control" not in Client().get("/health")


def test_signing_out_is_on_every_page() -> None:
    client = client_of(member(organization(), "administrator"))
    for way in ("/", "/findings/", "/nothing", reverse("usersessions_list")):
        assert f'action="{reverse("account_logout")}"' in client.get(way).content.decode()


def test_a_session_is_new_after_signing_in() -> None:
    user, client = person(), Client()
    client.get(reverse("account_login"))
    signed_in(user.email, PASSWORD, client)
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert re.fullmatch(r"[a-z0-9]{32,}", first)
    client.post(reverse("account_logout"))
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = first
    assert not is_in(stolen)
    signed_in(user.email, PASSWORD, client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != first


def test_a_session_ends_after_its_longest_time() -> None:
    user = person()
    client = signed_in(user.email, PASSWORD)
    assert is_in(client)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=11) < left <= timedelta(hours=12)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)


def test_a_closed_account_has_no_session() -> None:
    user = person()
    client = signed_in(user.email, PASSWORD)
    close_account(Actor(), user)
    assert not is_in(client)
    assert not is_in(signed_in(user.email, PASSWORD))


def test_a_long_password_with_spaces_counts_to_its_end() -> None:
    user = create_user(Actor(), "long@example.org", "Long", LONG)
    assert is_in(signed_in(user.email, LONG))
    for other in (LONG.strip(), LONG[:-1], LONG.lower(), LONG[:72]):
        assert not is_in(signed_in(user.email, other))


def test_guessing_a_password_is_slowed_down() -> None:
    user = person()
    for _ in range(12):
        signed_in(user.email, "a wrong sentence")
    assert not is_in(signed_in(user.email, PASSWORD))


def test_a_new_password_by_letter_does_not_go_around_the_second_step() -> None:
    user = person()
    protect(user)
    client = signed_in(user.email, PASSWORD)
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_passwords_are_typed_unseen_and_can_be_pasted() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    (field,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


def test_passwords_are_stored_by_a_slow_function() -> None:
    from tenon.web.config import settings as written

    assert written.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "PASSWORD_HASHERS", written.PASSWORD_HASHERS)
        assert get_hasher("argon2").algorithm == "argon2"


def test_codes_of_the_second_step_are_long_and_count_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.mfa import app_settings
    from allauth.mfa.totp.internal import auth

    assert app_settings.RECOVERY_CODE_COUNT >= 10
    assert app_settings.RECOVERY_CODE_DIGITS >= 8
    assert app_settings.TOTP_PERIOD == 30
    user = person()
    protect(user)
    monkeypatch.setattr(auth, "validate_totp_code", lambda _secret, code: code == "123456")
    first = signed_in(user.email, PASSWORD)
    first.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert is_in(first)
    second = signed_in(user.email, PASSWORD)
    second.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert not is_in(second)
