"""A room's timeline and its reports take new rows and nothing else: the database refuses the rest."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tenon.web.audit.triggers import freeze, thaw

__all__ = ["guard", "unguard"]

_FROZEN = ("rooms_roomentry", "rooms_roomreport")


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Put the triggers in place.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    for table in _FROZEN:
        freeze(editor, table)


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Take the triggers away again.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    for table in _FROZEN:
        thaw(editor, table)
