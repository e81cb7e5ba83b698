from __future__ import annotations

import dataclasses

import pytest
from django.conf import LazySettings
from django.db import DatabaseError
from django.test import Client

from tenon.schema.errors import ParameterError
from tenon.web.config.environment import read_environment
from tenon.web.interface.models import Answer

pytestmark = pytest.mark.django_db
TOKEN = "w" * 32
PAGES = ["/ready", "/metrics"]


@pytest.mark.parametrize("page", PAGES)
def test_a_program_of_this_machine_is_answered(page: str) -> None:
    assert Client().get(page).status_code == 200
    assert not Answer.objects.exists()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "sent",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer "},
        {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}x"},
    ],
)
def test_others_find_nothing(page: str, sent: dict[str, str], settings: LazySettings) -> None:
    assert Client().get(page, **sent).status_code == 404  # type: ignore[arg-type]  # headers, as META names them
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, watching_token=TOKEN)
    assert Client().get(page, **sent).status_code == 404  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("page", PAGES)
def test_whoever_has_the_token_is_answered_from_anywhere(page: str, settings: LazySettings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, watching_token=TOKEN)
    assert Client().get(page, REMOTE_ADDR="192.0.2.7", HTTP_AUTHORIZATION=f"Bearer {TOKEN}").status_code == 200


def test_a_database_that_cannot_be_written_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_fields: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(Answer.objects, "create", refuse)
    answer = Client().get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "cannot be written: disk full", "migrations": "ok"}


def test_a_missing_migration_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenon.web.config.watching_views.MigrationExecutor.migration_plan", lambda *_: [("a", False)])
    answer = Client().get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"].startswith("1 are missing")


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ParameterError, match="at least 32 characters; it has 5"):
        read_environment({"TENON_WEB_DATA": "/srv", "TENON_WEB_WATCHING_TOKEN": "short"})
