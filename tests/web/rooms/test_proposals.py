from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import proposal_services, services
from tenon.web.rooms.models import Finding, FindingEvent, Proposal
from tenon.web.rooms.rules import Action
from tests.web.worlds import client_of, finding, member, organization, step_values, viewer, walk

pytestmark = pytest.mark.django_db


class People:
    """A plant whose finding is shared with a port, which may propose."""

    def __init__(self, *hides: Hidden) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead_member = member(self.plant, "coordinator")
        self.lead = viewer(self.lead_member)
        self.port_member = member(self.port, "coordinator")
        self.harbor = viewer(self.port_member)
        self.reader_member = member(self.plant, "observer")
        self.item = finding(self.plant, self.lead)
        sharing.set_reach(self.lead, self.item, Reach.GROUP, Marking.AMBER)
        sharing.share(self.lead, self.item, self.port, Profile.PROPOSE, hides)
        self.item.refresh_from_db()

    def propose(self, by: Viewer | None = None, **values: Any) -> Proposal:
        self.item.refresh_from_db()
        return proposal_services.propose(
            by or self.harbor, self.item, values or {"severity": 2}, "Seen it", self.item.version
        )


@pytest.fixture
def people() -> People:
    return People()


def test_an_accepted_proposal_becomes_the_values_and_is_recorded(people: People) -> None:
    deadline = timezone.now() + timedelta(days=2)
    made = people.propose(severity=2, urgency=people.item.urgency, measure="Weld it", deadline=deadline)
    assert set(made.values) == {"severity", "measure", "deadline"}
    changed = proposal_services.accept(people.lead, made, "", people.item.version)
    assert (changed.severity, changed.measure, changed.deadline) == (2, "Weld it", deadline)
    assert changed.version == people.item.version + 1
    made.refresh_from_db()
    assert (made.outcome, made.decided_by) == ("accepted", people.lead_member.user)
    assert [event.action for event in FindingEvent.objects.filter(finding=people.item)][-3:] == [
        "propose",
        "accept",
        "revise",
    ]
    assert '"severity":[4,2]' in Entry.objects.get(action="finding.revise").details


def test_whoever_may_change_it_does_not_propose_and_the_other_way_round(people: People) -> None:
    with pytest.raises(PermissionDenied, match="does not allow to propose"):
        people.propose(people.lead)
    with pytest.raises(PermissionDenied, match="does not allow to propose"):
        people.propose(viewer(people.reader_member))
    with pytest.raises(PermissionDenied, match="does not allow to change"):
        services.revise(people.harbor, people.item, {"severity": 1}, "Less", people.item.version)
    inspector = viewer(member(people.plant, "inspector"))
    assert people.propose(inspector).outcome == "open"
    assert services.revise(people.lead, people.item, {"severity": 1}, "Less", people.item.version).severity == 1


