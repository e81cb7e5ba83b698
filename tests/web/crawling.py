"""A visitor who opens every page that can be reached, in one language."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.web.texts import links

LANGUAGES = ["en", "zh-hans"]


def speaking(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def named_pages() -> list[str]:
    """List the addresses of all pages that need no argument, but for the one that ends the session."""
    names = {name for name in _names(get_resolver().url_patterns) if name != "account_logout"}
    addresses = []
    for name in sorted(names):
        try:
            addresses.append(reverse(name))
        except NoReverseMatch:
            continue
    return addresses


def _names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def crawled(client: Client, most: int = 300) -> Iterator[tuple[str, str]]:
    """Open every page that is reached from the named ones; yield address and content."""
    waiting = named_pages()
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code < 500, address
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        page = answer.content.decode()
        yield address, page
        for link in links(page):
            if link.startswith("/") and link not in seen and len(seen) < most:
                seen.add(link)
                waiting.append(link)
