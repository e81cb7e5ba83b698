"""Reading rooms: every list and page begins with what the viewer may see, and with the time from which they see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tenon.web.accounts.models import User
from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.policies import Viewer, allows, visible_to
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.rules import Capability, MembershipState, Permission
from tenon.web.organizations.selectors import directory, members_of
from tenon.web.rooms.models import (
    AffectedPlace,
    Finding,
    Participant,
    Room,
    RoomEntry,
    RoomFinding,
    RoomReport,
    RoomTask,
)
from tenon.web.rooms.room_rules import (
    PARTS,
    SIMILAR_FROM,
    Part,
    Power,
    RoomState,
    Traits,
    holds_open,
    powers,
    similarity,
    telling_words,
)
from tenon.web.rooms.rules import OPEN, Channel, FindingState, Hazard, Severity
from tenon.web.rooms.selectors import findings_for

__all__ = [
    "Candidate",
    "Holding",
    "Line",
    "ShownRoom",
    "Similar",
    "affected_by",
    "attachable",
    "can_act",
    "candidates",
    "commander_of",
    "entries_of",
    "findings_of",
    "holding",
    "lines",
    "links_of",
    "narrowed_rooms",
    "open_musts",
    "organizations_outside",
    "part_in",
    "participants_of",
    "powers_in",
    "reports_of",
    "room_for",
    "rooms_for",
    "rooms_with",
    "shown_rooms",
    "similar_rooms",
    "since_in",
    "tasks_of",
]

# As many past rooms are compared with a new one.
_COMPARED = 300
_ATTACHABLE = 200


def rooms_for(viewer: Viewer) -> QuerySet[Room]:
    """List the rooms that a viewer may see: of the own organizations, and those that these take part in.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Room
        The newest first.
    """
    return visible_to(Room.objects.select_related("owner", "group"), viewer).order_by("-opened", "-id")


def rooms_with(viewer: Viewer, finding: Finding) -> QuerySet[Room]:
    """List the rooms that a finding belongs to, among those that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    finding : Finding
        One that the viewer may read.

    Returns
    -------
    QuerySet of Room
        The newest first.
    """
    links = RoomFinding.objects.filter(finding=finding, detached__isnull=True, share__revoked__isnull=True)
    return rooms_for(viewer).filter(pk__in=links.values("room_id"))


def room_for(viewer: Viewer, pk: uuid.UUID) -> Room | None:
    """Find one room that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Room or None
        None where it is not there or not for this viewer.
    """
    return rooms_for(viewer).filter(pk=pk).first()


def part_in(viewer: Viewer, room: Room) -> Participant | None:
    """Find the part that a viewer has in a room.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    room : Room
        Which.

    Returns
    -------
    Participant or None
        None where they have none now, or do not act for the organization that they have it for.
    """
    there = participants_of(room).filter(user_id__in=[viewer.actor.user_id], organization_id__in=viewer.own)
    return there.first()


def powers_in(viewer: Viewer, room: Room) -> frozenset[Power]:
    """Work out what a viewer may do in a room.

    Parameters
    ----------
    viewer : Viewer
        Who wants to.
    room : Room
        Where.

    Returns
    -------
    frozenset of Power
        As the rules decide; nothing where the room is not visible.
    """
    if not allows(room, viewer, Permission.READ):
        return frozenset()
    there = part_in(viewer, room)
    part = Part(there.part) if there else None
    return powers(part, RoomState(room.state), viewer.capabilities, owns=room.owner_id in viewer.own)


@dataclass(frozen=True)
class ShownRoom:
    """A room as a viewer gets it.

    Parameters
    ----------
    room : Room
        The room.
    commander : Participant, optional
        Who commands it.
    part : Part, optional
        The viewer's own part.
    may : frozenset of Power
        What the viewer may do in it now.
    musts : int
        Must-findings that hold it open, of those that the viewer sees.
    """

    room: Room
    commander: Participant | None
    part: Part | None
    may: frozenset[Power]
    musts: int


def shown_rooms(viewer: Viewer, rooms: Sequence[Room]) -> list[ShownRoom]:
    """Prepare rooms for a viewer, by as many queries as one.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    rooms : sequence of Room
        Those that the viewer may see.

    Returns
    -------
    list of ShownRoom
        In the same order.
    """
    leading, musts = commander_of(rooms), open_musts(viewer, rooms)
    present = Participant.objects.filter(room__in=rooms, until__isnull=True)
    mine = present.filter(user_id__in=[viewer.actor.user_id], organization_id__in=viewer.own)
    parts = {pk: Part(part) for pk, part in mine.values_list("room_id", "part")}
    return [
        ShownRoom(
            room,
            leading.get(room.pk),
            parts.get(room.pk),
            powers(parts.get(room.pk), RoomState(room.state), viewer.capabilities, owns=room.owner_id in viewer.own),
            musts.get(room.pk, 0),
        )
        for room in rooms
    ]


def since_in(viewer: Viewer, room: Room) -> datetime | None:
    """Find from when on a viewer sees what was written in a room.

    Parameters
    ----------
    viewer : Viewer
        Who may see the room.
    room : Room
        Which.

    Returns
    -------
    datetime or None
        None for everything: for its owner, and where the history is open.
    """
    return None if room.owner_id in viewer.own else viewer.groups.get(room.group_id)


def participants_of(room: Room) -> QuerySet[Participant]:
    """List who has a part in a room now.

    Parameters
    ----------
    room : Room
        One that the viewer may see.

    Returns
    -------
    QuerySet of Participant
        In the order in which they came.
    """
    return Participant.objects.filter(room=room, until__isnull=True).select_related("user", "organization")


def commander_of(rooms: Iterable[Room]) -> dict[uuid.UUID, Participant]:
    """Find the commanders of rooms.

    Parameters
    ----------
    rooms : iterable of Room
        Those that the viewer may see.

    Returns
    -------
    dict from UUID to Participant
        By the rooms' identifiers.
    """
    leading = Participant.objects.filter(room__in=list(rooms), part=Part.COMMANDER.value, until__isnull=True)
    return {item.room_id: item for item in leading.select_related("user", "organization")}


def can_act(user: User, organization: Organization, part: Part) -> bool:
    """Say whether a person can have a part in a room for an organization.

    Parameters
    ----------
    user : User
        The person.
    organization : Organization
        For which.
    part : Part
        What part.

    Returns
    -------
    bool
        True if they are an active member of it, or of one above it, in a role that allows what the part needs.
    """
    at_or_above = Membership.objects.filter(
        user=user, user__is_active=True, state=MembershipState.ACTIVE, organization_id__in=_way_up(organization)
    )
    return any(PARTS[part] in item.role.allows for item in at_or_above.select_related("role"))


def _way_up(organization: Organization) -> list[uuid.UUID]:
    return [uuid.UUID(item) for item in organization.path.strip("/").split("/")]


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a viewer can give a part in a room.

    Parameters
    ----------
    user : User
        The person.
    organization : Organization
        The one in the room that they act for.
    """

    user: User
    organization: Organization

    @property
    def key(self) -> str:
        """What a form sends for them."""
        return f"{self.user.pk}:{self.organization.pk}"


