"""Organizations, roles, memberships, sharing groups and shares."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.rules import (
    MARKINGS,
    Capability,
    Marking,
    MembershipState,
    OrganizationKind,
    OrganizationLevel,
    Profile,
    Reach,
)


def choices(
    values: type[Capability | Marking | MembershipState | OrganizationKind | OrganizationLevel | Profile | Reach],
) -> list[tuple[str, str]]:
    """List the members of an enumeration as Django's fields take them; labels are translated where they are shown."""
    return [(member.value, member.value) for member in values]


class Named(models.Model):
    """Something with a name in English and one in Chinese; at least one of them."""

    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=120, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(name_en="", name_zh=""), name="%(app_label)s_%(class)s_has_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        first, second = (self.name_zh, self.name_en) if _chinese() else (self.name_en, self.name_zh)
        return first or second


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


class Organization(Named):
    """A group, a site or a unit of it; members of one act for everything below it."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=choices(OrganizationKind))
    level = models.CharField(_("level"), max_length=10, choices=choices(OrganizationLevel))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Identifiers of all organizations above, the highest first, and its own: answers "what is below?" in one query.
    path = models.CharField(max_length=400, unique=True, editable=False)
    # The highest organization above it, or itself; ceilings hold between those.
    root = models.ForeignKey("self", models.PROTECT, related_name="+", editable=False)
    country = models.CharField(_("country"), max_length=2, help_text=_("Two letters, ISO 3166-1."))
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta(Named.Meta):
        ordering = ["path"]


class Role(Named):
    """What a person may do for an organization: a name for a set of capabilities, kept as data."""

    key = models.CharField(max_length=40, unique=True)
    capabilities = models.JSONField(default=list)

    class Meta(Named.Meta):
        ordering = ["pk"]

    @property
    def allows(self) -> frozenset[Capability]:
        return frozenset(Capability(item) for item in self.capabilities)


class Membership(models.Model):
    """A person acts for an organization, in a role, from one day to another."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"))
    state = models.CharField(max_length=20, choices=choices(MembershipState))
    # The organization that a person belongs to; it consents when another one invites the person as a guest.
    is_home = models.BooleanField(default=False)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], condition=~Q(state="ended"), name="organizations_membership_once"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_home=True) & ~Q(state="ended"), name="organizations_membership_one_home"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", until__isnull=False) | (~Q(state="ended") & Q(until__isnull=True)),
                name="organizations_membership_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} · {self.role}"


class Invitation(models.Model):
    """A letter to one address: whoever holds its token may join, once and in time. Only the token's digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    email = models.EmailField(_("e-mail address"))
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    role = models.ForeignKey(Role, models.PROTECT, verbose_name=_("role"))
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.email} · {self.organization}"


class Token(models.Model):
    """Lets a program act for a person in one organization, within a scope and a time. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    name = models.CharField(_("name"), max_length=80)
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="tokens")
    capabilities = models.JSONField(default=list)
    token_digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    # To the hour, so that reading does not become writing.
    used = models.DateTimeField(null=True, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.name} · {self.user} · {self.organization}"

    @property
    def scope(self) -> frozenset[Capability]:
        return frozenset(Capability(item) for item in self.capabilities)


class SharingGroup(Named):
    """Organizations that one of them brought together to share with; without members it reaches nobody."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="owned_groups")
    # Whether those who join later see what was shared before.
    open_history = models.BooleanField(_("those who join later see what was shared before"), default=False)
    # Kept by something else, such as a room for its participants: nobody changes it by hand or shares with it directly.
    is_kept = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now)

    class Meta(Named.Meta):
        ordering = ["created"]


class GroupMembership(models.Model):
    """An organization is in a sharing group, from one moment to another."""

    group = models.ForeignKey(SharingGroup, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="group_memberships")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "organization"],
                condition=Q(until__isnull=True),
                name="organizations_groupmembership_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.group}"


class Ceiling(models.Model):
    """The strictest marking that one organization lets pass to another."""

    giver = models.ForeignKey(Organization, models.PROTECT, related_name="ceilings_given")
    receiver = models.ForeignKey(Organization, models.PROTECT, related_name="ceilings_received")
    marking = models.CharField(_("marking"), max_length=20, choices=choices(Marking))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["giver", "receiver"], name="organizations_ceiling_once"),
            models.CheckConstraint(condition=Q(marking__in=list(MARKINGS)), name="organizations_ceiling_marking"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} > {self.receiver}: {self.marking}"


class Share(models.Model):
    """An object is shared with an organization or a group, or names a person; the row stays when it is revoked."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="shares")
    group = models.ForeignKey(SharingGroup, models.PROTECT, null=True, related_name="shares")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="shares")
    profile = models.CharField(max_length=20, choices=choices(Profile))
    hides = models.JSONField(default=list)
    granted = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organization__isnull=False, group__isnull=True, user__isnull=True)
                | Q(organization__isnull=True, group__isnull=False, user__isnull=True)
                | Q(organization__isnull=True, group__isnull=True, user__isnull=False),
                name="organizations_share_one_receiver",
            )
        ]
        indexes = [
            models.Index(
                fields=["subject_kind", "organization"],
                condition=Q(revoked__isnull=True),
                name="organizations_share_org",
            ),
            models.Index(
                fields=["subject_kind", "group"], condition=Q(revoked__isnull=True), name="organizations_share_group"
            ),
            models.Index(
                fields=["subject_kind", "user"], condition=Q(revoked__isnull=True), name="organizations_share_user"
            ),
            models.Index(fields=["subject_id"], name="organizations_share_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} > {self.organization or self.group or self.user}"


class Shared(models.Model):
    """What an organization owns and may share: who sees it is decided by `tenon.web.organizations.policies` alone."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    reach = models.CharField(_("reach"), max_length=20, choices=choices(Reach), default=Reach.ORGANIZATION.value)
    marking = models.CharField(_("marking"), max_length=20, choices=choices(Marking), default=Marking.AMBER.value)
    # Grows with every change; a change that was made against an older version is refused.
    version = models.PositiveIntegerField(default=1)

    if TYPE_CHECKING:
        owner_id: uuid.UUID  # made by Django

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(reach="organization")
                | Q(reach__in=["group", "room"], marking__in=["TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"])
                | Q(reach="community", marking__in=["TLP:GREEN", "TLP:CLEAR"]),
                name="%(app_label)s_%(class)s_reach_below_marking",
            )
        ]
