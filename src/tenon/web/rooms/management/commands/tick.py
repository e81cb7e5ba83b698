"""``python -m tenon.web tick``: what a worker calls every minute."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from tenon.web.interface.once import forget_old
from tenon.web.rooms.deliveries import deliver
from tenon.web.rooms.import_services import forget_drafts
from tenon.web.rooms.room_alert_services import tick_tasks
from tenon.web.rooms.timer_services import tick


class Command(BaseCommand):
    """Looks at the clocks of findings and tasks once, sends what waits, and forgets what nobody asks for any more."""

    help = "Do what is due: reminders, escalations, letters and messages."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 - as Django's commands
        """Do what is due now.

        Parameters
        ----------
        *_args : Any
            None.
        **_options : Any
            None.
        """
        steps = tick(timezone.now()) + tick_tasks(timezone.now())
        sent = deliver(timezone.now())
        forget_drafts(timezone.now())
        forget_old()
        self.stdout.write(
            f"{steps} steps done; {sent.sent} messages sent, {sent.withheld} withheld, "
            f"{sent.failed} to be tried again, {sent.dead} given up."
        )
