"""Who may do what and who sees what: plain functions, without a database, that everything else repeats.

Access to an object is worked out from three things: what the viewer's role lets anyone do (capabilities), how far the
object reaches (reach and shares), and how far its marking lets it travel. What these do not grant together is denied.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "MARKINGS",
    "OTHERS",
    "OWN",
    "PERMISSIONS",
    "SECOND_STEP",
    "Capability",
    "Given",
    "Hidden",
    "Marking",
    "MembershipState",
    "OrganizationKind",
    "OrganizationLevel",
    "Permission",
    "Profile",
    "Reach",
    "Standing",
    "hidden_parts",
    "may_grant",
    "membership_may_become",
    "needs_second_step",
    "permissions",
    "reach_allowed",
    "stricter",
]


class Capability(StrEnum):
    """What a role lets a person do in the name of an organization."""

    READ = "read"
    REPORT = "report"
    COMMENT = "comment"
    TRIAGE = "triage"
    ELIMINATE = "eliminate"
    VERIFY = "verify"
    COMMAND = "command"
    STUDY = "study"
    SHARE = "share"
    EXPORT = "export"
    AUDIT = "audit"
    ADMINISTER = "administer"


# Whoever holds one of these signs in with a second step, or the capability rests.
SECOND_STEP = frozenset({Capability.EXPORT, Capability.AUDIT, Capability.ADMINISTER})


class OrganizationKind(StrEnum):
    """What an organization does in the chain."""

    MANUFACTURER = "manufacturer"
    MINE = "mine"
    SUPPLIER = "supplier"
    CARRIER = "carrier"
    PORT = "port"
    POSTAL_OPERATOR = "postal operator"
    CUSTOMS = "customs"
    AUTHORITY = "authority"
    CUSTOMER = "customer"


class OrganizationLevel(StrEnum):
    """Where an organization stands in its tree."""

    GROUP = "group"
    SITE = "site"
    UNIT = "unit"


class MembershipState(StrEnum):
    """Whether a membership counts."""

    AWAITING_CONSENT = "awaiting consent"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


_MEMBERSHIP_EDGES: Mapping[MembershipState, frozenset[MembershipState]] = {
    MembershipState.AWAITING_CONSENT: frozenset({MembershipState.ACTIVE, MembershipState.ENDED}),
    MembershipState.ACTIVE: frozenset({MembershipState.SUSPENDED, MembershipState.ENDED}),
    MembershipState.SUSPENDED: frozenset({MembershipState.ACTIVE, MembershipState.ENDED}),
    MembershipState.ENDED: frozenset(),
}


class Reach(StrEnum):
    """How far an object goes beyond the organization that owns it."""

    ORGANIZATION = "organization"
    GROUP = "group"
    ROOM = "room"
    COMMUNITY = "community"


class Marking(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST, 2022): a ceiling on how far information travels."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"


MARKINGS = tuple(Marking)  # strictest first


class Profile(StrEnum):
    """What an organization with which an object is shared may do with it."""

    READ = "read"
    COMMENT = "comment"
    PROPOSE = "propose"
    CONTRIBUTE = "contribute"
    VERIFY = "verify"
    MANAGE = "manage"


class Permission(StrEnum):
    """One thing that can be done with an object."""

    READ = "read"
    COMMENT = "comment"
    PROPOSE = "propose"
    EDIT = "edit"
    VERIFY = "verify"
    SHARE = "share"
    DELETE = "delete"


class Hidden(StrEnum):
    """A part of an object that a share may keep back."""

    COST = "cost"
    NAMES = "names"
    PLACES = "places"


_READER = frozenset({Permission.READ})
# To contribute is not to delete, and to verify is not to edit: a verifier must not have made what is verified.
PERMISSIONS: Mapping[Profile, frozenset[Permission]] = {
    Profile.READ: _READER,
    Profile.COMMENT: _READER | {Permission.COMMENT},
    Profile.PROPOSE: _READER | {Permission.COMMENT, Permission.PROPOSE},
    Profile.CONTRIBUTE: _READER | {Permission.COMMENT, Permission.PROPOSE, Permission.EDIT},
    Profile.VERIFY: _READER | {Permission.COMMENT, Permission.PROPOSE, Permission.VERIFY},
    Profile.MANAGE: frozenset(Permission) - {Permission.DELETE},
}
# What a capability lets people do with objects of their own organization.
OWN: Mapping[Capability, frozenset[Permission]] = {
    Capability.READ: _READER,
    Capability.COMMENT: frozenset({Permission.COMMENT, Permission.PROPOSE}),
    Capability.TRIAGE: frozenset({Permission.EDIT, Permission.COMMENT}),
    Capability.ELIMINATE: frozenset({Permission.EDIT, Permission.COMMENT}),
    Capability.VERIFY: frozenset({Permission.VERIFY, Permission.COMMENT}),
    Capability.SHARE: frozenset({Permission.SHARE}),
    Capability.ADMINISTER: frozenset({Permission.DELETE, Permission.SHARE}),
}
# What a capability lets people do with objects of others, if the share's profile allows it too.
OTHERS: Mapping[Permission, frozenset[Capability]] = {
    Permission.READ: frozenset({Capability.READ}),
    Permission.COMMENT: frozenset({Capability.COMMENT}),
    Permission.PROPOSE: frozenset({Capability.COMMENT}),
    Permission.EDIT: frozenset({Capability.TRIAGE, Capability.ELIMINATE}),
    Permission.VERIFY: frozenset({Capability.VERIFY}),
    Permission.SHARE: frozenset({Capability.SHARE}),
    Permission.DELETE: frozenset(),
}
_WIDEST: Mapping[Marking, frozenset[Reach]] = {
    Marking.RED: frozenset({Reach.ORGANIZATION}),
    Marking.AMBER_STRICT: frozenset({Reach.ORGANIZATION}),
    Marking.AMBER: frozenset({Reach.ORGANIZATION, Reach.GROUP, Reach.ROOM}),
    Marking.GREEN: frozenset(Reach),
    Marking.CLEAR: frozenset(Reach),
}


@dataclass(frozen=True)
class Given:
    """One share of an object, as far as it concerns a viewer.

    Parameters
    ----------
    profile : Profile
        What it allows.
    granted : datetime
        Since when.
    member_since : datetime, optional
        From when on the viewer sees what the group gets; none for a direct share and where the history is open.
    hides : frozenset of Hidden
        What the share keeps back.
    """

    profile: Profile
    granted: datetime
    member_since: datetime | None = None
    hides: frozenset[Hidden] = frozenset()

    @property
    def counts(self) -> bool:
        """Whether it reaches the viewer: not if it was granted before the viewer's organization joined the group."""
        return self.member_since is None or self.granted >= self.member_since


