"""The life of a finding, step by random step by anybody, against a plain model of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership, Share
from tenon.web.organizations.rules import Marking, Profile, Reach
from tenon.web.rooms import services
from tenon.web.rooms.models import Finding, FindingEvent
from tenon.web.rooms.rules import Action
from tenon.web.rooms.selectors import finding_for
from tests.web.worlds import finding, member, organization, step_values, viewer

# The way of a finding as people tell it: from where, to where, and who may take the step at home.
WAY: dict[str, tuple[set[str], str | None, set[str]]] = {
    "triage": ({"reported"}, "triaged", {"lead"}),
    "assign": ({"triaged", "assigned"}, "assigned", {"lead"}),
    "eliminate": ({"assigned"}, "eliminated", {"lead", "worker"}),
    "verify": ({"eliminated"}, "verified", {"lead", "checker"}),
    "return": ({"eliminated"}, "assigned", {"lead", "checker"}),
    "close": ({"verified"}, "closed", {"lead"}),
    "reject": ({"reported", "triaged"}, "rejected", {"lead"}),
    "merge": ({"reported", "triaged", "assigned"}, "duplicate", {"lead"}),
    "reopen": ({"verified", "closed", "rejected", "duplicate"}, "triaged", {"lead"}),
    "escalate": (
        {"reported", "triaged", "assigned", "eliminated", "verified"},
        None,
        {"lead", "worker", "checker"},
    ),
}
ROLES = {"lead": "coordinator", "worker": "inspector", "checker": "verifier", "reader": "observer"}
# What a partner's coordinator may do by what is shared with the partner.
BY_SHARE = {
    "read": set[str](),
    "comment": {"escalate"},
    "propose": {"escalate"},
    "contribute": {"escalate", "triage", "assign", "eliminate", "close", "reject", "reopen"},
    "verify": {"escalate", "verify", "return"},
    "manage": {"escalate", "triage", "assign", "eliminate", "close", "reject", "reopen", "verify", "return"},
}
PEOPLE = st.sampled_from(["lead", "lead", "lead", "worker", "checker", "reader", "partner", "stranger"])
STEPS = st.sampled_from(["triage", "assign", "eliminate", "verify", "close", *WAY])


@dataclass
class Model:
    """What a finding is, said without a database."""

    state: str = "reported"
    version: int = 1
    responsible: str = ""
    eliminator: str = ""
    profile: str = ""
    history: list[str] = field(default_factory=list)

    def may(self, who: str, step: str) -> bool:
        if who == "partner":
            return bool(self.profile) and step in BY_SHARE[self.profile]
        return who in WAY[step][2]

    def leads_on(self, who: str, step: str) -> bool:
        four_eyes = step != "verify" or who not in {self.eliminator, self.responsible}
        return self.state in WAY[step][0] and four_eyes


class FindingLife(RuleBasedStateMachine):  # budget: the parts of a life
    """One plant and two others, one finding; each step is tried by anybody, and must end as the model says."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Model()
        self.plant, self.other = organization("Plant"), organization("Partner")
        self.people: dict[str, Membership] = {name: member(self.plant, role) for name, role in ROLES.items()}
        self.people["partner"] = member(self.other, "coordinator")
        self.people["stranger"] = member(organization("Stranger"), "administrator")
        by = self.look("lead")
        self.item: Finding = finding(self.plant, by, reach=Reach.GROUP, marking=Marking.AMBER)
        self.twin: Finding = finding(self.plant, by)
        self.share: Share | None = None

    def teardown(self) -> None:
        assert find_fault(organization_chain(self.plant.pk)) is None
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def look(self, name: str) -> Any:
        return viewer(self.people[name])

    @rule(who=PEOPLE, step=STEPS, responsible=st.sampled_from(["worker", "lead"]), stale=st.integers(0, 9))
    def take(self, who: str, step: str, responsible: str, stale: int) -> None:
        """Take a step, now and then against an older version."""
        model = self.model
        seen = model.version - (stale == 0)
        allowed = model.may(who, step)
        done = allowed and seen == model.version and model.leads_on(who, step)
        values = {**step_values(self.people[responsible].user), "merged_into": self.twin}
        try:
            with transaction.atomic():
                services.move(self.look(who), self.item, Action(step), values, seen)
        except PermissionDenied:
            assert not allowed
        except ValidationError:
            assert allowed
            assert not done
        else:
            assert done
            self._took(who, step, responsible)

    def _took(self, who: str, step: str, responsible: str) -> None:
        model = self.model
        model.version += 1
        model.history.append(step)
        model.state = WAY[step][1] or model.state
        if step == "assign":
            model.responsible = responsible
        if step == "eliminate":
            model.eliminator = who
        if step in {"return", "reopen"}:
            model.eliminator = ""

    @rule(profile=st.sampled_from(list(BY_SHARE)))
    def give(self, profile: str) -> None:
        self.share = sharing.share(self.look("lead"), self.item, self.other, Profile(profile))
        self.model.profile = profile

    @rule()
    def take_back(self) -> None:
        if self.share is not None:
            sharing.revoke(self.look("lead"), self.item, self.share)
            self.share, self.model.profile = None, ""

    @invariant()
    def it_stands_where_the_model_stands(self) -> None:
        self.item.refresh_from_db()
        model = self.model
        assert (self.item.state, self.item.version) == (model.state, model.version)
        eliminator = self.people[model.eliminator].user_id if model.eliminator else None
        assert self.item.eliminated_by_id == eliminator

    @invariant()
    def it_is_seen_by_those_whom_the_model_names(self) -> None:
        seen = {name for name in self.people if finding_for(self.look(name), self.item.pk) is not None}
        assert seen == {*ROLES, *(["partner"] if self.model.profile else [])}

    @invariant()
    def every_step_left_its_event(self) -> None:
        told = FindingEvent.objects.filter(finding=self.item).exclude(action__in=["report", "comment"])
        assert sorted(told.values_list("action", flat=True)) == sorted(self.model.history)

    @invariant()
    def four_eyes_saw_what_is_verified(self) -> None:
        if self.item.state in {"verified", "closed"}:
            assert self.item.verified_by_id not in {self.item.eliminated_by_id, self.item.responsible_id}


@pytest.mark.django_db
def test_the_life_of_a_finding_is_that_of_its_model(django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        run_state_machine_as_test(
            FindingLife,
            settings=settings(
                max_examples=8,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
