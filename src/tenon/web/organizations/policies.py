"""The one place that decides who sees what: `visible_to` for lists, `standing_of` for one object.

`visible_to` says in the database's words what `tenon.web.organizations.rules.permissions` says in plain ones; a test
compares them on made-up worlds.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db.models import Q, QuerySet

from tenon.web.audit.rules import Actor
from tenon.web.organizations.models import Share, Shared
from tenon.web.organizations.rules import (
    MARKINGS,
    OTHERS,
    OWN,
    PERMISSIONS,
    Capability,
    Given,
    Hidden,
    Marking,
    Permission,
    Profile,
    Reach,
    Standing,
    permissions,
)

__all__ = ["NOBODY", "Viewer", "allows", "kind_of", "standing_of", "standings_of", "visible_to"]

S = TypeVar("S", bound=Shared)


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: a person acting for one organization, and what that brings.

    Parameters
    ----------
    actor : Actor
        Who it is, as the record names it.
    capabilities : frozenset of Capability
        What the role allows now.
    resting : frozenset of Capability
        What the role would allow if the person signed in with a second step.
    own : frozenset of UUID
        The organization acted for and all below it.
    groups : mapping from UUID to datetime or None
        The sharing groups these are in, and from when on they see what is shared; none where the history is open.
    ceilings : mapping from UUID to Marking
        For each highest organization that set one, the strictest marking that it lets pass to this organization.
    """

    actor: Actor = field(default_factory=Actor)
    capabilities: frozenset[Capability] = frozenset()
    resting: frozenset[Capability] = frozenset()
    own: frozenset[uuid.UUID] = frozenset()
    groups: Mapping[uuid.UUID, datetime | None] = field(default_factory=dict)
    ceilings: Mapping[uuid.UUID, Marking] = field(default_factory=dict)

    def can(self, capability: str) -> bool:
        """Say whether the viewer's role allows something in the organization acted for.

        Parameters
        ----------
        capability : str
            One of `tenon.web.organizations.rules.Capability`.

        Returns
        -------
        bool
            True if it does.
        """
        return Capability(capability) in self.capabilities


NOBODY = Viewer()


def kind_of(model: type[Shared]) -> str:
    """Name the kind of an object as shares and the record name it.

    Parameters
    ----------
    model : type
        Its model.

    Returns
    -------
    str
        Such as ``finding``.
    """
    return model._meta.model_name or ""  # noqa: SLF001 - Django's documented interface of models


def visible_to(objects: QuerySet[S], viewer: Viewer, permission: Permission = Permission.READ) -> QuerySet[S]:
    """Keep of a list what a viewer may read, or may do something else with.

    Parameters
    ----------
    objects : QuerySet
        Objects that organizations own and share.
    viewer : Viewer
        Who looks.
    permission : Permission
        What the viewer wants to do with them.

    Returns
    -------
    QuerySet
        Those for which the rules grant it; everything else is as if it were not there.
    """
    if Capability.READ not in viewer.capabilities:
        return objects.none()
    routes = Q(pk__in=[])
    if any(permission in OWN.get(capability, ()) for capability in viewer.capabilities):
        routes |= Q(owner_id__in=viewer.own)
    if OTHERS[permission] & viewer.capabilities:
        routes |= _from_others(kind_of(objects.model), viewer, permission)
    named = Share.objects.filter(
        subject_kind=kind_of(objects.model), user_id__in=[viewer.actor.user_id], revoked__isnull=True
    )
    return objects.filter(routes & (~Q(marking=Marking.RED) | Q(pk__in=named.values("subject_id"))))


def _from_others(kind: str, viewer: Viewer, permission: Permission) -> Q:
    profiles = [profile for profile in Profile if permission in PERMISSIONS[profile]]
    with_history = [group for group, since in viewer.groups.items() if since is None]
    receivers = Q(organization_id__in=viewer.own) | Q(group_id__in=with_history)
    for group, since in viewer.groups.items():
        if since is not None:
            receivers |= Q(group_id=group, granted__gte=since)
    shares = Share.objects.filter(receivers, subject_kind=kind, profile__in=profiles, revoked__isnull=True)
    route = ~Q(reach=Reach.ORGANIZATION) & Q(pk__in=shares.values("subject_id"))
    if permission is Permission.READ:
        route |= Q(reach=Reach.COMMUNITY)
    for root, ceiling in viewer.ceilings.items():
        held_back = MARKINGS[: MARKINGS.index(ceiling)]
        route &= ~Q(owner__root_id=root, marking__in=held_back)
    return route


def standing_of(item: Shared, viewer: Viewer) -> Standing:
    """Find how a viewer stands to one object.

    Parameters
    ----------
    item : Shared
        The object.
    viewer : Viewer
        Who looks.

    Returns
    -------
    Standing
        What `permissions` and `hidden_parts` decide from.
    """
    return standings_of([item], viewer)[item.pk]


def standings_of(items: Sequence[Shared], viewer: Viewer) -> dict[uuid.UUID, Standing]:
    """Find how a viewer stands to each of several objects of one kind, by one query.

    Parameters
    ----------
    items : sequence of Shared
        The objects, with their owners.
    viewer : Viewer
        Who looks.

    Returns
    -------
    dict from UUID to Standing
        By the objects' identifiers.
    """
    shares: dict[uuid.UUID, list[Share]] = {item.pk: [] for item in items}
    kinds = {kind_of(type(item)) for item in items}
    for share in Share.objects.filter(subject_kind__in=kinds, subject_id__in=shares, revoked__isnull=True):
        shares[share.subject_id].append(share)
    return {item.pk: _standing(item, viewer, shares[item.pk]) for item in items}


def _standing(item: Shared, viewer: Viewer, in_force: list[Share]) -> Standing:
    reaching = [share for share in in_force if share.organization_id in viewer.own or share.group_id in viewer.groups]
    return Standing(
        owns=item.owner_id in viewer.own,
        named=any(share.user_id is not None and share.user_id == viewer.actor.user_id for share in in_force),
        reach=Reach(item.reach),
        marking=Marking(item.marking),
        shares=tuple(_given(share, viewer) for share in reaching),
        ceiling=viewer.ceilings.get(item.owner.root_id, Marking.RED),
    )


def _given(share: Share, viewer: Viewer) -> Given:
    since = None if share.group_id is None else viewer.groups[share.group_id]
    return Given(Profile(share.profile), share.granted, since, frozenset(Hidden(part) for part in share.hides))


def allows(item: Shared, viewer: Viewer, permission: Permission) -> bool:
    """Say whether a viewer may do something with one object.

    Parameters
    ----------
    item : Shared
        The object.
    viewer : Viewer
        Who wants to.
    permission : Permission
        What.

    Returns
    -------
    bool
        As the rules decide.
    """
    return permission in permissions(standing_of(item, viewer), viewer.capabilities)
