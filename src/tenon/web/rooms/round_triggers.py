"""The database itself refuses to change a finished round, its answers, or a version of a checklist.

A migration that rebuilds one of these tables on SQLite (to add a constraint, say) drops its triggers there: it must be
followed by `guard`.
"""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

__all__ = ["guard", "unguard"]

_ROUND = "a finished round is never changed or deleted"
_ITEM = "a version of a checklist is never changed; make the next one"
_OVER = "EXISTS (SELECT 1 FROM rooms_inspectionround WHERE finished IS NOT NULL AND id = {round})"
_OVER_POSTGRESQL = _OVER.format(round="CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END")


def _sqlite(name: str, event: str, table: str, condition: str, refusal: str) -> str:
    when = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"


_SQLITE = {
    "rooms_round_no_update": ("UPDATE", "rooms_inspectionround", "OLD.finished IS NOT NULL", _ROUND),
    "rooms_round_no_delete": ("DELETE", "rooms_inspectionround", "OLD.finished IS NOT NULL", _ROUND),
    "rooms_answer_no_insert": ("INSERT", "rooms_roundanswer", _OVER.format(round="NEW.round_id"), _ROUND),
    "rooms_answer_no_update": ("UPDATE", "rooms_roundanswer", _OVER.format(round="OLD.round_id"), _ROUND),
    "rooms_answer_no_delete": ("DELETE", "rooms_roundanswer", _OVER.format(round="OLD.round_id"), _ROUND),
    "rooms_item_no_update": ("UPDATE", "rooms_checklistitem", "", _ITEM),
    "rooms_item_no_delete": ("DELETE", "rooms_checklistitem", "", _ITEM),
}


def _function(name: str, refusal: str, condition: str) -> str:
    refused = f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'"
    passed = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    body = f"BEGIN IF {condition} THEN {refused}; END IF; {passed} END"
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$"


def _trigger(name: str, events: str, table: str, function: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"


_POSTGRESQL = (
    _function("rooms_refuse_round", _ROUND, "OLD.finished IS NOT NULL"),
    _function("rooms_refuse_answer", _ROUND, _OVER_POSTGRESQL),
    _function("rooms_refuse_item", _ITEM, "true"),
    _trigger("rooms_round_no_change", "UPDATE OR DELETE", "rooms_inspectionround", "rooms_refuse_round"),
    _trigger("rooms_answer_no_change", "INSERT OR UPDATE OR DELETE", "rooms_roundanswer", "rooms_refuse_answer"),
    _trigger("rooms_item_no_change", "UPDATE OR DELETE", "rooms_checklistitem", "rooms_refuse_item"),
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