@dataclass(frozen=True)
class Standing:
    """How a viewer stands to an object.

    Parameters
    ----------
    owns : bool
        Whether the object belongs to the viewer's organization or to one below it.
    named : bool
        Whether the viewer is named on the object; only such people see what is marked red.
    reach : Reach
        How far the object goes.
    marking : Marking
        How far its marking lets it go.
    shares : tuple of Given
        Shares with the viewer's organization, its groups and its rooms that are in force.
    ceiling : Marking
        The strictest marking that may pass from the owner to the viewer's organization.
    """

    owns: bool
    named: bool
    reach: Reach
    marking: Marking
    shares: tuple[Given, ...] = ()
    ceiling: Marking = Marking.RED


def stricter(one: Marking, other: Marking) -> bool:
    """Say whether a marking is stricter than another.

    Parameters
    ----------
    one, other : Marking
        The markings.

    Returns
    -------
    bool
        True if information marked ``one`` travels less far.

    Examples
    --------
    >>> stricter(Marking.RED, Marking.AMBER)
    True
    """
    return MARKINGS.index(one) < MARKINGS.index(other)


def reach_allowed(reach: Reach, marking: Marking) -> bool:
    """Say whether an object with this marking may have this reach.

    Parameters
    ----------
    reach : Reach
        How far it would go.
    marking : Marking
        The ceiling.

    Returns
    -------
    bool
        False where the marking forbids the reach.

    Examples
    --------
    >>> reach_allowed(Reach.COMMUNITY, Marking.AMBER)
    False
    """
    return reach in _WIDEST[marking]


