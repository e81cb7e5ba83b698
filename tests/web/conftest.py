"""Fixtures of the platform's tests: fast passwords, mail in memory, and real commits on request."""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.cache import caches
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tenon.web.audit import triggers as record
from tenon.web.rooms import round_triggers as rounds
from tenon.web.rooms import triggers as rooms
from tests.web.sights import narrow

GUARDS = (record, rooms, rounds)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' SQLite database in a file: one in memory is shared by threads in ways that a real one is not."""
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _as_in_requests() -> None:
    """Let services see no more than their viewer, where the database knows the difference."""
    if connection.vendor == "postgresql":
        assert "tenon.web.rooms.services.move" in narrow()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Leave neither the language of one test to the next, nor its counts of attempts."""
    _forget()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    """Forget the sign-ins of other tests: too many in a minute from one address are refused."""
    _forget()


def _forget() -> None:
    for kept in caches.all(initialized_only=True):
        kept.clear()


@pytest.fixture(autouse=True)
def _fast_and_quiet(settings: LazySettings) -> None:
    # Argon2 is slow on purpose; what it protects is not tested here.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def _guarded_again(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    yield
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for guards in GUARDS:
                guards.guard(apps, editor)
            importlib.import_module("tenon.web.organizations.migrations.0002_roles").add(apps, editor)
        connection.close()


@pytest.fixture
def committing(
    _guarded_again: None,
    transactional_db: None,  # noqa: ARG001 - before this one
) -> Iterator[None]:
    """Give a test a database in which transactions are really committed."""
    yield
    # All tables are emptied after the test, which the triggers would refuse.
    with connection.schema_editor() as editor:
        for guards in GUARDS:
            guards.unguard(apps, editor)
