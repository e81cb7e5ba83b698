"""Reading organizations, their people and groups."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.audit.models import Entry
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain
from tenon.web.organizations.models import (
    Ceiling,
    GroupMembership,
    Invitation,
    Membership,
    Organization,
    Role,
    Share,
    Shared,
    SharingGroup,
    Token,
)
from tenon.web.organizations.policies import NOBODY, Viewer, kind_of
from tenon.web.organizations.rules import SECOND_STEP, Marking, MembershipState

__all__ = [
    "ceilings_of",
    "directory",
    "entries_about",
    "groups_of",
    "guests_to_consent",
    "has_account",
    "has_second_step",
    "inside",
    "invitation_for",
    "invitation_with",
    "kind_called",
    "members_of",
    "membership_for",
    "memberships_of",
    "names_of",
    "open_invitations",
    "organization_for",
    "organizations_for",
    "outside_of",
    "people_of",
    "role_called",
    "roles",
    "shares_of",
    "token_digest",
    "token_for",
    "token_with",
    "tokens_of",
    "tree_below",
    "viewer_for",
]


def has_second_step(user: User) -> bool:
    """Say whether a person signs in with a second step.

    Parameters
    ----------
    user : User
        The person.

    Returns
    -------
    bool
        True if an authenticator app is set up.
    """
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def memberships_of(user: User) -> QuerySet[Membership]:
    """List the memberships in which a person can act now.

    Parameters
    ----------
    user : User
        The person.

    Returns
    -------
    QuerySet of Membership
        Active ones, home first.
    """
    active = Membership.objects.filter(user=user, state=MembershipState.ACTIVE)
    return active.select_related("organization", "role").order_by("-is_home", "since")


def viewer_for(
    user: User, organization_id: uuid.UUID | None, actor: Actor, active: Sequence[Membership] | None = None
) -> Viewer:
    """Find what a person who acts for an organization may see and do.

    Parameters
    ----------
    user : User
        The person.
    organization_id : UUID, optional
        The organization acted for; the person's home where none is named or the membership no longer counts.
    actor : Actor
        Request and address, for the record.
    active : sequence of Membership, optional
        As `memberships_of` lists them, where the caller has them already.

    Returns
    -------
    Viewer
        Without any capability where the person belongs to no organization.
    """
    if active is None:
        active = list(memberships_of(user))
    if not user.is_active or not active:
        return Viewer(actor=Actor(user.pk, request_id=actor.request_id, address=actor.address))
    chosen = next((item for item in active if item.organization_id == organization_id), active[0])
    allows = chosen.role.allows
    resting = allows & SECOND_STEP
    if resting and has_second_step(user):
        resting = frozenset()
    own = frozenset(tree_below(chosen.organization).values_list("pk", flat=True))
    groups = GroupMembership.objects.filter(organization_id__in=own, until__isnull=True)
    ceilings = Ceiling.objects.filter(receiver_id=chosen.organization.root_id).values_list("giver_id", "marking")
    since: dict[uuid.UUID, datetime | None] = {}
    joined = groups.order_by("-since").values_list("group_id", "since", "group__open_history")
    for group, moment, is_open in joined:  # the earliest joining of several counts
        since[group] = None if is_open else moment
    return Viewer(
        actor=Actor(user.pk, chosen.organization_id, None, actor.request_id, actor.address),
        capabilities=allows - resting,
        resting=resting,
        own=own,
        groups=since,
        ceilings={giver: Marking(marking) for giver, marking in ceilings},
    )


def tree_below(organization: Organization) -> QuerySet[Organization]:
    """List an organization and everything below it.

    Parameters
    ----------
    organization : Organization
        The highest of them.

    Returns
    -------
    QuerySet of Organization
        In order of the tree.
    """
    return Organization.objects.filter(path__startswith=organization.path).order_by("path")


def organization_for(viewer: Viewer, organization_id: uuid.UUID) -> Organization | None:
    """Find an organization of the viewer's own.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    organization_id : UUID
        Which.

    Returns
    -------
    Organization or None
        None where it is not the viewer's, as if it were not there.
    """
    if organization_id not in viewer.own:
        return None
    return Organization.objects.select_related("parent", "root").filter(pk=organization_id).first()


def organizations_for(viewer: Viewer) -> QuerySet[Organization]:
    """List the organizations of the viewer's own.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Organization
        In order of the tree.
    """
    return Organization.objects.filter(pk__in=viewer.own).order_by("path")


def directory() -> QuerySet[Organization]:
    """List the organizations of the platform, as members find them to share with: names, kinds and countries.

    Returns
    -------
    QuerySet of Organization
        All, in order of their trees.
    """
    return Organization.objects.order_by("path")


def people_of(organization: Organization) -> QuerySet[Membership]:
    """List who belongs to an organization, or did not consent yet.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of Membership
        Not those that ended.
    """
    there = Membership.objects.filter(organization=organization).exclude(state=MembershipState.ENDED)
    return there.select_related("user", "role").order_by("user__name")


def guests_to_consent(organization: Organization) -> QuerySet[Membership]:
    """List people of an organization whom others invited as guests, and who wait for its consent.

    Parameters
    ----------
    organization : Organization
        Their home.

    Returns
    -------
    QuerySet of Membership
        The memberships elsewhere that wait.
    """
    at_home = Membership.objects.filter(organization=organization, is_home=True).exclude(state=MembershipState.ENDED)
    waiting = Membership.objects.filter(state=MembershipState.AWAITING_CONSENT, user__in=at_home.values("user"))
    return waiting.select_related("user", "role", "organization")


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """List invitations that can still be accepted.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of Invitation
        Neither accepted nor withdrawn nor too old.
    """
    still = Invitation.objects.filter(organization=organization, accepted__isnull=True, withdrawn__isnull=True)
    return still.filter(expires__gt=timezone.now()).select_related("role")


def token_digest(token: str) -> str:
    """Return the digest under which an invitation's token is kept.

    Parameters
    ----------
    token : str
        As it stands in the letter.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Examples
    --------
    >>> token_digest("letter")[:8]
    'f80105ef'
    """
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_with(token: str) -> Invitation | None:
    """Find an invitation that can still be accepted by the token in its letter.

    Parameters
    ----------
    token : str
        The token.

    Returns
    -------
    Invitation or None
        None where there is none, or no longer.
    """
    still = Invitation.objects.filter(accepted__isnull=True, withdrawn__isnull=True, expires__gt=timezone.now())
    return still.select_related("organization", "role").filter(token_digest=token_digest(token)).first()


def roles() -> QuerySet[Role]:
    """List the roles.

    Returns
    -------
    QuerySet of Role
        In the order in which they were made.
    """
    return Role.objects.all()


def role_called(key: str) -> Role:
    """Find a role that comes with the platform.

    Parameters
    ----------
    key : str
        As in ``roles.toml``.

    Returns
    -------
    Role
        The role.
    """
    return Role.objects.get(key=key)


def groups_of(viewer: Viewer) -> QuerySet[SharingGroup]:
    """List the sharing groups that a viewer's organization owns or is in, without those that something else keeps.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of SharingGroup
        The newest last.
    """
    if viewer is NOBODY:
        return SharingGroup.objects.none()
    theirs = Q(owner_id__in=viewer.own) | Q(pk__in=list(viewer.groups))
    return SharingGroup.objects.filter(theirs, is_kept=False).select_related("owner")


def entries_about(organization: Organization) -> QuerySet[Entry]:
    """List what the record says about an organization.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of Entry
        The newest first.
    """
    return Entry.objects.filter(chain=organization_chain(organization.pk)).order_by("-number")


def invitation_for(viewer: Viewer, pk: uuid.UUID) -> Invitation | None:
    """Find an invitation of the viewer's own organizations that can still be accepted.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Invitation or None
        None where it is not the viewer's.
    """
    still = Invitation.objects.filter(organization_id__in=viewer.own, accepted__isnull=True, withdrawn__isnull=True)
    return still.select_related("organization", "role").filter(pk=pk).first()


def membership_for(viewer: Viewer, pk: uuid.UUID) -> Membership | None:
    """Find a membership that a viewer may know of: in their own organizations, or of their people elsewhere.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Membership or None
        None where it is not the viewer's, or has ended.
    """
    here = Q(organization_id__in=viewer.own)
    at_home = Membership.objects.filter(organization_id__in=viewer.own, is_home=True, until__isnull=True)
    elsewhere = Q(state=MembershipState.AWAITING_CONSENT, user__in=at_home.values("user"))
    found = Membership.objects.filter(here | elsewhere, until__isnull=True, pk=pk)
    return found.select_related("organization", "role", "user").first()


def has_account(email: str) -> bool:
    """Say whether there is an account with an address.

    Parameters
    ----------
    email : str
        The address, in any case of letters.

    Returns
    -------
    bool
        True if there is one.
    """
    return User.objects.filter(email__iexact=email).exists()


def names_of(user_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Find the names of people.

    Parameters
    ----------
    user_ids : iterable of UUID
        Whose.

    Returns
    -------
    dict from UUID to str
        Of those who have an account.
    """
    return dict(User.objects.filter(pk__in=list(user_ids)).values_list("pk", "name"))


