"""Changing organizations, memberships and groups: each change together with its record, and none without."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations import selectors
from tenon.web.organizations.models import (
    Ceiling,
    GroupMembership,
    Invitation,
    Membership,
    Organization,
    Role,
    SharingGroup,
)
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking, MembershipState, may_grant, membership_may_become

__all__ = [
    "INVITATION_DAYS",
    "accept_invitation",
    "add_to_group",
    "appoint",
    "change_role",
    "consent",
    "create_group",
    "create_organization",
    "found_organization",
    "invite",
    "join_with_account",
    "leave_group",
    "move_membership",
    "set_ceiling",
    "withdraw_invitation",
]

INVITATION_DAYS = 14


def create_organization(actor: Actor, fields: Mapping[str, Any], parent: Organization | None = None) -> Organization:
    """Make an organization, on its own or below another.

    Parameters
    ----------
    actor : Actor
        Who makes it.
    fields : mapping
        Names, kind, level, country and, where known, latitude and longitude.
    parent : Organization, optional
        The organization above.

    Returns
    -------
    Organization
        Stored.

    Raises
    ------
    ValidationError
        If a field is none that can be.
    """
    organization = Organization(parent=parent, **fields)
    organization.path = f"{parent.path if parent else ''}{organization.pk}/"
    organization.root = parent.root if parent else organization
    organization.full_clean(exclude=["root"])
    with transaction.atomic():
        organization.save(force_insert=True)
        details = {
            "name": [fields.get("name_en", ""), fields.get("name_zh", "")],
            "parent": parent.pk if parent else None,
        }
        _record(actor, "organization.created", organization, ("organization", organization.pk), details)
    return organization


def appoint(actor: Actor, user: User, organization: Organization, role: Role) -> Membership:
    """Make a person a member without an invitation: for the first start and for operators, who check nothing here.

    Parameters
    ----------
    actor : Actor
        Who appoints.
    user : User
        Whom.
    organization : Organization
        Where.
    role : Role
        As what.

    Returns
    -------
    Membership
        Active; the person's home if there was none.
    """
    with transaction.atomic():
        home = Membership.objects.filter(user=user, is_home=True).exclude(state=MembershipState.ENDED)
        membership = Membership(
            user=user, organization=organization, role=role, state=MembershipState.ACTIVE, is_home=not home.exists()
        )
        membership.full_clean()
        membership.save(force_insert=True)
        _record(actor, "membership.began", organization, ("membership", membership.pk), {"role": role.key})
    return membership


def invite(viewer: Viewer, organization: Organization, email: str, role: Role) -> tuple[Invitation, str]:
    """Invite somebody by a letter.

    Parameters
    ----------
    viewer : Viewer
        Who invites.
    organization : Organization
        Of the viewer's own.
    email : str
        Address that the letter goes to.
    role : Role
        What the person will be.

    Returns
    -------
    Invitation
        Stored.
    str
        The token for the letter, which is kept nowhere.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization, or the role allows what the viewer may not.
    ValidationError
        If the address is none, or the person is a member already.
    """
    _administer(viewer, organization)
    if not may_grant(viewer.capabilities, role.allows):
        raise PermissionDenied(_("Nobody gives a role that allows more than their own."))
    return _new_invitation(viewer.actor, organization, email, role)


def found_organization(
    actor: Actor, fields: Mapping[str, Any], administrator: str
) -> tuple[Organization, Invitation, str]:
    """Make an organization that stands below no other, and invite its first administrator: for operators.

    Parameters
    ----------
    actor : Actor
        The operator.
    fields : mapping
        As for `create_organization`.
    administrator : str
        Address of the first administrator.

    Returns
    -------
    Organization
        Stored.
    Invitation
        Of its administrator.
    str
        The token for the letter, which is kept nowhere.

    Raises
    ------
    ValidationError
        If a field or the address is none that can be.
    """
    with transaction.atomic():
        organization = create_organization(actor, fields)
        role = Role.objects.get(key="administrator")
        invitation, token = _new_invitation(actor, organization, administrator, role)
    return organization, invitation, token


def _new_invitation(actor: Actor, organization: Organization, email: str, role: Role) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email.strip(),
        organization=organization,
        role=role,
        token_digest=selectors.token_digest(token),
        invited_by_id=actor.user_id,
        expires=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    invitation.full_clean()
    if selectors.people_of(organization).filter(user__email__iexact=invitation.email).exists():
        raise ValidationError({"email": _("This person belongs to the organization already.")})
    with transaction.atomic():
        invitation.save(force_insert=True)
        _record(actor, "invitation.sent", organization, ("invitation", invitation.pk), {"role": role.key})
    return invitation, token


def withdraw_invitation(viewer: Viewer, invitation: Invitation) -> None:
    """Take an invitation back; its letter is worth nothing from now on.

    Parameters
    ----------
    viewer : Viewer
        Who takes it back.
    invitation : Invitation
        Which.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization.
    """
    _administer(viewer, invitation.organization)
    with transaction.atomic():
        invitation.withdrawn = timezone.now()
        invitation.save(update_fields=["withdrawn"])
        _record(viewer.actor, "invitation.withdrawn", invitation.organization, ("invitation", invitation.pk), {})


def join_with_account(actor: Actor, invitation: Invitation, name: str, password: str) -> User:
    """Accept an invitation with a new account.

    Parameters
    ----------
    actor : Actor
        Request and address of whoever holds the letter.
    invitation : Invitation
        Still open.
    name, password : str
        Of the account.

    Returns
    -------
    User
        The new person, a member.

    Raises
    ------
    ValidationError
        If the password is too weak, or there is an account with this address.
    """
    with transaction.atomic():
        user = create_user(actor, invitation.email, name, password)
        accept_invitation(Actor(user.pk, None, None, actor.request_id, actor.address), invitation, user)
    return user


def accept_invitation(actor: Actor, invitation: Invitation, user: User) -> Membership:
    """Accept an invitation with the account it was sent to.

    Parameters
    ----------
    actor : Actor
        The person.
    invitation : Invitation
        Still open.
    user : User
        Signed in.

    Returns
    -------
    Membership
        Active; or waiting, where the person's home organization is another one, until that consents.

    Raises
    ------
    ValidationError
        If the letter was for another address, or somebody was quicker.
    """
    if user.email.casefold() != invitation.email.casefold():
        raise ValidationError(
            _("This invitation is for another address. Sign in with the address that the letter went to.")
        )
    with transaction.atomic():
        used = Invitation.objects.filter(pk=invitation.pk, accepted__isnull=True, withdrawn__isnull=True)
        if not used.update(accepted=timezone.now()):
            raise ValidationError(_("This invitation was used or taken back."))
        membership = _new_membership(user, invitation)
        membership.full_clean()
        membership.save(force_insert=True)
        details = {"role": invitation.role.key, "state": membership.state}
        _record(actor, "membership.began", invitation.organization, ("membership", membership.pk), details)
    return membership


def _new_membership(user: User, invitation: Invitation) -> Membership:
    home = Membership.objects.filter(user=user, is_home=True).exclude(state=MembershipState.ENDED)
    elsewhere = home.exclude(organization__root_id=invitation.organization.root_id).exists()
    return Membership(
        user=user,
        organization=invitation.organization,
        role=invitation.role,
        state=MembershipState.AWAITING_CONSENT if elsewhere else MembershipState.ACTIVE,
        is_home=not home.exists(),
    )


def consent(viewer: Viewer, membership: Membership, *, agreed: bool) -> None:
    """Let a person of one's own organization be a guest elsewhere, or not.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the person's home.
    membership : Membership
        Waiting for consent.
    agreed : bool
        Whether the home organization consents.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the person's home.
    ValidationError
        If the membership does not wait.
    """
    home = Membership.objects.get(user=membership.user, is_home=True, until__isnull=True)
    _administer(viewer, home.organization)
    new = MembershipState.ACTIVE if agreed else MembershipState.ENDED
    _change_state(viewer.actor, membership, new, expected=MembershipState.AWAITING_CONSENT)


def move_membership(viewer: Viewer, membership: Membership, new: MembershipState) -> None:
    """Suspend, resume or end a membership; it holds from the next request on.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the organization.
    membership : Membership
        Which.
    new : MembershipState
        What it becomes.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization, or the member may do more than the viewer.
    ValidationError
        If it cannot become that from what it is, or nobody would be left to administer the organization.
    """
    _administer(viewer, membership.organization)
    old = MembershipState(membership.state)
    if old is MembershipState.AWAITING_CONSENT and new is MembershipState.ACTIVE:
        raise PermissionDenied(_("Only the person's own organization can consent."))
    if not may_grant(viewer.capabilities, membership.role.allows):
        raise PermissionDenied(_("This person's role allows more than yours."))
    _change_state(viewer.actor, membership, new, expected=old)


def _change_state(actor: Actor, membership: Membership, new: MembershipState, *, expected: MembershipState) -> None:
    with transaction.atomic():
        current = Membership.objects.select_for_update().get(pk=membership.pk)
        if current.state != expected or not membership_may_become(expected, new):
            raise ValidationError(_("The membership has changed meanwhile. Look at it again."))
        if new in {MembershipState.SUSPENDED, MembershipState.ENDED}:
            _leave_an_administrator(current)
        membership.state = current.state = new
        current.until = timezone.now() if new is MembershipState.ENDED else None
        current.save(update_fields=["state", "until"])
        details = {"state": [expected.value, new.value]}
        _record(actor, "membership.changed", current.organization, ("membership", current.pk), details)


def change_role(viewer: Viewer, membership: Membership, role: Role) -> None:
    """Give a member another role.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the organization.
    membership : Membership
        Which.
    role : Role
        The new role.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization, or one of the roles allows more than the viewer may.
    ValidationError
        If nobody would be left to administer the organization.
    """
    _administer(viewer, membership.organization)
    if not may_grant(viewer.capabilities, role.allows | membership.role.allows):
        raise PermissionDenied(_("Nobody gives a role that allows more than their own."))
    with transaction.atomic():
        current = Membership.objects.select_for_update().select_related("role").get(pk=membership.pk)
        if Capability.ADMINISTER not in role.allows:
            _leave_an_administrator(current)
        details = {"role": [current.role.key, role.key]}
        current.role = role
        current.save(update_fields=["role"])
        _record(viewer.actor, "membership.role", current.organization, ("membership", current.pk), details)


def _leave_an_administrator(leaving: Membership) -> None:
    """Refuse to let the last administrator of an organization go, where no organization above has one either."""
    if Capability.ADMINISTER not in leaving.role.allows or leaving.state != MembershipState.ACTIVE:
        return
    above = [uuid.UUID(part) for part in leaving.organization.path.strip("/").split("/")]
    others = Membership.objects.filter(organization_id__in=above, state=MembershipState.ACTIVE).exclude(pk=leaving.pk)
    if not any(Capability.ADMINISTER in other.role.allows for other in others.select_related("role")):
        raise ValidationError(
            _("Nobody else administers this organization. Make somebody else an administrator first.")
        )


def create_group(viewer: Viewer, owner: Organization, fields: Mapping[str, Any]) -> SharingGroup:
    """Make a sharing group; its owner is in it from the start.

    Parameters
    ----------
    viewer : Viewer
        Who makes it.
    owner : Organization
        Of the viewer's own.
    fields : mapping
        Names, and whether those who join later see what was shared before.

    Returns
    -------
    SharingGroup
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the owner.
    ValidationError
        If a name is missing.
    """
    _administer(viewer, owner)
    group = SharingGroup(owner=owner, **fields)
    group.full_clean()
    with transaction.atomic():
        group.save(force_insert=True)
        GroupMembership.objects.create(group=group, organization=owner)
        _record(viewer.actor, "group.created", owner, ("group", group.pk), {"open_history": group.open_history})
    return group


def add_to_group(viewer: Viewer, group: SharingGroup, organization: Organization) -> None:
    """Bring an organization into a sharing group.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the group's owner.
    group : SharingGroup
        Which.
    organization : Organization
        Any of the platform.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the group's owner, or the group is kept by something else.
    ValidationError
        If the organization is in the group already.
    """
    _change_by_hand(group)
    _administer(viewer, group.owner)
    with transaction.atomic():
        membership = GroupMembership(group=group, organization=organization)
        membership.full_clean()
        membership.save(force_insert=True)
        _record(viewer.actor, "group.joined", group.owner, ("group", group.pk), {"organization": organization.pk})


def leave_group(viewer: Viewer, group: SharingGroup, organization: Organization) -> None:
    """Take an organization out of a sharing group; from now on it sees nothing that the group gets.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the group's owner, or of the organization that leaves.
    group : SharingGroup
        Which.
    organization : Organization
        Who leaves.

    Raises
    ------
    PermissionDenied
        If the viewer administers neither, or the group is kept by something else.
    ValidationError
        If the organization is not in the group.
    """
    _change_by_hand(group)
    _administer(viewer, organization if organization.pk in viewer.own else group.owner)
    with transaction.atomic():
        there = GroupMembership.objects.filter(group=group, organization=organization, until__isnull=True)
        if not there.update(until=timezone.now()):
            raise ValidationError(_("This organization is not in the group."))
        _record(viewer.actor, "group.left", group.owner, ("group", group.pk), {"organization": organization.pk})


def set_ceiling(viewer: Viewer, giver: Organization, receiver: Organization, marking: Marking) -> None:
    """Say which marking is the strictest that passes from one organization to another.

    Parameters
    ----------
    viewer : Viewer
        An administrator of the giver.
    giver, receiver : Organization
        The highest organizations of two trees.
    marking : Marking
        The ceiling; red lets everything pass.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the giver.
    ValidationError
        If one of them stands below another organization, or both are the same.
    """
    _administer(viewer, giver)
    if giver.parent_id or receiver.parent_id or giver == receiver:
        raise ValidationError(_("A ceiling holds between two different organizations that stand below no other."))
    with transaction.atomic():
        Ceiling.objects.update_or_create(giver=giver, receiver=receiver, defaults={"marking": marking})
        _record(viewer.actor, "ceiling.set", giver, ("organization", receiver.pk), {"marking": marking.value})


def _change_by_hand(group: SharingGroup) -> None:
    if group.is_kept:
        raise PermissionDenied(_("Who is in this group is decided where it is used, not here."))


def _administer(viewer: Viewer, organization: Organization) -> None:
    if organization.pk not in viewer.own or Capability.ADMINISTER not in viewer.capabilities:
        raise PermissionDenied(_("Only an administrator of the organization can do this."))


def _record(
    actor: Actor, action: str, organization: Organization, subject: tuple[str, object], details: Mapping[str, Any]
) -> None:
    record(actor, action, subject, chain=organization_chain(organization.pk), details=details)
