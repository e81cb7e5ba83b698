"""The words of tenon: frozen value types that check themselves when made, and the tree of errors."""

from tenon.schema.arrays import Float, Integer
from tenon.schema.attribute_tables import Attribute, attribute_table, attribute_table_names
from tenon.schema.errors import (
    ConvergenceError,
    LabelError,
    NetworkError,
    ParameterError,
    ScenarioError,
    ShockError,
    SourceError,
    StorageError,
    TableError,
    TenonError,
    TenonWarning,
    nearest,
)
from tenon.schema.networks import DenseLinks, SparseLinks, SupplyNetwork
from tenon.schema.results import Result, Status
from tenon.schema.scenarios import Scenario
from tenon.schema.shocks import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LaborShock,
    LinkShock,
    Reconstruction,
    RecoveryShape,
    Shock,
    Target,
    Timing,
)
from tenon.schema.tables import Balance, InputOutputTable, Satellite

__all__ = [
    "Attribute",
    "Balance",
    "CapacityShock",
    "CapitalShock",
    "ConvergenceError",
    "DelayShock",
    "DenseLinks",
    "FinalDemandShock",
    "Float",
    "InputOutputTable",
    "Integer",
    "InventoryShock",
    "LabelError",
    "LaborShock",
    "LinkShock",
    "NetworkError",
    "ParameterError",
    "Reconstruction",
    "RecoveryShape",
    "Result",
    "Satellite",
    "Scenario",
    "ScenarioError",
    "Shock",
    "ShockError",
    "SourceError",
    "SparseLinks",
    "Status",
    "StorageError",
    "SupplyNetwork",
    "TableError",
    "Target",
    "TenonError",
    "TenonWarning",
    "Timing",
    "attribute_table",
    "attribute_table_names",
    "nearest",
]
