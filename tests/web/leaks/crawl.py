"""Go through every page that a browser can reach, and through every address with everything there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import islice, product
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter
from django.urls.resolvers import URLPattern, URLResolver

from tests.web.matrix.endpoints import OPEN
from tests.web.matrix.everything import ENDPOINTS

# Where following a link changes who looks.
_LEAVE = {"account_logout"}
_LINK = re.compile(r'\b(?:href|action|src|hx-get)="([^"#]*)')
_MOST = 400
_PAIR = 2
# What stands in addresses besides identifiers: numbers of reports, and kinds of studies.
_FITTING: dict[type, list[object]] = {
    IntConverter: [1],
    SlugConverter: ["chain-stress", "chain-outage", "table-stress"],
}


def linked_pages(client: Client, start: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the pages that links lead to, each once, with their text."""
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop()
        text = page(client, address)
        yield address, text
        for link in _LINK.findall(text):
            target = urljoin(address, unescape(link))
            parts = urlsplit(target)
            if not parts.netloc and not parts.path.startswith("/static/") and target not in seen:
                assert len(seen) < _MOST, "links never end: a page leads to ever new addresses"
                seen.add(target)
                waiting.append(target)


def addresses(identifiers: list[object], *, method: str = "GET") -> Iterator[str]:
    """Yield every named address with every identifier in every place; those of two parts with every 31st pair.

    Addresses that do not answer the method are left out: the matrix knows them.
    """
    answering = {endpoint.name for endpoint in ENDPOINTS if endpoint.method == method} | set(OPEN)
    for name, pattern in patterns(get_resolver()):
        takes = list(pattern.pattern.converters.values())
        if name in _LEAVE or name not in answering or "uidb36" in pattern.pattern.converters:
            continue
        fitting = [_FITTING.get(type(item), identifiers) for item in takes]
        step = 1 if len(takes) < _PAIR else 31  # no multiple of it is the number of identifiers: all come up
        for chosen in islice(product(*fitting), 0, None, step):
            yield reverse(name, args=chosen)


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield the addresses of the platform, each with its whole name."""
    for item in resolver.url_patterns:
        if isinstance(item, URLPattern):
            yield f"{before}{item.name}", item
        else:
            yield from patterns(item, f"{before}{item.namespace}:" if item.namespace else before)


def page(client: Client, address: str, form: Mapping[str, object] | None = None) -> str:
    """Return the text that a browser gets, and the headers with it."""
    answer = client.get(address) if form is None else client.post(address, dict(form), follow=True)
    assert answer.status_code < 500, address
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.getvalue().decode(errors='replace')}\n{headers}"


def found_in(text: str, words: list[str]) -> list[str]:
    """Return the words that stand in a text, whatever signs group the digits of numbers."""
    # The seconds of a time look like a planted latitude once in a while.
    timeless = re.sub(r":\d\d\.\d+", "", unescape(text))
    plain = timeless.replace(",", "").replace("\u00a0", "").replace("\u202f", "")
    return [word for word in words if word in plain]
