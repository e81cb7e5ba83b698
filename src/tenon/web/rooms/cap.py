"""Findings as messages of the Common Alerting Protocol, version 1.2 (OASIS, 2010), and back.

The names and the order of elements, and the words that their values may be, follow that standard as far as we know it;
take the wording from the issuing body before relying on it. What the protocol has no place for travels in parameters
whose names begin with ``tenon:``, so that a finding comes back as it went.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

# Trees are built below from a parser that refuses document types, and with them every entity.
from xml.etree.ElementTree import Element, SubElement, TreeBuilder, indent, tostring
from xml.parsers import expat

from django.utils.translation import gettext as _

from tenon.schema.errors import SourceError
from tenon.web.organizations.rules import Marking
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Level, Severity, Urgency

__all__ = ["MAX_BYTES", "Message", "Outgoing", "read_cap", "write_cap"]

MAX_BYTES = 256 * 1024
_MAX_ELEMENTS, _MAX_DEPTH = 2000, 12
_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_OWN = "tenon:"
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONG = re.compile(r"\s+")

_SEVERITIES = {
    Severity.CRITICAL: "Extreme",
    Severity.SERIOUS: "Severe",
    Severity.MODERATE: "Moderate",
    Severity.MINOR: "Minor",
}
_URGENCIES = {
    Urgency.NOW: "Immediate",
    Urgency.DAYS: "Expected",
    Urgency.WEEKS: "Future",
    Urgency.MONTHS: "Future",
}
_CATEGORIES = {
    Hazard.EQUIPMENT: "Infra",
    Hazard.FIRE: "Fire",
    Hazard.NATURAL: "Geo",
    Hazard.SECURITY: "Security",
    Hazard.CYBER: "Infra",
    Hazard.LABOR: "Other",
    Hazard.SHORTAGE: "Other",
    Hazard.QUALITY: "Safety",
    Hazard.TRANSPORT: "Transport",
    Hazard.RULES: "Other",
    Hazard.OTHER: "Other",
}
_HAZARDS = {
    "Geo": Hazard.NATURAL,
    "Met": Hazard.NATURAL,
    "Env": Hazard.NATURAL,
    "Fire": Hazard.FIRE,
    "Security": Hazard.SECURITY,
    "Transport": Hazard.TRANSPORT,
    "Infra": Hazard.EQUIPMENT,
    "Safety": Hazard.EQUIPMENT,
}
_SCOPES = {
    Marking.CLEAR: "Public",
    Marking.GREEN: "Restricted",
    Marking.AMBER: "Restricted",
    Marking.AMBER_STRICT: "Restricted",
    Marking.RED: "Private",
}
# Where a message names no marking of ours.
_MARKINGS = {"Public": Marking.CLEAR, "Restricted": Marking.AMBER, "Private": Marking.AMBER_STRICT}
# Nobody has judged it yet, so it counts as feared and not as seen.
_UNSEEN = frozenset({FindingState.REPORTED})


@dataclass(frozen=True)
class Outgoing:
    """A finding as its reader may see it, ready to be written.

    Parameters
    ----------
    identifier : str
        Unique for finding and version.
    sender : str
        Who sends it, such as ``port@tenon.example.org``; without spaces and commas.
    sent : datetime
        When.
    addresses : str
        Whom it is for, where its marking names people.
    sender_name : str
        The organization that owns the finding.
    fields : mapping
        Title, description, place, latitude, longitude, level, channel, hazard, severity, urgency, state, marking and
        deadline; what is kept back is absent, empty or none.
    web : str
        Address of the finding's page.
    """

    identifier: str
    sender: str
    sent: datetime
    addresses: str
    sender_name: str
    fields: Mapping[str, Any]
    web: str


@dataclass(frozen=True)
class Message:
    """A finding that another program reports.

    Parameters
    ----------
    key : str
        Sender and identifier.
    fields : mapping
        Fields of a finding.
    """

    key: str
    fields: Mapping[str, Any]


def write_cap(finding: Outgoing) -> bytes:
    """Write a finding as a message.

    Parameters
    ----------
    finding : Outgoing
        What is said.

    Returns
    -------
    bytes
        XML in UTF-8.
    """
    said = finding.fields
    marking = Marking(said["marking"])
    alert = Element("alert", {"xmlns": _NAMESPACE})
    _add(alert, "identifier", finding.identifier)
    _add(alert, "sender", finding.sender)
    _add(alert, "sent", _moment(finding.sent))
    _add(alert, "status", "Actual")
    _add(alert, "msgType", "Alert")
    _add(alert, "scope", _SCOPES[marking])
    if _SCOPES[marking] == "Restricted":
        _add(alert, "restriction", marking.value)
    if _SCOPES[marking] == "Private":
        _add(alert, "addresses", finding.addresses)
    _info(SubElement(alert, "info"), finding)
    indent(alert)
    written: bytes = tostring(alert, encoding="utf-8", xml_declaration=True)
    return written


def _info(info: Element, finding: Outgoing) -> None:
    said = finding.fields
    hazard, state = Hazard(said["hazard"]), FindingState(said["state"])
    _add(info, "category", _CATEGORIES[hazard])
    _add(info, "event", hazard.value)
    _add(info, "urgency", _URGENCIES[Urgency(said["urgency"])])
    _add(info, "severity", _SEVERITIES[Severity(said["severity"])])
    _add(info, "certainty", "Possible" if state in _UNSEEN else "Observed")
    if said.get("deadline"):
        _add(info, "expires", _moment(said["deadline"]))
    _add(info, "senderName", finding.sender_name)
    _add(info, "headline", said["title"])
    if said.get("description"):
        _add(info, "description", said["description"])
    _add(info, "web", finding.web)
    for name in ("level", "channel", "hazard", "severity", "urgency", "state", "marking"):
        parameter = SubElement(info, "parameter")
        _add(parameter, "valueName", _OWN + name)
        _add(parameter, "value", str(said[name]))
    if said.get("place") or said.get("latitude") is not None:
        area = SubElement(info, "area")
        _add(area, "areaDesc", said.get("place") or "-")
        if said.get("latitude") is not None and said.get("longitude") is not None:
            _add(area, "circle", f"{said['latitude']!r},{said['longitude']!r} 0")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _ILLEGAL.sub("", text)


def _moment(time: datetime) -> str:
    """Write a time with its offset from UTC in digits; the protocol has no letter Z."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def read_cap(content: bytes) -> Message:
    """Read a message of another program.

    Parameters
    ----------
    content : bytes
        XML of at most 256 KiB, without a document type.

    Returns
    -------
    Message
        The finding that it reports.

    Raises
    ------
    SourceError
        If it is none of CAP 1.2, is no first report of something real, or lacks what a finding needs.
    """
    alert = _tree(content)
    if alert.tag != _qualified("alert"):
        raise SourceError(_("The message must be an <alert> of CAP 1.2; its root or its namespace is another one."))
    key = ",".join(_needed(alert, name) for name in ("sender", "identifier"))
    if len(key) > 200:  # noqa: PLR2004 - as long as it is kept
        raise SourceError(_("Sender and identifier of the message must have at most 199 characters together."))
    for name, expected in (("status", "Actual"), ("msgType", "Alert")):
        if _needed(alert, name) != expected:
            what = _(
                "The message must have the %(name)s %(expected)s; it has %(found)r. "
                "Tests, updates and cancellations are not taken in."
            )
            raise SourceError(what % {"name": name, "expected": expected, "found": _needed(alert, name)[:40]})
    info = alert.find(_qualified("info"))
    if info is None:
        raise SourceError(_("The message must hold an <info> that says what happened; it has none."))
    return Message(key, {**_finding(alert, info), **_area(info)})


