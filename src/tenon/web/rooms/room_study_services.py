"""Studies of a room: shared with the organizations in it, and named in its timeline."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tenon.web.organizations import sharing
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.organizations.selectors import shares_of
from tenon.web.rooms.models import Room
from tenon.web.rooms.room_rules import EntryKind, Power
from tenon.web.rooms.room_study_selectors import study_shares_of
from tenon.web.rooms.room_timeline_services import add_entry, locked
from tenon.web.runs.models import Study

__all__ = ["attach_study"]


def attach_study(viewer: Viewer, room: Room, study: Study, hides: Collection[Hidden] = ()) -> None:
    """Attach a study to a room: the organizations in the room read it, without what is kept back.

    Parameters
    ----------
    viewer : Viewer
        Somebody with a part in the room who may share the study.
    room : Room
        Where.
    study : Study
        Which; taking its share back on its own page takes it out of the room.
    hides : collection of Hidden
        What is kept back from the others.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it, or they may not share the study.
    ValidationError
        If it is attached already, or its marking keeps it from others.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.ATTACH)
        if study_shares_of(current).filter(subject_id=study.pk).exists():
            raise ValidationError(_("This study belongs to the room already."))
        if study.reach == Reach.ORGANIZATION and not shares_of(study).filter(user=None).exists():
            # Nobody else was ever meant to see it: no earlier share comes alive.
            sharing.set_reach(viewer, study, Reach.ROOM, Marking(study.marking))
        sharing.share(viewer, study, current.group, Profile.READ, hides)
        # Its title stands in no entry: not everybody in the room sees every study of it.
        details = {"study": study.pk, "hides": sorted(hides)}
        add_entry(viewer, current, EntryKind.REPORT, {"change": "study attached"}, details)
