"""The life of a room, step by random step, against a plain model of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Profile
from tenon.web.rooms import room_report_services, room_services, room_work_services, services
from tenon.web.rooms.models import Finding, Participant, Room
from tenon.web.rooms.room_rules import EntryKind, Part, RoomState, RoomStep
from tenon.web.rooms.room_selectors import entries_of, holding, participants_of, room_for
from tenon.web.rooms.rules import Action, FindingState
from tenon.web.rooms.selectors import finding_for
from tests.web.worlds import finding, member, organization, room, step_values, viewer

OWNER, GUEST, STRANGER = "owner", "guest", "stranger"
NAMES = st.sampled_from([GUEST, GUEST, OWNER, STRANGER])
# Most steps are tried by whoever can take them, so that rooms come far; the others show that nobody else can.
COMMANDER = "commander"
ANYBODY = st.sampled_from([COMMANDER, COMMANDER, COMMANDER, COMMANDER, OWNER, GUEST, STRANGER])
WALK = [Action.TRIAGE, Action.ASSIGN, Action.ELIMINATE, Action.VERIFY]
UNVERIFIED = {"reported", "triaged", "assigned", "eliminated"}


@dataclass
class Model:
    """What a room is, said without a database."""

    state: str = "active"
    commander: str = OWNER
    inside: set[str] = field(default_factory=lambda: {OWNER})
    parts: dict[str, str] = field(default_factory=lambda: {OWNER: "commander"})
    open_history: bool = False
    # For each fact, who was inside when it was written, without a break since.
    facts: dict[str, set[str]] = field(default_factory=dict)
    # For each finding: whether it is a must, its state, whether it is attached, and who was inside by then.
    findings: dict[int, dict[str, Any]] = field(default_factory=dict)

    def sees(self, name: str, witnesses: set[str]) -> bool:
        return name == OWNER or (name in self.inside and (self.open_history or name in witnesses))

    @property
    def is_held(self) -> bool:
        return any(item["attached"] and item["must"] and item["state"] in UNVERIFIED for item in self.findings.values())


class RoomLife(RuleBasedStateMachine):  # budget: every step of a room is a rule of the machine
    """Three organizations, one room; each step is tried by anybody, and must end as the model says."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Model()
        self.organizations: dict[str, Organization] = {
            name: organization(name.title()) for name in (OWNER, GUEST, STRANGER)
        }
        self.members: dict[str, Membership] = {
            name: member(item, "coordinator") for name, item in self.organizations.items()
        }
        self.verifier = member(self.organizations[OWNER], "coordinator")
        self.worker = member(self.organizations[OWNER], "inspector")
        self.room: Room = room(self.organizations[OWNER], self.look(OWNER))
        self.findings: list[Finding] = []
        self.links: dict[int, Any] = {}

    def teardown(self) -> None:
        assert find_fault(organization_chain(self.organizations[OWNER].pk)) is None
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def look(self, name: str) -> Viewer:
        return viewer(self.members[name], second_step=False)

    def who(self, by: str) -> str:
        return self.model.commander if by == COMMANDER else by

    def fresh(self) -> Room:
        self.room.refresh_from_db()
        return self.room

    def attempt(self, allowed: bool, act: Any) -> bool:
        """Try something, and see that it is done exactly where the model allows it."""
        try:
            with transaction.atomic():
                act()
        except (PermissionDenied, ValidationError):
            assert not allowed
            return False
        assert allowed
        return True

    def commands(self, name: str) -> bool:
        return self.model.commander == name

    @initialize(begins=st.booleans())
    def begin(self, begins: bool) -> None:
        """Let half of the rooms begin with a guest."""
        if begins:
            self.bring_in(OWNER, GUEST)
            self.send(GUEST, GUEST)

    @rule(by=ANYBODY, whom=NAMES)
    def bring_in(self, by: str, whom: str) -> None:
        by = self.who(by)
        model = self.model
        allowed = self.commands(by) and model.state != "closed" and whom not in model.inside
        if self.attempt(allowed, lambda: room_services.bring_in(self.look(by), self.room, self.organizations[whom])):
            model.inside.add(whom)

    @rule(by=ANYBODY, whom=NAMES)
    def take_out(self, by: str, whom: str) -> None:
        by = self.who(by)
        model = self.model
        leads = (self.commands(by) and model.state != "closed") or (by == whom and by in model.inside)
        allowed = leads and whom in model.inside and whom not in {OWNER, model.commander}
        if self.attempt(allowed, lambda: room_services.take_out(self.look(by), self.room, self.organizations[whom])):
            model.inside.discard(whom)
            model.parts.pop(whom, None)
            for witnesses in [*model.facts.values(), *(item["witnesses"] for item in model.findings.values())]:
                witnesses.discard(whom)

    @rule(by=ANYBODY, whom=NAMES)
    def send(self, by: str, whom: str) -> None:
        by = whom if by == COMMANDER else by
        model = self.model
        allowed = by == whom and whom in model.inside and whom not in model.parts and model.state != "closed"
        user, there = self.members[whom].user, self.organizations[whom]
        if self.attempt(allowed, lambda: room_services.send(self.look(by), self.room, user, there, Part.LIAISON)):
            model.parts[whom] = "liaison"

    @rule(by=ANYBODY, whom=NAMES)
    def hand_over(self, by: str, whom: str) -> None:
        by = self.who(by)
        model = self.model
        there = Participant.objects.filter(room=self.room, user=self.members[whom].user).order_by("since", "id").last()
        if there is None:
            return
        allowed = (self.commands(by) or by == OWNER) and model.parts.get(whom) not in {None, "commander"}
        version = self.fresh().version
        if self.attempt(allowed, lambda: room_services.hand_over(self.look(by), self.room, there, "Reason", version)):
            model.parts[model.commander], model.parts[whom], model.commander = "liaison", "commander", whom

    @rule(by=ANYBODY, is_open=st.booleans())
    def set_history(self, by: str, is_open: bool) -> None:
        by = self.who(by)
        allowed = self.commands(by) and self.model.state != "closed"
        if self.attempt(allowed, lambda: room_services.set_history(self.look(by), self.room, is_open=is_open)):
            self.model.open_history = is_open

    @rule(by=ANYBODY)
    def note(self, by: str) -> None:
        by = self.who(by)
        model, text = self.model, f"Fact {len(self.model.facts)}"
        allowed = by in model.parts and model.state != "closed"
        if self.attempt(allowed, lambda: room_work_services.write(self.look(by), self.room, EntryKind.FACT, text)):
            model.facts[text] = set(model.inside)

    @rule(by=ANYBODY, must=st.booleans())
    def attach(self, by: str, must: bool) -> None:
        by = OWNER if by == COMMANDER else by
        model = self.model
        item = finding(self.organizations[OWNER], self.look(OWNER), severity=3 if must else 2)
        allowed = by == OWNER and by in model.parts and model.state != "closed"

        def act() -> None:
            self.links[len(self.findings)] = room_work_services.attach(self.look(by), self.room, item, Profile.READ)

        if self.attempt(allowed, act):
            model.findings[len(self.findings)] = {
                "must": must,
                "state": "reported",
                "attached": True,
                "witnesses": set(model.inside),
            }
            self.findings.append(item)

    @rule(by=ANYBODY, number=st.integers(0, 2))
    def detach(self, by: str, number: int) -> None:
        by = self.who(by)
        told = self.model.findings.get(number)
        if told is None:
            return
        # The owner's people may share it; the commander keeps the room's work in order.
        may = by == OWNER or (self.commands(by) and self.model.state != "closed")
        act = lambda: room_work_services.detach(self.look(by), self.room, self.links[number], "Reason")  # noqa: E731 - short
        if self.attempt(may and told["attached"], act):
            told["attached"] = False

    @rule(number=st.integers(0, 2), by=st.sampled_from(["lead", "verifier"]))
    def walk(self, number: int, by: str) -> None:
        """Take a finding one step on; whoever eliminated it does not verify it."""
        told = self.model.findings.get(number)
        if told is None or told["state"] == "verified":
            return
        action = WALK[["reported", "triaged", "assigned", "eliminated"].index(told["state"])]
        item = Finding.objects.get(pk=self.findings[number].pk)
        who = viewer(self.members[OWNER] if by == "lead" else self.verifier, second_step=False)
        values = {**step_values(self.worker.user), "severity": item.severity}
        allowed = action is not Action.VERIFY or told["eliminator"] != by
        if self.attempt(allowed, lambda: services.move(who, item, action, values, item.version)):
            told["state"] = {
                Action.TRIAGE: "triaged",
                Action.ASSIGN: "assigned",
                Action.ELIMINATE: "eliminated",
                Action.VERIFY: "verified",
            }[action]
            if action is Action.ELIMINATE:
                told["eliminator"] = by

    @rule(by=ANYBODY, step=st.sampled_from([RoomStep.STABILIZE, RoomStep.WORSEN, RoomStep.REOPEN]))
    def step(self, by: str, step: RoomStep) -> None:
        by = self.who(by)
        source, target = {
            RoomStep.STABILIZE: ("active", "stable"),
            RoomStep.WORSEN: ("stable", "active"),
            RoomStep.REOPEN: ("closed", "active"),
        }[step]
        allowed = self.commands(by) and self.model.state == source
        version = self.fresh().version
        if self.attempt(allowed, lambda: room_services.move_room(self.look(by), self.room, step, "Reason", version)):
            self.model.state = target

    @rule(by=ANYBODY)
    def close(self, by: str) -> None:
        by = self.who(by)
        model = self.model
        allowed = self.commands(by) and model.state == "stable" and not model.is_held
        version, report = self.fresh().version, {"happened": "All", "learnt": "Much"}
        if self.attempt(allowed, lambda: room_report_services.close_room(self.look(by), self.room, report, version)):
            model.state = "closed"

    @invariant()
    def the_room_stands_where_the_model_stands(self) -> None:
        assert self.fresh().state == RoomState(self.model.state)
        assert (self.room.closing_report is not None) is (self.model.state == "closed")

    @invariant()
    def there_is_one_commander(self) -> None:
        parts = {item.organization.name_en.lower(): item.part for item in participants_of(self.room)}
        assert parts == self.model.parts
        assert list(parts.values()).count("commander") == 1

    @invariant()
    def everybody_sees_what_the_model_shows(self) -> None:
        for name in (OWNER, GUEST, STRANGER):
            by, inside = self.look(name), name in self.model.inside
            assert (room_for(by, self.room.pk) is not None) is inside
            if inside:
                facts = entries_of(by, self.room).filter(kind="fact").values_list("text", flat=True)
                assert set(facts) == {text for text, seen in self.model.facts.items() if self.model.sees(name, seen)}
            for number, told in self.model.findings.items():
                shown = finding_for(by, self.findings[number].pk) is not None
                assert shown is (name == OWNER or (told["attached"] and self.model.sees(name, told["witnesses"])))

    @invariant()
    def what_holds_the_room_is_what_the_model_says(self) -> None:
        assert bool(holding(self.look(OWNER), self.room)) is self.model.is_held

    @invariant()
    def four_eyes_saw_what_is_verified(self) -> None:
        for item in Finding.objects.filter(state=FindingState.VERIFIED.value):
            assert item.verified_by_id not in {item.eliminated_by_id, item.responsible_id}


@pytest.mark.django_db
def test_the_life_of_a_room_is_that_of_its_model(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        run_state_machine_as_test(
            RoomLife,
            settings=settings(
                max_examples=8,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
