"""The same rule once more, kept by PostgreSQL itself: a query that forgot to ask who looks gets no row too many.

Each query carries who looks, its *sight*, in a setting of the connection; policies of the tables compare it with owner,
reach, marking and shares, as `tenon.web.organizations.policies.visible_to` does for reading. What hangs on an object is
there for whoever sees the object. Without a sight nothing is there. SQLite has no such policies; there `visible_to`
stands alone.

Not kept by this: shares and groups themselves, which the policies read; the record, which has triggers; tables of one
person. It guards against forgotten questions, not against somebody who can send statements of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Model, QuerySet

from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import MARKINGS, Capability

__all__ = [
    "as_platform",
    "bring_sight",
    "locked_row",
    "looking_as",
    "protect",
    "protect_own",
    "protect_part",
    "see_as",
    "sight_of",
    "unprotect",
]

M = TypeVar("M", bound=Model)
T = TypeVar("T")

_PLATFORM = '{"platform": true}'
# Programs of the platform, such as the worker and the timers, look for nobody; requests narrow it before anything else.
_sight: ContextVar[str] = ContextVar("sight", default=_PLATFORM)
_SENT = "_tenon_sight"

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION tenon_sight() RETURNS jsonb LANGUAGE sql STABLE AS "
    "$$ SELECT coalesce(nullif(current_setting('tenon.sight', true), ''), '{}')::jsonb $$"
)
# Sub-selects that name no column of the row are worked out once a query.
_IS_PLATFORM = "(SELECT tenon_sight() ? 'platform')"
_IS_OWN = "{owner} = ANY (ARRAY(SELECT jsonb_array_elements_text(tenon_sight()->'own')::uuid))"
_IS_VISIBLE = """
    {platform} OR (
        (marking <> 'TLP:RED' OR id IN (
            SELECT subject_id FROM organizations_share
            WHERE subject_kind = '{kind}' AND revoked IS NULL AND user_id::text = (SELECT tenon_sight()->>'user')
        ))
        AND ({own} OR (
            (
                reach = 'community' AND (SELECT tenon_sight() ? 'own')
                OR reach <> 'organization' AND id IN (
                    SELECT subject_id FROM organizations_share s
                    LEFT JOIN jsonb_each_text(tenon_sight()->'groups') g ON g.key::uuid = s.group_id
                    WHERE s.subject_kind = '{kind}' AND s.revoked IS NULL AND (
                        {receiver} OR g.key IS NOT NULL AND (g.value IS NULL OR s.granted >= g.value::timestamptz)
                    )
                )
            )
            AND NOT EXISTS (
                SELECT 1 FROM organizations_organization o
                WHERE o.id = owner_id AND tenon_sight()->'withheld' ? (o.root_id || ' ' || marking)
            )
        ))
    )"""


def sight_of(viewer: Viewer) -> str:
    """Say in one line of JSON what policies must know of a viewer.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    str
        An empty object for a viewer who may read nothing.
    """
    if Capability.READ not in viewer.capabilities:
        return "{}"
    withheld = [
        f"{root} {marking}"
        for root, ceiling in viewer.ceilings.items()
        for marking in MARKINGS[: MARKINGS.index(ceiling)]
    ]
    sight: dict[str, Any] = {
        "own": [str(organization) for organization in viewer.own],
        "groups": {str(group): since and since.isoformat() for group, since in viewer.groups.items()},
        "withheld": withheld,
        "user": viewer.actor.user_id and str(viewer.actor.user_id),
    }
    return json.dumps(sight)


@contextmanager
def looking_as(viewer: Viewer) -> Iterator[None]:
    """Let queries see what a viewer sees, until the end of the block.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    """
    with _looking(sight_of(viewer)):
        yield


@contextmanager
def as_platform() -> Iterator[None]:
    """Let the platform see everything, until the end of the block: where it works for others than the one who asked."""
    with _looking(_PLATFORM):
        yield


@contextmanager
def _looking(sight: str) -> Iterator[None]:
    # Set back by hand: a stream of an answer may be ended in another context than the one it began in.
    before = _sight.get()
    _look(sight)
    try:
        yield
    finally:
        _sight.set(before)


def _look(sight: str) -> None:
    _sight.set(sight)
    # Told at once and not with the next query: in a transaction that is rolled back, that would be forgotten with it.
    if connection.vendor == "postgresql" and connection.connection is not None:
        with connection.cursor():  # looks first whether the server is still there
            _tell(connection)


def locked_row(rows: QuerySet[M], pk: object) -> M:
    """Lock one row for a decision about it, even where the viewer lost sight of it meanwhile; the caller refuses that.

    Parameters
    ----------
    rows : QuerySet
        All of them.
    pk : object
        Its key.

    Returns
    -------
    Model
        As it stands now.
    """
    with as_platform():
        return rows.select_for_update(of=("self",)).get(pk=pk)


def see_as(viewer: Viewer) -> None:
    """Let queries see what a viewer sees, until whatever block of `looking_as` is open ends.

    Parameters
    ----------
    viewer : Viewer
        Who turned out to look.
    """
    _look(sight_of(viewer))


def bring_sight(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Let each query of a new connection bring along who looks.

    Parameters
    ----------
    connection : BaseDatabaseWrapper
        Just opened.
    **_ : object
        What else the signal tells; not needed.
    """
    if connection.vendor != "postgresql":
        return
    if _send not in connection.execute_wrappers:
        connection.execute_wrappers.append(_send)
    # Now, outside any transaction, so that rolling one back never takes it away.
    _tell(connection)


