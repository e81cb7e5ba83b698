"""A backup holds everything, comes back whole on either database, and a damaged one changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from tenon.schema.errors import SourceError, StorageError
from tenon.web.audit.models import Entry
from tenon.web.config import archive as form
from tenon.web.config.backup import write_backup
from tenon.web.config.environment import read_environment
from tenon.web.config.restore import read_backup
from tenon.web.organizations.rules import Capability
from tenon.web.rooms.rules import Action
from tests.web.programs import secret_of
from tests.web.worlds import finding, member, organization, viewer, walk


@pytest.fixture
def data(tmp_path: Path, settings: LazySettings) -> Path:
    folder = tmp_path / "data"
    (folder / "studies" / "1").mkdir(parents=True)
    (folder / "studies" / "1" / "result.nc").write_bytes(bytes(range(256)) * 5000)
    (folder / "mail").mkdir()
    (folder / "mail" / "letter").write_text("not kept")
    settings.ENVIRONMENT = read_environment({"TENON_WEB_DATA": str(folder)})
    return folder


@pytest.fixture
def saved(committing: None, data: Path, tmp_path: Path) -> Path:  # noqa: ARG001 - before this one
    plant = organization("Plant")
    organization("Kiln", plant)
    lead, verifier = member(plant, "coordinator"), viewer(member(plant, "verifier"))
    item = finding(plant, viewer(lead), title="Riß im Ofen 裂纹", cost="12.50", latitude=1 / 3)
    walk(item, viewer(lead), verifier, lead.user, upto=Action.CLOSE)
    secret_of(lead, {Capability.READ})
    write_backup(tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        read = json.loads(archive.read(form.MANIFEST))
    assert isinstance(read, dict)
    return read


def platform(arguments: list[str], folder: Path, database: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of another platform, with data and a database of its own."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    named = {"DATABASE_URL": database} if database else {}
    return subprocess.run(
        [sys.executable, "-m", "tenon.web", *arguments],
        env={**kept, **named, "TENON_WEB_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def sums(file: Path) -> dict[str, tuple[int, str]]:
    """Return counts and sums of all tables but the record's, which grows with every backup."""
    rows = manifest_of(file)["tables"]
    return {item["name"]: (item["rows"], item["sha256"]) for item in rows if not item["name"].startswith("audit.")}


def test_everything_comes_back_whole(saved: Path, tmp_path: Path) -> None:
    done = platform(["restore", str(saved)], tmp_path / "second")
    assert done.returncode == 0, done.stderr
    assert "every row, file and chain" in done.stdout
    assert (tmp_path / "second" / "studies" / "1" / "result.nc").read_bytes() == bytes(range(256)) * 5000
    assert not (tmp_path / "second" / "mail").exists()
    assert platform(["verify_record"], tmp_path / "second").returncode == 0
    again = platform(["backup", str(tmp_path / "again.zip")], tmp_path / "second")
    assert again.returncode == 0, again.stderr
    assert "does not hold the secret key" in again.stdout
    assert sums(tmp_path / "again.zip") == sums(saved)
    assert manifest_of(saved)["files"] == manifest_of(tmp_path / "again.zip")["files"]
    twice = platform(["restore", str(saved)], tmp_path / "second")
    assert twice.returncode == 2
    assert "into an empty platform" in twice.stderr


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL: scripts/with-postgresql")
def test_it_goes_from_one_database_to_the_other_and_back(saved: Path, tmp_path: Path) -> None:
    assert platform(["restore", str(saved)], tmp_path / "sqlite").returncode == 0
    assert platform(["backup", str(tmp_path / "sqlite.zip")], tmp_path / "sqlite").returncode == 0
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS restored")
        cursor.execute("CREATE DATABASE restored")
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + "/restored"
    try:
        done = platform(["restore", str(tmp_path / "sqlite.zip")], tmp_path / "other", address)
        assert done.returncode == 0, done.stderr
        assert platform(["verify_record"], tmp_path / "other", address).returncode == 0
        done = platform(["backup", str(tmp_path / "other.zip")], tmp_path / "other", address)
        assert done.returncode == 0, done.stderr
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE restored WITH (FORCE)")
    assert sums(tmp_path / "other.zip") == sums(saved)


