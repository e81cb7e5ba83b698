"""What programs send and get about studies."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from tenon.web.interface.paging import Paging
from tenon.web.interface.schemas import In, Line, Out, Page, PersonOut
from tenon.web.organizations.rules import Hidden, Marking, Permission, Reach
from tenon.web.runs.configurations import LIMITS, StudyKind
from tenon.web.runs.rules import JobState
from tenon.web.runs.selectors import Shown

__all__ = [
    "AgainIn",
    "ChainOutageIn",
    "ChainStressIn",
    "FileOut",
    "StudyFiltersIn",
    "StudyIn",
    "StudyOut",
    "StudyPage",
    "StudyStepIn",
    "TableStressIn",
    "study_out",
]

_Title = Annotated[Line, StringConstraints(max_length=160)]
_Name = Annotated[Line, StringConstraints(min_length=1, max_length=80)]


def _figure(name: str, *, default: Any = ...) -> Any:  # noqa: ANN401 - as pydantic's fields
    least, most = LIMITS[name]
    return Field(default, ge=least, le=most)


class StudyFiltersIn(Paging):
    """Which studies are wanted; what is left out asks for nothing."""

    kind: StudyKind | None = None
    state: JobState | None = None


class _AskedIn(In):
    """What every study has."""

    owner: uuid.UUID | None = Field(None, description="One of my organizations; without it, the one acted for.")
    title: _Title = Field("", description="Left out, the title says what is run.")
    language: Literal["en", "zh"] = Field("en", description="Of the report.")
    marking: Marking = Marking.AMBER
    reach: Reach = Reach.ORGANIZATION


class TableStressIn(_AskedIn):
    """A scenario of the library on a table that comes with tenon."""

    kind: Literal[StudyKind.TABLE_STRESS]
    scenario: _Name
    table: _Name = "world-2022"
    days: int | None = _figure("horizon_days", default=None)


class ChainStressIn(_AskedIn):
    """Every outage of a chain: of a study that was run before, or of the worked example."""

    kind: Literal[StudyKind.CHAIN_STRESS]
    chain_of: uuid.UUID | None = Field(None, description="A study of mine with the chain; without it, the example.")
    closure_days: float = _figure("closure_days", default=30.0)
    within_days: float = _figure("within_days", default=0.0)
    follow: int = _figure("follow", default=10)


class ChainOutageIn(In):
    """One site of a chain stops; asked twice, it is the same study."""

    kind: Literal[StudyKind.CHAIN_OUTAGE]
    chain_of: uuid.UUID = Field(description="A study of mine with the chain.")
    site: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    days: float = _figure("outage_days")
    title: _Title = ""


class AgainIn(In):
    """A study of mine once more, as it was asked for."""

    kind: Literal["again"]
    study: uuid.UUID
    title: _Title = Field("", description="Left out, it is called as before.")


# What is asked for depends on the kind.
StudyIn = Annotated[TableStressIn | ChainStressIn | ChainOutageIn | AgainIn, Field(discriminator="kind")]


class StudyStepIn(In):
    """Call a study off, or try it again."""

    action: Literal["cancel", "retry"]


class FileOut(Out):
    """A file of a report."""

    name: str
    size: int = Field(description="In bytes.")


class StudyOut(Out):  # budget: what was asked for, how far it is, what came of it and who may see it
    """A study as its viewer may see it: what is kept back is null or empty, and named in ``hidden``."""

    id: uuid.UUID
    owner: uuid.UUID
    version: int
    title: str
    kind: StudyKind
    parameters: dict[str, Any]
    language: str
    created: datetime
    created_by: PersonOut | None
    made_from: uuid.UUID | None
    marking: Marking
    reach: Reach
    state: JobState
    stage: str
    percent: int | None
    attempts: int
    reason: str = Field(description="Why it failed, in English.")
    started: datetime | None
    ended: datetime | None
    summary: dict[str, Any] = Field(description="The main figures; empty until it is done.")
    files: list[FileOut]
    hidden: list[Hidden]
    may: list[Permission]
    may_run: bool


class StudyPage(Page):
    """Studies."""

    items: list[StudyOut]


_PLAIN = ("version", "title", "kind", "language", "created", "marking", "reach")
_OF_JOB = ("state", "stage", "percent", "attempts", "started", "ended")


def study_out(seen: Shown) -> StudyOut:
    """Return a study.

    Parameters
    ----------
    seen : Shown
        As its viewer may see it.

    Returns
    -------
    StudyOut
        What programs get.
    """
    study, job = seen.study, seen.study.job
    by = None if Hidden.NAMES in seen.hidden else study.created_by
    return StudyOut.model_validate(
        {name: getattr(study, name) for name in _PLAIN}
        | {name: getattr(job, name) for name in _OF_JOB}
        | {
            "id": study.pk,
            "owner": study.owner_id,
            "parameters": seen.parameters,
            "created_by": None if by is None else PersonOut(id=by.pk, name=by.name),
            # Of its owner's own studies; and why it failed can name what is kept back.
            "made_from": study.made_from_id if seen.may_run else None,
            "reason": "" if seen.hidden else job.reason,
            "summary": seen.summary,
            "files": [FileOut(name=name, size=size) for name, size in sorted(seen.files.items())],
            "hidden": sorted(seen.hidden),
            "may": sorted(seen.may),
            "may_run": seen.may_run,
        }
    )
