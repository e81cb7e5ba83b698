"""What everybody may do, worked out from the rules alone: what the authorization matrix was written from."""

from __future__ import annotations

import csv
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from tenon.web.organizations.rules import (
    SECOND_STEP,
    Capability,
    Given,
    Marking,
    Permission,
    Profile,
    Reach,
    Standing,
    hidden_parts,
    permissions,
    reach_allowed,
)
from tenon.web.rooms.room_rules import Part, Power, RoomState, powers

ROOT = Path(__file__).resolve().parents[3]
MATRIX = ROOT / "docs" / "authorization-matrix.csv"
ROLES = tomllib.loads((ROOT / "src/tenon/web/organizations/roles.toml").read_text(encoding="utf-8"))
COLUMNS = ("endpoint", "method", "action", "relation", "role", "marking", "answer")
NO_MARKING = "-"
NO_ROLE = "-"
# Addresses of the interface, which programs ask with a token of whoever is named.
PROGRAMS = "interface:"
# Stands in a form for the organization that whoever asks acts for.
ACTING = "the organization that one acts for"
# The profile that the group in the made-up world gets.
GROUP_PROFILE = Profile.COMMENT

OWNER = "owner"
NAMED = "owner, named on it"
WITHOUT_STEP = "owner, without the second step"
SHARES = {f"share: {profile}": profile for profile in Profile}
GROUP = "group"
COMMUNITY = "community"
STRANGER = "stranger"
NAMED_STRANGER = "stranger, named on it"
PARTS = {f"owner, {part} of the room": part for part in Part}
IN_ROOM = "in the room"
LIAISON_IN_ROOM = "in the room, liaison"
SENDER = "owner, who sent it"
SUSPENDED = "suspended member"
ENDED = "ended member"
OPERATOR = "operator"
ANONYMOUS = "anonymous"
OUTSIDE = (*SHARES, GROUP, COMMUNITY, STRANGER)
AT_HOME = frozenset({OWNER, NAMED, WITHOUT_STEP, SENDER, *PARTS})
NEWCOMERS = frozenset({IN_ROOM, LIAISON_IN_ROOM})
# Whoever belongs to no organization now has no role.
ROLELESS = (SUSPENDED, ENDED, OPERATOR, ANONYMOUS)


class About(StrEnum):
    """What an endpoint is about, and with it, whose it must be."""

    NOTHING = "nothing: everybody who signed in has it"
    VISITOR = "nothing: visitors have it too"
    PLATFORM = "the platform, which operators run"
    OWN = "the organization that one acts for"
    PLANT = "one organization"
    ACTING = "an organization to act for"
    GROUP = "one sharing group"
    OBJECT = "an object that is shared"
    ROOM = "a room, which goes as far as the organizations in it"
    SENT = "what somebody sent and has not decided on: the sender's own"


@dataclass(frozen=True)
class Case:
    """One question of the matrix.

    Parameters
    ----------
    endpoint, method, action : str
        What is asked: the name of the address, the verb, and which of its actions.
    relation, role : str
        Who asks.
    marking : str
        How the object asked for is marked.
    """

    endpoint: str
    method: str
    action: str
    relation: str
    role: str
    marking: str


@dataclass(frozen=True)
class Need:  # budget: one of everything that addresses ask
    """What an endpoint asks of those who see what it is about.

    Parameters
    ----------
    about : About
        What it is about.
    capability : Capability, optional
        What their role must allow.
    permission : Permission
        What they must be allowed with the object.
    instead : Permission, optional
        What does as well as capability and permission together.
    only_owner : bool
        Whether only the owner of a group, or of an object, has it.
    unseen : bool
        Whether what belongs to an object is not there for others, whatever is shared with them.
    whole : bool
        Whether it is there only for those from whom no part of the object is kept back: files show all of it.
    power : Power, optional
        What somebody's part in the room must allow.
    before : bool
        Whether it is from before the newcomers came into the room.
    every_marking : bool
        Whether reading is asked with every marking in every role.
    sampled : bool
        Whether administrators of others, too, ask with one marking each, in turn.
    leaves : bool
        Whether it goes to others by it, which some markings forbid whoever asks: a program is told so by 409.
    done : str
        What the answer is where it is done, if not as usual.
    refused : str
        What the answer is to those who see it and may not.
    absent : str
        What the answer is to those who do not see it: another where it is named by what is sent.
    """

    about: About
    capability: Capability | None = None
    permission: Permission = Permission.READ
    instead: Permission | None = None
    only_owner: bool = False
    unseen: bool = False
    whole: bool = False
    power: Power | None = None
    before: bool = False
    every_marking: bool = False
    sampled: bool = False
    leaves: bool = False
    done: str = ""
    refused: str = "403"
    absent: str = "404"


def cases(endpoint: str, method: str, action: str, need: Need) -> Iterator[Case]:
    """List the questions about one endpoint.

    Owners ask in every role, others as administrators and in two weaker roles in turn. Reading an object is asked with
    every marking; so is everything else by administrators of others, and in other roles with one marking each, in turn:
    over the endpoints, every role meets every relation and every marking. Of a part
    of an object, and by programs, one marking each is asked, in turn. In rooms those ask besides who have a part in
    them: the commander in every role, others as above.
    """
    turn = zlib.crc32(f"{endpoint} {method} {action}".encode())
    marked = need.about in {About.OBJECT, About.ROOM}
    markings = [marking.value for marking in markings_of(need.about)] if marked else [NO_MARKING]
    for relation, role in _askers(turn, need.about):
        every = need.every_marking or (not need.sampled and relation in OUTSIDE and role == "administrator")
        chosen = markings if every else [markings[turn % len(markings)]]
        turn += 1
        yield from (Case(endpoint, method, action, relation, role, marking) for marking in chosen)


