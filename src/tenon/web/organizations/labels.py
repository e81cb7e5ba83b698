"""The words of the rules as people read them, in each language."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations.rules import (
    Capability,
    Hidden,
    Marking,
    MembershipState,
    OrganizationKind,
    OrganizationLevel,
    Profile,
    Reach,
)

__all__ = ["LABELS", "choices_of"]

# Members of different enumerations can be the same text, so each has its own words.
LABELS: dict[type[StrEnum], dict[str, str | Promise]] = {
    OrganizationKind: {
        OrganizationKind.MANUFACTURER: _("manufacturer"),
        OrganizationKind.MINE: _("mine"),
        OrganizationKind.SUPPLIER: _("supplier"),
        OrganizationKind.CARRIER: _("carrier"),
        OrganizationKind.PORT: _("port"),
        OrganizationKind.POSTAL_OPERATOR: _("postal operator"),
        OrganizationKind.CUSTOMS: _("customs"),
        OrganizationKind.AUTHORITY: _("authority"),
        OrganizationKind.CUSTOMER: _("customer"),
    },
    OrganizationLevel: {
        OrganizationLevel.GROUP: _("group"),
        OrganizationLevel.SITE: _("site"),
        OrganizationLevel.UNIT: _("unit"),
    },
    MembershipState: {
        MembershipState.AWAITING_CONSENT: _("waits for consent"),
        MembershipState.ACTIVE: _("active"),
        MembershipState.SUSPENDED: _("suspended"),
        MembershipState.ENDED: _("ended"),
    },
    Capability: {
        Capability.READ: _("read"),
        Capability.REPORT: _("report hazards"),
        Capability.COMMENT: _("comment and propose"),
        Capability.TRIAGE: _("judge and assign"),
        Capability.ELIMINATE: _("eliminate"),
        Capability.VERIFY: _("verify"),
        Capability.COMMAND: _("lead a room"),
        Capability.STUDY: _("run studies"),
        Capability.SHARE: _("share"),
        Capability.EXPORT: _("export"),
        Capability.AUDIT: _("read the record"),
        Capability.ADMINISTER: _("administer"),
    },
    Reach: {
        Reach.ORGANIZATION: _("own organization"),
        Reach.GROUP: _("those it is shared with"),
        Reach.ROOM: _("participants of a room"),
        Reach.COMMUNITY: _("everybody on the platform"),
    },
    Marking: {
        Marking.RED: _("TLP:RED – named people only"),
        Marking.AMBER_STRICT: _("TLP:AMBER+STRICT – own organization only"),
        Marking.AMBER: _("TLP:AMBER – those who need to know"),
        Marking.GREEN: _("TLP:GREEN – the community"),
        Marking.CLEAR: _("TLP:CLEAR – no limit"),
    },
    Profile: {
        Profile.READ: _("read"),
        Profile.COMMENT: _("comment"),
        Profile.PROPOSE: _("propose"),
        Profile.CONTRIBUTE: _("contribute"),
        Profile.VERIFY: _("verify"),
        Profile.MANAGE: _("manage"),
    },
    Hidden: {
        Hidden.COST: _("cost"),
        Hidden.NAMES: _("names of people"),
        Hidden.PLACES: _("exact places"),
    },
}


def choices_of(kind: type[StrEnum]) -> list[tuple[str, str | Promise]]:
    """List the members of an enumeration for a form.

    Parameters
    ----------
    kind : type
        An enumeration whose members all have a label.

    Returns
    -------
    list of (str, str)
        Value and label.

    Examples
    --------
    >>> choices_of(Hidden)[0][0]
    'cost'
    """
    return [(member.value, LABELS[kind][member]) for member in kind]