def members_of(group: SharingGroup) -> QuerySet[GroupMembership]:
    """List the organizations that are in a group now.

    Parameters
    ----------
    group : SharingGroup
        Of the viewer's.

    Returns
    -------
    QuerySet of GroupMembership
        The oldest first.
    """
    return (
        GroupMembership.objects.filter(group=group, until__isnull=True).select_related("organization").order_by("since")
    )


def inside(group: SharingGroup) -> QuerySet[Organization]:
    """List the organizations that are in a group now, to choose from.

    Parameters
    ----------
    group : SharingGroup
        Of the viewer's.

    Returns
    -------
    QuerySet of Organization
        In no order.
    """
    return Organization.objects.filter(pk__in=members_of(group).values("organization_id"))


def tokens_of(user: User) -> QuerySet[Token]:
    """List the access tokens of a person that still count.

    Parameters
    ----------
    user : User
        The person.

    Returns
    -------
    QuerySet of Token
        The newest first.
    """
    still = Token.objects.filter(user=user, revoked__isnull=True, expires__gt=timezone.now())
    return still.select_related("organization").order_by("-created")


def token_for(user: User, pk: uuid.UUID) -> Token | None:
    """Find an access token of a person that still counts.

    Parameters
    ----------
    user : User
        The person.
    pk : UUID
        Which.

    Returns
    -------
    Token or None
        None where it is not the person's, as if it were not there.
    """
    return tokens_of(user).filter(pk=pk).first()


