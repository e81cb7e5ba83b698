"""Triggers that keep finished rounds and versions of checklists as they are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from tenon.web.rooms.triggers import guard, unguard


class Migration(migrations.Migration):
    """Puts the triggers in place."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("rooms", "0002_equipment")]
    operations: ClassVar[list[migrations.RunPython]] = [migrations.RunPython(guard, unguard)]
