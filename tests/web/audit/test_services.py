from __future__ import annotations

import threading
import uuid

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tenon.web.audit.models import Chain, Entry
from tenon.web.audit.rules import Actor
from tenon.web.audit.selectors import chain_names, find_fault
from tenon.web.audit.services import PLATFORM, RecordError, organization_chain, record
from tenon.web.audit.triggers import guard, unguard


def write(number: int, chain: str = PLATFORM) -> None:
    for index in range(number):
        with transaction.atomic():
            record(Actor(user_id=uuid.UUID(int=7)), "thing.done", ("thing", index), chain=chain, details={"n": index})


@pytest.mark.django_db
def test_entries_follow_from_each_other() -> None:
    write(3)
    entries = list(Entry.objects.order_by("number"))
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert find_fault(PLATFORM) is None


@pytest.mark.django_db
def test_organizations_have_chains_of_their_own() -> None:
    write(2)
    write(1, organization_chain(uuid.UUID(int=1)))
    assert chain_names() == [organization_chain(uuid.UUID(int=1)), PLATFORM]
    assert Chain.objects.get(name=PLATFORM).length == 2


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_entry() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - the error ends the transaction
        record(Actor(), "thing.done", ("thing", 1), chain=PLATFORM)
        _ = 1 / 0
    assert not Entry.objects.exists()


@pytest.mark.usefixtures("committing")
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RecordError, match=r"must be recorded inside transaction\.atomic"):
        record(Actor(), "thing.done", ("thing", 1), chain=PLATFORM)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_what_was_recorded(statement: str) -> None:
    write(1)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute(statement)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        Entry.objects.update(action="x")
    assert Entry.objects.get().action == "thing.done"


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL can truncate")
def test_the_database_refuses_to_truncate() -> None:
    write(1)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        connection.cursor().execute("TRUNCATE audit_entry")


@pytest.mark.usefixtures("committing")
@pytest.mark.parametrize(
    ("statement", "number", "reason"),
    [
        ("UPDATE audit_entry SET details = '{}' WHERE number = 2", 2, "changed"),
        ("DELETE FROM audit_entry WHERE number = 2", 2, "missing"),
        ("DELETE FROM audit_entry WHERE number = 4", 4, "its end says 4"),
        ("UPDATE audit_chain SET length = 3", 4, "its end says 3"),
        ("DELETE FROM audit_chain", 1, "behind the end"),
    ],
)
def test_what_somebody_who_drops_the_triggers_changes_is_found(statement: str, number: int, reason: str) -> None:
    write(4)
    with connection.schema_editor() as editor:
        unguard(apps, editor)
    connection.cursor().execute(statement)
    with connection.schema_editor() as editor:
        guard(apps, editor)
    fault = find_fault(PLATFORM)
    assert fault is not None
    assert fault.number == number
    assert reason in fault.reason


@pytest.mark.usefixtures("committing")
def test_writers_at_the_same_time_make_one_whole_chain() -> None:
    def work() -> None:
        try:
            write(20)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Chain.objects.get(name=PLATFORM).length == 80
    assert find_fault(PLATFORM) is None
