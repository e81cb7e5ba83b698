"""Which tables of studies PostgreSQL itself guards by row."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from tenon.web.organizations.row_policies import protect, protect_own, unprotect

__all__ = ["guard", "unguard"]


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Put the policies in place.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    protect(editor, "runs_study", "study")
    protect_own(editor, "runs_chainfile")


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Take the policies away again.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    unprotect(editor, "runs_chainfile")
    unprotect(editor, "runs_study")
