"""What the database itself never changes or deletes: timelines and reports of rooms, finished rounds, used checklists."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from tenon.web.rooms import round_triggers, triggers


class Migration(migrations.Migration):
    """Puts the triggers in place."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("rooms", "0001_initial"), ("audit", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [
        migrations.RunPython(triggers.guard, triggers.unguard),
        migrations.RunPython(round_triggers.guard, round_triggers.unguard),
    ]
