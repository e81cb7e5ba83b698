"""Reading alerts, choices and chains: an alert is listed only as long as its receiver may see the finding."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from tenon.web.accounts.models import User
from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.remembering import remembered
from tenon.web.organizations.rules import MembershipState
from tenon.web.rooms.alert_rules import DEFAULTS, AlertKind, DeliveryState, Plan, Way
from tenon.web.rooms.models import (
    Alert,
    AlertChoice,
    Delivery,
    EscalationChain,
    EscalationStep,
    Finding,
    TimerStep,
    Webhook,
)
from tenon.web.rooms.room_selectors import rooms_for
from tenon.web.rooms.selectors import findings_for

__all__ = [
    "alerts_for",
    "chain_for",
    "chains_of",
    "choices_of_person",
    "home_of",
    "members_with",
    "people_to_call",
    "plan_of",
    "receivers_of",
    "steps_done",
    "subscribers_of",
    "undelivered",
    "unread",
    "ways_of",
    "webhook_of",
]

# More unread alerts than this are not counted; the page says "99+".
_COUNTED = 100


def alerts_for(viewer: Viewer) -> QuerySet[Alert]:
    """List what a viewer was told in the page.

    Parameters
    ----------
    viewer : Viewer
        Who looks; alerts belong to one person acting for one organization.

    Returns
    -------
    QuerySet of Alert
        About findings and rooms that the viewer may read now, the newest first.
    """
    # Asked of each alert: they are few of all that the viewer may see.
    of_finding = Exists(findings_for(viewer).order_by().filter(pk=OuterRef("finding_id")))
    of_room = Exists(rooms_for(viewer).order_by().filter(pk=OuterRef("room_id")))
    return _told(viewer).filter(of_finding | of_room).select_related("finding__owner", "room__owner", "task")


def _told(viewer: Viewer) -> QuerySet[Alert]:
    """List what a viewer was told, whether they may still see it or not: what it holds goes to nobody."""
    return Alert.objects.filter(  # one place: only how many are unread leaves from here, to ask whether to look
        user_id__in=[viewer.actor.user_id], organization_id__in=[viewer.actor.organization_id], page=True
    )


def unread(viewer: Viewer) -> int:
    """Count what a viewer did not read yet.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    int
        At most 100.
    """
    if viewer.actor.organization_id is None:
        return 0
    # Every page asks. New alerts come with an entry of the record; those that were read are no entry, but fewer.
    told = _told(viewer).filter(read__isnull=True).count()
    return remembered(viewer, f"unread of {told} alerts", lambda: _unread(viewer)) if told else 0


def _unread(viewer: Viewer) -> int:
    return alerts_for(viewer).filter(read__isnull=True).order_by()[:_COUNTED].count()


def choices_of_person(viewer: Viewer) -> dict[AlertKind, AlertChoice]:
    """Find what a person chose to be told in the organization acted for.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    dict from AlertKind to AlertChoice
        What was chosen; kinds without a choice are left out.
    """
    chosen = AlertChoice.objects.filter(
        user_id__in=[viewer.actor.user_id], organization_id__in=[viewer.actor.organization_id]
    )
    return {AlertKind(item.kind): item for item in chosen}


def ways_of(choice: AlertChoice | None, kind: AlertKind) -> frozenset[Way]:
    """Say how somebody is told.

    Parameters
    ----------
    choice : AlertChoice, optional
        What the person chose; none where nothing was.
    kind : AlertKind
        What is told.

    Returns
    -------
    frozenset of Way
        The ways chosen, or those that hold without a choice.
    """
    if choice is None:
        return DEFAULTS[kind]
    return frozenset(way for way in Way if getattr(choice, way.value))


def webhook_of(user_id: uuid.UUID | None, organization_id: uuid.UUID | None) -> Webhook | None:
    """Find where a person's alerts go as messages between programs.

    Parameters
    ----------
    user_id, organization_id : UUID
        The person, and the organization acted for.

    Returns
    -------
    Webhook or None
        None where the person set none up.
    """
    return Webhook.objects.filter(user_id__in=[user_id], organization_id__in=[organization_id]).first()


def undelivered(viewer: Viewer) -> int:
    """Count messages to a viewer that could not be delivered.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    int
        Those given up after the last attempt.
    """
    mine = Delivery.objects.filter(state=DeliveryState.DEAD, alert__user_id__in=[viewer.actor.user_id])
    return mine.filter(alert__organization_id__in=[viewer.actor.organization_id]).count()


def _upwards(organization: Organization) -> list[uuid.UUID]:
    """List an organization and those above it, whose members see what it owns."""
    return [uuid.UUID(item) for item in organization.path.strip("/").split("/")]


def _memberships(organization: Organization) -> QuerySet[Membership]:
    return Membership.objects.filter(
        organization_id__in=_upwards(organization), state=MembershipState.ACTIVE, user__is_active=True
    )


def subscribers_of(finding: Finding, kind: AlertKind) -> list[AlertChoice]:
    """List who asked to be told something about findings like this one.

    Parameters
    ----------
    finding : Finding
        The finding.
    kind : AlertKind
        What is told.

    Returns
    -------
    list of AlertChoice
        Of people who still act for the organization, or for one above it.
    """
    chosen = AlertChoice.objects.filter(
        organization_id__in=_upwards(finding.owner), kind=kind, severity__lte=finding.severity
    )
    still = chosen.filter(
        user__is_active=True,
        user__memberships__organization=F("organization"),
        user__memberships__state=MembershipState.ACTIVE,
    )
    return list(still.distinct())


def home_of(user_id: uuid.UUID, finding: Finding) -> uuid.UUID | None:
    """Find for which organization a person deals with a finding.

    Parameters
    ----------
    user_id : UUID
        The person.
    finding : Finding
        The finding.

    Returns
    -------
    UUID or None
        The owner, or the nearest above it that the person acts for; none where the person acts for none of them.
    """
    there = _memberships(finding.owner).filter(user_id=user_id).select_related("organization")
    nearest = max(there, key=lambda item: len(item.organization.path), default=None)
    return nearest.organization_id if nearest else None


def receivers_of(
    people: Iterable[tuple[uuid.UUID, Organization]], kind: AlertKind
) -> dict[tuple[uuid.UUID, uuid.UUID], frozenset[Way]]:
    """Find for whom people act when they are told something, and how they want to be told.

    Parameters
    ----------
    people : iterable of (UUID, Organization)
        Persons, each with the organization that it is about.
    kind : AlertKind
        What is told.

    Returns
    -------
    dict from (UUID, UUID) to frozenset of Way
        By person and organization acted for: the nearest, from the one that it is about upwards, that the person is a
        member of. Whoever is a member of none is left out.
    """
    wanted = [(user_id, _upwards(organization)) for user_id, organization in people]
    memberships = Membership.objects.filter(
        user_id__in=[user_id for user_id, _above in wanted],
        organization_id__in={pk for _user_id, above in wanted for pk in above},
        state=MembershipState.ACTIVE,
        user__is_active=True,
    )
    there = set(memberships.values_list("user_id", "organization_id"))
    chosen = AlertChoice.objects.filter(user_id__in=[user_id for user_id, _above in wanted], kind=kind)
    choices = {(item.user_id, item.organization_id): item for item in chosen}
    homes = (
        (user_id, next((pk for pk in reversed(above) if (user_id, pk) in there), None)) for user_id, above in wanted
    )
    return {(user, home): ways_of(choices.get((user, home)), kind) for user, home in homes if home is not None}


def members_with(role_id: int, finding: Finding) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """List who has a role in the organizations that a finding belongs to.

    Parameters
    ----------
    role_id : int
        The role.
    finding : Finding
        The finding.

    Returns
    -------
    list of (UUID, UUID)
        Person and organization acted for.
    """
    return list(_memberships(finding.owner).filter(role_id=role_id).values_list("user_id", "organization_id"))


def people_to_call(organization: Organization) -> QuerySet[User]:
    """List whom a chain of an organization can call by name.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of User
        Its members and those of the organizations above it, by name.
    """
    return User.objects.filter(pk__in=_memberships(organization).values("user_id")).order_by("name")


def chains_of(organization: Organization) -> QuerySet[EscalationChain]:
    """List the chains of an organization that are in force.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of EscalationChain
        By severity, with their steps.
    """
    there = EscalationChain.objects.filter(organization=organization, ended__isnull=True)
    return there.prefetch_related("steps__role", "steps__user")


def chain_for(finding: Finding) -> EscalationChain | None:
    """Find the chain that holds for a finding.

    Parameters
    ----------
    finding : Finding
        The finding.

    Returns
    -------
    EscalationChain or None
        Of its owner, or else of the nearest organization above that has one for its severity; of several the one for
        the highest severity.
    """
    fitting = EscalationChain.objects.filter(
        organization_id__in=_upwards(finding.owner), ended__isnull=True, severity__lte=finding.severity
    )
    found = fitting.select_related("organization").prefetch_related("steps")
    return max(found, key=lambda chain: (len(chain.organization.path), chain.severity), default=None)


def plan_of(chain: EscalationChain | None, steps: Iterable[EscalationStep]) -> Plan:
    """Say what a chain makes the clock of a finding do.

    Parameters
    ----------
    chain : EscalationChain, optional
        The chain; without one there are a reminder and a notice alone.
    steps : iterable of EscalationStep
        Its steps in order.

    Returns
    -------
    Plan
        As the rules take it.
    """
    if chain is None:
        return Plan()
    return Plan(chain.remind_hours, tuple(step.wait_hours for step in steps), chain.repeats)


def steps_done(finding: Finding, deadline: datetime) -> dict[str, datetime]:
    """List what a finding's clock did for a deadline.

    Parameters
    ----------
    finding : Finding
        The finding.
    deadline : datetime
        For which deadline.

    Returns
    -------
    dict from str to datetime
        Name of each step and when it was done.
    """
    return dict(TimerStep.objects.filter(finding=finding, deadline=deadline).values_list("name", "time"))
