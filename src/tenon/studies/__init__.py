"""Studies: a table, scenarios and what breaks; the only place where engines meet.

>>> from tenon.studies import stress
>>> result = stress("world-2022", "supplier-outage-2022")
>>> result.values["value_added_lost"].attrs["units"]
'million USD'
"""

from tenon.studies.chain_days import chain_rules, follow_outages
from tenon.studies.chain_folders import chain_tables, risk_tables, save_chain_risk, save_chain_study
from tenon.studies.chain_risk import chain_risk
from tenon.studies.chain_stores import prepare_risk_store
from tenon.studies.chains import stress_site, stress_supply_chain
from tenon.studies.configuration import (
    DEFAULT_TABLE,
    StudyConfiguration,
    configure,
    is_study,
    parameters_of,
    parse_study,
    read_study,
    study_to_toml,
)
from tenon.studies.folders import check_folder, free_folder, output_folder, read_result, save_study, write_result
from tenon.studies.running import network_of, run_study, stress
from tenon.studies.sentences import describe_shock
from tenon.studies.systemic import save_systemic_risk, systemic_table

__all__ = [
    "DEFAULT_TABLE",
    "StudyConfiguration",
    "chain_risk",
    "chain_rules",
    "chain_tables",
    "check_folder",
    "configure",
    "describe_shock",
    "follow_outages",
    "free_folder",
    "is_study",
    "network_of",
    "output_folder",
    "parameters_of",
    "parse_study",
    "prepare_risk_store",
    "read_result",
    "read_study",
    "risk_tables",
    "run_study",
    "save_chain_risk",
    "save_chain_study",
    "save_study",
    "save_systemic_risk",
    "stress",
    "stress_site",
    "stress_supply_chain",
    "study_to_toml",
    "systemic_table",
    "write_result",
]
