from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from tenon.schema.errors import ParameterError, SourceError
from tenon.web.audit.models import DailyRoot, Entry
from tenon.web.audit.receipts import check_receipt, check_root, countersign, day_root, signing_key, statement
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import PLATFORM, make_root, record
from tenon.web.audit.triggers import guard, unguard

DAY = date(2026, 11, 30)
ROOT = statement(DAY, "a" * 64, 3)
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.fixture
def receipt(tmp_path: Path) -> dict[str, Any]:
    return countersign(ROOT, "Port Authority", NOW, signing_key(tmp_path / "key.pem"))


def test_a_receipt_says_who_saw_what_and_when(receipt: dict[str, Any]) -> None:
    assert check_receipt(json.loads(json.dumps(receipt))) == receipt
    assert (receipt["partner"], receipt["signed"]) == ("Port Authority", "2026-12-01T08:00:00+00:00")


@pytest.mark.parametrize(
    "changed",
    [
        {"root": "b" * 64},
        {"partner": "Another"},
        {"signed": "2026-12-02T08:00:00+00:00"},
        {"chains": 4},
        {"day": "2026-11-29"},
    ],
)
def test_a_receipt_that_was_changed_is_refused(receipt: dict[str, Any], changed: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="does not fit what it says"):
        check_receipt({**receipt, **changed})


@pytest.mark.parametrize("said", [None, [], {}, ROOT, "x"])
def test_what_is_no_receipt_is_refused(said: object) -> None:
    with pytest.raises(SourceError, match="no receipt"):
        check_receipt(said)


@pytest.mark.parametrize(
    "changed", [{"day": "x"}, {"day": 1}, {"root": "x"}, {"chains": "3"}, {"more": 1}, {"format": ""}]
)
def test_what_is_no_root_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(SourceError, match="no root of a day"):
        check_root({**ROOT, **changed})


def test_a_key_is_for_its_owner_alone_and_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    first, again = signing_key(file), signing_key(file)
    assert first.public_key() == again.public_key()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(SourceError, match="others can read"):
        signing_key(file)
    file.write_text("no key")
    file.chmod(0o600)
    with pytest.raises(SourceError, match="could not be read"):
        signing_key(file)


def test_a_root_stands_for_every_chain_and_its_length() -> None:
    ends = [("a", 1, "0" * 64), ("b", 2, "1" * 64)]
    assert day_root(ends) == day_root(reversed(ends))
    assert len({day_root(ends), day_root(ends[:1]), day_root([("a", 2, "0" * 64), ends[1]])}) == 3


def write(action: str, chain: str = PLATFORM) -> None:
    with transaction.atomic():
        record(Actor(), action, ("thing", 1), chain=chain)


def tomorrow(monkeypatch: pytest.MonkeyPatch, days: int = 1) -> date:
    """Let days pass; return the one that was today."""
    now = datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=days))
    return now.date()


@pytest.mark.django_db
def test_a_root_is_made_once_of_a_day_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    write("one")
    with pytest.raises(ParameterError, match="has not"):
        make_root(datetime.now(UTC).date())
    day = tomorrow(monkeypatch)
    made = make_root(day)
    write("later")
    assert make_root(day).root == made.root
    assert DailyRoot.objects.count() == 1
    assert made.lengths == {PLATFORM: 1}
    assert made.root in Entry.objects.get(action="root.made").details


@pytest.fixture
def unguarded(committing: None) -> Iterator[None]:  # noqa: ARG001 - before this one
    with connection.schema_editor() as editor:
        unguard(apps, editor)
    yield
    with connection.schema_editor() as editor:
        guard(apps, editor)


@pytest.mark.usefixtures("unguarded")
def test_a_chain_that_was_written_anew_shows_against_what_a_partner_signed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("one")
    write("two")
    day = tomorrow(monkeypatch)
    out = StringIO()
    call_command("daily_root", "--day", day.isoformat(), stdout=out)
    (tmp_path / "root.json").write_text(out.getvalue())
    out = StringIO()
    call_command("countersign", tmp_path / "root.json", "--partner", "港口", "--key", tmp_path / "key.pem", stdout=out)
    (tmp_path / "receipt.json").write_text(out.getvalue(), encoding="utf-8")
    out = StringIO()
    call_command("verify_record", "--receipt", tmp_path / "receipt.json", stdout=out)
    assert "is what 港口 signed for" in out.getvalue()
    # Somebody who runs the platform writes the whole chain anew, with digests that fit each other.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("DELETE FROM audit_chain")
    write("one")
    write("another")
    errors = StringIO()
    call_command("verify_record", stdout=StringIO())
    with pytest.raises(SystemExit):
        call_command("verify_record", "--receipt", tmp_path / "receipt.json", stderr=errors)
    assert "is not what 港口 signed for" in errors.getvalue()
    DailyRoot.objects.all().delete()
    with pytest.raises(SystemExit):
        call_command("verify_record", "--receipt", tmp_path / "receipt.json", stderr=errors)
    assert "has no root" in errors.getvalue()


@pytest.mark.django_db
def test_a_file_that_is_no_receipt_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(CommandError, match="could not be read as JSON"):
        call_command("verify_record", "--receipt", tmp_path / "x.json")
