"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """The app ``runs``."""

    name = "tenon.web.runs"
    label = "runs"
