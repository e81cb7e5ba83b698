from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import chain_names, find_fault
from tenon.web.config.demo import fill
from tenon.web.organizations.models import Membership
from tenon.web.rooms.models import Alert, Equipment, Finding, InspectionRound, Intake, Proposal, Room, RoomReport
from tenon.web.rooms.rules import Channel, FindingState, Level, Source
from tenon.web.rooms.selectors import findings_for
from tenon.web.runs.models import Study
from tests.web.worlds import PASSWORD, client_of, viewer

pytestmark = pytest.mark.django_db
People = dict[str, Membership]
_FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def people(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[People]:
    """Fill the world once for all tests, and undo it after them."""
    files = tmp_path_factory.mktemp("attachments")
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=_FAST, ATTACHMENTS=files),
        transaction.atomic(),
    ):
        yield {user.email.partition("@")[0]: Membership.objects.get(user=user, is_home=True) for user in fill(PASSWORD)}
        transaction.set_rollback(True)


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
def test_pictures_are_kept_where_the_platform_keeps_files(settings: object) -> None:
    kept = [path for path in Path(settings.ATTACHMENTS).rglob("*") if path.is_file()]  # type: ignore[attr-defined]
    assert len(kept) == 3
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in kept)
