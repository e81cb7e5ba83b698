"""Sharing groups that something else keeps, such as a room: who may change them is decided, and checked, by the keeper.

The keeper shares itself with its group anew whenever somebody joins: whoever joins later sees the keeper from then on,
and what was shared with the group before only where its history is open.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Ceiling, GroupMembership, Organization, Share, Shared, SharingGroup
from tenon.web.organizations.policies import kind_of
from tenon.web.organizations.rules import Marking, Profile, stricter

__all__ = ["let_in", "let_out", "make", "open_history", "share_keeper"]


def make(actor: Actor, owner: Organization, name: str) -> SharingGroup:
    """Make a group; its owner is in it from the start. Call it inside the keeper's transaction, as all of these.

    Parameters
    ----------
    actor : Actor
        Who makes it.
    owner : Organization
        Of the keeper.
    name : str
        As the keeper is called.

    Returns
    -------
    SharingGroup
        Stored.
    """
    group = SharingGroup.objects.create(owner=owner, name_en=name[:120], is_kept=True)
    GroupMembership.objects.create(group=group, organization=owner)
    _record(actor, "group.created", group, {"open_history": False})
    return group


def let_in(actor: Actor, group: SharingGroup, organization: Organization, keeper: Shared) -> None:
    """Bring an organization into a group, and share the keeper with the group anew, so that this one sees it too.

    Parameters
    ----------
    actor : Actor
        Who brings it in.
    group : SharingGroup
        Which.
    organization : Organization
        Whom.
    keeper : Shared
        What keeps the group.

    Raises
    ------
    ValidationError
        If the organization is in the group already, or its ceiling keeps the keeper from it.
    """
    _must_pass(keeper, organization)
    if GroupMembership.objects.filter(group=group, organization=organization, until__isnull=True).exists():
        raise ValidationError(_("This organization is there already."))
    GroupMembership.objects.create(group=group, organization=organization)
    _record(actor, "group.joined", group, {"organization": organization.pk})
    share_keeper(actor, group, keeper)


def share_keeper(actor: Actor, group: SharingGroup, keeper: Shared) -> None:
    """Share the keeper with its group, in place of an earlier share.

    Parameters
    ----------
    actor : Actor
        Who shares.
    group : SharingGroup
        With which.
    keeper : Shared
        What keeps the group.
    """
    kind = kind_of(type(keeper))
    earlier = Share.objects.filter(subject_kind=kind, subject_id=keeper.pk, group=group, revoked__isnull=True)
    earlier.update(revoked=timezone.now())
    Share.objects.create(
        subject_kind=kind, subject_id=keeper.pk, group=group, profile=Profile.READ, granted_by_id=actor.user_id
    )
    _record(actor, "group.keeper_shared", group, {"kind": kind, "keeper": keeper.pk})


def _must_pass(keeper: Shared, organization: Organization) -> None:
    ceiling = Ceiling.objects.filter(giver_id=keeper.owner.root_id, receiver_id=organization.root_id).first()
    if ceiling is not None and stricter(Marking(keeper.marking), Marking(ceiling.marking)):
        raise ValidationError(
            _("The ceiling for %(name)s lets nothing pass that is marked %(marking)s.")
            % {"name": organization.name, "marking": keeper.marking}
        )


def let_out(actor: Actor, group: SharingGroup, organization: Organization) -> None:
    """Take an organization out of a group; from now on it sees nothing by it.

    Parameters
    ----------
    actor : Actor
        Who takes it out.
    group : SharingGroup
        Which.
    organization : Organization
        Whom.

    Raises
    ------
    ValidationError
        If it owns the group, or is not in it.
    """
    if organization.pk == group.owner_id:
        raise ValidationError(_("The organization that owns it stays."))
    there = GroupMembership.objects.filter(group=group, organization=organization, until__isnull=True)
    if not there.update(until=timezone.now()):
        raise ValidationError(_("This organization is not in the group."))
    _record(actor, "group.left", group, {"organization": organization.pk})


def open_history(actor: Actor, group: SharingGroup, *, is_open: bool) -> None:
    """Say whether those who join later see what was shared with a group before.

    Parameters
    ----------
    actor : Actor
        Who says.
    group : SharingGroup
        Which; changed in place.
    is_open : bool
        Whether they do.
    """
    group.open_history = is_open
    group.save(update_fields=["open_history"])
    _record(actor, "group.history", group, {"open_history": is_open})


def _record(actor: Actor, action: str, group: SharingGroup, details: Mapping[str, object]) -> None:
    record(actor, action, ("group", group.pk), chain=organization_chain(group.owner_id), details=details)
