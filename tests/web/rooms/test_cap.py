from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tenon.schema.errors import SourceError
from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms.cap import MAX_BYTES, Outgoing, read_cap, write_cap
from tenon.web.rooms.import_services import take_message
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Level, Severity, Source, Urgency
from tests.web.worlds import client_of, finding, member, organization, viewer

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIELDS: dict[str, Any] = {
    "title": "Strait closed",
    "description": "Two ships & a tug, <aground>.",
    "place": "Strait",
    "latitude": 1.25,
    "longitude": 103.75,
    "level": "passage",
    "channel": "sea",
    "hazard": "transport",
    "severity": 4,
    "urgency": 1,
    "state": "triaged",
    "marking": "TLP:GREEN",
    "deadline": NOW,
}
KEPT = ("title", "description", "place", "level", "channel", "hazard", "severity", "urgency", "marking")


def message(**fields: Any) -> bytes:
    said = {**FIELDS, **fields}
    return write_cap(Outgoing("id.1", "port@example.org", NOW, "a@example.org", "Port", said, "https://x.org/f"))


def values(kind: Any) -> Any:
    return st.sampled_from([item.value for item in kind])


lines = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=160)


@given(
    title=lines,
    description=lines,
    place=lines.filter(lambda text: not text.startswith("-")),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    level=values(Level),
    channel=values(Channel),
    hazard=values(Hazard),
    severity=values(Severity),
    urgency=values(Urgency),
    state=values(FindingState),
    marking=values(Marking),
)
def test_a_finding_comes_back_as_it_went(**fields: Any) -> None:
    sent = {**FIELDS, **fields}
    got = read_cap(message(**fields))
    legal = {name: sent[name] for name in KEPT} | {"latitude": sent["latitude"], "longitude": sent["longitude"]}
    for name in ("title", "description", "place"):
        legal[name] = legal[name].replace("\ufffe", "").replace("\uffff", "")
    if legal["title"]:
        assert got.key == "port@example.org,id.1"
        assert {name: got.fields.get(name) for name in legal} == legal


def test_a_message_has_the_elements_of_the_protocol_in_their_order() -> None:
    text = message().decode()
    names = [
        "<identifier>id.1<", "<sender>port@example.org<", "<sent>2026-11-30T12:00:00-00:00<", "<status>Actual<",
        "<msgType>Alert<", "<scope>Restricted<", "<restriction>TLP:GREEN<", "<info>", "<category>Transport<",
        "<event>transport<", "<urgency>Future<", "<severity>Extreme<", "<certainty>Observed<", "<expires>",
        "<senderName>Port<", "<headline>Strait closed<", "<description>", "<web>", "<parameter>", "<area>",
        "<areaDesc>Strait<", "<circle>1.25,103.75 0<",
    ]  # fmt: skip
    places = [text.index(name) for name in names]
    assert places == sorted(places)
    assert 'xmlns="urn:oasis:names:tc:emergency:cap:1.2"' in text


@pytest.mark.parametrize(
    ("marking", "said"),
    [
        ("TLP:CLEAR", "<scope>Public<"),
        ("TLP:AMBER+STRICT", "<restriction>TLP:AMBER+STRICT<"),
        ("TLP:RED", "<addresses>a@example.org<"),
    ],
)
def test_the_scope_follows_the_marking(marking: str, said: str) -> None:
    assert said in message(marking=marking).decode()


def test_what_is_kept_back_is_not_said() -> None:
    text = message(place="", latitude=None, longitude=None, description="").decode()
    for name in ("<area>", "<circle>", "<description>"):
        assert name not in text


def plain(info: str = "<event>Storm</event>", **changes: str) -> bytes:
    said = {"identifier": "7", "sender": "met", "status": "Actual", "msgType": "Alert", "scope": "Public", **changes}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value)
    return f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">{inner}<info>{info}</info></alert>'.encode()


def test_a_message_without_our_words_is_understood_as_far_as_it_goes() -> None:
    got = read_cap(
        plain(
            "<category>Met</category><event>Storm</event><urgency>Immediate</urgency><severity>Severe</severity>"
            "<area><areaDesc>Bay</areaDesc><circle>nan,7 3</circle></area>"
        )
    )
    assert got.fields["title"] == "Storm"
    assert (got.fields["hazard"], got.fields["severity"], got.fields["urgency"]) == ("natural", 3, 4)
    assert (got.fields["place"], got.fields["marking"]) == ("Bay", "TLP:CLEAR")
    assert "latitude" not in got.fields


def test_the_strictest_marking_named_holds() -> None:
    assert read_cap(plain(restriction="tlp:amber", scope="Restricted")).fields["marking"] == "TLP:AMBER"
    assert read_cap(plain(scope="Restricted")).fields["marking"] == "TLP:AMBER"
    assert read_cap(plain(scope="Private")).fields["marking"] == "TLP:AMBER+STRICT"


LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LAUGHS + plain("<event>&y;</event>"), "no document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + plain(), "no document type"),
        (plain("<event>&unknown;</event>"), "cannot be read"),
        (b"", "cannot be read"),
        (b"<alert", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "cannot be read"),
        (b"<alert/>", "must be an <alert>"),
        (plain().replace(b"cap:1.2", b"cap:1.1"), "must be an <alert>"),
        (plain(status="Test"), "must have the status Actual"),
        (plain(msgType="Cancel"), "must have the msgType Alert"),
        (plain(identifier=""), "must say its <identifier>"),
        (plain(identifier="x" * 300), "at most 199"),
        (plain("<category>Met</category>"), "must say its <event>"),
        (plain().replace(b"info>", b"other>"), "must hold an <info>"),
        (b" " * (MAX_BYTES + 1), "at most 256 KiB"),
        (b"<a>" * 13 + b"</a>" * 13, "12 deep"),
        (b"<a>" + b"<b/>" * 2001 + b"</a>", "at most 2000 elements"),
    ],
)
def test_what_is_no_message_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_cap(content)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match="message must"):
        read_cap(content)


@pytest.mark.django_db
def test_a_message_becomes_a_finding_once() -> None:
    port = organization("Port")
    lead = viewer(member(port, "coordinator"))
    first, is_new = take_message(lead, port, read_cap(message()))
    assert is_new
    assert (first.title, first.source, first.urgency) == ("Strait closed", Source.PROGRAM, 1)
    assert take_message(lead, port, read_cap(message(title="Again"))) == (first, False)
    assert Finding.objects.count() == 1


@pytest.mark.django_db
def test_an_export_says_what_its_reader_may_see_and_is_recorded() -> None:
    port, line = organization("Port"), member(organization("Line"), "administrator")
    lead = viewer(member(port, "coordinator"))
    item = finding(port, lead, place="Berth 7", latitude=1.5, longitude=2.5)
    sharing.set_reach(lead, item, Reach.GROUP, Marking.AMBER)
    sharing.share(lead, item, line.organization, Profile.READ, [Hidden.PLACES])
    answer = client_of(line).post(reverse("export_finding", args=[item.pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"Berth 7" not in answer.content
    assert read_cap(answer.content).fields["title"] == item.title
    assert Entry.objects.get(action="finding.exported").user_id == line.user_id
