"""Reports: self-contained pages from results, and their headlines as plain sentences."""

from tenon.report.chains import chain_headlines, risk_headlines, write_chain_report, write_risk_report
from tenon.report.notes import notes_in_language
from tenon.report.page import write_report
from tenon.report.sentences import headlines
from tenon.report.summaries import chain_summary, table_summary
from tenon.report.systemic import systemic_headlines, write_systemic_report

__all__ = [
    "chain_headlines",
    "chain_summary",
    "headlines",
    "notes_in_language",
    "risk_headlines",
    "systemic_headlines",
    "table_summary",
    "write_chain_report",
    "write_report",
    "write_risk_report",
    "write_systemic_report",
]
