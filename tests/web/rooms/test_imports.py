from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations.rules import Marking
from tenon.web.rooms import imports
from tenon.web.rooms.alert_rules import AlertKind, Way
from tenon.web.rooms.alert_services import Choice, choose
from tenon.web.rooms.import_services import Taken, forget_drafts, keep_draft, take
from tenon.web.rooms.imports import MAX_BYTES, empty_file, read_findings
from tenon.web.rooms.models import Alert, Finding, FindingEvent, ImportDraft, Timer
from tenon.web.rooms.rules import Source
from tenon.web.rooms.selectors import finding_for
from tests.web.worlds import client_of, finding, member, organization, viewer

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEAD = "key,title,level,channel,hazard"
GOOD = "a1,Crack,equipment,plant,equipment"


def table(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def problems(content: bytes) -> list[tuple[int, str]]:
    return [(item.row, item.column) for item in read_findings(content, NOW).problems]


def test_a_good_row_is_read_with_everything() -> None:
    head = f"{HEAD},severity,urgency,latitude,longitude,cost,marking,reported,place"
    row = f'{GOOD},critical,4,36.07,120.38,1200.5,green,2026-11-01 08:30,"Pier 3, north"'
    (read,) = read_findings(table(row, head=head), NOW).rows
    assert (read.row, read.key) == (2, "a1")
    fields = {name: str(value) for name, value in read.fields.items()}
    assert fields == {
        "title": "Crack",
        "place": "Pier 3, north",
        "level": "equipment",
        "channel": "plant",
        "hazard": "equipment",
        "severity": "4",
        "urgency": "4",
        "latitude": "36.07",
        "longitude": "120.38",
        "cost": "1200.50",
        "marking": "TLP:GREEN",
        "reported": "2026-11-01 08:30:00+00:00",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_chinese_table_is_read_in_every_usual_encoding(encoding: str) -> None:
    text = "外部编号;标题;层级;通道;隐患类别;严重程度\n甲1;回转窑裂纹;设备;工厂;设备缺陷;危急\n"
    (read,) = read_findings(text.encode(encoding), NOW).rows
    assert read.fields == {
        "title": "回转窑裂纹",
        "level": "equipment",
        "channel": "plant",
        "hazard": "equipment",
        "severity": 4,
    }


@pytest.mark.parametrize("chinese", [True, False])
def test_the_empty_table_has_columns_that_are_known(chinese: bool) -> None:
    reading = read_findings((empty_file(chinese=chinese) + "1,T,port,sea,fire").encode(), NOW)
    assert [item.column for item in reading.problems] == ["level", "channel", "hazard"]
    assert reading.readable


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("title", "x" * 161),
        ("title", "bell\x07"),
        ("severity", "awful"),
        ("urgency", "5"),
        ("latitude", "91"),
        ("latitude", "nan"),
        ("longitude", "east"),
        ("cost", "-1"),
        ("cost", "1e400"),
        ("cost", "NaN"),
        ("marking", "purple"),
        ("reported", "yesterday"),
        ("reported", "2999-01-01"),
        ("channel", ""),
        ("key", "x" * 201),
    ],
)
def test_every_wrong_cell_is_named_with_row_column_and_mend(column: str, cell: str) -> None:
    names = [*HEAD.split(","), "severity", "urgency", "latitude", "longitude", "cost", "marking", "reported"]
    values = dict(zip(HEAD.split(","), GOOD.split(","), strict=True)) | {"latitude": "1", "longitude": "2"}
    row = ",".join({**values, column: cell}.get(name, "") for name in names)
    reading = read_findings(table(row, GOOD.replace("a1", "b2"), head=",".join(names)), NOW)
    (problem,) = reading.problems
    assert (problem.row, problem.column) == (2, column)
    assert problem.what
    assert problem.mend
    assert [item.key for item in reading.rows] == ["b2"]


