from __future__ import annotations

import csv
import io
import statistics
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import export_services, services
from tenon.web.rooms.ledger_rules import Dimension, rank_of
from tenon.web.rooms.ledger_selectors import ledger_for, on_the_map
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action
from tests.web.worlds import client_of, finding, member, organization, step_values, viewer, walk

pytestmark = pytest.mark.django_db


class Port:
    """A port with a terminal below it, and a stranger."""

    def __init__(self) -> None:
        self.port = organization("Port")
        self.terminal = organization("Terminal", self.port)
        self.lead_at = member(self.port, "administrator")
        self.lead = viewer(self.lead_at)
        self.worker = member(self.port, "inspector").user
        self.verifier = viewer(member(self.port, "verifier"))
        self.stranger_at = member(organization("Line"), "administrator")
        self.stranger = viewer(self.stranger_at)

    def aged(self, days: float, **fields: Any) -> Finding:
        item = finding(fields.pop("owner", self.port), self.lead, **fields)
        Finding.objects.filter(pk=item.pk).update(reported=timezone.now() - timedelta(days=days))
        item.refresh_from_db()
        return item


@pytest.fixture
def port() -> Port:
    return Port()


@pytest.mark.parametrize("by", list(Dimension))
def test_lines_add_up_to_the_total(port: Port, by: Dimension) -> None:
    walk(port.aged(40, channel="sea"), port.lead, port.verifier, port.worker, upto=Action.CLOSE)
    walk(port.aged(40, level="port"), port.lead, port.verifier, port.worker, upto=Action.ELIMINATE)
    port.aged(400, owner=port.terminal, severity=2, urgency=1)
    port.aged(1, hazard="fire", urgency=1)
    rejected = port.aged(3)
    services.move(port.lead, rejected, Action.REJECT, {"note": "No hazard"}, rejected.version)
    ledger = ledger_for(port.lead, by, {})
    assert (ledger.total.reported, ledger.total.eliminated, ledger.total.open, ledger.total.overdue) == (4, 2, 3, 1)
    assert ledger.total.rate == 50
    for name in ("reported", "eliminated", "open", "overdue"):
        assert sum(getattr(row.figures, name) for row in ledger.rows) == getattr(ledger.total, name)
    assert sum(ledger.matrix.values()) == 3
    assert ledger.months[-1].open == 3
    assert sum(month.eliminated for month in ledger.months) == 2


@pytest.mark.parametrize("count", [1, 2, 5, 10, 11])
def test_ages_are_those_of_the_nearest_rank(port: Port, count: int) -> None:
    ages = [3 * number + 1 for number in range(count)]
    for age in ages:
        port.aged(age + 0.5, channel="sea" if age % 2 else "rail")
    total = ledger_for(port.lead, Dimension.CHANNEL, {}).total
    assert (total.median_days, total.ninth_days) == (ages[rank_of(50, count) - 1], ages[rank_of(90, count) - 1])
    assert total.median_days == statistics.median_low(ages)
    for row in ledger_for(port.lead, Dimension.CHANNEL, {}).rows:
        mine = [age for age in ages if (age % 2 == 1) == (row.key == "sea")]
        assert row.figures.median_days == statistics.median_low(mine)


def test_a_stranger_counts_nothing_of_it(port: Port) -> None:
    port.aged(5, latitude=36.07, longitude=120.38)
    ledger = ledger_for(port.stranger, Dimension.ORGANIZATION, {})
    assert (ledger.total.reported, ledger.rows, ledger.months) == (0, [], [])
    assert on_the_map(port.stranger, {}) == ([], False)
    page = client_of(port.stranger_at).get(reverse("findings_ledger")).content.decode()
    assert "No hazard has been reported yet." in page


def test_a_ledger_is_narrowed(port: Port) -> None:
    port.aged(5, channel="sea")
    port.aged(5, channel="rail", severity=1)
    assert ledger_for(port.lead, Dimension.LEVEL, {"channel": "sea"}).total.reported == 1
    assert ledger_for(port.lead, Dimension.LEVEL, {"severity": "2"}).total.reported == 1
    assert ledger_for(port.lead, Dimension.LEVEL, {"channel": "nonsense"}).total.reported == 0


