"""The report of a chain that was stress-tested: what would stop it, how long it lasts, and on whom it hangs unseen."""

from tenon.report.chains.page import chain_headlines, write_chain_report

__all__ = ["chain_headlines", "write_chain_report"]