def test_all_problems_are_said_at_once() -> None:
    assert problems(table(",,x,y,z", GOOD, GOOD)) == [
        (2, "key"), (2, "title"), (2, "level"), (2, "channel"), (2, "hazard"), (4, "key"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"", 1),
        (HEAD.encode(), 1),
        (table(GOOD, head="key,title"), 1),
        (table(GOOD, head=HEAD + ",colour"), 1),
        (table(GOOD, head=HEAD + ",key"), 1),
        (table('a1,"never closed'), 1),
        (b"\x81\x30\xff" * 9, 1),
        (b"x" * (MAX_BYTES + 1), 1),
        (table(f"{GOOD},{'x' * 200_000}"), 1),
    ],
)
def test_a_file_that_cannot_be_read_gives_no_rows(content: bytes, row: int) -> None:
    reading = read_findings(content, NOW)
    assert not reading.readable
    assert reading.rows == ()
    assert reading.problems[0].row == row


def test_a_file_has_a_largest_number_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MAX_ROWS", 2)
    rows = [GOOD.replace("a1", f"a{number}") for number in range(3)]
    assert read_findings(table(*rows[:2]), NOW).readable
    assert not read_findings(table(*rows), NOW).readable


@given(st.lists(st.lists(st.text(max_size=20), max_size=7), max_size=5), st.binary(max_size=200))
def test_any_file_is_read_or_its_problems_are_named(cells: list[list[str]], noise: bytes) -> None:
    lines = [",".join(row).encode("utf-8", "surrogatepass") for row in cells]
    for content in (b"\n".join([HEAD.encode(), *lines]), noise, HEAD.encode() + b"\n" + noise):
        reading = read_findings(content, NOW)
        assert reading.readable or not reading.rows
        assert {item.row for item in reading.rows}.isdisjoint(item.row for item in reading.problems)


class Works:
    def __init__(self) -> None:
        self.works = organization("Works")
        self.lead_at = member(self.works, "coordinator")
        self.lead = viewer(self.lead_at)

    def draft(self, *rows: str, head: str = HEAD) -> ImportDraft:
        return keep_draft(self.lead, self.works, "hazards.csv", table(*rows, head=head))


@pytest.fixture
def works(db: None) -> Works:  # noqa: ARG001 - for its effect
    return Works()


def row(key: str, title: str = "Crack") -> str:
    return GOOD.replace("a1", key).replace("Crack", title)


def test_rows_become_findings_with_numbers_events_record_and_clocks(works: Works) -> None:
    finding(works.works, works.lead)
    assert take(works.lead, works.draft(row("a"), row("b")), only_good=False) == Taken(2, 0)
    made = Finding.objects.filter(source=Source.IMPORT).order_by("number")
    assert [item.number for item in made] == [2, 3]
    assert FindingEvent.objects.filter(finding__in=made, action="report").count() == 2
    assert Timer.objects.filter(finding__in=made).count() == 2
    recorded = Entry.objects.filter(action="finding.report", subject_kind="finding")
    assert {entry.subject_id for entry in recorded} >= {str(item.pk) for item in made}
    assert Entry.objects.filter(action="findings.imported").count() == 1
    assert find_fault(organization_chain(works.works.pk)) is None
    assert finding(works.works, works.lead).number == 4
    assert not ImportDraft.objects.exists()


def test_what_came_in_once_does_not_come_in_again(works: Works) -> None:
    take(works.lead, works.draft(row("a")), only_good=False)
    assert take(works.lead, works.draft(row("a", "Other"), row("b")), only_good=False) == Taken(1, 1)
    assert take(works.lead, works.draft(row("a"), row("b")), only_good=False) == Taken(0, 2)
    assert sorted(Finding.objects.values_list("title", flat=True)) == ["Crack", "Crack"]


def test_one_bad_row_keeps_everything_out_unless_it_is_to_be_left_out(works: Works) -> None:
    draft = works.draft(row("a"), row("b", ""))
    with pytest.raises(ValidationError, match="the file has problems"):
        take(works.lead, draft, only_good=False)
    assert not Finding.objects.exists()
    assert ImportDraft.objects.count() == 1
    assert take(works.lead, draft, only_good=True) == Taken(1, 0)