@pytest.mark.parametrize("name", ["findings_ledger", "findings_map"])
def test_the_number_of_queries_does_not_grow_with_what_is_counted(port: Port, name: str) -> None:
    client = client_of(port.lead_at)

    def queries() -> int:
        caches["remembered"].clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(name)).status_code == 200
        return len(captured)

    port.aged(400, latitude=1, longitude=2)
    client.get(reverse(name))
    before = queries()
    for number in range(12):
        port.aged(
            30 * number, owner=port.terminal, channel="sea", severity=1 + number % 4, latitude=number, longitude=3
        )
    assert queries() == before
    assert before <= 25


def test_every_split_has_its_page(port: Port) -> None:
    client = client_of(port.lead_at)
    port.aged(70, title="Oil <on> the quay")
    for by in Dimension:
        answer = client.get(reverse("findings_ledger"), {"by": by.value})
        assert answer.status_code == 200
        assert "<svg" in answer.content.decode()
    assert client.get(reverse("findings_ledger"), {"by": "nonsense", "owner": "x"}).status_code == 200


def shared(port: Port, item: Finding, *hides: Hidden) -> None:
    sharing.set_reach(port.lead, item, Reach.GROUP, Marking.AMBER)
    receiver = port.stranger_at.organization
    sharing.share(port.lead, item, receiver, Profile.READ, hides)


def test_a_place_that_is_kept_back_is_not_on_the_map(port: Port) -> None:
    open_place, kept = (port.aged(1, title=title, latitude=1.23, longitude=4.56) for title in ("Shown", "Kept"))
    shared(port, open_place)
    shared(port, kept, Hidden.PLACES)
    found, more = on_the_map(port.stranger, {})
    assert [item.title for item in found] == ["Shown"]
    assert not more
    page = client_of(port.stranger_at).get(reverse("findings_map")).content.decode()
    assert "Shown" in page
    assert "Kept" not in page
    own = client_of(port.lead_at).get(reverse("findings_map")).content.decode()
    assert own.count("<circle") == 1
    assert '<text class="count"' in own


def test_the_map_is_bounded(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenon.web.rooms.ledger_selectors.MAP_LIMIT", 2)
    for severity in (1, 2, 3):
        port.aged(1, severity=severity, latitude=severity, longitude=0)
    found, more = on_the_map(port.lead, {})
    assert [item.severity for item in found] == [3, 2]
    assert more


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_table_holds_what_one_may_see_and_no_formula(port: Port) -> None:
    port.aged(9, title='=HYPERLINK("http://evil","x")', cost="5.00", place="+Quay", latitude=-1.5, longitude=2)
    answer = client_of(port.lead_at).post(reverse("export_findings"))
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streaming answer
    head, row = rows_of(text)
    said = dict(zip(head, row, strict=True))
    assert said["title"] == '\'=HYPERLINK("http://evil","x")'
    assert (said["place"], said["latitude"], said["estimated cost"]) == ("'+Quay", "-1.5", "5.00")
    assert (said["days open"], said["overdue"]) == ("9", "yes")
    entry = Entry.objects.get(action="findings.exported")
    assert '"findings":1' in entry.details


def test_what_is_kept_back_is_not_in_the_table_either(port: Port) -> None:
    item = port.aged(1, cost="987654.00", place="Berth 7", latitude=1.5, longitude=2.5)
    item = services.move(port.lead, item, Action.TRIAGE, step_values(port.worker), item.version)
    services.move(port.lead, item, Action.ASSIGN, step_values(port.worker), item.version)
    item.refresh_from_db()
    item.reach, item.marking = Reach.ORGANIZATION, Marking.AMBER
    shared(port, item, *Hidden)
    text = "".join(export_services.as_table(port.stranger, {}))
    assert item.title in text
    for secret in ("987654", "Berth 7", "1.5", port.worker.name + ","):
        assert secret not in text


def test_only_those_who_export_get_files(port: Port) -> None:
    item = port.aged(1)
    clerk = member(port.port, "coordinator")
    client = client_of(clerk)
    for address in (reverse("export_findings"), reverse("export_finding", args=[item.pk])):
        assert client.post(address).status_code == 403
        assert client.get(address).status_code == 405
    with pytest.raises(PermissionDenied):
        export_services.as_table(viewer(clerk), {})
    assert client_of(port.stranger_at).post(reverse("export_finding", args=[item.pk])).status_code == 404
    assert not Entry.objects.filter(action__contains="exported").exists()


def test_a_table_is_bounded(port: Port, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_services, "MAX_ROWS", 0)
    port.aged(1)
    with pytest.raises(ValidationError, match="at most 0 hazards; these are 1"):
        export_services.as_table(port.lead, {})
    assert client_of(port.lead_at).post(reverse("export_findings")).status_code == 302
