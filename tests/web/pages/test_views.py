from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse

from tenon.web.pages import views
from tests.web.worlds import client_of, member, organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return client_of(member(organization("Works"), "administrator"))


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "findings",
        "new_finding",
        "organizations",
        "groups",
        "new_group",
        "record",
        "mfa_index",
        "usersessions_list",
    ],
)
def test_pages_are_strict_about_what_they_load(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert re.findall(r'\b(?:src|href|action)="(?:https?:)?//', page) == []
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=\"", page)
    assert page.count("<h1>") == 1


@pytest.mark.parametrize("name", ["home", "findings", "organizations"])
def test_every_field_has_a_label(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' in field:
            continue
        identifier = re.search(r'\bid="([^"]+)"', field)
        inside = re.search(r"<label>[^<]*" + re.escape(field), page)
        assert inside or (identifier and identifier[1] in labelled), field


def test_nothing_and_not_yours_look_alike(client: Client) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "or nothing that you may see" in answer.content.decode()


def test_an_error_page_needs_nothing_that_may_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("no templates")

    monkeypatch.setattr(views, "render", broken)
    answer = views.failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Nothing that was confirmed is lost" in answer.content


def test_a_form_from_elsewhere_is_not_accepted() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_the_language_is_switched_for_good(client: Client) -> None:
    answer = client.post(reverse("switch_language"), {"language": "zh-hans", "next": reverse("findings")})
    assert answer.headers["Location"] == reverse("findings")
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"
    assert '<html lang="zh-Hans">' in client.get(reverse("findings")).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/", "//evil.example.org", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    answer = client.post(reverse("switch_language"), {"language": "en", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_a_file_that_is_not_there_is_named() -> None:
    template = engines["django"].from_string("{% load pages %}{% asset 'nothing.js' %}")
    with pytest.raises(Exception, match=r"no static file 'nothing\.js'"):
        template.render({})


def test_health_says_that_the_database_answers() -> None:
    answer = Client().get(reverse("health"))
    assert answer.json()["state"] == "ok"
