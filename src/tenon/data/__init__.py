"""Tables from files: reading, checking, repairing, building, storing, and the table that ships with tenon.

>>> from tenon.data import load
>>> table = load("world-2022")
>>> table.region_names["CHN"]
'China'
"""

from tenon.data.balancing import PairTotals, TradeBalance, balance_trade
from tenon.data.catalogue import CatalogueEntry, catalogue, data_folder, import_table, load, store_table
from tenon.data.drafts import Draft, Origin, Progress
from tenon.data.layouts import read_any
from tenon.data.names import Language, Place, label_names, region_places
from tenon.data.oecd_national import read_oecd_national
from tenon.data.parameters import SectorParameters, sector_parameters
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.data.storage import read_table, write_table
from tenon.data.wiod2013 import read_wiod_2013
from tenon.data.world_2022 import WorldEstimate, build_world_2022, estimate_world_2022
from tenon.data.world_aggregate import aggregate_world_2022, write_world_2022

__all__ = [
    "CatalogueEntry",
    "Draft",
    "Language",
    "Origin",
    "PairTotals",
    "Place",
    "Progress",
    "SectorParameters",
    "TradeBalance",
    "WorldEstimate",
    "aggregate_world_2022",
    "balance_trade",
    "build_world_2022",
    "catalogue",
    "data_folder",
    "estimate_world_2022",
    "import_table",
    "label_names",
    "load",
    "read_any",
    "read_oecd_national",
    "read_table",
    "read_wiod_2013",
    "region_places",
    "repair_column_residuals",
    "repair_excess_inputs",
    "repair_negative_flows",
    "repair_row_residuals",
    "sector_parameters",
    "store_table",
    "write_table",
    "write_world_2022",
]
