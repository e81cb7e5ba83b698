"""The database itself refuses to change or delete what was recorded, on SQLite and on PostgreSQL."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

__all__ = ["freeze", "guard", "thaw", "unguard"]

_REFUSAL = "what was recorded is never changed or deleted"
_FREEZE = {
    "sqlite": tuple(
        f"CREATE TRIGGER {{table}}_no_{verb} BEFORE {verb} ON {{table}} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} EXECUTE FUNCTION audit_refuse()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refuse()",
    ),
}
_THAW = {
    "sqlite": ("DROP TRIGGER {table}_no_UPDATE", "DROP TRIGGER {table}_no_DELETE"),
    "postgresql": ("DROP TRIGGER {table}_no_change ON {table}", "DROP TRIGGER {table}_no_truncate ON {table}"),
}
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql "
    f"AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
)


def freeze(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Let a table take new rows and nothing else; the record's own guard must stand by then.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    """
    for statement in _FREEZE[editor.connection.vendor]:
        editor.execute(statement.format(table=table))


def thaw(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Undo what `freeze` did.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    """
    for statement in _THAW[editor.connection.vendor]:
        editor.execute(statement.format(table=table))


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Put the triggers in place.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    if editor.connection.vendor == "postgresql":
        editor.execute(_FUNCTION)
    freeze(editor, "audit_entry")


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Take the triggers away again.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    # The function stays: tables of other apps are frozen by it, too.
    thaw(editor, "audit_entry")
