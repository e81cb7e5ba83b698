"""The report of a year of bad luck: what it costs, how bad it gets, and what it comes from."""

from tenon.report.chains.risk.page import risk_headlines, write_risk_report

__all__ = ["risk_headlines", "write_risk_report"]