def test_four_eyes_decide(people: People) -> None:
    made = people.propose()
    with pytest.raises(PermissionDenied, match="Somebody else"):
        proposal_services.accept(people.harbor, made, "", people.item.version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(outcome="accepted", decided=timezone.now(), decided_by=made.user)
    inspector_member = member(people.plant, "inspector")
    theirs = people.propose(viewer(inspector_member))
    inspector_member.role = people.lead_member.role
    inspector_member.save()
    with pytest.raises(PermissionDenied, match="Somebody else"):
        proposal_services.accept(viewer(inspector_member), theirs, "", people.item.version)


def test_a_proposal_is_decided_once_and_turned_down_with_a_reason(people: People) -> None:
    made = people.propose()
    with pytest.raises(ValidationError, match="required"):
        proposal_services.turn_down(people.lead, made, " ")
    proposal_services.turn_down(people.lead, made, "It is as bad as we said")
    with pytest.raises(ValidationError, match="decided meanwhile"):
        proposal_services.accept(people.lead, made, "", people.item.version)
    people.item.refresh_from_db()
    assert people.item.severity == 4
    assert proposal_services.proposals_of(people.item).get().answer == "It is as bad as we said"


def test_a_stale_change_leaves_the_proposal_open(people: People) -> None:
    made = people.propose()
    with pytest.raises(ValidationError, match="Somebody changed this finding meanwhile") as refusal:
        proposal_services.accept(people.lead, made, "", people.item.version - 1)
    assert refusal.value.code == services.STALE
    made.refresh_from_db()
    assert made.outcome == "open"
    with pytest.raises(ValidationError, match="Somebody changed this meanwhile"):
        proposal_services.propose(people.harbor, people.item, {"severity": 1}, "Seen it", people.item.version - 1)


@pytest.mark.parametrize(
    ("values", "reason", "message"),
    [({"severity": 4}, "Seen it", "Nothing would change"), ({"severity": 1}, " ", "required")],
)
def test_empty_proposals_are_refused(people: People, values: dict[str, Any], reason: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        proposal_services.propose(people.harbor, people.item, values, reason, people.item.version)
    with pytest.raises(ValidationError, match=message):
        services.revise(people.lead, people.item, values, reason, people.item.version)


def test_the_five_stay_fixed_after_assigning(people: People) -> None:
    other = viewer(member(people.plant, "verifier"))
    worker = member(people.plant, "inspector").user
    item = walk(people.item, people.lead, other, worker, upto=Action.ASSIGN)
    with pytest.raises(ValidationError, match="five_fixed"):
        services.revise(people.lead, item, {"measure": ""}, "None", item.version)
    item = services.move(people.lead, item, Action.ELIMINATE, step_values(worker), item.version)
    with pytest.raises(ValidationError, match="not changed any more"):
        services.revise(people.lead, item, {"severity": 1}, "Gone", item.version)


def test_values_are_proposed_and_accepted_from_pages(people: People) -> None:
    port, plant = client_of(people.port_member), client_of(people.lead_member)
    values = reverse("values_of_finding", args=[people.item.pk])
    assert "Propose other values" in port.get(values).content.decode()
    sent = {"version": people.item.version, "severity": 2, "urgency": people.item.urgency, "note": "Seen it"}
    assert port.post(values, sent).status_code == 302
    made = Proposal.objects.get()
    assert made.values == {"severity": 2}
    page = plant.get(reverse("finding", args=[people.item.pk])).content.decode()
    assert "waits for an answer" in page
    decide = reverse("proposal_for_finding", args=[people.item.pk, made.pk])
    assert port.post(decide, {"action": "accept", "version": people.item.version}).status_code == 403
    assert plant.post(decide, {"action": "accept", "version": "x"}).status_code == 404
    assert plant.post(decide, {"action": "accept", "version": people.item.version}).status_code == 302
    assert Finding.objects.get(pk=people.item.pk).severity == 2
    stale = plant.post(values, {**sent, "severity": 1})
    assert stale.status_code == 409
    assert "accepted" in port.get(reverse("finding", args=[people.item.pk])).content.decode()


def test_proposals_of_other_findings_and_for_strangers_are_not_there(people: People) -> None:
    made = people.propose()
    other = finding(people.plant, people.lead)
    plant, stranger = client_of(people.lead_member), client_of(member(organization("Bank"), "administrator"))
    swapped = reverse("proposal_for_finding", args=[other.pk, made.pk])
    assert plant.post(swapped, {"action": "accept", "version": 1}).status_code == 404
    own = reverse("proposal_for_finding", args=[people.item.pk, made.pk])
    assert stranger.post(own, {"action": "accept", "version": 1}).status_code == 404
    assert stranger.get(reverse("values_of_finding", args=[people.item.pk])).status_code == 404
    reader = client_of(people.reader_member)
    assert reader.get(reverse("values_of_finding", args=[people.item.pk])).status_code == 403


def test_names_that_are_kept_back_are_kept_back_here_too() -> None:
    people = People(Hidden.NAMES)
    proposer = member(people.plant, "inspector")
    proposer.user.name = "Secret Inspector"
    proposer.user.save()
    people.propose(viewer(proposer))
    page = client_of(people.port_member).get(reverse("finding", args=[people.item.pk])).content.decode()
    assert "Secret Inspector" not in page
