from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tenon.web.config.demo import fill
from tenon.web.organizations.models import Membership
from tests.web.worlds import PASSWORD

_FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module")
def people(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Membership]]:
    """Fill the world once for all tests, and undo it after them."""
    files = tmp_path_factory.mktemp("attachments")
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=_FAST, ATTACHMENTS=files),
        transaction.atomic(),
    ):
        yield {user.email.partition("@")[0]: Membership.objects.get(user=user, is_home=True) for user in fill(PASSWORD)}
        transaction.set_rollback(True)
