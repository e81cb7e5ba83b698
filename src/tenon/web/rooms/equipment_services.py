"""Writing equipment, checklists and labels: each change together with its record, and none without."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer, allows
from tenon.web.organizations.row_policies import locked_row
from tenon.web.organizations.rules import Capability, Marking, Permission, Reach, reach_allowed
from tenon.web.organizations.selectors import token_digest
from tenon.web.rooms.equipment_rules import ITEMS_MOST, depth_of, may_stand_below, report_token
from tenon.web.rooms.equipment_table import Problem, Row, read_tree
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment, ReportLabel
from tenon.web.rooms.services import STALE

__all__ = [
    "add_equipment",
    "change_equipment",
    "import_tree",
    "label_token",
    "recorded",
    "renew_label",
    "require_keeper",
    "write_checklist",
]


def require_keeper(viewer: Viewer, item: Equipment) -> None:
    """Refuse whoever may not change a piece of equipment, its checklists and its label.

    Parameters
    ----------
    viewer : Viewer
        Who wants to.
    item : Equipment
        Which.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge and assign, or the equipment is not of the viewer's own organizations.
    """
    own = item.owner_id in viewer.own and Capability.TRIAGE in viewer.capabilities
    if not own or not allows(item, viewer, Permission.EDIT):
        raise PermissionDenied(_("Your role does not allow to change this equipment."))


def add_equipment(viewer: Viewer, owner: Organization, fields: Mapping[str, Any]) -> Equipment:
    """Add a piece of equipment to the tree of one's own organization.

    Parameters
    ----------
    viewer : Viewer
        Who adds it.
    owner : Organization
        The organization acted for, or one below it.
    fields : mapping
        Code, names, class, criticality and, as far as known, everything else of the table.

    Returns
    -------
    Equipment
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge and assign, or the organization is not the viewer's.
    ValidationError
        If a field is none that can be.
    """
    _must_keep(viewer, owner)
    item = Equipment(owner=owner, **fields)
    _must_reach(item)
    with transaction.atomic():
        _place(item, old_path="", height=0)
        item.full_clean(exclude=["path"])
        item.save(force_insert=True)
        recorded(viewer.actor, "added", item, {"code": item.code})
    return item


def change_equipment(viewer: Viewer, item: Equipment, fields: Mapping[str, Any], version: int) -> Equipment:
    """Change a piece of equipment; what stands below it moves with it.

    Parameters
    ----------
    viewer : Viewer
        Who changes it.
    item : Equipment
        Which.
    fields : mapping
        The new values; reach, marking and owner are not among them.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Equipment
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not change it.
    ValidationError
        If a field is none that can be, or somebody changed it meanwhile (with the code `STALE`).
    """
    with transaction.atomic():
        current = locked_row(Equipment.objects.select_related("owner"), item.pk)
        require_keeper(viewer, current)
        if current.version != version:
            raise ValidationError(
                _("Somebody changed this equipment meanwhile. Nothing was changed; look at it again and repeat."),
                code=STALE,
            )
        old_path, changed = current.path, sorted(name for name in fields if getattr(current, name) != fields[name])
        for name, value in fields.items():
            setattr(current, name, value)
        below = Equipment.objects.filter(path__startswith=old_path).exclude(pk=current.pk)
        deepest = max((depth_of(path) for path in below.values_list("path", flat=True)), default=depth_of(old_path))
        _place(current, old_path=old_path, height=deepest - depth_of(old_path))
        current.version += 1
        current.full_clean(exclude=["path"])
        current.save()
        if current.path != old_path:
            below.update(path=Concat(Value(current.path), Substr("path", len(old_path) + 1)))
        recorded(viewer.actor, "changed", current, {"fields": changed, "version": current.version})
    return current


def _must_keep(viewer: Viewer, owner: Organization) -> None:
    if Capability.TRIAGE not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to change the equipment of this organization."))


def _must_reach(item: Equipment) -> None:
    if not reach_allowed(Reach(item.reach), Marking(item.marking)):
        raise ValidationError({"reach": _("This marking forbids this reach.")})


def _place(item: Equipment, *, old_path: str, height: int) -> None:
    """Give an item its path below its parent, which must be of the same organization."""
    parent = item.parent
    if parent is not None:
        if parent.owner_id != item.owner_id:
            raise ValidationError({"parent": _("It must belong to the same organization.")})
        if not may_stand_below(old_path, height, parent.path):
            raise ValidationError({"parent": _("The tree would become a circle, or too deep.")})
    item.path = f"{parent.path if parent else ''}{item.pk}/"


def import_tree(viewer: Viewer, owner: Organization, content: bytes) -> tuple[int, list[Problem]]:
    """Add a whole tree from a CSV file: all of it, or nothing where any row is wrong.

    Parameters
    ----------
    viewer : Viewer
        Who adds it.
    owner : Organization
        The organization acted for, or one below it.
    content : bytes
        The file.

    Returns
    -------
    int
        How many pieces were added.
    list of Problem
        What is wrong, by row; empty where everything was added.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge and assign, or the organization is not the viewer's.
    """
    _must_keep(viewer, owner)
    with transaction.atomic():
        # Two imports at once wait for each other, so that both see which codes are taken.
        Organization.objects.select_for_update().get(pk=owner.pk)
        known = {item.code: item for item in Equipment.objects.filter(owner=owner)}
        rows, problems = read_tree(content, {code: depth_of(item.path) for code, item in known.items()})
        if problems:
            return 0, problems
        Equipment.objects.bulk_create(_made(owner, rows, known), batch_size=200)
        details = {
            "count": len(rows),
            "sha256": hashlib.sha256(content).hexdigest(),
            "codes": [row.code for row in rows],
        }
        chain = organization_chain(owner.pk)
        record(viewer.actor, "equipment.imported", ("organization", owner.pk), chain=chain, details=details)
    return len(rows), []


def _made(owner: Organization, rows: Sequence[Row], known: dict[str, Equipment]) -> list[Equipment]:
    made = []
    for row in rows:
        item = Equipment(owner=owner, code=row.code, parent=known.get(row.parent), **row.fields)
        item.path = f"{item.parent.path if item.parent else ''}{item.pk}/"
        known[row.code] = item
        made.append(item)
    return made


def write_checklist(
    viewer: Viewer,
    item: Equipment,
    fields: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    before: Checklist | None = None,
) -> Checklist:
    """Write a checklist, or the next version of one; no version is ever changed.

    Parameters
    ----------
    viewer : Viewer
        Who writes it.
    item : Equipment
        What it is for.
    fields : mapping
        ``name`` and ``every_days``.
    lines : sequence of mapping
        The items in their order: text, kind, unit, low, high, severity.
    before : Checklist, optional
        The version that the viewer saw.

    Returns
    -------
    Checklist
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not change the equipment.
    ValidationError
        If there is no item or too many, one is none that can be, or there is a newer version (with the code `STALE`).
    """
    require_keeper(viewer, item)
    if not 1 <= len(lines) <= ITEMS_MOST:
        raise ValidationError(_("A checklist has 1 to %(most)s items.") % {"most": ITEMS_MOST})
    checklist = Checklist(equipment=item, created_by_id=viewer.actor.user_id, **fields)
    with transaction.atomic():
        if before is not None:
            _replace(before, checklist)
        checklist.full_clean()
        checklist.save(force_insert=True)
        items = [
            ChecklistItem(checklist=checklist, position=place, **line) for place, line in enumerate(lines, start=1)
        ]
        for line in items:
            line.full_clean()
        ChecklistItem.objects.bulk_create(items)
        details = {"checklist": checklist.pk, "number": checklist.number, "items": len(items)}
        recorded(viewer.actor, "checklist", item, details)
    return checklist


def _replace(before: Checklist, after: Checklist) -> None:
    if not Checklist.objects.filter(pk=before.pk, equipment=after.equipment, is_current=True).update(is_current=False):
        raise ValidationError(
            _("Somebody wrote a newer version of this checklist meanwhile. Look at it and repeat."), code=STALE
        )
    after.series, after.number = before.series, before.number + 1


def label_token(item: Equipment) -> str:
    """Return the token in the address behind a label that is in force.

    Parameters
    ----------
    item : Equipment
        Of the viewer's own organizations.

    Returns
    -------
    str
        Empty where there is no label, or none that this platform can print again: its secret key was changed since.
    """
    label = ReportLabel.objects.filter(equipment=item).first()
    if label is None:
        return ""
    token = report_token(settings.SECRET_KEY, item.pk, label.generation)
    return token if token_digest(token) == label.token_digest else ""


def renew_label(viewer: Viewer, item: Equipment) -> str:
    """Give a piece of equipment a label, or a new one; what an old label leads to is gone at once.

    Parameters
    ----------
    viewer : Viewer
        Who does it.
    item : Equipment
        Which.

    Returns
    -------
    str
        The token for the address.

    Raises
    ------
    PermissionDenied
        If the viewer may not change the equipment.
    """
    require_keeper(viewer, item)
    with transaction.atomic():
        label, is_new = ReportLabel.objects.select_for_update().get_or_create(
            equipment=item, defaults={"token_digest": _digest(item, 1)}
        )
        if not is_new:
            ReportLabel.objects.filter(pk=label.pk).update(
                generation=F("generation") + 1, token_digest=_digest(item, label.generation + 1), made=timezone.now()
            )
            label.refresh_from_db()
        recorded(viewer.actor, "label", item, {"generation": label.generation})
    return report_token(settings.SECRET_KEY, item.pk, label.generation)


def _digest(item: Equipment, generation: int) -> str:
    return token_digest(report_token(settings.SECRET_KEY, item.pk, generation))


def recorded(actor: Actor, action: str, item: Equipment, details: Mapping[str, Any]) -> None:
    """Record what is done to a piece of equipment, in the chain of its organization.

    Parameters
    ----------
    actor : Actor
        Who does it.
    action : str
        What.
    item : Equipment
        To which.
    details : mapping
        What changed.
    """
    chain = organization_chain(item.owner_id)
    record(actor, f"equipment.{action}", ("equipment", item.pk), chain=chain, details=details)
