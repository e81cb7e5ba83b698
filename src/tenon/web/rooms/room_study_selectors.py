"""Reading the studies of rooms: what the viewer may not see is left out."""

from __future__ import annotations

from django.db.models import QuerySet

from tenon.web.organizations.models import Share
from tenon.web.organizations.policies import Viewer, kind_of, visible_to
from tenon.web.organizations.rules import Permission
from tenon.web.rooms.models import Room
from tenon.web.runs.models import Study
from tenon.web.runs.selectors import studies_for

__all__ = ["attachable_studies", "studies_in", "study_shares_of"]

_SHOWN, _ATTACHABLE = 20, 100


def study_shares_of(room: Room) -> QuerySet[Share]:
    """List the shares by which studies belong to a room.

    Parameters
    ----------
    room : Room
        Which.

    Returns
    -------
    QuerySet of Share
        Those in force.
    """
    return Share.objects.filter(subject_kind=kind_of(Study), group_id=room.group_id, revoked__isnull=True)


def studies_in(viewer: Viewer, room: Room) -> list[Study]:
    """List the studies that are attached to a room.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    room : Room
        One that the viewer may see.

    Returns
    -------
    list of Study
        Those that the viewer may read, the newest 20.
    """
    return list(studies_for(viewer).filter(pk__in=study_shares_of(room).values("subject_id"))[:_SHOWN])


def attachable_studies(viewer: Viewer, room: Room) -> QuerySet[Study]:
    """List the studies that a viewer can attach to a room.

    Parameters
    ----------
    viewer : Viewer
        Who attaches; they must be able to share them.
    room : Room
        Where.

    Returns
    -------
    QuerySet of Study
        Those that are not attached yet, the newest 100.
    """
    shareable = visible_to(studies_for(viewer), viewer, Permission.SHARE)
    newest = shareable.exclude(pk__in=study_shares_of(room).values("subject_id")).values_list("pk", flat=True)[
        :_ATTACHABLE
    ]
    return studies_for(viewer).filter(pk__in=list(newest))
