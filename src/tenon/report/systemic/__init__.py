"""The report of the systemic risk of firms: whose failure would take how much of all output along."""

from tenon.report.systemic.page import systemic_headlines, write_systemic_report

__all__ = ["systemic_headlines", "write_systemic_report"]
