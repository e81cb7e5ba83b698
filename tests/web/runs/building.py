"""Builders of studies, by the services that make them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.runs import outcome_services, services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.models import Job, Study
from tenon.web.runs.services import Wanted
from tests.web.runs.samples import CHAIN

MINUTE = timedelta(minutes=1)
FILES = {"report.html": 1000, "outages.csv": 10}


def asked(by: Viewer, owner: Organization, **wanted: Any) -> Study:
    plain: dict[str, Any] = {"title": "Our chain", "kind": StudyKind.CHAIN_STRESS, "parameters": {}}
    return services.request(by, owner, Wanted(**{**plain, **wanted}))


def outage(by: Viewer, owner: Organization, site: str = "Ghent melt shop", **wanted: Any) -> Study:
    return asked(by, owner, kind=StudyKind.CHAIN_OUTAGE, parameters={"site": site, "days": 30.0}, **wanted)


def taken_up() -> Job:
    job = outcome_services.take_up(MINUTE)
    assert job is not None
    return job


def done(study: Study, summary: dict[str, Any] = CHAIN) -> Study:
    job = taken_up()
    assert job.pk == study.job_id
    outcome_services.complete(job, summary, FILES)
    return Study.objects.select_related("owner", "job").get(pk=study.pk)
