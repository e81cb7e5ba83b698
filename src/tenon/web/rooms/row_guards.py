"""Which tables PostgreSQL itself guards by row: objects by their own rules, what hangs on them through them."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tenon.web.organizations.row_policies import protect, protect_own, protect_part, unprotect

__all__ = ["guard", "unguard"]

_OBJECTS = {"rooms_finding": "finding", "rooms_room": "room", "rooms_equipment": "equipment"}
_PARTS = {
    "rooms_findingevent": [("finding_id", "rooms_finding")],
    "rooms_reading": [("finding_id", "rooms_finding")],
    "rooms_proposal": [("finding_id", "rooms_finding")],
    "rooms_attachment": [("finding_id", "rooms_finding"), ("intake_id", "rooms_intake")],
    "rooms_intake": [("equipment_id", "rooms_equipment")],
    "rooms_reportlabel": [("equipment_id", "rooms_equipment")],
    "rooms_checklist": [("equipment_id", "rooms_equipment")],
    "rooms_checklistitem": [("checklist_id", "rooms_checklist")],
    "rooms_inspectionround": [("equipment_id", "rooms_equipment")],
    "rooms_roundanswer": [("round_id", "rooms_inspectionround")],
    "rooms_participant": [("room_id", "rooms_room")],
    "rooms_roomfinding": [("room_id", "rooms_room")],
    "rooms_affectedplace": [("room_id", "rooms_room")],
    "rooms_roomtask": [("room_id", "rooms_room")],
    "rooms_roomreport": [("room_id", "rooms_room")],
    "rooms_roomentry": [("room_id", "rooms_room")],
}
_OWN = ("rooms_importdraft",)


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Put the policies in place.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    for table, kind in _OBJECTS.items():
        protect(editor, table, kind)
    for table, holders in _PARTS.items():
        protect_part(editor, table, *holders)
    for table in _OWN:
        protect_own(editor, table)


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Take the policies away again.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    for table in (*_OWN, *_PARTS, *_OBJECTS):
        unprotect(editor, table)
