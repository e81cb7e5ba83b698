"""Jobs, studies and the chains they are run on."""

from tenon.web.runs.models.jobs import Job
from tenon.web.runs.models.studies import ChainFile, Study

__all__ = ["ChainFile", "Job", "Study"]
