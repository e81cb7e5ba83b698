"""Nobody goes around the one place that decides who sees what, nor the one that records what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.one_place import breaches, read_models
from tests.contracts.repository import ROOT

WEB = ROOT / "src" / "tenon" / "web"
FILES = sorted(WEB.rglob("*.py"))
MODELS = read_models(path.read_text(encoding="utf-8") for path in FILES if "models" in path.with_suffix("").parts)
SAMPLE = read_models(
    [
        "class Finding(Shared): ...",
        "class Note(Model):\n    finding = models.ForeignKey(Finding, models.PROTECT, related_name='notes')",
    ]
)
SERVICE = "def f(viewer, finding):\n    "


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(WEB).as_posix())
def test_the_file_keeps_to_the_one_place(path: Path) -> None:
    found = breaches(path.relative_to(WEB), path.read_text(encoding="utf-8"), MODELS)
    assert not found, "\n".join(found)


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
        ("services.py", SERVICE + "Finding.objects.get(pk=1)", "is read without allows(...) in the same function"),
        ("services.py", SERVICE + "finding.save()", "f() writes and records nothing"),
        ("sharing.py", SERVICE + "Share.objects.create(x=1)", "f() writes and records nothing"),
        ("services.py", "def f(x):\n    _g(x)\ndef _g(x):\n    x.save()", "f() writes and records nothing"),
        (
            "services.py",
            "from tenon.web.audit.services import chain_of\ndef f(x):\n    x.save()\n    chain_of(x)",
            "f() writes and records nothing",
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
        ("services.py", SERVICE + "finding.save()\n    record(viewer)"),
        ("services.py", SERVICE + "_g(finding)\ndef _g(x):\n    x.save()\n    record(x)"),
        ("services.py", "from a.sharing import share\n" + SERVICE + "finding.save()\n    share(finding)"),
        ("migrations/0001_initial.py", "Finding.objects.create(title='x')"),
    ],
)
def test_what_keeps_to_the_one_place_passes(name: str, source: str) -> None:
    assert breaches(Path(name), source, SAMPLE) == []
