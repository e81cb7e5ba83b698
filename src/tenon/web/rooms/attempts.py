"""Counting requests, so that no label and no address sends without end: in the database, for all processes alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tenon.web.rooms.equipment_rules import Limit, window_start
from tenon.web.rooms.models import Attempt

__all__ = ["seconds_to_wait"]

_KEPT = timedelta(days=1)


def seconds_to_wait(keys: Mapping[str, Limit]) -> int:
    """Count a request and say whether it comes too soon.

    Parameters
    ----------
    keys : mapping from str to Limit
        What the request counts for, such as an address, with what is allowed.

    Returns
    -------
    int
        0 where it may pass; else the seconds until the last of the windows that are full is over.
    """
    now = timezone.now()
    wait = 0
    with transaction.atomic():
        for key, limit in sorted(keys.items()):  # in one order, so that two requests never wait for each other
            window = window_start(now, limit)
            row, is_new = Attempt.objects.get_or_create(key=key, window=window)
            Attempt.objects.filter(pk=row.pk).update(count=F("count") + 1)
            row.refresh_from_db(fields=["count"])
            if row.count > limit.most:
                left = window + timedelta(seconds=limit.seconds) - now
                wait = max(wait, int(left.total_seconds()) + 1)
            if is_new:
                Attempt.objects.filter(window__lt=now - _KEPT).delete()
    return wait
