"""Writing the record: the only place that does, and only inside the transaction of what it records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from tenon.schema.errors import ParameterError
from tenon.web.audit.models import Chain, DailyRoot, Entry
from tenon.web.audit.rules import BEGINNING, Actor, Statement, canonical, digest
from tenon.web.audit.selectors import lengths_at, root_for, root_of

__all__ = ["PLATFORM", "RecordError", "make_root", "organization_chain", "record", "record_all"]

# The chain of what belongs to no organization: sign-ins, the first start, what the platform does by itself.
PLATFORM = "platform"


class RecordError(RuntimeError):
    """Something would have been recorded outside the transaction of what it records: an error of the program."""


def organization_chain(organization_id: object) -> str:
    """Name the chain of an organization; each has its own, so that organizations do not wait for each other.

    Parameters
    ----------
    organization_id : UUID
        The organization.

    Returns
    -------
    str
        The chain's name.

    Examples
    --------
    >>> organization_chain("0190")
    'organization:0190'
    """
    return f"organization:{organization_id}"


def record(
    actor: Actor, action: str, subject: tuple[str, object], *, chain: str, details: Mapping[str, Any] | None = None
) -> Entry:
    """Write what is being done, in the same transaction.

    Parameters
    ----------
    actor : Actor
        Who does it.
    action : str
        What is done, such as ``membership.ended``.
    subject : (str, object)
        Kind and identifier of what it is done to.
    chain : str
        The chain that the entry continues.
    details : mapping, optional
        What changed; JSON values, without secrets.

    Returns
    -------
    Entry
        The entry written.

    Raises
    ------
    RecordError
        If no transaction is open: then the act could be kept and its record lost.
    """
    (entry,) = record_all(actor, action, [(subject, details or {})], chain=chain)
    return entry


def record_all(
    actor: Actor, action: str, subjects: Iterable[tuple[tuple[str, object], Mapping[str, Any]]], *, chain: str
) -> list[Entry]:
    """Write that the same is being done to many subjects, an entry for each, in the same transaction.

    Parameters
    ----------
    actor : Actor
        Who does it.
    action : str
        What is done.
    subjects : iterable of ((str, object), mapping)
        Kind and identifier of each subject, and what changed of it.
    chain : str
        The chain that the entries continue.

    Returns
    -------
    list of Entry
        The entries written, in the same order.

    Raises
    ------
    RecordError
        If no transaction is open.
    """
    if not connection.in_atomic_block:
        raise RecordError(f"{action} must be recorded inside transaction.atomic(), together with what it records.")
    end = _end_of(chain)
    time, number, previous = timezone.now(), end.length, end.digest
    entries = []
    for subject, details in subjects:
        number += 1
        statement = Statement(chain, number, time, actor, action, subject[0], str(subject[1]), dict(details), previous)
        entries.append(_entry(statement))
        previous = entries[-1].digest
    Entry.objects.bulk_create(entries, batch_size=500)
    Chain.objects.filter(name=chain).update(length=number, digest=previous)
    return entries


def _entry(statement: Statement) -> Entry:
    actor = statement.actor
    return Entry(
        chain=statement.chain,
        number=statement.number,
        time=statement.time,
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        on_behalf_of=actor.on_behalf_of,
        request_id=actor.request_id,
        address=actor.address,
        action=statement.action,
        subject_kind=statement.subject_kind,
        subject_id=statement.subject_id,
        details=canonical(statement.details),
        previous=statement.previous,
        digest=digest(statement),
    )


def _end_of(chain: str) -> Chain:
    """Lock and return the end of a chain, so that nobody else continues it meanwhile."""
    # SQLite holds the lock of the whole database since the transaction began and takes no lock of a row.
    ends = Chain.objects.select_for_update().filter(name=chain)
    end = ends.first()
    if end is None:
        Chain.objects.get_or_create(name=chain, defaults={"digest": BEGINNING})
        end = ends.get()
    return end


def make_root(day: date) -> DailyRoot:
    """Work out the one digest for all chains as they were at the end of a day, and keep it.

    Parameters
    ----------
    day : date
        In UTC; it has ended.

    Returns
    -------
    DailyRoot
        Stored, or the one that was made before.

    Raises
    ------
    ParameterError
        If the day has not ended.
    """
    if day >= timezone.now().astimezone(UTC).date():
        raise ParameterError(f"a root is made of a day that has ended (in UTC); {day} has not.")
    with transaction.atomic():
        there = root_of(day)
        if there is not None:
            return there
        lengths = lengths_at(datetime.combine(day + timedelta(days=1), time(), UTC))
        made = DailyRoot.objects.create(day=day, root=root_for(lengths), lengths=lengths)
        details = {"root": made.root, "chains": len(lengths)}
        record(Actor(), "root.made", ("day", day.isoformat()), chain=PLATFORM, details=details)
    return made
