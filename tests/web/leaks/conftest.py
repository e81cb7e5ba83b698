"""The planted world, made once for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.web.leaks.planted import Planted
from tests.web.worlds import rolled_back


@pytest.fixture(scope="module")
def planted(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Planted]:
    """Plant once; what a test does with it is undone after the test."""
    folder = tmp_path_factory.mktemp("planted")
    own = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "ATTACHMENTS": folder,
        "ENVIRONMENT": replace(settings.ENVIRONMENT, data=folder),
    }
    with django_db_blocker.unblock(), override_settings(**own), rolled_back():
        yield Planted()
