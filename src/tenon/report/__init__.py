"""Reports: self-contained pages from results, and their headlines as plain sentences."""

from tenon.report.chains import chain_headlines, risk_headlines, write_chain_report, write_risk_report
from tenon.report.page import write_report
from tenon.report.sentences import headlines

__all__ = ["chain_headlines", "headlines", "risk_headlines", "write_chain_report", "write_report", "write_risk_report"]
