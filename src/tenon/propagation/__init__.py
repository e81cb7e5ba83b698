"""The daily model: how a shock spreads through a supply network."""

from tenon.propagation._records import DEFAULT_RECORDS, RECORDS
from tenon.propagation.attribution import CLOSED_LINKS, FINAL_DEMAND, LATE_LINKS, UNEXPLAINED, attribute_losses
from tenon.propagation.parameters import (
    ImportantInputs,
    InventoryRule,
    OrderRule,
    Parameters,
    Quirk,
    RationingRule,
    RestockingGap,
    RestockingTarget,
    StockThreshold,
    boario_compatible,
    inoue_todo,
)
from tenon.propagation.simulate import propagate

__all__ = [
    "CLOSED_LINKS",
    "DEFAULT_RECORDS",
    "FINAL_DEMAND",
    "LATE_LINKS",
    "RECORDS",
    "UNEXPLAINED",
    "ImportantInputs",
    "InventoryRule",
    "OrderRule",
    "Parameters",
    "Quirk",
    "RationingRule",
    "RestockingGap",
    "RestockingTarget",
    "StockThreshold",
    "attribute_losses",
    "boario_compatible",
    "inoue_todo",
    "propagate",
]
