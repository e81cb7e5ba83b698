"""Sharing what an organization owns: with whom, how far, and what is kept back. Revoking holds at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.interface.rules import STALE
from tenon.web.organizations.models import Organization, Share, Shared, SharingGroup
from tenon.web.organizations.policies import Viewer, allows, kind_of, standing_of
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.rules import (
    PERMISSIONS,
    Hidden,
    Marking,
    Permission,
    Profile,
    Reach,
    hidden_parts,
    permissions,
    reach_allowed,
    stricter,
)

__all__ = ["name_person", "record_reading", "revoke", "set_reach", "share", "withdraw"]


def share(
    viewer: Viewer,
    item: Shared,
    receiver: Organization | SharingGroup,
    profile: Profile,
    hides: Collection[Hidden] = (),
) -> Share:
    """Share an object with an organization or a group.

    Parameters
    ----------
    viewer : Viewer
        Who shares.
    item : Shared
        What.
    receiver : Organization or SharingGroup
        With whom.
    profile : Profile
        What they may do with it.
    hides : collection of Hidden
        What is kept back from them.

    Returns
    -------
    Share
        Stored; an earlier share with the same receiver is revoked.

    Raises
    ------
    PermissionDenied
        If the viewer may not share the object, or would give more than their own organization was given.
    ValidationError
        If the object's reach or marking keeps it from others.
    """
    _must_share(viewer, item)
    if not PERMISSIONS[profile] <= permissions(standing_of(item, viewer), viewer.capabilities):
        raise PermissionDenied(_("Nobody shares more than what they may do themselves."))
    if not reach_allowed(Reach.GROUP, Marking(item.marking)):
        raise ValidationError(_("Its marking keeps it within the organization. Change the marking first."))
    if item.reach == Reach.ORGANIZATION:
        raise ValidationError(_("Its reach is the own organization. Widen the reach first."))
    organization = receiver if isinstance(receiver, Organization) else None
    group = receiver if isinstance(receiver, SharingGroup) else None
    if group is not None and group.pk not in viewer.groups:
        raise PermissionDenied(_("Only organizations in a group can share with it."))
    _must_have(viewer, item, profile, hides)
    with transaction.atomic():
        _in_force(item).filter(organization=organization, group=group, user=None).update(revoked=timezone.now())
        made = Share.objects.create(
            subject_kind=kind_of(type(item)),
            subject_id=item.pk,
            organization=organization,
            group=group,
            profile=profile,
            hides=sorted(hides),
            granted_by_id=viewer.actor.user_id,
        )
        _record(viewer.actor, "shared", item, {"with": receiver.pk, "profile": profile, "hides": sorted(hides)})
    return made


def name_person(viewer: Viewer, item: Shared, user: User) -> Share:
    """Name a person on an object; what is marked red is seen by those alone.

    Parameters
    ----------
    viewer : Viewer
        Who names.
    item : Shared
        On what.
    user : User
        Whom.

    Returns
    -------
    Share
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not share the object.
    """
    _must_share(viewer, item)
    with transaction.atomic():
        made, is_new = Share.objects.get_or_create(
            subject_kind=kind_of(type(item)),
            subject_id=item.pk,
            user=user,
            revoked=None,
            defaults={"profile": Profile.READ, "granted_by_id": viewer.actor.user_id},
        )
        if is_new:
            _record(viewer.actor, "named", item, {"user": user.pk})
    return made


def revoke(viewer: Viewer, item: Shared, given: Share) -> None:
    """Take a share back. The row stays and tells who could see the object until now.

    Parameters
    ----------
    viewer : Viewer
        Who takes it back.
    item : Shared
        What was shared.
    given : Share
        The share.

    Raises
    ------
    PermissionDenied
        If the viewer may not share the object, or the share is of another one.
    """
    _must_share(viewer, item)
    if given.subject_id != item.pk or given.subject_kind != kind_of(type(item)):
        raise PermissionDenied(_("This share belongs to something else."))
    with transaction.atomic():
        withdraw(viewer.actor, item, given)


def withdraw(actor: Actor, item: Shared, given: Share) -> None:
    """Take a share back for a service that has checked that it may be; inside its transaction.

    Parameters
    ----------
    actor : Actor
        Who takes it back.
    item : Shared
        What was shared.
    given : Share
        The share.
    """
    if Share.objects.filter(pk=given.pk, revoked__isnull=True).update(revoked=timezone.now()):
        receiver = given.organization_id or given.group_id or given.user_id
        _record(actor, "revoked", item, {"from": receiver, "profile": given.profile})


def set_reach(viewer: Viewer, item: Shared, reach: Reach, marking: Marking, *, version: int | None = None) -> None:
    """Say how far an object goes and how it is marked.

    Parameters
    ----------
    viewer : Viewer
        Who says.
    item : Shared
        What; changed in place.
    reach : Reach
        How far it goes.
    marking : Marking
        The ceiling.
    version : int, optional
        The version that the viewer saw; without it, whatever it is now.

    Raises
    ------
    PermissionDenied
        If the viewer may not share the object, or would relax a marking that another organization set.
    ValidationError
        If the marking forbids the reach, or somebody changed the object meanwhile (with the code `STALE`).
    """
    _must_share(viewer, item)
    if item.owner_id not in viewer.own and stricter(Marking(item.marking), marking):
        raise PermissionDenied(_("Only the organization that owns it relaxes its marking."))
    if not reach_allowed(reach, marking):
        raise ValidationError(_("This marking forbids this reach."))
    with transaction.atomic():
        details = {"reach": [item.reach, reach.value], "marking": [item.marking, marking.value]}
        there = type(item)._default_manager.filter(pk=item.pk)  # noqa: SLF001 - Django's documented interface
        seen = there if version is None else there.filter(version=version)
        # Whoever marks it red without being named does not see it any more.
        with as_platform():
            if not seen.update(reach=reach, marking=marking, version=F("version") + 1):
                raise ValidationError(
                    _("Somebody changed this meanwhile. Nothing was changed; look at it again and repeat."), code=STALE
                )
            item.refresh_from_db(fields=["reach", "marking", "version"])
        _record(viewer.actor, "reach", item, details)


def record_reading(viewer: Viewer, item: Shared) -> None:
    """Record that somebody read an object, where its marking or its owner makes that sensitive.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    item : Shared
        What.
    """
    marking = Marking(item.marking)
    kept_close = marking in {Marking.RED, Marking.AMBER_STRICT}
    from_outside = marking is Marking.AMBER and item.owner_id not in viewer.own
    if kept_close or from_outside:
        with transaction.atomic():
            _record(viewer.actor, "read", item, {})


def _must_share(viewer: Viewer, item: Shared) -> None:
    if not allows(item, viewer, Permission.SHARE):
        raise PermissionDenied(_("Your role does not allow to share this."))


def _must_have(viewer: Viewer, item: Shared, profile: Profile, hides: Collection[Hidden]) -> None:
    """Refuse to pass on more than was given: a permission, or a part that is kept back."""
    standing = standing_of(item, viewer)
    if standing.owns:
        return
    lacks = PERMISSIONS[profile] - permissions(standing, viewer.capabilities)
    if lacks or hidden_parts(standing) - set(hides):
        raise PermissionDenied(_("Nobody passes on more than was shared with their own organization."))


def _in_force(item: Shared) -> models.QuerySet[Share]:
    return Share.objects.filter(subject_kind=kind_of(type(item)), subject_id=item.pk, revoked__isnull=True)


def _record(actor: Actor, action: str, item: Shared, details: Mapping[str, object]) -> None:
    kind = kind_of(type(item))
    record(actor, f"{kind}.{action}", (kind, item.pk), chain=organization_chain(item.owner_id), details=details)
