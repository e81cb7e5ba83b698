from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.rules import Actor
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import evidence_services, services
from tenon.web.rooms.attachment_rules import PER_FINDING, SIZE_MOST
from tenon.web.rooms.attempts import seconds_to_wait
from tenon.web.rooms.equipment_rules import IntakeState, Limit
from tenon.web.rooms.evidence_selectors import attachment_for, intake_for, waiting_intakes
from tenon.web.rooms.models import Attachment, Attempt, Finding, Intake
from tenon.web.rooms.selectors import finding_for
from tests.web.plants import JPEG, PNG, SVG, equipment
from tests.web.worlds import finding, member, organization, viewer

pytestmark = pytest.mark.django_db


class People:
    """A plant with a kiln and everybody who is needed, and a port beside it."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        coordinator = member(self.plant, "coordinator")
        self.lead, self.lead_user = viewer(coordinator), coordinator.user
        self.worker = viewer(member(self.plant, "inspector"))
        self.reader = viewer(member(self.plant, "observer"))
        self.stranger = viewer(member(self.port, "administrator"))
        self.kiln = equipment(self.plant, self.lead)


@pytest.fixture
def people() -> People:
    return People()


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    place = tmp_path / "attachments"
    settings.ATTACHMENTS = place
    return place


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def received(people: People, photo: tuple[str, bytes] | None = None) -> Intake:
    return evidence_services.receive(Actor(address="digest"), people.kiln, {"title": "Smoke", "what": "White"}, photo)


def test_a_file_is_kept_under_a_name_of_ours(people: People, folder: Path) -> None:
    item = finding(people.plant, people.lead)
    kept = evidence_services.attach(people.worker, item, "../../etc/passwd.html", JPEG)
    (place,) = files(folder)
    assert place.read_bytes() == evidence_services.content_of(kept) == JPEG
    assert (place.name, kept.name, kept.kind) == (kept.pk.hex, "passwd.jpg", "image/jpeg")
    assert place.stat().st_mode & 0o777 == 0o600
    assert Entry.objects.filter(action="finding.attach").count() == 1


def test_a_file_that_was_changed_or_lost_is_not_sent(people: People, folder: Path) -> None:
    kept = evidence_services.attach(people.lead, finding(people.plant, people.lead), "a.png", PNG)
    (place,) = files(folder)
    for spoil in (lambda: place.write_bytes(JPEG), place.unlink):
        spoil()
        with pytest.raises(ValidationError, match="not what was added"):
            evidence_services.content_of(kept)


@pytest.mark.parametrize(
    ("content", "reason"), [(SVG, "Only JPEG"), (b"", "Only JPEG"), (JPEG[:3] + b"x" * SIZE_MOST + JPEG, "8 MiB")]
)
def test_what_is_not_taken_leaves_nothing(people: People, folder: Path, content: bytes, reason: str) -> None:
    item = finding(people.plant, people.lead)
    with pytest.raises(ValidationError, match=reason):
        evidence_services.attach(people.lead, item, "photo.jpg", content)
    assert not Attachment.objects.exists()
    assert files(folder) == []


def test_a_file_without_its_row_is_gone(people: People, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = finding(people.plant, people.lead)

    def fail(*_: object) -> None:
        raise RuntimeError("no record")

    monkeypatch.setattr(evidence_services, "add_event", fail)
    with pytest.raises(RuntimeError, match="no record"):
        evidence_services.attach(people.lead, item, "a.png", PNG)
    assert files(folder) == []
    assert not Attachment.objects.exists()


def test_a_folder_that_cannot_be_written_is_told(people: People, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where the folder should be")
    with pytest.raises(ValidationError, match="could not be kept"):
        evidence_services.attach(people.lead, finding(people.plant, people.lead), "a.png", PNG)


def test_a_finding_has_so_many_files(people: People) -> None:
    item = finding(people.plant, people.lead)
    for _ in range(PER_FINDING):
        evidence_services.attach(people.lead, item, "a.png", PNG)
    with pytest.raises(ValidationError, match="at most 20 files"):
        evidence_services.attach(people.lead, item, "a.png", PNG)


def test_files_go_as_far_as_their_finding(people: People) -> None:
    item = finding(people.plant, people.lead)
    kept = evidence_services.attach(people.lead, item, "a.png", PNG)
    assert attachment_for(people.reader, kept.pk) == kept
    assert attachment_for(people.stranger, kept.pk) is None
    sharing.set_reach(people.lead, item, Reach.GROUP, Marking.AMBER)
    given = sharing.share(people.lead, item, people.port, Profile.COMMENT, [Hidden.COST])
    assert attachment_for(people.stranger, kept.pk) == kept
    sharing.revoke(people.lead, item, given)
    assert attachment_for(people.stranger, kept.pk) is None


@pytest.mark.parametrize("part", [Hidden.NAMES, Hidden.PLACES])
def test_a_photo_that_would_tell_is_kept_back(people: People, part: Hidden) -> None:
    item = finding(people.plant, people.lead)
    kept = evidence_services.attach(people.lead, item, "a.png", PNG)
    sharing.set_reach(people.lead, item, Reach.GROUP, Marking.AMBER)
    sharing.share(people.lead, item, people.port, Profile.CONTRIBUTE, [part])
    assert attachment_for(people.stranger, kept.pk) is None
    with pytest.raises(PermissionDenied):
        evidence_services.attach(people.stranger, item, "b.png", PNG)


def test_only_who_may_comment_adds_evidence(people: People) -> None:
    item = finding(people.plant, people.lead)
    fields = {"quantity": "Crack", "value": 40.0, "unit": "cm", "low": None, "high": 10.0}
    for other in (people.reader, people.stranger):
        with pytest.raises(PermissionDenied):
            evidence_services.attach(other, item, "a.png", PNG)
        with pytest.raises(PermissionDenied):
            evidence_services.add_reading(other, item, fields)
    assert evidence_services.add_reading(people.worker, item, fields).finding == item
    with pytest.raises(ValidationError, match="upper limit is below"):
        evidence_services.add_reading(people.worker, item, {**fields, "low": 20.0})


def test_a_report_from_a_phone_is_nothing_until_accepted(people: People) -> None:
    intake = received(people, ("IMG_1.jpg", JPEG))
    assert 10_000_000 <= intake.number < 100_000_000
    assert not Finding.objects.exists()
    photo = Attachment.objects.get()
    assert attachment_for(people.lead, photo.pk) == photo
    assert attachment_for(people.worker, photo.pk) is None
    fields = {"title": "Smoke", "level": "equipment", "channel": "plant", "hazard": "fire", "severity": 3, "urgency": 4}
    made = evidence_services.accept(people.lead, intake, fields)
    assert (made.source, made.equipment, made.reported_by, made.owner) == ("phone", people.kiln, None, people.plant)
    assert attachment_for(people.worker, photo.pk) == photo
    intake.refresh_from_db()
    assert (intake.state, intake.finding) == (IntakeState.ACCEPTED, made)
    with pytest.raises(ValidationError, match="judged this report meanwhile") as refusal:
        evidence_services.accept(people.lead, intake, fields)
    assert refusal.value.code == services.STALE
    assert Finding.objects.count() == 1
    entry = Entry.objects.get(action="equipment.intake")
    assert (entry.user_id, entry.address) == (None, "digest")


def test_a_report_is_discarded_with_a_reason(people: People) -> None:
    intake = received(people)
    with pytest.raises(ValidationError, match="required"):
        evidence_services.discard(people.lead, intake, " ")
    evidence_services.discard(people.lead, intake, "A joke")
    assert list(waiting_intakes(people.lead)) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(reason="")


@pytest.mark.parametrize("who", ["worker", "reader", "stranger"])
def test_only_who_judges_there_judges(people: People, who: str) -> None:
    intake = received(people)
    with pytest.raises(PermissionDenied):
        evidence_services.accept(getattr(people, who), intake, {})
    with pytest.raises(PermissionDenied):
        evidence_services.discard(getattr(people, who), intake, "x")
    assert intake_for(people.stranger, intake.pk) is None


def test_a_flooded_label_closes(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_services, "WAITING_MOST", 2)
    received(people)
    last = received(people)
    with pytest.raises(ValidationError, match="wait here already"):
        received(people)
    evidence_services.discard(people.lead, last, "x")
    received(people)


def test_a_report_with_a_wrong_photo_leaves_nothing(people: People, folder: Path) -> None:
    with pytest.raises(ValidationError, match="Only JPEG"):
        received(people, ("a.svg", SVG))
    assert not Intake.objects.exists()
    assert files(folder) == []


def test_what_is_marked_red_stays_with_those_who_are_named(people: People) -> None:
    sharing.name_person(people.lead, people.kiln, people.lead_user)
    sharing.set_reach(people.lead, people.kiln, Reach.ORGANIZATION, Marking.RED)
    intake = received(people)
    other = viewer(member(people.plant, "coordinator"))
    assert intake_for(other, intake.pk) is None
    fields = {"title": "Smoke", "level": "equipment", "channel": "plant", "hazard": "fire", "severity": 3, "urgency": 4}
    made = evidence_services.accept(people.lead, intake, fields)
    assert made.marking == Marking.RED
    assert finding_for(people.lead, made.pk) == made
    assert finding_for(other, made.pk) is None


def test_requests_are_counted_by_key_and_window() -> None:
    limit = Limit(2, 3600)
    assert [seconds_to_wait({"a": limit}) for _ in range(2)] == [0, 0]
    assert 0 < seconds_to_wait({"a": limit}) <= 3600
    assert seconds_to_wait({"b": limit}) == 0
    # The stricter of several keys holds, and each request counts for all of them.
    assert seconds_to_wait({"a": limit, "c": limit}) > 0
    assert Attempt.objects.get(key="c").count == 1


def test_old_counts_are_swept() -> None:
    Attempt.objects.create(key="old", window=timezone.now() - timedelta(days=2), count=9)
    seconds_to_wait({"new": Limit(1, 60)})
    assert [row.key for row in Attempt.objects.all()] == ["new"]
