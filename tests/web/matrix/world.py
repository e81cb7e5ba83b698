"""A made-up world in which everybody of the matrix exists, with an object for every marking and state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership, Organization, Role, Share, Shared, SharingGroup
from tenon.web.organizations.rules import Marking, MembershipState, Profile, Reach
from tenon.web.rooms import evidence_services
from tenon.web.rooms.models import Finding, ImportDraft, Room
from tenon.web.rooms.room_rules import Part
from tenon.web.rooms.rules import Action, FindingState
from tests.web.matrix import things
from tests.web.matrix.model import (
    ACTING,
    ANONYMOUS,
    AT_HOME,
    COMMUNITY,
    ENDED,
    GROUP,
    GROUP_PROFILE,
    IN_ROOM,
    LIAISON_IN_ROOM,
    NAMED,
    NAMED_STRANGER,
    NEWCOMERS,
    OPERATOR,
    PARTS,
    SENDER,
    SHARES,
    STRANGER,
    SUSPENDED,
    WITHOUT_STEP,
    Case,
    reach_of,
)
from tests.web.plants import PNG, checklist, equipment, round_begun
from tests.web.programs import secret_of
from tests.web.worlds import (
    FIELDS,
    client_of,
    finding,
    member,
    organization,
    person,
    protect,
    rolled_back,
    step_values,
    viewer,
    walk,
)

_STEPS = {
    FindingState.TRIAGED: Action.TRIAGE,
    FindingState.ASSIGNED: Action.ASSIGN,
    FindingState.ELIMINATED: Action.ELIMINATE,
    FindingState.VERIFIED: Action.VERIFY,
    FindingState.CLOSED: Action.CLOSE,
}
_NAMES = {GROUP: "Partner", COMMUNITY: "Neighbor", STRANGER: "Stranger", IN_ROOM: "Guest"}
_OTHERS = {**_NAMES, **{name: name.title() for name in SHARES}}


@contextmanager
def whole_world(folder: Path) -> Iterator[World]:
    """Build the world for the tests of a module, which undo what they do in it; it keeps its files in a folder."""
    own = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "ATTACHMENTS": folder,
        "ENVIRONMENT": replace(settings.ENVIRONMENT, data=folder),
    }
    with override_settings(**own), rolled_back():
        yield World()


class World:  # budget: everybody of the matrix
    """A plant with people in every role, and around it everybody who stands to it in some other way."""

    def __init__(self) -> None:
        self.plant = organization("Plant")
        self.spare, self.outside = organization("Spare"), organization("Outside")
        self.spare_lead = member(self.spare, "coordinator")
        self.spare_worker = member(self.spare, "coordinator").user
        self.others = {name: organization(title) for name, title in _OTHERS.items()}
        self.lead = viewer(member(self.plant, "administrator"))
        self.worker = member(self.plant, "inspector").user
        self.verifier = viewer(member(self.plant, "verifier"))
        self.proposer = member(self.plant, "member")
        self.role = Role.objects.get(key="member")
        self.group = self._group()
        self.lead = viewer(Membership.objects.get(user=self.lead.actor.user_id))  # in the group from now on
        invitation, self.token = organizations.invite(self.lead, self.plant, "guest@example.org", self.role)
        self.things: dict[str, Any] = {
            "plant": self.plant,
            "group": self.group,
            "invitation": invitation,
            "member": member(self.plant, "observer"),
            "chain": things.chain(self),
            "draft": things.draft(self),
        }
        self.managed = finding(self.plant, self.lead, reach=Reach.GROUP, marking=Marking.AMBER)
        sharing.share(self.lead, self.managed, self.others[IN_ROOM], Profile.MANAGE)
        self._people: dict[tuple[str, str], User | None] = {}
        self._sessions: dict[tuple[str, str], str] = {}
        self._secrets: dict[tuple[str, str], str] = {}
        self._made: dict[tuple[str, str, bool], Any] = {}
        for relation, role in ((NAMED, "coordinator"), (NAMED_STRANGER, "administrator")):
            self.user(relation, role)

    def _group(self) -> SharingGroup:
        made = organizations.create_group(self.lead, self.plant, {"name_en": "Nickel", "open_history": True})
        organizations.add_to_group(self.lead, made, self.others[GROUP])
        return made

    # Who asks.

    def client(self, case: Case) -> Client:
        """Return a fresh browser of whoever asks."""
        key = (case.relation, case.role)
        if key not in self._sessions:
            user = self.user(*key)
            browser = Client()
            if user is not None:
                membership = Membership.objects.filter(user=user).first()
                browser = client_of(membership) if membership and case.relation != WITHOUT_STEP else browser
                browser.force_login(user)
            cookie = browser.cookies.get(settings.SESSION_COOKIE_NAME)
            self._sessions[key] = cookie.value if cookie else ""
        fresh = Client()
        if self._sessions[key]:
            fresh.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[key]
        return fresh

    def secret(self, case: Case) -> str:
        """Return a token of whoever asks; without a membership that is in force, none that counts."""
        key = (case.relation, case.role)
        if key not in self._secrets:
            user = self.user(*key)
            there = Membership.objects.filter(user=user, state=MembershipState.ACTIVE).first() if user else None
            step = case.relation != WITHOUT_STEP
            self._secrets[key] = secret_of(there, second_step=step) if there else "tenon_none"
        return self._secrets[key]

    def home_of(self, case: Case) -> Organization:
        """Return the organization that whoever asks acts for; of those who have none, the plant."""
        if case.relation in AT_HOME:
            return self.plant
        return self.others[IN_ROOM] if case.relation in NEWCOMERS else self.others.get(case.relation, self.plant)

    def user(self, relation: str, role: str) -> User | None:
        """Return who stands so to the plant; made when first asked for."""
        key = (relation, role)
        if key not in self._people:
            self._people[key] = self._new_person(relation, role)
        return self._people[key]

    def _new_person(self, relation: str, role: str) -> User | None:
        if relation == ANONYMOUS:
            return None
        made = person("Asker")
        if relation == OPERATOR:
            User.objects.filter(pk=made.pk).update(is_operator=True)
            return made
        of = self.others[STRANGER] if relation == NAMED_STRANGER else self.home_of(Case("", "", "", relation, role, ""))
        membership = member(of, "administrator" if relation in {SUSPENDED, ENDED} else role, made)
        states = {SUSPENDED: MembershipState.SUSPENDED, ENDED: MembershipState.ENDED}
        if relation in states:
            organizations.move_membership(self.lead, membership, states[relation])
        if relation != WITHOUT_STEP:
            protect(made)
        return made

    # What is asked for.

    def item(self, kind: str, case: Case) -> Any:
        """Return what an endpoint is about; made when first asked for."""
        if kind in self.things or not kind:
            return self.things.get(kind)
        name, _, state = kind.partition(": ")
        key = (kind, case.marking, case.relation == COMMUNITY)
        if key not in self._made:
            marking, is_open = Marking(case.marking), case.relation == COMMUNITY
            if name == "finding":
                self._made[key] = self._finding(FindingState(state), marking, is_open=is_open)
            else:
                self._made[key] = self._other(kind, marking, is_open=is_open)
        return self._made[key]

    def _other(self, kind: str, marking: Marking, *, is_open: bool) -> Any:
        """Return something else that is shared, or what belongs to it."""
        if kind.endswith("room"):
            made: Any = things.furnished_room(self, kind, marking)
            self._give(made, is_open=is_open)
            return made
        if kind in {"attachment", "proposal"}:
            made = self._finding(FindingState.REPORTED, marking, is_open=is_open)
            is_file = kind == "attachment"
            return (
                evidence_services.attach(self.lead, made, "photo.png", PNG) if is_file else things.proposal(self, made)
            )
        if kind.endswith("study"):
            made = things.study(self, kind)
        else:
            wide: dict[str, Any] = {"reach": Reach.GROUP, "marking": Marking.GREEN}
            made = equipment(self.plant, self.lead, code=f"K{len(self._made)}", **wide)
        parts: dict[str, Callable[[], Any]] = {
            "checklist": lambda: checklist(made, self.lead),
            "round": lambda: round_begun(made, self.lead, checklist(made, self.lead)),
            "planned round": lambda: things.planned_round(self, made),
            "intake": lambda: evidence_services.receive(Actor(), made, {"title": "Leak", "what": "Oil"}),
        }
        part = parts[kind]() if kind in parts else None
        self._give(made, is_open=is_open)
        sharing.set_reach(self.lead, made, reach_of(marking, is_open=is_open), marking)
        made.refresh_from_db()
        return part or made

    def _give(self, made: Shared, *, is_open: bool) -> None:
        for user in (self.user(NAMED, "coordinator"), self.user(NAMED_STRANGER, "administrator"), self._lead_user):
            if user is not None:
                sharing.name_person(self.lead, made, user)
        if not is_open:
            for name, profile in SHARES.items():
                sharing.share(self.lead, made, self.others[name], profile)
            sharing.share(self.lead, made, self.group, GROUP_PROFILE)
        made.refresh_from_db()

    def _finding(self, state: FindingState, marking: Marking, *, is_open: bool) -> Finding:
        made = finding(self.plant, self.lead, reach=Reach.GROUP, marking=Marking.GREEN)
        self._give(made, is_open=is_open)
        if state in _STEPS:
            made = walk(made, self.lead, self.verifier, self.worker, upto=_STEPS[state])
        sharing.set_reach(self.lead, made, reach_of(marking, is_open=is_open), marking)
        return made

    @cached_property
    def _lead_user(self) -> User:
        return Membership.objects.select_related("user").get(user=self.lead.actor.user_id).user

    def stand_in(self, case: Case, item: Any) -> None:
        """Give whoever asks their part in a room, or what they sent, for this one question."""
        part = Part.LIAISON if case.relation == LIAISON_IN_ROOM else PARTS.get(case.relation)
        if case.relation != SENDER and part is None:
            return
        user = self.user(case.relation, case.role)
        membership = Membership.objects.get(user=user)
        if isinstance(item, Room) and part is not None:
            things.take_part(membership, item, part)
        elif isinstance(item, ImportDraft):
            ImportDraft.objects.filter(pk=item.pk).update(user=user)

    # What is sent.

    def filled(self, case: Case, form: Mapping[str, object]) -> dict[str, object]:
        """Put the organization of whoever asks into a form."""
        return {name: self.home_of(case).pk if value is ACTING else value for name, value in form.items()}

    def step(self, item: Finding, action: str) -> dict[str, object]:
        """Return a form with everything that a step needs."""
        values = {**step_values(self.worker), "responsible": self.worker.pk, "deadline": "2030-01-01T00:00"}
        return {**values, "action": action, "version": item.version, "merged_into": self._twin(item).pk}

    def _twin(self, item: Finding) -> Finding:
        """Return another finding that everybody sees who sees this one."""
        case = Case("", "", "", COMMUNITY if item.reach == Reach.COMMUNITY else "", "", item.marking)
        twin: Finding = self.item("finding: triaged", case)
        return twin

    def report(self) -> dict[str, object]:
        """Return the form of a report."""
        return {**FIELDS, "marking": Marking.AMBER.value, "reach": Reach.ORGANIZATION.value}

    def share_of(self, item: Shared) -> Share:
        """Return a share of an object that can be taken back."""
        return Share.objects.filter(subject_id=item.pk, user=self.user(NAMED_STRANGER, "administrator")).get()
