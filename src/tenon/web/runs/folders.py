"""Where studies and workbooks lie in the data folder."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.conf import settings

__all__ = ["REPORT", "chain_path", "chains_folder", "report_file", "study_folder"]

REPORT = "report"
"""Name of the folder of results in the folder of a study."""


def study_folder(study_id: uuid.UUID) -> Path:
    """Return the folder of a study: what was asked for, how far it is, and its report.

    Parameters
    ----------
    study_id : UUID
        Which.

    Returns
    -------
    Path
        It need not exist.
    """
    return Path(settings.ENVIRONMENT.data) / "studies" / str(study_id)


def chains_folder() -> Path:
    """Return the folder of uploaded workbooks.

    Returns
    -------
    Path
        It need not exist.
    """
    return Path(settings.ENVIRONMENT.data) / "chains"


def chain_path(digest: str) -> Path:
    """Return where a workbook lies.

    Parameters
    ----------
    digest : str
        Its SHA-256.

    Returns
    -------
    Path
        The file.
    """
    return chains_folder() / f"{digest}.xlsx"


def report_file(study_id: uuid.UUID, name: str) -> Path:
    """Return where a file of a study's report lies.

    Parameters
    ----------
    study_id : UUID
        Which.
    name : str
        One that the study lists; never taken from a request as it is.

    Returns
    -------
    Path
        The file.
    """
    return study_folder(study_id) / REPORT / name
