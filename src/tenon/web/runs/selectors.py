"""Reading studies: every list, count and page begins with what the viewer may see."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tenon.web.organizations.policies import Viewer, standings_of, visible_to
from tenon.web.organizations.rules import Capability, Hidden, Permission, hidden_parts, permissions
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.models import ChainFile, Job, Study
from tenon.web.runs.rules import UNFINISHED, JobState
from tenon.web.runs.summaries import without

__all__ = [
    "OutageCost",
    "Shown",
    "chain_file_for",
    "chain_files_for",
    "chain_studies_for",
    "is_nobody_at_work",
    "jobs_before",
    "jobs_by_state",
    "known_sites",
    "may_run",
    "outage_cost_for",
    "outage_costs_for",
    "same_question",
    "shown",
    "studies_for",
    "study_for",
    "study_of",
    "totals",
]

_WORKERS_ARE_HEARD_WITHIN = timedelta(seconds=20)
_MOST_COSTS = 20


@dataclass(frozen=True)
class Shown:
    """A study as a viewer gets it.

    Parameters
    ----------
    study : Study
        The study.
    summary : mapping
        Its main figures, without what is kept back; empty until it is done.
    files : mapping of str to int
        Files that the viewer may take away: none where anything is kept back, because they hold it.
    hidden : frozenset of Hidden
        What is kept back.
    may : frozenset of Permission
        What the viewer may do with it.
    may_run : bool
        Whether the viewer may call it off, try it again and repeat it.
    """

    study: Study
    summary: Mapping[str, Any]
    files: Mapping[str, int]
    hidden: frozenset[Hidden]
    may: frozenset[Permission]
    may_run: bool

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for; without the chain, whose digest says nothing, and without a site that is kept back."""
        kept_back = {"chain"} | ({"site"} if Hidden.PLACES in self.hidden else set())
        return {name: value for name, value in self.study.parameters.items() if name not in kept_back}


@dataclass(frozen=True)
class OutageCost:  # budget: all that a page says of an outage, once
    """What it would cost if a site stopped, as far as it is known and the viewer may know it.

    Parameters
    ----------
    study : Study
        Where it comes from.
    site : str, optional
        What stops; none where places are kept back.
    days : float, days
        For how long.
    stock_days : float, optional, days
        How long stocks and spare capacity, used in the best way, keep every customer served.
    stock_lasts : bool
        Whether that is longer than was looked at.
    first_customer, first_product : str, optional
        Who goes short first, and of what; none where nobody does or it is kept back.
    first_day : float, optional, days
        When that is, from the day of the stop on.
    over_day : float, optional, days
        From when on everybody is served again.
    loss_a_day, loss : float, optional, currency
        Margin lost on the worst day, and in all; none where it is kept back.
    currency : str
        ISO code.
    """

    study: Study
    site: str | None
    days: float
    stock_days: float | None = None
    stock_lasts: bool = False
    first_customer: str | None = None
    first_product: str | None = None
    first_day: float | None = None
    over_day: float | None = None
    loss_a_day: float | None = None
    loss: float | None = None
    currency: str = ""

    @property
    def state(self) -> JobState:
        """Whether it is known already."""
        return JobState(self.study.job.state)


def studies_for(viewer: Viewer) -> QuerySet[Study]:
    """List the studies that a viewer may read.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Study
        The newest first, with owner and job.
    """
    return visible_to(Study.objects.select_related("owner", "job"), viewer).order_by("-created", "-id")


def study_for(viewer: Viewer, pk: uuid.UUID) -> Study | None:
    """Find one study that a viewer may read.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Study or None
        None where it is not there or not for this viewer.
    """
    return studies_for(viewer).select_related("created_by", "chain_file").filter(pk=pk).first()


def may_run(viewer: Viewer, study: Study) -> bool:
    """Say whether a viewer may call a study off, try it again, and repeat it with changes.

    Parameters
    ----------
    viewer : Viewer
        Who wants to.
    study : Study
        Which.

    Returns
    -------
    bool
        True for who runs studies in the organization that owns it, and may read this one.
    """
    runs = Capability.STUDY in viewer.capabilities and study.owner_id in viewer.own
    return runs and visible_to(Study.objects.filter(pk=study.pk), viewer).exists()


def shown(viewer: Viewer, studies: Sequence[Study]) -> list[Shown]:
    """Prepare studies for a viewer: without what is kept back.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    studies : sequence of Study
        Those that the viewer may read.

    Returns
    -------
    list of Shown
        In the same order.
    """
    standings = standings_of(studies, viewer)
    seen = []
    for study in studies:
        hidden = hidden_parts(standings[study.pk])
        seen.append(
            Shown(
                study=study,
                summary=without(study.summary, hidden),
                files={} if hidden else study.files,
                hidden=hidden,
                may=permissions(standings[study.pk], viewer.capabilities),
                may_run=Capability.STUDY in viewer.capabilities and study.owner_id in viewer.own,
            )
        )
    return seen


def totals(studies: QuerySet[Study]) -> dict[str, int]:
    """Count studies by where they stand.

    Parameters
    ----------
    studies : QuerySet of Study
        What the viewer may see.

    Returns
    -------
    dict from str to int
        ``all``, ``unfinished``, ``done`` and ``failed`` (or given up).
    """
    return studies.order_by().aggregate(
        all=Count("pk"),
        unfinished=Count("pk", filter=Q(job__state__in=UNFINISHED)),
        done=Count("pk", filter=Q(job__state=JobState.DONE)),
        failed=Count("pk", filter=Q(job__state__in=[JobState.FAILED, JobState.DEAD])),
    )