def _qualified(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _needed(parent: Element, name: str) -> str:
    found = _text(parent, name)
    if not found:
        raise SourceError(_("The message must say its <%(name)s>; it is missing or empty.") % {"name": name})
    return found


def _text(parent: Element, name: str) -> str:
    return (parent.findtext(_qualified(name)) or "").strip()


def _finding(alert: Element, info: Element) -> dict[str, Any]:
    own = _parameters(info)
    headline = _LONG.sub(" ", _text(info, "headline") or _needed(info, "event"))
    severities = {word: severity for severity, word in _SEVERITIES.items()}
    urgencies = {"Immediate": Urgency.NOW, "Expected": Urgency.DAYS, "Future": Urgency.WEEKS}
    hazard = _HAZARDS.get(_text(info, "category"), Hazard.OTHER)
    severity = severities.get(_text(info, "severity"), Severity.MODERATE)
    urgency = urgencies.get(_text(info, "urgency"), Urgency.WEEKS)
    return {
        "title": headline[:160],
        "description": _text(info, "description")[:8000],
        "level": _own(own, "level", {item.value: item.value for item in Level}, Level.SITE.value),
        "channel": _own(own, "channel", {item.value: item.value for item in Channel}, Channel.PLANT.value),
        "hazard": _own(own, "hazard", {item.value: item.value for item in Hazard}, hazard.value),
        "severity": _own(own, "severity", {str(item.value): item.value for item in Severity}, severity.value),
        "urgency": _own(own, "urgency", {str(item.value): item.value for item in Urgency}, urgency.value),
        "marking": _marking(alert, own).value,
    }


def _own(own: Mapping[str, str], name: str, words: Mapping[str, Any], otherwise: Any) -> Any:  # noqa: ANN401 - as given
    return words.get(own.get(name, ""), otherwise)


def _parameters(info: Element) -> dict[str, str]:
    found = {}
    for parameter in info.findall(_qualified("parameter")):
        name = _text(parameter, "valueName")
        if name.startswith(_OWN):
            found[name.removeprefix(_OWN)] = _text(parameter, "value")
    return found


def _marking(alert: Element, own: Mapping[str, str]) -> Marking:
    """Return the strictest marking that the message names."""
    named = {_text(alert, "restriction").upper(), own.get("marking", "")}
    found = [marking for marking in Marking if marking.value in named]
    scope = _MARKINGS.get(_needed(alert, "scope"), Marking.AMBER)
    return found[0] if found else scope


def _area(info: Element) -> dict[str, Any]:
    area = info.find(_qualified("area"))
    if area is None:
        return {}
    said: dict[str, Any] = {"place": _LONG.sub(" ", _text(area, "areaDesc"))[:160].removeprefix("-")}
    try:
        latitude, longitude = (float(part) for part in _text(area, "circle").split()[0].split(","))
    except (IndexError, ValueError):
        return said
    if math.isfinite(latitude + longitude) and abs(latitude) <= 90 and abs(longitude) <= 180:  # noqa: PLR2004 - degrees
        said |= {"latitude": latitude, "longitude": longitude}
    return said


def _tree(content: bytes) -> Element:
    """Build the tree of a message, without document types, with bounds of size, number and depth."""
    if len(content) > MAX_BYTES:
        raise SourceError(_("The message must have at most %(most)s KiB.") % {"most": MAX_BYTES // 1024})
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = count = 0

    def start(name: str, _attributes: Mapping[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > _MAX_DEPTH or count > _MAX_ELEMENTS:
            most = {"elements": _MAX_ELEMENTS, "depth": _MAX_DEPTH}
            raise SourceError(_("The message must have at most %(elements)s elements, %(depth)s deep.") % most)
        builder.start("{" + name if "}" in name else name, {})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end("{" + name if "}" in name else name)

    def refuse(*_arguments: object) -> None:
        raise SourceError(_("The message must hold no document type and no entities. Leave them out."))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)  # noqa: FBT003 - the C function takes it by position
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError, LookupError) as error:
        raise SourceError(_("The message must be XML; it cannot be read: %(error)s.") % {"error": error}) from None