def candidates(viewer: Viewer, room: Room) -> list[Candidate]:
    """List the people whom a viewer can send into a room: of the own organizations that are in it.

    Parameters
    ----------
    viewer : Viewer
        Who sends; only those who lead rooms can.
    room : Room
        Where.

    Returns
    -------
    list of Candidate
        By name; those who are there already are left out.
    """
    if Capability.COMMAND not in viewer.capabilities or room.state == RoomState.CLOSED:
        return []
    own = [item.organization for item in members_of(room.group) if item.organization_id in viewer.own]
    present = set(participants_of(room).values_list("user_id", flat=True))
    people = Membership.objects.filter(
        organization_id__in=viewer.own, state=MembershipState.ACTIVE, user__is_active=True
    )
    found: dict[uuid.UUID, Candidate] = {}
    for member in people.exclude(user_id__in=present).select_related("user", "role").order_by("user__name"):
        acting = next((item for item in own if member.organization_id in _way_up(item)), None)
        if acting is not None and Capability.READ in member.role.allows:
            found.setdefault(member.user_id, Candidate(member.user, acting))
    return list(found.values())


def organizations_outside(room: Room) -> QuerySet[Organization]:
    """List the organizations of the platform that are not in a room.

    Parameters
    ----------
    room : Room
        Which.

    Returns
    -------
    QuerySet of Organization
        In order of their trees.
    """
    return directory().exclude(pk__in=members_of(room.group).values("organization_id"))


def links_of(room: Room) -> QuerySet[RoomFinding]:
    """List what is attached to a room, whether the viewer sees it or not.

    Parameters
    ----------
    room : Room
        Which.

    Returns
    -------
    QuerySet of RoomFinding
        Without what was detached, or taken back by whoever shared it.
    """
    return RoomFinding.objects.filter(room=room, detached__isnull=True, share__revoked__isnull=True)


