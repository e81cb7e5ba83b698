"""The words of equipment, rounds and reports from phones as people read them, in each language."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_rules import Criticality, EquipmentClass, IntakeState, ItemKind, Outcome
from tenon.web.rooms.equipment_table import ProblemKind

__all__ = ["COLUMN_WORDS", "EQUIPMENT_LABELS", "equipment_choices"]

# Members of different enumerations can be the same text, so each has its own words.
EQUIPMENT_LABELS: dict[type[StrEnum], dict[str, str | Promise]] = {
    EquipmentClass: {
        EquipmentClass.LINE: _("plant or line"),
        EquipmentClass.ROTARY_KILN: _("rotary kiln"),
        EquipmentClass.FURNACE: _("furnace"),
        EquipmentClass.ROLLING_STAND: _("rolling stand"),
        EquipmentClass.CRUSHER: _("crusher or mill"),
        EquipmentClass.CONVEYOR: _("conveyor"),
        EquipmentClass.CRANE: _("crane"),
        EquipmentClass.SHIP_LOADER: _("ship loader"),
        EquipmentClass.VEHICLE: _("vehicle"),
        EquipmentClass.SORTER: _("sorting machine"),
        EquipmentClass.SCANNER: _("scanner"),
        EquipmentClass.MOTOR: _("motor"),
        EquipmentClass.GEARBOX: _("gearbox"),
        EquipmentClass.PUMP: _("pump"),
        EquipmentClass.FAN: _("fan"),
        EquipmentClass.COMPRESSOR: _("compressor"),
        EquipmentClass.TRANSFORMER: _("transformer"),
        EquipmentClass.INSTRUMENT: _("instrument"),
        EquipmentClass.STRUCTURE: _("building or structure"),
        EquipmentClass.OTHER: _("other"),
    },
    Criticality: {
        Criticality.A: _("A – what it belongs to stops"),
        Criticality.B: _("B – what it belongs to does less"),
        Criticality.C: _("C – what it belongs to goes on"),
    },
    Arrangement: {
        Arrangement.SERIES: _("all must run"),
        Arrangement.PARALLEL: _("each carries a share"),
        Arrangement.K_OF_N: _("so many must run"),
    },
    ItemKind: {
        ItemKind.CHECK: _("pass or fail"),
        ItemKind.READING: _("reading"),
    },
    Outcome: {
        Outcome.PASS: _("pass"),
        Outcome.FAIL: _("fail"),
        Outcome.SKIPPED: _("skipped"),
    },
    IntakeState: {
        IntakeState.WAITING: _("waits"),
        IntakeState.ACCEPTED: _("accepted"),
        IntakeState.DISCARDED: _("discarded"),
    },
    ProblemKind: {
        ProblemKind.NOT_TEXT: _("The file is no CSV in UTF-8. Save it as “CSV UTF-8” and try again."),
        ProblemKind.NO_ROWS: _("There is no row below the heading."),
        ProblemKind.TOO_MANY_ROWS: _("Too many rows; divide the file."),
        ProblemKind.MISSING_COLUMN: _("This column is required."),
        ProblemKind.UNKNOWN_COLUMN: _("This column is unknown."),
        ProblemKind.CELLS: _("The row does not have as many cells as the heading."),
        ProblemKind.EMPTY: _("This is required."),
        ProblemKind.TOO_LONG: _("This is too long."),
        ProblemKind.NOT_ONE_OF: _("This is none of the words that are taken."),
        ProblemKind.NOT_A_NUMBER: _("This is no number."),
        ProblemKind.OUT_OF_RANGE: _("This is out of range."),
        ProblemKind.TOGETHER: _("Both failure figures or none; “needed” with “k of n” and only there."),
        ProblemKind.TWICE: _("This stands there twice."),
        ProblemKind.TAKEN: _("This code is taken."),
        ProblemKind.NO_PARENT: _("No equipment has this code."),
        ProblemKind.CIRCLE: _("This leads round in a circle."),
        ProblemKind.TOO_DEEP: _("The tree becomes too deep here."),
    },
}
# What the columns of a file of equipment hold.
COLUMN_WORDS: dict[str, str | Promise] = {
    "code": _("Short and unique in the organization; what stands on the machine."),
    "name_en": _("Name in English; this or the Chinese one."),
    "name_zh": _("Name in Chinese."),
    "class": _("One of the words below."),
    "criticality": _("A: what it belongs to stops; B: it does less; C: it goes on."),
    "parent": _("Code of what it stands below; empty at the top."),
    "channel": _("plant, sea, rail, road, air, post or customs; plant where empty."),
    "place": _("Where to find it."),
    "site": _("Name of the site in the company's chain; what stands below inherits it."),
    "mtbf_hours": _("Mean time between failures, hours; together with the next one."),
    "mttr_hours": _("Mean time to repair, hours."),
    "arrangement": _("series, parallel or k of n: how the parts below work together; series where empty."),
    "needed": _("How many parts must run, with k of n."),
    "capacity_share": _("Among parallel parts: what it carries, from 0 to 1; equal shares where empty."),
}


def equipment_choices(kind: type[StrEnum]) -> list[tuple[str, str | Promise]]:
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
    >>> equipment_choices(Outcome)[0][0]
    'pass'
    """
    return [(member.value, EQUIPMENT_LABELS[kind][member.value]) for member in kind]
