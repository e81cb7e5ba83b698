"""Sending what waits: letters and messages to webhooks, with retries, and never more than the receiver may see then."""

from __future__ import annotations

import json
import smtplib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking
from tenon.web.organizations.selectors import viewer_for
from tenon.web.rooms import webhooks
from tenon.web.rooms.alert_rules import ATTEMPTS, DeliveryState, Way, retry_at, signature
from tenon.web.rooms.alert_selectors import webhook_of
from tenon.web.rooms.models import Alert, Delivery, Finding, Room
from tenon.web.rooms.room_selectors import rooms_for
from tenon.web.rooms.selectors import findings_for, shown

__all__ = ["Sent", "deliver"]

# An alert, and what it is about as its receiver may see it.
_Told = tuple[Alert, Finding | Room]
# One letter or message holds this many alerts at most.
_TOGETHER = 50
# A worker that died in the middle of sending keeps its messages for so long.
_LEASE = timedelta(minutes=10)
# Of findings marked so, a letter says the number alone: letters lie in mailboxes that nobody here looks after.
_CLOSE = frozenset({Marking.RED, Marking.AMBER_STRICT})


@dataclass(frozen=True)
class Sent:
    """What became of what waited.

    Parameters
    ----------
    sent, withheld, failed, dead : int
        Handed over; kept from receivers who may not see it any more; to be tried again; given up.
    """

    sent: int = 0
    withheld: int = 0
    failed: int = 0
    dead: int = 0

    def __add__(self, other: Sent) -> Sent:
        """Add up."""
        return Sent(
            self.sent + other.sent,
            self.withheld + other.withheld,
            self.failed + other.failed,
            self.dead + other.dead,
        )


def deliver(now: datetime, limit: int = 500) -> Sent:
    """Send what is due, oldest first. A message may arrive twice where a worker dies, but never not at all unnoticed.

    Parameters
    ----------
    now : datetime
        The time.
    limit : int
        How many letters and messages at most.

    Returns
    -------
    Sent
        What became of them.
    """
    total = Sent()
    for claim in (uuid.uuid4() for _ in range(limit)):
        batch = _take(claim, now)
        if not batch:
            break
        total += _send(batch, claim, now)
    return total


