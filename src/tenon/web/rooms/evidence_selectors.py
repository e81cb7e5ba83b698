"""Reading files, readings and reports from phones, each within the scope of what it belongs to."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.rules import Capability, Hidden, Permission
from tenon.web.organizations.selectors import token_digest
from tenon.web.rooms.equipment_rules import IntakeState
from tenon.web.rooms.equipment_selectors import own_equipment
from tenon.web.rooms.models import Attachment, Equipment, Finding, Intake, Reading
from tenon.web.rooms.selectors import finding_for, shown

__all__ = [
    "attachment_for",
    "attachments_of",
    "equipment_behind",
    "files_shown",
    "intake_for",
    "intakes_for",
    "readings_of",
    "waiting_intakes",
]

# A photo shows places and faces, and a document names both: who does not get the one does not get the other.
_TELLING = frozenset({Hidden.NAMES, Hidden.PLACES})


def files_shown(hidden: frozenset[Hidden]) -> bool:
    """Say whether the files of an object may be shown to somebody from whom parts are kept back.

    Parameters
    ----------
    hidden : frozenset of Hidden
        What is kept back.

    Returns
    -------
    bool
        False where names or places are.

    Examples
    --------
    >>> files_shown(frozenset({Hidden.COST})), files_shown(frozenset({Hidden.NAMES}))
    (True, False)
    """
    return not hidden & _TELLING


def attachments_of(finding: Finding) -> QuerySet[Attachment]:
    """List the files of a finding.

    Parameters
    ----------
    finding : Finding
        One whose files the viewer may see.

    Returns
    -------
    QuerySet of Attachment
        The oldest first.
    """
    return Attachment.objects.filter(finding=finding).select_related("added_by")


def attachment_for(viewer: Viewer, pk: uuid.UUID) -> Attachment | None:
    """Find a file that a viewer may have: of a finding that the viewer sees, or of an intake that the viewer judges.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Attachment or None
        None where it is not there or not for this viewer.
    """
    found = (
        Attachment.objects.select_related("finding", "intake")  # one place: decided below, by what it belongs to
        .filter(pk=pk)
        .first()
    )
    if found is None:
        return None
    if found.finding_id is not None:
        finding = finding_for(viewer, found.finding_id)
        visible = finding is not None and files_shown(shown(viewer, [finding])[0].hidden)
    else:
        judges = Capability.TRIAGE in viewer.capabilities
        visible = judges and found.intake_id is not None and intake_for(viewer, found.intake_id) is not None
    return found if visible else None


def readings_of(finding: Finding) -> QuerySet[Reading]:
    """List what was measured at a finding.

    Parameters
    ----------
    finding : Finding
        One that the viewer may read.

    Returns
    -------
    QuerySet of Reading
        The oldest first.
    """
    return Reading.objects.filter(finding=finding)


def intakes_for(viewer: Viewer) -> QuerySet[Intake]:
    """List the reports from phones at equipment that a viewer's role may change.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Intake
        The newest first.
    """
    there = Intake.objects.filter(equipment__in=own_equipment(viewer, Permission.READ).order_by().values("pk"))
    return there.select_related("equipment__owner", "decided_by", "finding").order_by("-received", "-pk")


def waiting_intakes(viewer: Viewer) -> QuerySet[Intake]:
    """List the reports from phones that wait for somebody to judge them.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Intake
        The newest first.
    """
    return intakes_for(viewer).filter(state=IntakeState.WAITING)


def intake_for(viewer: Viewer, pk: uuid.UUID) -> Intake | None:
    """Find one report from a phone at a viewer's own equipment.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Intake or None
        None where it is not there or not for this viewer.
    """
    return intakes_for(viewer).prefetch_related("attachments").filter(pk=pk).first()


@as_platform()  # the label itself is the right to know this much
def equipment_behind(token: str) -> Equipment | None:
    """Find the equipment behind a label: for whoever holds the label, nobody signed in.

    Parameters
    ----------
    token : str
        As it stands in the address.

    Returns
    -------
    Equipment or None
        None where no label that is in force has this token.
    """
    there = Equipment.objects.filter(label__token_digest=token_digest(token))  # one place: the label decides
    return there.select_related("owner").first()
