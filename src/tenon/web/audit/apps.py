"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The app ``audit``."""

    name = "tenon.web.audit"
    label = "audit"
