"""Reports of a chain: what would stop it and on whom it hangs unseen; what a year of bad luck costs."""

from tenon.report.chains.page import chain_headlines, write_chain_report
from tenon.report.chains.risk import risk_headlines, write_risk_report

__all__ = ["chain_headlines", "risk_headlines", "write_chain_report", "write_risk_report"]