def test_a_row_marked_red_stays_visible_to_who_took_it_in(works: Works) -> None:
    take(works.lead, works.draft(f"{GOOD},RED", head=f"{HEAD},marking"), only_good=False)
    item = Finding.objects.get()
    assert item.marking == Marking.RED
    assert finding_for(works.lead, item.pk) == item
    other = viewer(member(works.works, "coordinator"))
    assert finding_for(other, item.pk) is None


def test_a_file_of_old_hazards_is_no_news_about_each(works: Works) -> None:
    other = viewer(member(works.works, "coordinator"))
    choose(other, {AlertKind.REPORTED: Choice(frozenset({Way.PAGE}))})
    take(works.lead, works.draft(row("a")), only_good=False)
    assert not Alert.objects.exists()


def test_only_its_sender_decides_on_a_file_and_only_in_their_own_organization(works: Works) -> None:
    draft = works.draft(row("a"))
    colleague = viewer(member(works.works, "coordinator"))
    with pytest.raises(PermissionDenied):
        take(colleague, draft, only_good=False)
    with pytest.raises(PermissionDenied):
        keep_draft(works.lead, organization("Other"), "x.csv", b"")
    with pytest.raises(PermissionDenied):
        keep_draft(viewer(member(works.works, "observer")), works.works, "x.csv", b"")


def test_files_are_forgotten_after_a_day_and_only_ten_are_kept(works: Works) -> None:
    for _number in range(12):
        works.draft(row("a"))
    assert ImportDraft.objects.count() == 10
    assert forget_drafts(timezone.now()) == 0
    assert forget_drafts(timezone.now() + timedelta(hours=25)) == 10


def upload(works: Works, content: bytes, kind: str = "file", **fields: Any) -> dict[str, Any]:
    name = "hazards.csv" if kind == "file" else "alert.xml"
    return {"kind": kind, "owner": str(works.works.pk), "file": SimpleUploadedFile(name, content), **fields}


def test_a_file_is_looked_over_and_taken_in_from_pages(works: Works) -> None:
    client = client_of(works.lead_at)
    answer = client.post(reverse("findings_imports"), upload(works, table(row("a", "<b>Leak</b>"), row("b", ""))))
    address = answer.headers["Location"]
    page = client.get(address).content.decode()
    assert "It is empty." in page
    assert "&lt;b&gt;Leak" in page
    assert not Finding.objects.exists()
    client.post(address, {"take": "all"})
    assert not Finding.objects.exists()
    assert client.post(address, {"take": "good"}).status_code == 302
    assert Finding.objects.get().title == "<b>Leak</b>"
    assert client.get(address).status_code == 404


def test_a_file_of_somebody_else_is_not_there(works: Works) -> None:
    address = reverse("findings_import", args=[works.draft(row("a")).pk])
    for who in (member(works.works, "administrator"), member(organization("Other"), "administrator")):
        client = client_of(who)
        assert client.get(address).status_code == 404
        assert client.post(address, {"take": "all"}).status_code == 404
    assert client_of(member(works.works, "observer")).get(address).status_code == 403
    assert client_of(works.lead_at).post(address, {"discard": "1"}).status_code == 302
    assert not ImportDraft.objects.exists()


def test_a_file_for_another_organization_is_refused(works: Works) -> None:
    sent = upload(works, table(row("a")), owner=str(organization("Other").pk))
    answer = client_of(works.lead_at).post(reverse("findings_imports"), sent)
    assert answer.status_code == 200
    assert not ImportDraft.objects.exists()


def test_a_message_that_cannot_be_read_is_said(works: Works) -> None:
    client = client_of(works.lead_at)
    page = client.post(reverse("findings_imports"), upload(works, b"<alert/>", "message")).content.decode()
    assert "must be an &lt;alert&gt; of CAP 1.2" in page
    assert client.get(reverse("findings_import_template")).content.startswith(b"\xef\xbb\xbfkey,title")
