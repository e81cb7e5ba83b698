"""What people enter is shown as text: never a part of the page, of a file or of a letter."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from tenon.web.rooms import services
from tests.web.worlds import client_of, finding, member, organization, room, viewer

pytestmark = pytest.mark.django_db
TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "{{ 7*7 }}{% debug %}",
    "**bold** [link](javascript:alert(1))",
    "%(name)s %s {0} ${x}",
    "]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
)
_LIVE = ("<script>alert", "<img src=x", "<svg onload", "49", "<strong>bold", 'href="javascript:', "root:")


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_entered_is_never_a_part_of_the_page(text: str) -> None:
    plant = organization("Plant")
    lead = member(plant, "administrator")
    by, client = viewer(lead), client_of(lead)
    item = finding(plant, by, title=text, description=text, place=text)
    services.comment(by, item, text)
    there = room(plant, by, title=text, description=text)
    ways = [
        reverse("findings"),
        reverse("finding", args=[item.pk]),
        reverse("findings_ledger"),
        reverse("rooms"),
        reverse("room", args=[there.pk]),
        f"{reverse('findings')}?search={text[:20]}",
        reverse("values_of_finding", args=[item.pk]),
    ]
    pages = {way: client.get(way).content.decode() for way in ways}
    pages["message"] = client.post(reverse("export_finding", args=[item.pk])).getvalue().decode()
    wrong = {way: [live for live in _LIVE if live != "49" and live in shown] for way, shown in pages.items()}
    assert {way: found for way, found in wrong.items() if found} == {}
    assert "49{%" not in "".join(pages.values())


FORMULAS = ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "\uff1d1+1")


def test_no_cell_of_an_export_is_a_formula() -> None:
    plant = organization("Plant")
    lead = member(plant, "administrator")
    by = viewer(lead)
    for text in FORMULAS:
        finding(plant, by, title=text, description=text, place=text)
    table = client_of(lead).post(reverse("export_findings")).getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    assert len(cells) > len(FORMULAS)
    assert [cell for cell in cells if cell[:1] in set("=+@\t\r") or (cell[:1] == "-" and not _is_number(cell))] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
