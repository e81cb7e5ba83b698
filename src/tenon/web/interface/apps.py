"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class InterfaceConfig(AppConfig):
    """The app ``interface``."""

    name = "tenon.web.interface"
    label = "interface"