def findings_of(viewer: Viewer, room: Room) -> list[RoomFinding]:
    """List the findings of a room that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    room : Room
        Which.

    Returns
    -------
    list of RoomFinding
        With their findings; the most severe first.
    """
    links = links_of(room).filter(_visible_finding(viewer))
    return list(links.select_related("finding__owner", "share").order_by("-finding__severity", "attached", "id"))


def _visible_finding(viewer: Viewer) -> Exists:
    """Ask of each link by itself: a room holds few findings of all that the viewer may see."""
    return Exists(findings_for(viewer).order_by().filter(pk=OuterRef("finding_id")))


def open_musts(viewer: Viewer, rooms: Sequence[Room]) -> dict[uuid.UUID, int]:
    """Count the must-findings that hold rooms open and that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    rooms : sequence of Room
        Those that the viewer may see.

    Returns
    -------
    dict from UUID to int
        By the rooms' identifiers; without rooms that have none.
    """
    links = RoomFinding.objects.filter(
        _holds("finding__"),
        _visible_finding(viewer),
        room__in=rooms,
        detached__isnull=True,
        share__revoked__isnull=True,
    )
    return dict(links.order_by().values_list("room_id").annotate(Count("pk")))


def _holds(prefix: str) -> Q:
    states = [state.value for state in FindingState if holds_open(Severity.CRITICAL, state)]
    severities = [severity.value for severity in Severity if holds_open(severity, FindingState.REPORTED)]
    return Q(**{f"{prefix}state__in": states, f"{prefix}severity__in": severities})


@dataclass(frozen=True)
class Holding:
    """What keeps a room from closing.

    Parameters
    ----------
    findings : tuple of Finding
        Must-findings that nobody has verified, as far as the viewer may see them.
    unseen : int
        How many more there are.
    """

    findings: tuple[Finding, ...]
    unseen: int

    def __bool__(self) -> bool:
        return bool(self.findings) or self.unseen > 0


@as_platform()  # what the viewer does not see holds it, too
def holding(viewer: Viewer, room: Room) -> Holding:
    """Find what keeps a room from closing.

    Parameters
    ----------
    viewer : Viewer
        Who would close it.
    room : Room
        Which.

    Returns
    -------
    Holding
        Findings attached to the room, and for duplicates those that they were merged into.
    """
    wanted = set(links_of(room).values_list("finding_id", flat=True))
    seen: set[uuid.UUID] = set()
    while wanted - seen:
        new = wanted - seen
        seen |= new
        merged = Finding.objects.filter(pk__in=new, state=FindingState.DUPLICATE.value)  # one place: a number leaves
        wanted |= set(merged.values_list("merged_into_id", flat=True))
    holds = Finding.objects.filter(_holds(""), pk__in=seen)  # one place: of what is not visible, only the number leaves
    held = list(holds.values_list("pk", flat=True))
    visible = tuple(findings_for(viewer).filter(pk__in=held).order_by("-severity", "number"))
    return Holding(visible, len(held) - len(visible))


def affected_by(room: Room) -> QuerySet[AffectedPlace]:
    """List what a disruption affects.

    Parameters
    ----------
    room : Room
        One that the viewer may read.

    Returns
    -------
    QuerySet of AffectedPlace
        As they were named.
    """
    return room.affected.all()


def attachable(viewer: Viewer, room: Room) -> QuerySet[Finding]:
    """List the findings that a viewer can attach to a room.

    Parameters
    ----------
    viewer : Viewer
        Who attaches; they must be able to share them.
    room : Room
        Where.

    Returns
    -------
    QuerySet of Finding
        Open ones that are not attached yet, the newest 200.
    """
    there = links_of(room).values("finding_id")
    able = findings_for(viewer, Permission.SHARE).filter(state__in=[state.value for state in OPEN])
    newest = able.exclude(pk__in=there).select_related(None).values("pk")[:_ATTACHABLE]
    return findings_for(viewer, Permission.SHARE).filter(pk__in=newest)


def tasks_of(room: Room) -> QuerySet[RoomTask]:
    """List the tasks of a room.

    Parameters
    ----------
    room : Room
        One that the viewer may see.

    Returns
    -------
    QuerySet of RoomTask
        What is to be done first comes first.
    """
    return RoomTask.objects.filter(room=room).select_related("organization", "person")


