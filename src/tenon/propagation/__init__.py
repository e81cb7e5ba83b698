"""The daily model: how a shock spreads through a supply network."""

from tenon.propagation._records import DEFAULT_RECORDS, RECORDS
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
    "DEFAULT_RECORDS",
    "RECORDS",
    "ImportantInputs",
    "InventoryRule",
    "OrderRule",
    "Parameters",
    "Quirk",
    "RationingRule",
    "RestockingGap",
    "RestockingTarget",
    "StockThreshold",
    "boario_compatible",
    "inoue_todo",
    "propagate",
]
