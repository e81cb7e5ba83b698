"""The report: a self-contained page from a result, and its headline as plain sentences."""

from tenon.report.page import write_report
from tenon.report.sentences import headlines

__all__ = ["headlines", "write_report"]