def _take(claim: uuid.UUID, now: datetime) -> list[Delivery]:
    """Take the oldest message that is due, and others to the same receiver with it, so that no other worker does."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, due__lte=now)
    first = waiting.select_related("alert").order_by("due", "pk").first()
    if first is None:
        return []
    same = waiting.filter(
        way=first.way, alert__user_id=first.alert.user_id, alert__organization_id=first.alert.organization_id
    )
    chosen = list(same.order_by("due", "pk").values_list("pk", flat=True)[:_TOGETHER])
    # Whoever comes second finds them no longer due: the condition is looked at again under the lock of each row.
    waiting.filter(pk__in=chosen).update(claim=claim, due=now + _LEASE, attempts=F("attempts") + 1)
    mine = Delivery.objects.filter(claim=claim, state=DeliveryState.WAITING)
    return list(mine.select_related("alert__user", "alert__organization", "alert__task").order_by("alert__time", "pk"))


def _send(batch: list[Delivery], claim: uuid.UUID, now: datetime) -> Sent:
    user, organization_id = batch[0].alert.user, batch[0].alert.organization_id
    viewer = viewer_for(user, organization_id, Actor())
    if viewer.actor.organization_id != organization_id:
        viewer = Viewer()  # acts for it no longer
    visible = _visible([item.alert for item in batch], viewer)
    send = {Way.EMAIL: _by_email, Way.WEBHOOK: _by_webhook}[Way(batch[0].way)]
    wanted = [item for item in batch if item.alert_id in visible and item.attempts <= ATTEMPTS]
    problem, heard = "", False
    if wanted:
        with override(user.language or settings.LANGUAGE_CODE):
            told = [(item.alert, visible[item.alert_id]) for item in wanted]
            try:
                heard = send(user, viewer, told, claim)
            except (OSError, smtplib.SMTPException, webhooks.WebhookError) as error:
                problem = (str(error) or type(error).__name__)[:200]
    return _settle(batch, wanted if heard or problem else [], problem, now)


def _visible(alerts: list[Alert], viewer: Viewer) -> dict[uuid.UUID, Finding | Room]:
    """Return what alerts are about, where their receiver may see it now, without the parts that are kept back."""
    found = findings_for(viewer).filter(pk__in={alert.finding_id for alert in alerts})
    seen: dict[uuid.UUID | None, Finding | Room] = {one.finding.pk: one.finding for one in shown(viewer, list(found))}
    seen |= {room.pk: room for room in rooms_for(viewer).filter(pk__in={alert.room_id for alert in alerts})}
    about = ((alert.pk, seen.get(alert.finding_id or alert.room_id)) for alert in alerts)
    return {pk: item for pk, item in about if item is not None}


def _settle(batch: list[Delivery], tried: list[Delivery], problem: str, now: datetime) -> Sent:
    """Write down what became of messages, unless another worker took them meanwhile."""
    outcome = Sent()
    with transaction.atomic():
        for item in batch:
            again = retry_at(item.attempts, now) if problem or item.attempts > ATTEMPTS else None
            if item in tried and not problem:
                state, counted = DeliveryState.SENT, Sent(sent=1)
            elif item not in tried and item.attempts <= ATTEMPTS:
                state, counted = DeliveryState.WITHHELD, Sent(withheld=1)
            elif again is None:
                state, counted = DeliveryState.DEAD, Sent(dead=1)
            else:
                state, counted = DeliveryState.WAITING, Sent(failed=1)
            finished = None if state is DeliveryState.WAITING else now
            mine = Delivery.objects.filter(pk=item.pk, claim=item.claim, state=DeliveryState.WAITING)
            mine.update(state=state, due=again or item.due, problem=problem, finished=finished)
            outcome += counted
    return outcome


def _address(alert: Alert) -> str:
    base: str = settings.ENVIRONMENT.public_url
    return base + alert.get_absolute_url()


def _deadline(alert: Alert, about: Finding | Room) -> datetime | None:
    return about.deadline if isinstance(about, Finding) else alert.task.due if alert.task else None


def _by_email(user: User, _viewer: Viewer, told: Sequence[_Told], _claim: uuid.UUID) -> bool:
    lines = [
        {
            "kind": alert.kind,
            "about": about,
            "states": "state" if isinstance(about, Finding) else "room",
            "task": alert.task,
            "close": about.marking in _CLOSE,
            "deadline": _deadline(alert, about),
            "address": _address(alert),
        }
        for alert, about in told
    ]
    text = render_to_string("rooms/alerts.txt", {"lines": lines, "settings": _settings_address()})
    subject = ngettext("tenon: %(count)d alert", "tenon: %(count)d alerts", len(told)) % {"count": len(told)}
    send_mail(subject, text, None, [user.email])
    return True


def _settings_address() -> str:
    base: str = settings.ENVIRONMENT.public_url
    return base + reverse("alert_choices")


def _by_webhook(user: User, viewer: Viewer, told: Sequence[_Told], claim: uuid.UUID) -> bool:
    """Send to the person's webhook; nothing where there is none any more, or the role does not export."""
    webhook = webhook_of(user.pk, viewer.actor.organization_id)
    if webhook is None or Capability.EXPORT not in viewer.capabilities:
        return False
    body = json.dumps({"id": str(claim), "alerts": [_as_json(*item) for item in told]}, ensure_ascii=False).encode()
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Tenon-Delivery": str(claim),
        "Tenon-Timestamp": str(timestamp),
        "Tenon-Signature": signature(webhooks.secret_of(webhook.pk, webhook.salt), timestamp, body),
    }
    webhooks.post(webhook.url, body, headers)
    return True


def _as_json(alert: Alert, about: Finding | Room) -> dict[str, Any]:
    deadline, is_close = _deadline(alert, about), about.marking in _CLOSE
    return {
        "alert": str(alert.pk),
        "kind": alert.kind,
        "time": alert.time.isoformat(),
        **_named(alert, about, is_close=is_close),
        "organization": about.owner.name,
        "number": about.number,
        "title": None if is_close else about.title,
        "state": about.state,
        "severity": about.severity,
        "deadline": deadline.isoformat() if deadline else None,
        "marking": about.marking,
        "address": _address(alert),
    }


def _named(alert: Alert, about: Finding | Room, *, is_close: bool) -> dict[str, Any]:
    """Name a finding with its urgency, or a room with the task in it."""
    if isinstance(about, Finding):
        return {"finding": str(about.pk), "urgency": about.urgency}
    task = alert.task and {"id": str(alert.task.pk), "title": None if is_close else alert.task.title}
    return {"room": str(about.pk), "task": task}
