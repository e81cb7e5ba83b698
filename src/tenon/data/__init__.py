"""Tables from files: reading, checking, repairing, building, storing, and the table that ships with tenon.

>>> from tenon.data import load
>>> table = load("world-2022")
>>> table.region_names["CHN"]
'China'
"""

from tenon.data.accuracy import BalancingAccuracy, accuracy_table, balancing_accuracy, estimate_table
from tenon.data.balancing import PairTotals, TradeBalance, balance_trade
from tenon.data.catalogue import CatalogueEntry, catalogue, data_folder, import_table, load, store_table
from tenon.data.chain_example import example_chain
from tenon.data.chain_language import workbook_language
from tenon.data.chain_networks import ChainNetwork, network_from_chain
from tenon.data.chain_problems import ChainProblem
from tenon.data.chain_reading import check_chain, read_chain
from tenon.data.chain_scenarios import outage_days, scenario_from_outage
from tenon.data.chain_writing import write_chain, write_chain_template
from tenon.data.csv_folder import read_csv_folder, write_csv_folder
from tenon.data.drafts import Draft, Origin, Progress
from tenon.data.firms import read_essentiality, read_firms
from tenon.data.layouts import read_any
from tenon.data.names import Language, Place, label_names, region_places
from tenon.data.networks import supply_network
from tenon.data.oecd_icio import read_oecd_icio
from tenon.data.oecd_national import read_oecd_national
from tenon.data.outage_files import read_outages
from tenon.data.parameters import SectorParameters, sector_parameters
from tenon.data.pymrio_bridge import from_pymrio, to_pymrio
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.data.scenario_files import (
    ScenarioFile,
    parse_scenario,
    read_scenario,
    read_scenario_file,
    read_toml_text,
    scenario_from_table,
    toml_table,
)
from tenon.data.scenario_library import library, load_scenario, open_scenario
from tenon.data.scenario_writing import scenario_to_toml, toml_value
from tenon.data.scms import ScmsAssumptions, ScmsChain, chain_from_scms
from tenon.data.storage import read_table, write_table
from tenon.data.stringency import WORK_LOST, lockdown_profiles, pandemic_scenario, read_gdp, read_stringency
from tenon.data.synthetic import FirmTraits, synthetic_firms
from tenon.data.willems import WillemsAssumptions, WillemsChain, read_willems, read_willems_chains
from tenon.data.wiod2013 import read_wiod_2013
from tenon.data.wiod2016 import read_wiod_2016
from tenon.data.world_2022 import WorldEstimate, build_world_2022, estimate_world_2022
from tenon.data.world_aggregate import aggregate_world_2022, write_world_2022

__all__ = [
    "WORK_LOST",
    "BalancingAccuracy",
    "CatalogueEntry",
    "ChainNetwork",
    "ChainProblem",
    "Draft",
    "FirmTraits",
    "Language",
    "Origin",
    "PairTotals",
    "Place",
    "Progress",
    "ScenarioFile",
    "ScmsAssumptions",
    "ScmsChain",
    "SectorParameters",
    "TradeBalance",
    "WillemsAssumptions",
    "WillemsChain",
    "WorldEstimate",
    "accuracy_table",
    "aggregate_world_2022",
    "balance_trade",
    "balancing_accuracy",
    "build_world_2022",
    "catalogue",
    "chain_from_scms",
    "check_chain",
    "data_folder",
    "estimate_table",
    "estimate_world_2022",
    "example_chain",
    "from_pymrio",
    "import_table",
    "label_names",
    "library",
    "load",
    "load_scenario",
    "lockdown_profiles",
    "network_from_chain",
    "open_scenario",
    "outage_days",
    "pandemic_scenario",
    "parse_scenario",
    "read_any",
    "read_chain",
    "read_csv_folder",
    "read_essentiality",
    "read_firms",
    "read_gdp",
    "read_oecd_icio",
    "read_oecd_national",
    "read_outages",
    "read_scenario",
    "read_scenario_file",
    "read_stringency",
    "read_table",
    "read_toml_text",
    "read_willems",
    "read_willems_chains",
    "read_wiod_2013",
    "read_wiod_2016",
    "region_places",
    "repair_column_residuals",
    "repair_excess_inputs",
    "repair_negative_flows",
    "repair_row_residuals",
    "scenario_from_outage",
    "scenario_from_table",
    "scenario_to_toml",
    "sector_parameters",
    "store_table",
    "supply_network",
    "synthetic_firms",
    "to_pymrio",
    "toml_table",
    "toml_value",
    "workbook_language",
    "write_chain",
    "write_chain_template",
    "write_csv_folder",
    "write_table",
    "write_world_2022",
]
