from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import PLATFORM
from tests.web.worlds import PASSWORD, person

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(Entry.objects.filter(action__startswith="user.").order_by("number").values_list("action", flat=True))


def test_signing_in_and_out_is_recorded() -> None:
    user, client = person(), Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_logout"))
    assert actions() == ["user.created", "user.signed_in", "user.signed_out"]
    entry = Entry.objects.get(action="user.signed_in")
    assert (entry.user_id, entry.subject_id, len(entry.address)) == (user.pk, str(user.pk), 16)
    assert find_fault(PLATFORM) is None


def test_a_wrong_password_is_recorded_without_what_was_typed() -> None:
    user, client = person(), Client()
    client.post(reverse("account_login"), {"login": user.email, "password": "a wrong sentence"})
    client.post(reverse("account_login"), {"login": "my-secret-password@example.org", "password": "x"})
    known, unknown = Entry.objects.filter(action="user.sign_in_failed").order_by("number")
    assert (known.subject_id, known.user_id) == (str(user.pk), None)
    assert unknown.subject_id == "unknown"
    assert "secret" not in unknown.details
    assert "wrong" not in known.details


def test_a_new_password_is_recorded() -> None:
    user, client = person(), Client()
    client.force_login(user)
    new = "another sentence that nobody guesses"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), sent)
    assert "user.password_changed" in actions()
    assert new not in Entry.objects.get(action="user.password_changed").details


def test_a_second_step_is_recorded_when_it_comes_and_when_it_fails(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.validate_totp_code", lambda _secret, code: code == "123456")
    user, client = person(), Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": "123456"})
    assert "user.second_step_added" in actions()
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert actions()[-1] == "user.second_step_failed"
    details = " ".join(Entry.objects.values_list("details", flat=True))
    assert "secret" not in details
    assert "123456" not in details