@pytest.mark.usefixtures("saved")
def test_a_backup_overwrites_nothing_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="overwrites nothing"):
        write_backup(tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(StorageError, match="could not be written"):
        write_backup(tmp_path / "nowhere" / "backup.zip")
    assert Entry.objects.filter(action="backup.made").count() == 1
    assert not list(tmp_path.glob("*.partial"))


def test_no_secret_is_in_the_archive(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        names = archive.namelist()
    assert not [name for name in names if "secret-key" in name or name.startswith("files/mail") or "session" in name]


@pytest.fixture
def empty(saved: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the archive be read into a platform that claims to be empty; what fails is undone all the same."""
    monkeypatch.setattr("tenon.web.config.restore._must_be_empty", lambda: None)
    return saved


def rewritten(file: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> Path:
    """Write an archive anew, with other parts or another manifest."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop(form.MANIFEST))
    change(parts, manifest)
    target = file.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        archive.writestr(form.MANIFEST, json.dumps(manifest))
    return target


def of_version(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["migrations"] = manifest["migrations"][1:]
    manifest["tenon"] = "9.9"


def of_other_tables(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["tables"][0]["columns"].append("more")


def with_a_row_changed(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    name = "rows/rooms.finding.jsonl"
    parts[name] = parts[name].replace(b"Ofen", b"Open")


def with_a_part_more(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    parts["../../evil"] = b"x"


def with_a_file_elsewhere(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    (item,) = manifest["files"]
    parts["files/../../evil"] = parts.pop(f"files/{item['path']}")
    item["path"] = "../../evil"


def with_a_bomb(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"][0]["bytes"] = 10


def with_a_chain_cut(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["chains"].pop()


def with_an_entry_changed(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Change an entry of the record and make the sums right again, as somebody would who knows how."""
    name = "rows/audit.entry.jsonl"
    parts[name] = parts[name].replace(b"organization.created", b"organization.Created", 1)
    (described,) = (item for item in manifest["tables"] if item["name"] == "audit.entry")
    described["sha256"] = hashlib.sha256(parts[name]).hexdigest()


def without_manifest(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest.clear()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (of_version, r"made by tenon 9\.9, whose tables are not those"),
        (of_other_tables, "other tables than its version"),
        (with_a_part_more, "other parts than its manifest says"),
        (with_a_file_elsewhere, "where no file of the platform belongs"),
        (with_a_bomb, "longer than its manifest says"),
        (without_manifest, "no manifest of a backup"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    empty: Path, tmp_path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None], said: str
) -> None:
    before = Entry.objects.count()
    with pytest.raises(SourceError, match=said):
        read_backup(rewritten(empty, change))
    assert Entry.objects.count() == before
    assert not list(tmp_path.rglob("evil"))
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["mail", "studies"]


@pytest.mark.parametrize("keep", [0, 10, 1000, -30])
def test_a_cut_off_archive_is_refused(empty: Path, keep: int) -> None:
    whole = empty.read_bytes()
    empty.write_bytes(whole[:keep])
    with pytest.raises(SourceError, match="no whole archive"):
        read_backup(empty)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_a_row_changed, "rooms.finding.jsonl is not what the manifest"),
        (with_a_chain_cut, "do not end as the manifest"),
        (with_an_entry_changed, "entry 1: it was changed"),
    ],
)
def test_what_shows_only_in_the_database_is_undone(
    saved: Path, tmp_path: Path, change: Callable[[dict[str, bytes], dict[str, Any]], None], said: str
) -> None:
    done = platform(["restore", str(rewritten(saved, change))], tmp_path / "second")
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "second" / "studies").exists()
    assert platform(["restore", str(saved)], tmp_path / "second").returncode == 0


@pytest.mark.parametrize("name", ["a", "/etc/x", "a/../b", "a//b", "mail/x", "C:/x", "a\\b/c", "a/\0", "./a/b", ""])
def test_a_path_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(SourceError, match="where no file of the platform belongs"):
        form.safe_path(name)


def test_no_table_sets_times_by_itself_when_rows_come_back() -> None:
    for table in form.tables():
        for field in form.fields_of(table.model):
            assert not getattr(field, "auto_now", False), field
            assert not getattr(field, "auto_now_add", False), field
