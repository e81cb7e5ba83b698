"""What a watching program asks: whether the platform is there, whether it is ready, and what it counts."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import DatabaseError, connection, transaction  # one place: handed to Django's own list of migrations
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

import tenon
from tenon.web.audit.identifiers import new_identifier
from tenon.web.config.metrics import metrics, write_metrics
from tenon.web.config.selectors import database_answers
from tenon.web.interface.models import Answer

__all__ = ["CHECKS", "counted", "health", "ready"]

# A server before the platform adds these; then the visitor is somebody else than its own address says.
_FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


@require_safe
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Say whether the platform and its database answer."""
    database_answers()
    return JsonResponse({"state": "ok", "version": tenon.__version__})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the platform can take requests: its database can be written and has all tables."""
    _must_be_watcher(request)
    checks = {name: check() for name, check in CHECKS.items()}
    fine = not any(checks.values())
    said = {
        "state": "ready" if fine else "not ready",
        "checks": {name: fault or "ok" for name, fault in checks.items()},
    }
    return JsonResponse(said, status=200 if fine else 503)


@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    """Give the counts as text."""
    _must_be_watcher(request)
    return HttpResponse(write_metrics(metrics()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _must_be_watcher(request: HttpRequest) -> None:
    """Answer as if nothing was here, except to programs of this machine and to whoever has the watching token."""
    expected = settings.ENVIRONMENT.watching_token
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if expected and hmac.compare_digest(sent.encode(), expected.encode()):
        return
    forwarded = any(name in request.META for name in _FORWARDED)
    if forwarded or not _is_this_machine(request.META.get("REMOTE_ADDR", "")):
        raise Http404


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _can_write() -> str:
    """Write a row and take it back; return what is wrong."""
    try:
        with transaction.atomic():
            Answer.objects.create(token_id=new_identifier(), key="ready")  # one place: taken back at once
            transaction.set_rollback(True)
    except DatabaseError as error:
        return f"cannot be written: {error}"
    return ""


def _is_migrated() -> str:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"cannot be read: {error}"
    return f"{len(missing)} are missing; run tenon serve --only-prepare" if missing else ""


# What is wrong, or nothing. An app on which requests depend adds its function here.
CHECKS: Mapping[str, Callable[[], str]] = {"database": _can_write, "migrations": _is_migrated}
