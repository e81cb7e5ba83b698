"""What programs get of organizations and of the record."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from tenon.web.audit.models import Entry
from tenon.web.interface.schemas import Out, PersonOut
from tenon.web.organizations.models import Organization, SharingGroup
from tenon.web.organizations.rules import Capability, OrganizationKind, OrganizationLevel

__all__ = ["EntryOut", "GroupOut", "ListedOut", "MeOut", "OrganizationOut", "TokenOut", "entry_out", "group_out"]


class ListedOut(Out):
    """An organization as everybody on the platform finds it, to share with."""

    id: uuid.UUID
    name_en: str
    name_zh: str
    kind: OrganizationKind
    country: str


class OrganizationOut(ListedOut):
    """An organization of one's own."""

    level: OrganizationLevel
    parent: uuid.UUID | None
    latitude: float | None
    longitude: float | None
    created: datetime


class GroupOut(Out):
    """A sharing group."""

    id: uuid.UUID
    name_en: str
    name_zh: str
    owner: uuid.UUID
    open_history: bool


class TokenOut(Out):
    """The access token of the request."""

    id: uuid.UUID
    name: str
    expires: datetime


class MeOut(Out):
    """Who sends the request, and what that allows now."""

    person: PersonOut
    organization: ListedOut
    capabilities: list[Capability]
    token: TokenOut


class EntryOut(Out):  # budget: all of what happened in one row
    """An entry of the record, with all that its digest is made from but the details' white space."""

    chain: str
    number: int
    time: datetime
    user: uuid.UUID | None
    organization: uuid.UUID | None
    on_behalf_of: uuid.UUID | None
    request: str
    address: str
    action: str
    subject_kind: str
    subject: str
    details: dict[str, Any]
    previous: str
    digest: str


def listed(organization: Organization) -> dict[str, Any]:
    """Return what everybody may read of an organization.

    Parameters
    ----------
    organization : Organization
        Any.

    Returns
    -------
    dict
        The fields of `ListedOut`.
    """
    return {
        "id": organization.pk,
        "name_en": organization.name_en,
        "name_zh": organization.name_zh,
        "kind": OrganizationKind(organization.kind),
        "country": organization.country,
    }


def organization_out(organization: Organization) -> OrganizationOut:
    """Return an organization of one's own.

    Parameters
    ----------
    organization : Organization
        Of the viewer's own.

    Returns
    -------
    OrganizationOut
        What programs get.
    """
    return OrganizationOut(
        **listed(organization),
        level=OrganizationLevel(organization.level),
        parent=organization.parent_id,
        latitude=organization.latitude,
        longitude=organization.longitude,
        created=organization.created,
    )


def group_out(group: SharingGroup) -> GroupOut:
    """Return a sharing group.

    Parameters
    ----------
    group : SharingGroup
        Of the viewer's.

    Returns
    -------
    GroupOut
        What programs get.
    """
    return GroupOut(
        id=group.pk,
        name_en=group.name_en,
        name_zh=group.name_zh,
        owner=group.owner_id,
        open_history=group.open_history,
    )


def entry_out(entry: Entry) -> EntryOut:
    """Return an entry of the record.

    Parameters
    ----------
    entry : Entry
        Of a chain that the viewer may read.

    Returns
    -------
    EntryOut
        What programs get.
    """
    return EntryOut(
        chain=entry.chain,
        number=entry.number,
        time=entry.time,
        user=entry.user_id,
        organization=entry.organization_id,
        on_behalf_of=entry.on_behalf_of,
        request=entry.request_id,
        address=entry.address,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject=entry.subject_id,
        details=json.loads(entry.details),
        previous=entry.previous,
        digest=entry.digest,
    )
