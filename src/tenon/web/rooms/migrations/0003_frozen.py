"""What is never changed or deleted in a room."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from tenon.web.rooms.triggers import guard, unguard


class Migration(migrations.Migration):
    """Freezes timelines and reports."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("rooms", "0002_rooms"), ("audit", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [migrations.RunPython(guard, unguard)]