def token_with(secret: str) -> Token | None:
    """Find an access token by what a program sends.

    Parameters
    ----------
    secret : str
        As it was shown once.

    Returns
    -------
    Token or None
        None where there is none, or no longer.
    """
    still = Token.objects.filter(revoked__isnull=True, expires__gt=timezone.now())
    return still.select_related("user", "organization").filter(token_digest=token_digest(secret)).first()


def outside_of(group: SharingGroup) -> QuerySet[Organization]:
    """List the organizations that are not in a group now.

    Parameters
    ----------
    group : SharingGroup
        Of the viewer's.

    Returns
    -------
    QuerySet of Organization
        In order of their trees.
    """
    return directory().exclude(pk__in=members_of(group).values("organization_id"))


def ceilings_of(organization: Organization) -> QuerySet[Ceiling]:
    """List the ceilings that an organization set for others.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    QuerySet of Ceiling
        With their receivers.
    """
    return Ceiling.objects.filter(giver=organization).select_related("receiver")


def kind_called(pk: uuid.UUID) -> str | None:
    """Say what an identifier names, for the record of a refused access alone: nobody who asked is told.

    Parameters
    ----------
    pk : UUID
        As it stood in the address.

    Returns
    -------
    str or None
        ``organization``, or the kind of something that one owns; None where there is nothing.
    """
    if Organization.objects.filter(pk=pk).exists():
        return "organization"
    owned = (model for model in apps.get_models() if issubclass(model, Shared))
    there = (model for model in owned if model._default_manager.filter(pk=pk).exists())  # noqa: SLF001 - Django's documented interface
    return next((kind_of(model) for model in there), None)


def shares_of(item: Shared) -> QuerySet[Share]:
    """List with whom something is shared now.

    Parameters
    ----------
    item : Shared
        One that the viewer may share.

    Returns
    -------
    QuerySet of Share
        The oldest first.
    """
    there = Share.objects.filter(subject_kind=kind_of(type(item)), subject_id=item.pk, revoked__isnull=True)
    return there.select_related("organization", "group", "user").order_by("granted")