def reports_of(viewer: Viewer, room: Room) -> QuerySet[RoomReport]:
    """List the reports of a room that a viewer may read.

    Parameters
    ----------
    viewer : Viewer
        Who may see the room.
    room : Room
        Which.

    Returns
    -------
    QuerySet of RoomReport
        The newest first; from when on the viewer sees the room.
    """
    since = since_in(viewer, room)
    reports = RoomReport.objects.filter(room=room).select_related("user")
    return reports if since is None else reports.filter(time__gte=since)


def entries_of(viewer: Viewer, room: Room) -> QuerySet[RoomEntry]:
    """List what was written in a room, as far as a viewer sees it.

    Parameters
    ----------
    viewer : Viewer
        Who may see the room.
    room : Room
        Which.

    Returns
    -------
    QuerySet of RoomEntry
        The newest first; from when on the viewer sees the room.
    """
    since = since_in(viewer, room)
    entries = RoomEntry.objects.filter(room=room).select_related(
        "user", "organization", "decided_by", "about", "finding__owner", "task", "report", "participant__user"
    )
    return entries if since is None else entries.filter(time__gte=since)


@dataclass(frozen=True)
class Line:
    """One entry of a timeline as a viewer gets it.

    Parameters
    ----------
    entry : RoomEntry
        The entry.
    finding : Finding, optional
        The finding that it is about, where the viewer may see it.
    """

    entry: RoomEntry
    finding: Finding | None


def lines(viewer: Viewer, entries: Sequence[RoomEntry]) -> list[Line]:
    """Prepare entries for a viewer: without findings that they may not see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    entries : sequence of RoomEntry
        Those that the viewer may read.

    Returns
    -------
    list of Line
        In the same order.
    """
    about = {entry.finding_id for entry in entries if entry.finding_id}
    visible = set(findings_for(viewer).filter(pk__in=about).values_list("pk", flat=True)) if about else set()
    return [Line(entry, entry.finding if entry.finding_id in visible else None) for entry in entries]


@dataclass(frozen=True)
class Similar:
    """A past room that is similar.

    Parameters
    ----------
    room : Room
        The past one.
    score : float
        How similar, from 0 to 1.
    learnt : str
        What was learnt, where the viewer may read its closing report.
    """

    room: Room
    score: float
    learnt: str


def similar_rooms(viewer: Viewer, room: Room, most: int = 5) -> list[Similar]:
    """Find closed rooms that are similar to one, among those that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    room : Room
        To compare with.
    most : int
        How many to return at most.

    Returns
    -------
    list of Similar
        The most similar first; among the newest 300 of the same hazard or channel.
    """
    alike = Q(hazard=room.hazard) | Q(channel=room.channel)
    past = rooms_for(viewer).filter(alike, state=RoomState.CLOSED.value).exclude(pk=room.pk)
    traits = _traits(room)
    scored = [(similarity(traits, _traits(item)), item) for item in past.select_related("closing_report")[:_COMPARED]]
    best = sorted((pair for pair in scored if pair[0] >= SIMILAR_FROM), key=lambda pair: -pair[0])[:most]
    return [Similar(item, score, _learnt(viewer, item)) for score, item in best]


def _traits(room: Room) -> Traits:
    return Traits(Hazard(room.hazard), Channel(room.channel), telling_words(f"{room.title} {room.description}"))


def _learnt(viewer: Viewer, room: Room) -> str:
    report, since = room.closing_report, since_in(viewer, room)
    return report.learnt if report is not None and (since is None or report.time >= since) else ""


def narrowed_rooms(rooms: QuerySet[Room], wanted: Mapping[str, str]) -> QuerySet[Room]:
    """Keep of a list of rooms what somebody asks for.

    Parameters
    ----------
    rooms : QuerySet of Room
        What the viewer may see.
    wanted : mapping
        ``state`` (or ``open``), ``channel``, ``hazard`` and words to ``search`` for; empty ones ask for nothing.

    Returns
    -------
    QuerySet of Room
        Those that fit all.
    """
    for name in ("channel", "hazard"):
        if wanted.get(name):
            rooms = rooms.filter(**{name: wanted[name]})
    state = wanted.get("state", "")
    if state == "open":
        rooms = rooms.exclude(state=RoomState.CLOSED.value)
    elif state:
        rooms = rooms.filter(state=state)
    for word in wanted.get("search", "").split()[:8]:
        rooms = rooms.filter(Q(title__icontains=word) | Q(description__icontains=word))
    return rooms
