"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class RoomsConfig(AppConfig):
    """The app ``rooms``."""

    name = "tenon.web.rooms"
    label = "rooms"