def permissions(standing: Standing, capabilities: Collection[Capability]) -> frozenset[Permission]:
    """Work out what a viewer may do with an object.

    Parameters
    ----------
    standing : Standing
        How the viewer stands to the object.
    capabilities : collection of Capability
        What the viewer's role allows.

    Returns
    -------
    frozenset of Permission
        Empty where the object is to be treated as if it were not there.

    Examples
    --------
    >>> own = Standing(owns=True, named=False, reach=Reach.ORGANIZATION, marking=Marking.RED)
    >>> permissions(own, [Capability.READ])
    frozenset()
    """
    if Capability.READ not in capabilities:
        return frozenset()
    if standing.marking is Marking.RED and not standing.named:
        return frozenset()
    allowed: set[Permission] = set()
    if standing.owns:
        allowed.update(*(OWN.get(capability, frozenset()) for capability in capabilities))
    allowed |= {item for item in _offered(standing) if OTHERS[item].intersection(capabilities)}
    return frozenset(allowed) if Permission.READ in allowed else frozenset()


def _offered(standing: Standing) -> frozenset[Permission]:
    """Return what reach and shares offer to anyone in the viewer's organization."""
    if standing.reach is Reach.ORGANIZATION or not reach_allowed(standing.reach, standing.marking):
        return frozenset()
    if stricter(standing.marking, standing.ceiling):
        return frozenset()
    offered = set(_READER) if standing.reach is Reach.COMMUNITY else set()
    return frozenset(offered.union(*(PERMISSIONS[share.profile] for share in standing.shares if share.counts)))


def hidden_parts(standing: Standing) -> frozenset[Hidden]:
    """Return which parts of an object a viewer who may read it does not get.

    Parameters
    ----------
    standing : Standing
        How the viewer stands to the object.

    Returns
    -------
    frozenset of Hidden
        Nothing for its owner; else everything that any of the shares keeps back, and for whoever sees it only as one of
        the community, all that can be kept back.

    Examples
    --------
    >>> stranger = Standing(owns=False, named=False, reach=Reach.COMMUNITY, marking=Marking.CLEAR)
    >>> sorted(hidden_parts(stranger))
    [<Hidden.COST: 'cost'>, <Hidden.NAMES: 'names'>, <Hidden.PLACES: 'places'>]
    """
    if standing.owns:
        return frozenset()
    shares = [share for share in standing.shares if share.counts]
    return frozenset().union(*(share.hides for share in shares)) if shares else frozenset(Hidden)


def needs_second_step(capabilities: Iterable[Capability]) -> bool:
    """Say whether a role asks for a second step at sign-in.

    Parameters
    ----------
    capabilities : iterable of Capability
        What the role allows.

    Returns
    -------
    bool
        True if it administers, exports or reads the record.

    Examples
    --------
    >>> needs_second_step([Capability.READ, Capability.EXPORT])
    True
    """
    return bool(SECOND_STEP.intersection(capabilities))


def may_grant(granter: Collection[Capability], granted: Collection[Capability]) -> bool:
    """Say whether somebody may give a role: nobody gives what they do not have.

    Parameters
    ----------
    granter : collection of Capability
        What the one who gives may do.
    granted : collection of Capability
        What the role would allow.

    Returns
    -------
    bool
        False unless the granter administers and has all of it.

    Examples
    --------
    >>> may_grant([Capability.ADMINISTER, Capability.READ], [Capability.READ, Capability.EXPORT])
    False
    """
    return Capability.ADMINISTER in granter and set(granted) <= set(granter)


def membership_may_become(old: MembershipState, new: MembershipState) -> bool:
    """Say whether a membership may pass from one state to another.

    Parameters
    ----------
    old, new : MembershipState
        The states.

    Returns
    -------
    bool
        Ended memberships stay ended: whoever comes back is invited again.

    Examples
    --------
    >>> membership_may_become(MembershipState.ENDED, MembershipState.ACTIVE)
    False
    """
    return new in _MEMBERSHIP_EDGES[old]
