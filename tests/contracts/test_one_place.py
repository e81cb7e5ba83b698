"""Nobody goes around the one place that decides who sees what, nor the one that records what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.one_place import BY_DESIGN, breaches, read_models
from tests.contracts.repository import ROOT

WEB = ROOT / "src" / "tenon" / "web"
FILES = sorted(WEB.rglob("*.py"))
MODELS = read_models(path.read_text(encoding="utf-8") for path in FILES if "models" in path.with_suffix("").parts)
SAMPLE = read_models(
    [
        "class Finding(Shared): ...",
        "class Note(Model):\n    finding = models.ForeignKey(Finding, models.PROTECT, related_name='notes')",
        "class Line(Model):\n    finding = models.ForeignKey(Finding, p)\n    note = models.ForeignKey(Note, p)",
    ]
)
SERVICE = "def f(viewer, finding):\n    "


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(WEB).as_posix())
def test_the_file_keeps_to_the_one_place(path: Path) -> None:
    found = breaches(path.relative_to(WEB), path.read_text(encoding="utf-8"), MODELS)
    assert not found, "\n".join(found)


def test_no_module_is_excused_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    excused = dict(BY_DESIGN)
    monkeypatch.setattr("tests.contracts.one_place.BY_DESIGN", {})
    needless = [name for name in excused if not breaches(Path(name), (WEB / name).read_text(encoding="utf-8"), MODELS)]
    assert needless == []


def test_the_models_are_found() -> None:
    assert {"Shared", "Finding"} <= MODELS.shared
    assert MODELS.children["FindingEvent"] == {"finding"}
    assert {"memberships", "ceilings_given", "events"} <= MODELS.related


@pytest.mark.parametrize(
    ("name", "source", "message"),
    [
        ("views.py", "Organization.objects.all()", "Organization.objects asks the database past the selectors"),
        ("forms.py", "type(x)._default_manager.get()", "_default_manager asks the database past the selectors"),
        ("views.py", "finding.save()", "finding.save() writes or asks past the services"),
        ("views.py", "finding.save(update_fields=['state'])", "finding.save() writes or asks past the services"),
        ("middleware.py", "rows.update(state='closed')", "rows.update() writes or asks past the services"),
        ("views.py", "selectors.groups_of(viewer).delete()", "delete() writes or asks past the services"),
        ("views.py", "rows.bulk_create(items)", "rows.bulk_create() writes or asks past the services"),
        ("views.py", "rows.create(title='x')", "rows.create() writes or asks past the services"),
        ("views.py", "rows.raw('SELECT 1')", "rows.raw() writes or asks past the services"),
        ("views.py", "from django.db import connection", "connection of the database belongs into a selector"),
        ("labels.py", "finding.notes.all()", "finding.notes.all() asks the database past the selectors"),
        ("selectors.py", "def f():\n    return Finding.objects.filter(pk=1)", "is read without visible_to(...)"),
        ("selectors.py", "x = Finding.objects.count()", "Finding.objects is read without visible_to(...)"),
        (
            "selectors.py",
            "def f(viewer):\n    visible_to(a, viewer)\n    return Finding.objects.all()",
            "Finding.objects is read without visible_to(...) around it",
        ),
        ("selectors.py", "def f():\n    return Note.objects.all()", "Note.objects is read without filter(finding=...)"),
        ("selectors.py", "def f():\n    return Note.objects.filter(pk=1)", "is read without filter(finding=...)"),
        ("services.py", SERVICE + "Finding.objects.get(pk=1)", "is read without allows(...) in its function"),
        ("services.py", SERVICE + "finding.save()", "f() writes and records nothing"),
        ("sharing.py", SERVICE + "Share.objects.create(x=1)", "f() writes and records nothing"),
        ("services.py", "def f(x):\n    _g(x)\ndef _g(x):\n    x.save()", "f() writes and records nothing"),
        (
            "services.py",
            "from tenon.web.audit.services import chain_of\ndef f(x):\n    x.save()\n    chain_of(x)",
            "f() writes and records nothing",
        ),
        ("alert_selectors.py", "x = Finding.objects.count()", "Finding.objects is read without visible_to(...)"),
        ("alert_services.py", SERVICE + "finding.save()", "f() writes and records nothing"),
        ("round_triggers_of.py", "finding.save()", "finding.save() writes or asks past the services"),
        (
            "services.py",
            "def f(viewer):\n    allows(viewer)\n    _g()\ndef h():\n    _g()\ndef _g():\n    Finding.objects.get()",
            "is read without allows(...) in its function",
        ),
        ("services/rounds.py", SERVICE + "finding.save()", "f() writes and records nothing"),
        ("views.py", "finding.save()  # one place:", "finding.save() writes or asks past the services"),
    ],
)
def test_a_way_around_is_named(name: str, source: str, message: str) -> None:
    found = breaches(Path(name), source, SAMPLE)
    assert len(found) == 1, found
    assert message in found[0]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("views.py", "context.update({'a': 1})\nrequest.session.save()\ncache.delete('key')"),
        ("views.py", "selectors.findings_for(viewer).filter(pk=pk).first()"),
        ("rules.py", "allowed.update(a=1)"),
        ("views.py", "finding.save()  # one place: a model of another package, which has no service"),
        ("selectors.py", "def f(viewer):\n    return visible_to(Finding.objects.select_related('owner'), viewer)"),
        ("selectors.py", "def f(finding):\n    return Note.objects.filter(finding=finding)"),
        ("selectors.py", "def f(findings):\n    return Note.objects.filter(finding__in=findings)"),
        ("services.py", SERVICE + "allows(finding, viewer)\n    Finding.objects.get(pk=1)"),
        ("services.py", "def f(viewer):\n    allows(viewer)\n    _g()\ndef _g():\n    Finding.objects.get(pk=1)"),
        ("services.py", SERVICE + "if finding.owner_id not in viewer.own: raise\n    Finding.objects.get(pk=1)"),
        ("services.py", "from a import room_services\n" + SERVICE + "finding.save()\n    room_services.move(finding)"),
        ("timer_services.py", "from a.alert_services import tell\n" + SERVICE + "finding.save()\n    tell(finding)"),
        ("finding_selectors.py", "def f():\n    return Finding.objects.none()"),
        ("selectors.py", "def f(note):\n    return Line.objects.filter(note=note)"),
        ("finding_forms.py", "self.initial.update(title='x')"),
        ("round_triggers.py", "Finding.objects.update(x=1)"),
        ("services.py", SERVICE + "finding.save()\n    record(viewer)"),
        ("services.py", SERVICE + "_g(finding)\ndef _g(x):\n    x.save()\n    record(x)"),
        ("services.py", "from a.sharing import share\n" + SERVICE + "finding.save()\n    share(finding)"),
        ("migrations/0001_initial.py", "Finding.objects.create(title='x')"),
    ],
)
def test_what_keeps_to_the_one_place_passes(name: str, source: str) -> None:
    assert breaches(Path(name), source, SAMPLE) == []
