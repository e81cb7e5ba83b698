"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app ``accounts``."""

    name = "tenon.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Have events at the door recorded."""
        from tenon.web.accounts.events import record_events

        record_events()
