"""The database itself refuses to change a finished round, its answers, or a version of a checklist, on both databases.

A migration that rebuilds one of these tables on SQLite (adding a constraint, changing a field) drops their triggers there:
it must run `guard` again after it.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

__all__ = ["guard", "unguard"]

_ROUND = "a finished round is never changed or deleted"
_ITEM = "a version of a checklist is never changed; make the next one"
_OVER_POSTGRESQL = (
    "EXISTS (SELECT 1 FROM rooms_inspectionround WHERE finished IS NOT NULL "
    "AND id = CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END)"
)
_OVER = "EXISTS (SELECT 1 FROM rooms_inspectionround WHERE id = {row}.round_id AND finished IS NOT NULL)"


def _sqlite(name: str, event: str, table: str, condition: str, refusal: str) -> str:
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


_SQLITE = {
    "rooms_round_no_update": ("UPDATE", "rooms_inspectionround", "OLD.finished IS NOT NULL", _ROUND),
    "rooms_round_no_delete": ("DELETE", "rooms_inspectionround", "OLD.finished IS NOT NULL", _ROUND),
    "rooms_answer_no_insert": ("INSERT", "rooms_roundanswer", _OVER.format(row="NEW"), _ROUND),
    "rooms_answer_no_update": ("UPDATE", "rooms_roundanswer", _OVER.format(row="OLD"), _ROUND),
    "rooms_answer_no_delete": ("DELETE", "rooms_roundanswer", _OVER.format(row="OLD"), _ROUND),
    "rooms_item_no_update": ("UPDATE", "rooms_checklistitem", "", _ITEM),
    "rooms_item_no_delete": ("DELETE", "rooms_checklistitem", "", _ITEM),
}
_POSTGRESQL = (
    f"CREATE FUNCTION rooms_refuse_round() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{_ROUND}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE FUNCTION rooms_refuse_item() RETURNS trigger LANGUAGE plpgsql AS $$ "
    f"BEGIN RAISE EXCEPTION '{_ITEM}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    f"CREATE FUNCTION rooms_refuse_answer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"IF {_OVER_POSTGRESQL} "
    f"THEN RAISE EXCEPTION '{_ROUND}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
    f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER rooms_round_no_change BEFORE UPDATE OR DELETE ON rooms_inspectionround FOR EACH ROW "
    "WHEN (OLD.finished IS NOT NULL) EXECUTE FUNCTION rooms_refuse_round()",
    "CREATE TRIGGER rooms_answer_no_change BEFORE INSERT OR UPDATE OR DELETE ON rooms_roundanswer FOR EACH ROW "
    "EXECUTE FUNCTION rooms_refuse_answer()",
    "CREATE TRIGGER rooms_item_no_change BEFORE UPDATE OR DELETE ON rooms_checklistitem FOR EACH ROW "
    "EXECUTE FUNCTION rooms_refuse_item()",
)
_UNDO_POSTGRESQL = (
    "DROP TRIGGER rooms_round_no_change ON rooms_inspectionround",
    "DROP TRIGGER rooms_answer_no_change ON rooms_roundanswer",
    "DROP TRIGGER rooms_item_no_change ON rooms_checklistitem",
    "DROP FUNCTION rooms_refuse_round()",
    "DROP FUNCTION rooms_refuse_answer()",
    "DROP FUNCTION rooms_refuse_item()",
)


def guard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Put the triggers in place.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    on_sqlite = [_sqlite(name, *parts) for name, parts in _SQLITE.items()]
    for statement in on_sqlite if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement)


def unguard(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - as migrations call it
    """Take the triggers away again.

    Parameters
    ----------
    apps : Apps
        The models at this step; not needed.
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    """
    on_sqlite = [f"DROP TRIGGER {name}" for name in _SQLITE]
    for statement in on_sqlite if editor.connection.vendor == "sqlite" else _UNDO_POSTGRESQL:
        editor.execute(statement)
