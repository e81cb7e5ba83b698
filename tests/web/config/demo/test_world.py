from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import chain_names, find_fault
from tenon.web.config.management.commands import serve
from tenon.web.config.management.commands.serve import Command
from tenon.web.organizations.models import Membership
from tenon.web.rooms.models import Alert, Equipment, Finding, InspectionRound, Intake, Proposal, Room, RoomReport
from tenon.web.rooms.rules import Channel, FindingState, Level, Source
from tenon.web.rooms.selectors import findings_for
from tenon.web.runs.models import Study
from tests.web.crawling import LANGUAGES, crawled, speaking
from tests.web.texts import foreign, words_of_people
from tests.web.worlds import client_of, viewer

pytestmark = pytest.mark.django_db
People = dict[str, Membership]


@pytest.fixture
def lin(people: People) -> Client:
    return client_of(people["lin"])


def _seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.usefixtures("people")
def test_hazards_stand_at_every_state_level_and_channel() -> None:
    for name, values in (("state", FindingState), ("level", Level), ("channel", Channel)):
        assert set(Finding.objects.values_list(name, flat=True)) == set(values), name
    assert 60 <= Finding.objects.count() <= 120
    assert Finding.objects.filter(reopenings__gt=0).count() >= 2
    assert Finding.objects.filter(escalation__gt=0).count() >= 3
    assert Finding.objects.filter(on_behalf_of=None, reported_by=None).exists()
    sources = set(Finding.objects.values_list("source", flat=True))
    assert {Source.PAGE, Source.ROUND, Source.PHONE} <= sources


@pytest.mark.usefixtures("people")
def test_the_record_is_whole_and_tells_months_in_their_order() -> None:
    assert [name for name in chain_names() if find_fault(name) is not None] == []
    times = list(Entry.objects.order_by("pk").values_list("time", flat=True))
    assert times == sorted(times)
    assert (times[-1] - times[0]).days > 120
    assert times[-1] <= timezone.now()


@pytest.mark.usefixtures("people")
def test_nothing_but_deadlines_lies_ahead() -> None:
    now = timezone.now()
    assert not Finding.objects.filter(reported__gt=now).exists()
    assert not InspectionRound.objects.filter(finished__gt=now).exists()
    assert not Room.objects.filter(since__gt=now).exists()


@pytest.mark.usefixtures("people")
def test_a_world_that_is_there_is_not_filled_again() -> None:
    said, there = StringIO(), Finding.objects.count()
    Command(stdout=said)._fill()
    assert said.getvalue() == "The made-up world is there already; its password was said when it was made.\n"
    assert Finding.objects.count() == there


def test_the_first_start_says_who_signs_in_and_how(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "has_any_account", lambda: False)
    monkeypatch.setattr(serve, "fill", lambda _password: [member.user for member in people.values()])
    said = StringIO()
    Command(stdout=said)._fill()
    lines = said.getvalue().splitlines()
    assert lines[0].startswith("A made-up world is ready. Everybody signs in with the password ")
    assert lines[2].split() == ["lin@example.org", "Lin", "Mei"]
    assert lines[-1] == "and 26 more, who stand on the pages of their organizations."


def test_a_visitor_finds_rounds_rooms_studies_and_alerts(people: People) -> None:
    assert InspectionRound.objects.filter(started__isnull=False, finished=None).count() == 1
    assert InspectionRound.objects.filter(finished__isnull=False).count() > 50
    assert set(Room.objects.values_list("state", flat=True)) == {"active", "stable", "closed"}
    assert RoomReport.objects.filter(closing=True).exclude(learnt="").exists()
    assert set(Intake.objects.values_list("state", flat=True)) == {"waiting", "accepted", "discarded"}
    assert set(Proposal.objects.values_list("outcome", flat=True)) == {"open", "rejected"}
    assert set(Study.objects.values_list("kind", flat=True)) == {"chain stress", "chain outage", "table stress"}
    assert set(Study.objects.values_list("job__state", flat=True)) == {"queued"}
    assert Alert.objects.filter(user=people["lin"].user, read=None).exists()


def test_everybody_sees_their_part_of_it(people: People) -> None:
    seen = {name: findings_for(viewer(member)).count() for name, member in people.items()}
    assert seen["lin"] > seen["sari"] > seen["budi"] > 0
    assert 0 < seen["kim"] < seen["lin"]
    rail = Finding.objects.get(title__contains="Chromium ore")
    page = _seen(client_of(people["weber"]), f"/findings/{rail.pk}/")
    assert "Chromium ore" in page
    assert "9,600,000" not in page  # the cost is kept back from a customer
    assert "Lin Mei" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["chen", "sari", "weber"])
def test_no_page_mixes_languages(people: People, language: str, who: str) -> None:
    own = words_of_people()
    client = speaking(client_of(people[who]), language)
    found = {address: foreign(page, language, own) for address, page in crawled(client, 200)}
    assert len(found) > 100
    assert {address: texts for address, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/", "Jinhai Stainless Group"),
        ("/findings/", "Kiln"),
        ("/findings/ledger/", "Haizhou hot-rolling plant"),
        ("/findings/map/", "Makassar Strait"),
        ("/alerts/", "unread"),
        ("/alerts/choices/", "checked"),
        ("/equipment/", "Rotary kiln 2"),
        ("/equipment/availability/", "Morowali ore kilns"),
        ("/rounds/", "Weekly kiln round"),
        ("/intakes/", "Loose guard"),
        ("/rooms/", "Typhoon"),
        ("/studies/", "Stress test of the stainless plate chain"),
        ("/organizations/", "Delta Post"),
        ("/groups/", "Nickel by sea"),
    ],
)
def test_no_list_of_the_platform_is_empty(lin: Client, address: str, says: str) -> None:
    assert says.casefold() in _seen(lin, address).casefold()


def test_a_room_shows_all_that_a_room_can_hold(lin: Client) -> None:
    room = Room.objects.get(title__contains="nickel ships")
    page = _seen(lin, f"/rooms/{room.pk}/")
    for said in ("Similar past rooms", "ten days of slabs", "Stress test of the stainless", "blocked", "Lombok Strait"):
        assert said in page
    report = RoomReport.objects.filter(room=room).earliest("number")
    assert "grade 304" in _seen(lin, f"/rooms/{room.pk}/reports/{report.number}/long/")


def test_a_kiln_shows_its_readings_and_what_became_of_the_hottest(lin: Client) -> None:
    kiln = Equipment.objects.get(code="K2")
    page = _seen(lin, f"/equipment/{kiln.pk}/")
    assert "412" in page
    assert "Hottest shell between tyres 2 and 3" in page
    hot = Finding.objects.get(equipment=kiln)
    page = _seen(lin, f"/findings/{hot.pk}/")
    assert "kiln-2-shell-scan.png" in page
    assert "405" in page


@pytest.mark.usefixtures("people")
def test_pictures_are_kept_where_the_platform_keeps_files(settings: LazySettings) -> None:
    kept = [path for path in Path(settings.ATTACHMENTS).rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in kept)
