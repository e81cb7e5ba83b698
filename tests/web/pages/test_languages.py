"""No page mixes languages: texts of ours, of Django and of allauth are all in the one that the page is in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tenon.web.accounts.models import User
from tests.web.crawling import LANGUAGES, crawled, speaking
from tests.web.texts import foreign, foreign_in, own_words, words_of_people
from tests.web.worlds import PASSWORD, client_of, finding, member, organization, person, protect, viewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_before_signing_in_mixes_languages(language: str) -> None:
    for address, page in crawled(speaking(Client(), language)):
        assert foreign(page, language) == [], address


def test_the_check_finds_what_it_is_for() -> None:
    page = (
        '<html lang="zh-Hans"><p>隐患 open</p><p title="Close">关闭</p><b lang="en">English</b><i class="mono">code</i>'
    )
    assert foreign(page, "zh-hans") == ["open", "Close"]
    assert foreign("<html lang='en'><p>Open 隐患 by 陈宇，late</p>", "en", own_words(["陈宇"])) == ["隐患", "，"]


# Where something is sent that is refused: the name of the page, and what is sent.
REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("account_change_password", {}),
    ("account_change_password", {"oldpassword": "wrong", "password1": "short", "password2": "other"}),
    ("account_change_password", {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"}),
    ("account_reauthenticate", {"password": "wrong"}),
    ("mfa_reauthenticate", {"code": "000000"}),
    ("mfa_deactivate_totp", {}),
    ("mfa_generate_recovery_codes", {}),
    ("new_finding", {}),
    (
        "new_finding",
        {"title": "x" * 200, "level": "x", "severity": "9", "cost": "-1", "latitude": "91", "marking": "x"},
    ),
    ("new_finding", {"cost": "1.234", "latitude": "x", "longitude": "-181"}),
    ("new_group", {}),
    ("new_organization", {"country": "c", "administrator": "nobody", "latitude": "north"}),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "sent"), REFUSED)
def test_no_refusal_mixes_languages(language: str, name: str, sent: dict[str, Any]) -> None:
    who = member(organization("Works"), "administrator")
    who.user.is_operator = True
    who.user.save()
    client = speaking(client_of(who), language)
    answer = client.post(reverse(name), sent, follow=True)
    assert answer.status_code in {200, 403}
    assert foreign(answer.content.decode(), language, words_of_people()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_is_refused_in_one_language(language: str) -> None:
    known = person()
    client = speaking(Client(), language)
    for sent in ({}, {"login": "nobody", "password": ""}, {"login": known.email, "password": "wrong"}):
        answer = client.post(reverse("account_login"), sent)
        assert foreign(answer.content.decode(), language, words_of_people()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_code_is_refused_in_one_language(language: str) -> None:
    known = person()
    protect(known)
    client = speaking(Client(), language)
    answer = client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
    for code in ("", "000000"):
        answer = client.post(reverse("mfa_authenticate"), {"code": code})
        assert foreign(answer.content.decode(), language, words_of_people()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_and_the_second_step_speak_one_language(language: str) -> None:
    known = person()
    client = speaking(Client(), language)
    pages = [client.post(reverse("account_login"), {"login": known.email, "password": PASSWORD}, follow=True)]
    pages.append(client.get(reverse("mfa_activate_totp"), follow=True))
    pages.append(client.post(pages[-1].redirect_chain[-1][0], {"password": PASSWORD}, follow=True))
    pages.append(client.post(reverse("mfa_activate_totp"), {"code": "000000"}))
    new = {"oldpassword": PASSWORD, "password1": PASSWORD * 2, "password2": PASSWORD * 2}
    pages.append(client.post(reverse("account_change_password"), new, follow=True))
    pages.append(client.post(reverse("account_logout"), follow=True))
    for answer in pages:
        assert answer.status_code == 200
        assert foreign(answer.content.decode(), language, words_of_people()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_step_is_refused_in_one_language(language: str) -> None:
    works = organization("Works")
    who = member(works, "coordinator")
    client = speaking(client_of(who), language)
    there = finding(works, viewer(who))
    for version in ("1", "7"):
        sent = {"action": "triage", "version": version, "severity": "9"}
        answer = client.post(reverse("finding", args=[there.pk]), sent)
        assert foreign(answer.content.decode(), language, words_of_people()) == []
    answer = client.post(reverse("comment_finding", args=[there.pk]), {"note": ""}, follow=True)
    assert foreign(answer.content.decode(), language, words_of_people()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_speak_one_language(language: str) -> None:
    works = organization("Works")
    client = speaking(client_of(member(works, "administrator")), language)
    client.post(reverse("account_reset_password"), {"email": User.objects.get().email})
    client.post(reverse("new_group"), {"name_en": "Sea"})
    role = str(member(works, "observer").role_id)
    client.post(reverse("invite_to_organization", args=[works.pk]), {"email": "new@example.org", "role": role})
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert foreign_in(f"{letter.subject}\n{letter.body}", language, words_of_people()) == []
