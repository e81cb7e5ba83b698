"""Reading findings: every list, count and page begins with what the viewer may see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.policies import Viewer, standings_of, visible_to
from tenon.web.organizations.rules import (
    Capability,
    Hidden,
    MembershipState,
    Permission,
    Standing,
    hidden_parts,
    permissions,
)
from tenon.web.rooms.models import Finding, FindingEvent
from tenon.web.rooms.rules import EDGES, OPEN, Action, FindingState, Severity, Urgency, actions_from, days_allowed

__all__ = [
    "PEOPLE",
    "TEXTS",
    "Shown",
    "counts_by_state",
    "eligible_for",
    "events_of",
    "finding_for",
    "findings_for",
    "kept_back",
    "listed",
    "narrowed",
    "overdue_among",
    "overdue_condition",
    "people_for",
    "shown",
    "totals",
    "waiting_for",
]

# The people whom a finding names.
PEOPLE = ("responsible", "reported_by", "eliminated_by", "verified_by")
# Long texts, which no list shows.
TEXTS = ("description", "measure", "means", "fallback")


@dataclass(frozen=True)
class Shown:
    """A finding as a viewer gets it.

    Parameters
    ----------
    finding : Finding
        The finding; parts that are kept back are emptied.
    hidden : frozenset of Hidden
        What is kept back.
    may : frozenset of Permission
        What the viewer may do with it.
    actions : tuple of Action
        The steps that the viewer can take now, in the order of the rules.
    """

    finding: Finding
    hidden: frozenset[Hidden]
    may: frozenset[Permission]
    actions: tuple[Action, ...]


def findings_for(viewer: Viewer, permission: Permission = Permission.READ) -> QuerySet[Finding]:
    """List the findings that a viewer may read, or may do something else with.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    permission : Permission
        What for.

    Returns
    -------
    QuerySet of Finding
        The newest first.
    """
    return visible_to(Finding.objects.select_related("owner"), viewer, permission).order_by("-reported", "-id")


def listed(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Have the owners of a list's findings fetched after it.

    Joined, they would tempt the database to go through all organizations and sort everything that they own for the few
    findings of a page, instead of reading the newest along their index.

    Parameters
    ----------
    findings : QuerySet of Finding
        What the viewer may see, in the order of `findings_for`.

    Returns
    -------
    QuerySet of Finding
        The same.
    """
    owners = Organization.objects.only("name_en", "name_zh", "root")
    return findings.select_related(None).prefetch_related(Prefetch("owner", owners))


