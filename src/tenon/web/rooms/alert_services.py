"""Telling people what happened: alerts and messages are written in the transaction of what they are about."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.schema.errors import ParameterError
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.rules import Capability
from tenon.web.rooms.alert_rules import DEFAULTS, KIND_OF, PERSONAL, SUBSCRIBED, AlertKind, Way
from tenon.web.rooms.alert_selectors import alerts_for, receivers_of, subscribers_of, ways_of, webhook_of
from tenon.web.rooms.models import Alert, AlertChoice, Delivery, Finding, FindingEvent, Room, RoomTask, Timer, Webhook
from tenon.web.rooms.rules import Severity, Source
from tenon.web.rooms.webhooks import new_salt, secret_of, target_of

__all__ = [
    "Choice",
    "Receiver",
    "call",
    "choose",
    "follow",
    "mark_read",
    "remove_webhook",
    "set_webhook",
    "tell",
    "wind_up",
    "write_alerts",
]

Receiver = tuple[uuid.UUID, uuid.UUID]  # a person, and the organization acted for


@dataclass(frozen=True)
class Choice:
    """What a person wants to be told of one kind.

    Parameters
    ----------
    ways : frozenset of Way
        How; nothing where it is empty.
    severity : Severity
        Of findings that are at least so severe; what concerns the person alone is told in any case.
    """

    ways: frozenset[Way]
    severity: Severity = Severity.MINOR


def follow(event: FindingEvent) -> None:  # one place: alerts tell of what is recorded itself
    """Tell those who want to know of an event, and look at the finding's clock again.

    Parameters
    ----------
    event : FindingEvent
        What happened, inside the transaction in which it was stored.
    """
    wind_up([event.finding], event.time)
    kind = KIND_OF.get(event.action)
    if kind is None or (kind is AlertKind.REPORTED and event.finding.source == Source.IMPORT):
        return  # a file of old findings is no news about each of them
    tell(event.finding, kind, str(event.pk), by=event.user_id)


def wind_up(findings: Iterable[Finding], moment: datetime) -> None:  # one place: what the clock then does is recorded
    """Make the clocks of findings be looked at.

    Parameters
    ----------
    findings : iterable of Finding
        Which.
    moment : datetime
        From when on.
    """
    Timer.objects.bulk_create(
        [Timer(finding=finding, next=moment) for finding in findings],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["finding"],
        update_fields=["next"],
    )


@as_platform()  # told are those who see it, whoever did it
def tell(  # one place: alerts tell of what is recorded itself
    finding: Finding, kind: AlertKind, key: str, *, by: uuid.UUID | None = None
) -> int:
    """Write an alert for everybody who is to be told, and what is to be sent.

    Parameters
    ----------
    finding : Finding
        About what.
    kind : AlertKind
        What of it.
    key : str
        The event or step; nobody is told the same twice.
    by : UUID, optional
        Who did it, and needs not to be told.

    Returns
    -------
    int
        How many people are told.
    """
    ways: dict[Receiver, frozenset[Way]] = {}
    if kind in SUBSCRIBED:
        ways |= {(item.user_id, item.organization_id): ways_of(item, kind) for item in subscribers_of(finding, kind)}
    if kind in PERSONAL and finding.responsible_id is not None:
        ways |= receivers_of([(finding.responsible_id, finding.owner)], kind)
    others = {receiver: how for receiver, how in ways.items() if receiver[0] != by}
    return write_alerts(others, {"finding": finding}, kind, key)


@as_platform()  # told are those who see it, whoever did it
def call(receivers: Collection[Receiver], finding: Finding, key: str) -> int:  # one place: the step is recorded
    """Call people, whatever they chose.

    Parameters
    ----------
    receivers : collection of (UUID, UUID)
        Persons, each with the organization acted for.
    finding : Finding
        About what.
    key : str
        The step that calls.

    Returns
    -------
    int
        How many are called.
    """
    ways = dict.fromkeys(receivers, DEFAULTS[AlertKind.CALLED])
    return write_alerts(ways, {"finding": finding}, AlertKind.CALLED, key)


def write_alerts(  # one place: alerts tell of what is recorded itself
    ways: Mapping[Receiver, frozenset[Way]],
    about: Mapping[str, Finding | Room | RoomTask | None],
    kind: AlertKind,
    key: str,
) -> int:
    """Store alerts and what is to be sent of them.

    Parameters
    ----------
    ways : mapping from (UUID, UUID) to frozenset of Way
        How each receiver is told; without a way, not at all.
    about : mapping
        The ``finding``, or the ``room`` and perhaps its ``task``.
    kind : AlertKind
        What of it.
    key : str
        The event or step.

    Returns
    -------
    int
        How many alerts were stored.
    """
    alerts = [
        Alert(user_id=user, organization_id=organization, kind=kind, key=key, page=Way.PAGE in how, **about)
        for (user, organization), how in ways.items()
        if how
    ]
    Alert.objects.bulk_create(alerts, batch_size=500)
    outbox = [
        Delivery(alert=alert, way=way, due=alert.time)
        for alert in alerts
        for way in sorted(ways[alert.user_id, alert.organization_id] - {Way.PAGE})
    ]
    Delivery.objects.bulk_create(outbox, batch_size=500)
    return len(alerts)


def mark_read(viewer: Viewer, alert: Alert | None = None) -> int:  # one place: one's own, and nobody else sees it
    """Mark an alert as read, or all.

    Parameters
    ----------
    viewer : Viewer
        Whose.
    alert : Alert, optional
        Which one of the viewer's; all where none is given.

    Returns
    -------
    int
        How many were unread.
    """
    mine = alerts_for(viewer).filter(read__isnull=True)
    if alert is not None:
        mine = mine.filter(pk=alert.pk)
    return Alert.objects.filter(pk__in=list(mine.order_by().values_list("pk", flat=True))).update(read=timezone.now())


def choose(viewer: Viewer, choices: Mapping[AlertKind, Choice]) -> None:
    """Store what a person wants to be told in the organization acted for.

    Parameters
    ----------
    viewer : Viewer
        Who chooses.
    choices : mapping from AlertKind to Choice
        What.

    Raises
    ------
    PermissionDenied
        If the viewer acts for no organization and reads nothing.
    ValidationError
        If the webhook is chosen and there is none, or a kind cannot be chosen.
    """
    organization_id, user_id = _acting(viewer)
    if AlertKind.CALLED in choices:
        raise ValidationError(_("Calls by an escalation chain cannot be turned off."))
    wants_webhook = any(Way.WEBHOOK in choice.ways for choice in choices.values())
    if wants_webhook and webhook_of(user_id, organization_id) is None:
        raise ValidationError(_("Set up a webhook first."))
    with transaction.atomic():
        for kind, choice in choices.items():
            AlertChoice.objects.update_or_create(
                user_id=user_id,
                organization_id=organization_id,
                kind=kind,
                defaults={"severity": choice.severity, **{way.value: way in choice.ways for way in Way}},
            )
        said = {kind.value: sorted(choice.ways) for kind, choice in choices.items()}
        chain = organization_chain(organization_id)
        record(viewer.actor, "alerts.chosen", ("user", user_id), chain=chain, details=said)


def _acting(viewer: Viewer) -> tuple[uuid.UUID, uuid.UUID]:
    organization_id, user_id = viewer.actor.organization_id, viewer.actor.user_id
    if organization_id is None or user_id is None or Capability.READ not in viewer.capabilities:
        raise PermissionDenied(_("You act for no organization now."))
    return organization_id, user_id


def set_webhook(viewer: Viewer, url: str) -> tuple[Webhook, str]:
    """Say where a person's alerts go as messages between programs; an earlier address holds no longer.

    Parameters
    ----------
    viewer : Viewer
        Who says; must be able to export, for the messages leave the platform.
    url : str
        A public https address.

    Returns
    -------
    Webhook
        Stored.
    str
        The secret with which messages are signed, to be shown once.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not export.
    ValidationError
        If the address is none that messages go to.
    """
    organization_id, user_id = _acting(viewer)
    if Capability.EXPORT not in viewer.capabilities:
        raise PermissionDenied(_("Your role does not allow to send findings out of the platform."))
    try:
        target = target_of(url)
    except ParameterError as error:
        raise ValidationError({"url": str(error)}) from None
    with transaction.atomic():
        made, _new = Webhook.objects.update_or_create(
            user_id=user_id,
            organization_id=organization_id,
            defaults={"url": url, "salt": new_salt(), "created": timezone.now()},
        )
        # Paths of such addresses are often secrets themselves.
        chain = organization_chain(organization_id)
        record(viewer.actor, "webhook.set", ("webhook", made.pk), chain=chain, details={"host": target.host})
    return made, secret_of(made.pk, made.salt)


def remove_webhook(viewer: Viewer) -> None:
    """Send a person's alerts to no program any more.

    Parameters
    ----------
    viewer : Viewer
        Whose.
    """
    organization_id, user_id = _acting(viewer)
    found = webhook_of(user_id, organization_id)
    if found is None:
        return
    with transaction.atomic():
        chain, host = organization_chain(organization_id), urlsplit(found.url).hostname
        record(viewer.actor, "webhook.removed", ("webhook", found.pk), chain=chain, details={"host": host})
        found.delete()