def _send(execute: Callable[..., T], sql: str, params: object, many: object, context: dict[str, Any]) -> T:
    _tell(context["connection"])
    return execute(sql, params, many, context)


def _tell(connection: BaseDatabaseWrapper) -> None:
    raw: Any = connection.connection
    sight = _sight.get()
    if getattr(raw, _SENT, None) != sight:
        raw.execute("SELECT set_config('tenon.sight', %s, false)", [sight])
        setattr(raw, _SENT, sight)


def protect(editor: BaseDatabaseSchemaEditor, table: str, kind: str) -> None:
    """Put policies on a table of objects that organizations own and share; on SQLite nothing happens.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    kind : str
        Of the objects, as shares name it.
    """
    own = _IS_OWN.format(owner="owner_id")
    receiver = _IS_OWN.format(owner="s.organization_id")
    visible = _IS_VISIBLE.format(platform=_IS_PLATFORM, own=own, receiver=receiver, kind=kind)
    mine = f"{_IS_PLATFORM} OR {own}"
    _enable(editor, table)
    _policy(editor, table, f"SELECT USING ({visible})")
    _policy(editor, table, f"INSERT WITH CHECK ({mine})")
    _policy(editor, table, f"UPDATE USING ({visible}) WITH CHECK (true)")
    _policy(editor, table, f"DELETE USING ({mine})")


def protect_part(editor: BaseDatabaseSchemaEditor, table: str, *holders: tuple[str, str]) -> None:
    """Put a policy on a table of what hangs on objects: whoever sees one of its holders sees the row.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    *holders : tuple of str and str
        A column, and the table of the object that it names.
    """
    seen = " OR ".join(
        f"EXISTS (SELECT 1 FROM {holder} h WHERE h.id = {table}.{column})"  # noqa: S608 - names of our own
        for column, holder in holders
    )
    _enable(editor, table)
    _policy(editor, table, f"ALL USING ({_IS_PLATFORM} OR {seen})")


def protect_own(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Put a policy on a table of what organizations own and never share.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    """
    _enable(editor, table)
    _policy(editor, table, f"ALL USING ({_IS_PLATFORM} OR {_IS_OWN.format(owner='owner_id')})")


def unprotect(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """Take the policies of a table away again.

    Parameters
    ----------
    editor : BaseDatabaseSchemaEditor
        Writes to the database.
    table : str
        Its name in the database.
    """
    for verb in ("ALL", "SELECT", "INSERT", "UPDATE", "DELETE"):
        _run(editor, f"DROP POLICY IF EXISTS {_name(table, verb)} ON {table}")
    _run(editor, f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    _run(editor, f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _enable(editor: BaseDatabaseSchemaEditor, table: str) -> None:
    _run(editor, _FUNCTION)
    _run(editor, f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # The platform owns its tables; without this, policies would not hold for it.
    _run(editor, f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _policy(editor: BaseDatabaseSchemaEditor, table: str, rule: str) -> None:
    _run(editor, f"CREATE POLICY {_name(table, rule.split(maxsplit=1)[0])} ON {table} FOR {rule}")


def _name(table: str, verb: str) -> str:
    return f"{table}_{verb.lower()}"


def _run(editor: BaseDatabaseSchemaEditor, statement: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(statement)