def narrowed(findings: QuerySet[Finding], wanted: Mapping[str, str]) -> QuerySet[Finding]:
    """Keep of a list what somebody asks for.

    Parameters
    ----------
    findings : QuerySet of Finding
        What the viewer may see.
    wanted : mapping
        ``state`` (or ``open``), ``channel``, ``hazard``, ``level``, ``severity`` at least, ``owner``, ``overdue`` and
        words to ``search`` for; empty ones ask for nothing.

    Returns
    -------
    QuerySet of Finding
        Those that fit all.
    """
    for name in ("channel", "hazard", "level"):
        if wanted.get(name):
            findings = findings.filter(**{name: wanted[name]})
    state = wanted.get("state", "")
    if state:
        findings = findings.filter(state__in=OPEN if state == "open" else [state])
    if wanted.get("severity") in {str(value.value) for value in Severity}:
        findings = findings.filter(severity__gte=int(wanted["severity"]))
    if wanted.get("owner"):
        findings = findings.filter(owner__in=[item for item in [_identifier(wanted["owner"])] if item])
    if wanted.get("overdue"):
        findings = overdue_among(findings)
    for word in wanted.get("search", "").split()[:8]:
        findings = findings.filter(Q(title__icontains=word) | Q(description__icontains=word))
    return findings


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def overdue_among(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Keep of a list what should be eliminated by now.

    Parameters
    ----------
    findings : QuerySet of Finding
        Any.

    Returns
    -------
    QuerySet of Finding
        As `tenon.web.rooms.rules.overdue` says of each.
    """
    return findings.filter(overdue_condition())


def overdue_condition() -> Q:
    """Say in the database's words when a finding should be eliminated by now.

    Returns
    -------
    Q
        As `tenon.web.rooms.rules.overdue` says of one.
    """
    now = timezone.now()
    late = Q(deadline__lt=now)
    for urgency in Urgency:
        late |= Q(deadline=None, urgency=urgency, reported__lt=now - timedelta(days=days_allowed(urgency)))
    return late & Q(state__in=[FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED])


def finding_for(viewer: Viewer, pk: uuid.UUID) -> Finding | None:
    """Find one finding that a viewer may read.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Finding or None
        None where it is not there or not for this viewer.
    """
    return findings_for(viewer).select_related(*PEOPLE, "merged_into").filter(pk=pk).first()


def kept_back(viewer: Viewer, findings: Sequence[Finding]) -> list[Finding]:
    """Prepare findings for a viewer's list: without what is kept back.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    findings : sequence of Finding
        Those that the viewer may read; parts that are kept back are emptied in place.

    Returns
    -------
    list of Finding
        In the same order.
    """
    standings = standings_of(findings, viewer)
    for finding in findings:
        _empty(finding, hidden_parts(standings[finding.pk]))
    return list(findings)


def shown(viewer: Viewer, findings: Sequence[Finding]) -> list[Shown]:
    """Prepare findings for a viewer: without what is kept back, and with the steps that can be taken.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    findings : sequence of Finding
        Those that the viewer may read; parts that are kept back are emptied in place.

    Returns
    -------
    list of Shown
        In the same order.
    """
    standings = standings_of(findings, viewer)
    return [_shown(viewer, finding, standings[finding.pk]) for finding in findings]


def _shown(viewer: Viewer, finding: Finding, standing: Standing) -> Shown:
    hidden = hidden_parts(standing)
    may = permissions(standing, viewer.capabilities)
    possible = actions_from(FindingState(finding.state))
    actions = tuple(
        action
        for action, edge in EDGES.items()
        if action in possible
        and edge.capability in viewer.capabilities
        and edge.permission in may
        # Whoever does not get names cannot choose who is responsible.
        and not (action is Action.ASSIGN and Hidden.NAMES in hidden)
    )
    _empty(finding, hidden)
    return Shown(finding, hidden, may, actions)


def _empty(finding: Finding, hidden: frozenset[Hidden]) -> None:
    if Hidden.COST in hidden:
        finding.cost = None
    if Hidden.PLACES in hidden:
        finding.place, finding.latitude, finding.longitude = "", None, None
    if Hidden.NAMES in hidden:
        finding.responsible = finding.reported_by = finding.eliminated_by = finding.verified_by = None


def events_of(finding: Finding, hidden: frozenset[Hidden]) -> list[FindingEvent]:
    """List what happened to a finding.

    Parameters
    ----------
    finding : Finding
        One that the viewer may read.
    hidden : frozenset of Hidden
        What is kept back from the viewer.

    Returns
    -------
    list of FindingEvent
        The oldest first; without people where names are kept back.
    """
    events = list(FindingEvent.objects.filter(finding=finding).select_related("user", "organization"))
    if Hidden.NAMES in hidden:
        for event in events:
            event.user = None
    return events


def people_for(finding: Finding) -> QuerySet[User]:
    """List the people who can be made responsible for a finding: of its owner's organizations, who eliminate hazards.

    Parameters
    ----------
    finding : Finding
        Which.

    Returns
    -------
    QuerySet of User
        By name.
    """
    there = Membership.objects.filter(organization__root_id=finding.owner.root_id, state=MembershipState.ACTIVE)
    able = [item.user_id for item in there.select_related("role") if Capability.ELIMINATE in item.role.allows]
    return User.objects.filter(pk__in=able, is_active=True).order_by("name")


def eligible_for(viewer: Viewer, finding: Finding) -> QuerySet[User]:
    """List whom a viewer can make responsible for a finding.

    Parameters
    ----------
    viewer : Viewer
        Who chooses.
    finding : Finding
        Which; one that the viewer may read.

    Returns
    -------
    QuerySet of User
        Nobody where names are kept back from the viewer.
    """
    names = Hidden.NAMES not in hidden_parts(standings_of([finding], viewer)[finding.pk])
    return people_for(finding) if names else User.objects.none()


def totals(findings: QuerySet[Finding]) -> dict[str, int]:
    """Count findings by how far they are.

    Parameters
    ----------
    findings : QuerySet of Finding
        What the viewer may see.

    Returns
    -------
    dict from str to int
        ``all``, ``open``, ``critical`` among the open ones, ``overdue`` and ``eliminated`` (or further).
    """
    gone = [FindingState.ELIMINATED, FindingState.VERIFIED, FindingState.CLOSED]
    return findings.order_by().aggregate(
        all=Count("pk"),
        open=Count("pk", filter=Q(state__in=OPEN)),
        critical=Count("pk", filter=Q(state__in=OPEN, severity=4)),
        eliminated=Count("pk", filter=Q(state__in=gone)),
        overdue=Count("pk", filter=overdue_condition()),
    )


def counts_by_state() -> dict[str, int]:
    """Count all findings of the platform by state: for whoever runs it, who learns nothing else of them.

    Returns
    -------
    dict from str to int
        Every state.
    """
    every = Finding.objects.order_by()  # one place: numbers alone, for whoever runs the platform
    found = dict(every.values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in FindingState}


def waiting_for(viewer: Viewer) -> list[tuple[Action, QuerySet[Finding]]]:
    """List what waits for a person: to eliminate, to judge, to verify and to close.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    list of (Action, QuerySet of Finding)
        What is to be done, and with which findings, the most urgent first; only what the person can do.
    """
    me = viewer.actor.user_id
    editable = findings_for(viewer, Permission.EDIT)
    mine = editable.filter(state=FindingState.ASSIGNED, responsible_id__in=[me])
    unverified = findings_for(viewer, Permission.VERIFY).filter(state=FindingState.ELIMINATED)
    unverified = unverified.exclude(eliminated_by_id__in=[me]).exclude(responsible_id__in=[me])
    waiting = [
        (Action.ELIMINATE, mine),
        (Action.TRIAGE, editable.filter(state=FindingState.REPORTED)),
        (Action.ASSIGN, editable.filter(state=FindingState.TRIAGED)),
        (Action.VERIFY, unverified),
        (Action.CLOSE, editable.filter(state=FindingState.VERIFIED)),
    ]
    able = [(action, found) for action, found in waiting if EDGES[action].capability in viewer.capabilities]
    return [(action, found.order_by("-severity", "-urgency", "reported")) for action, found in able]