def markings_of(about: About) -> list[Marking]:
    """List how something can be marked: a room only so that others can come into it."""
    return [item for item in Marking if about is not About.ROOM or reach_allowed(Reach.ROOM, item)]


def _askers(turn: int, about: About) -> Iterator[tuple[str, str]]:
    marked = about in {About.OBJECT, About.ROOM}
    in_every_role = [OWNER, SENDER] if about is About.SENT else [OWNER]
    others = list(OUTSIDE if marked else (GROUP, STRANGER))
    if about is About.ROOM:
        commander, *parts = PARTS
        in_every_role.append(commander)
        others += [*parts, *sorted(NEWCOMERS)]
    yield from ((relation, role) for relation in in_every_role for role in ROLES)
    yield WITHOUT_STEP, "administrator"
    if marked:
        yield NAMED, "coordinator"
        yield NAMED_STRANGER, "administrator"
    weaker = [role for role in ROLES if role != "administrator"]
    for place, relation in enumerate(others):
        yield relation, "administrator"
        chosen = [weaker[(turn + place + step) % len(weaker)] for step in (0, 3)]
        yield from ((relation, role) for role in chosen)
    yield from ((relation, NO_ROLE) for relation in ROLELESS)


def capabilities(case: Case) -> frozenset[Capability]:
    """Return what the asker's role allows."""
    if case.role == NO_ROLE:
        return frozenset()
    allowed = frozenset(Capability(item) for item in ROLES[case.role]["capabilities"])
    return allowed - SECOND_STEP if case.relation == WITHOUT_STEP else allowed


def standing(case: Case) -> Standing:
    """Return how the asker stands to the object."""
    marking = Marking(case.marking)
    wanted = reach_of(marking, is_open=case.relation == COMMUNITY)
    profile = GROUP_PROFILE if case.relation == GROUP else SHARES.get(case.relation)
    profile = Profile.READ if case.relation in NEWCOMERS else profile
    shares = () if profile is None else (Given(profile, datetime(2026, 1, 1, tzinfo=UTC)),)
    return Standing(
        owns=case.relation in AT_HOME,
        named=case.relation in {NAMED, NAMED_STRANGER},
        reach=wanted,
        marking=marking,
        shares=shares,
    )


def reach_of(marking: Marking, *, is_open: bool) -> Reach:
    """Return how far an object of the made-up world goes: as far as its marking lets it."""
    wanted = Reach.COMMUNITY if is_open else Reach.GROUP
    return wanted if reach_allowed(wanted, marking) else Reach.ORGANIZATION


def answer(case: Case, need: Need) -> str:
    """Work out what the platform must answer: ``200``, ``302`` (done), ``403``, ``404`` or ``sign in``."""
    done = need.done or ("200" if case.method == "GET" else "302")
    if case.endpoint.startswith(PROGRAMS) and case.relation in ROLELESS:
        return "401"  # a token belongs to a membership that is in force
    if case.relation == ANONYMOUS:
        return done if need.about is About.VISITOR else "sign in"
    allowed = capabilities(case)
    sees, may = _sees(case, need, allowed), _may(case, need, allowed)
    if need.leaves and may and not reach_allowed(Reach.GROUP, Marking(case.marking)):
        done = "409"
    return need.absent if not sees else done if may else need.refused


def _sees(case: Case, need: Need, allowed: frozenset[Capability]) -> bool:
    home = case.relation in {OWNER, WITHOUT_STEP}
    if need.about in {About.OBJECT, About.ROOM}:
        hidden = need.unseen and not standing(case).owns
        hidden |= need.whole and bool(hidden_parts(standing(case)))
        hidden |= need.before and case.relation in NEWCOMERS
        return not hidden and Permission.READ in permissions(_standing(case, need), allowed)
    if need.about in {About.PLANT, About.ACTING}:
        return home
    if need.about is About.SENT:  # whoever may not send anything is told so first
        return case.relation == SENDER or need.capability not in allowed
    return home or case.relation == GROUP if need.about is About.GROUP else True


def _standing(case: Case, need: Need) -> Standing:
    found = standing(case)
    return replace(found, reach=Reach.ROOM) if need.about is About.ROOM else found


def _may(case: Case, need: Need, allowed: frozenset[Capability]) -> bool:
    if need.about is About.PLATFORM:
        return case.relation == OPERATOR
    if need.only_owner and case.relation not in AT_HOME:
        return False
    if need.power is not None:
        return need.power in _powers(case, allowed)
    if need.about in {About.OBJECT, About.ROOM}:
        given = permissions(_standing(case, need), allowed)
        if need.instead in given:
            return True
        if need.permission not in given:
            return False
    return need.capability is None or need.capability in allowed


def _powers(case: Case, allowed: frozenset[Capability]) -> frozenset[Power]:
    """Return what somebody may do in a room; whether it is active or stable makes no difference, and in a closed one
    only what leads out of that state is asked."""
    part = Part.LIAISON if case.relation == LIAISON_IN_ROOM else PARTS.get(case.relation)
    return powers(part, RoomState.ACTIVE, allowed, owns=standing(case).owns)


def read_matrix() -> dict[Case, str]:
    """Read the reviewed matrix."""
    with MATRIX.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {Case(*(row[name] for name in COLUMNS[:-1])): row[COLUMNS[-1]] for row in rows}


def write_matrix(rows: dict[Case, str]) -> None:
    """Write the matrix, for people to review what changed."""
    with MATRIX.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for case, said in rows.items():
            writer.writerow([*(getattr(case, name) for name in COLUMNS[:-1]), said])