def jobs_before(job: Job) -> int:
    """Count the jobs that are taken up before a waiting one.

    Parameters
    ----------
    job : Job
        In the queue.

    Returns
    -------
    int
        A number without a name: whose they are is not said.
    """
    return Job.objects.filter(queue=job.queue, state=JobState.QUEUED, run_at__lt=job.run_at).count()


def is_nobody_at_work(job: Job) -> bool:
    """Say whether a job waits although its time has come, and no worker was heard of for a while.

    Parameters
    ----------
    job : Job
        In the queue.

    Returns
    -------
    bool
        True if it may be that no worker runs.
    """
    now = timezone.now()
    if job.state != JobState.QUEUED or job.run_at > now - _WORKERS_ARE_HEARD_WITHIN:
        return False
    return not Job.objects.filter(queue=job.queue, state=JobState.LEASED, lease_until__gt=now).exists()


def chain_files_for(viewer: Viewer) -> QuerySet[ChainFile]:
    """List the workbooks of the viewer's own organizations.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of ChainFile
        The newest first; none for who runs no studies.
    """
    own = viewer.own if Capability.STUDY in viewer.capabilities else frozenset()
    return ChainFile.objects.filter(owner_id__in=own).select_related("owner")


def chain_file_for(viewer: Viewer, pk: uuid.UUID) -> ChainFile | None:
    """Find a workbook of the viewer's own organizations.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    ChainFile or None
        None where it is not the viewer's.
    """
    return chain_files_for(viewer).filter(pk=pk).first()


def chain_studies_for(viewer: Viewer) -> QuerySet[Study]:
    """List the studies on whose chains a viewer can ask what an outage costs.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of Study
        Stress tests of chains of the viewer's own organizations that are done, the newest first.
    """
    if Capability.STUDY not in viewer.capabilities:
        return Study.objects.none()
    done = studies_for(viewer).filter(kind=StudyKind.CHAIN_STRESS, job__state=JobState.DONE, owner_id__in=viewer.own)
    return done.select_related("chain_file")


def known_sites(viewer: Viewer, chain: str) -> list[str]:
    """List the sites of a chain as an earlier study of the viewer's found them.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    chain : str
        The word ``example`` or a digest.

    Returns
    -------
    list of str
        Empty where no study of the chain is done.
    """
    earlier = chain_studies_for(viewer).filter(parameters__chain=chain).first()
    return list(earlier.summary.get("sites", [])) if earlier else []


def same_question(viewer: Viewer, chain_study: Study, parameters: Mapping[str, Any]) -> Study | None:
    """Find a study that answers a question about an outage already, or is about to.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    chain_study : Study
        On whose chain.
    parameters : mapping
        Chain, site and days.

    Returns
    -------
    Study or None
        One of the same organization that did not fail.
    """
    alive = [*UNFINISHED, JobState.DONE]
    asked = studies_for(viewer).filter(kind=StudyKind.CHAIN_OUTAGE, owner_id=chain_study.owner_id, job__state__in=alive)
    return asked.filter(parameters=dict(parameters)).first()


def outage_cost_for(viewer: Viewer, pk: uuid.UUID) -> OutageCost | None:
    """Find what an outage would cost, for a page about something else, such as a finding.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        The study, as :func:`tenon.web.runs.services.request_outage_cost` returned it.

    Returns
    -------
    OutageCost or None
        None where there is no such study or it is not for this viewer.
    """
    return next(iter(outage_costs_for(viewer, [pk])), None)


def outage_costs_for(viewer: Viewer, pks: Sequence[uuid.UUID]) -> list[OutageCost]:
    """Find what several outages would cost.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pks : sequence of UUID
        The studies; at most twenty are looked at.

    Returns
    -------
    list of OutageCost
        The newest first; those that the viewer may see.
    """
    found = studies_for(viewer).filter(pk__in=list(pks)[:_MOST_COSTS], kind=StudyKind.CHAIN_OUTAGE)
    return [_cost(seen) for seen in shown(viewer, list(found))]


def _cost(seen: Shown) -> OutageCost:
    study, summary = seen.study, seen.summary
    followed: Mapping[str, Any] = summary.get("followed") or {}
    out: Mapping[str, Any] = next(iter(summary.get("worst", [])), {})
    return OutageCost(
        study=study,
        site=None if Hidden.PLACES in seen.hidden else str(study.parameters["site"]),
        days=float(study.parameters["days"]),
        stock_days=out.get("stock_days"),
        stock_lasts=bool(out.get("stock_lasts")),
        first_customer=followed.get("first_customer") or None,
        first_product=followed.get("first_product") or None,
        first_day=followed.get("first_loss_day"),
        over_day=followed.get("over_day"),
        loss_a_day=followed.get("loss_a_day"),
        loss=followed.get("loss"),
        currency=str(summary.get("currency", "")),
    )


def jobs_by_state() -> dict[str, int]:
    """Count all jobs of the platform by state: for whoever runs it, who learns nothing else of them.

    Returns
    -------
    dict from str to int
        Every state.
    """
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in JobState}


def study_of(job_pk: uuid.UUID) -> QuerySet[Study]:
    """Find the study that a job makes, for the worker, which acts for nobody.

    Parameters
    ----------
    job_pk : UUID
        The job.

    Returns
    -------
    QuerySet of Study
        One.
    """
    return Study.objects.filter(job_id=job_pk)  # one place: the platform itself, which acts for nobody
