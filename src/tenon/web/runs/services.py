"""Asking for studies, calling them off, and keeping what comes of them: each change together with its record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.schema.errors import ParameterError, SourceError, nearest
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Organization, Share
from tenon.web.organizations.policies import Viewer, kind_of
from tenon.web.organizations.row_policies import as_platform, locked_row
from tenon.web.organizations.rules import Capability, Marking, Profile, Reach, reach_allowed
from tenon.web.runs import folders, leases, rules, selectors
from tenon.web.runs.configurations import EXAMPLE, ChainOutage, StudyKind, as_values, read_configuration
from tenon.web.runs.models import ChainFile, Job, Study
from tenon.web.runs.workbooks import check_workbook, keep_workbook

__all__ = [
    "MOST_WAITING",
    "OVER",
    "STALE",
    "Wanted",
    "cancel",
    "record_download",
    "request",
    "request_outage_cost",
    "retry",
    "upload_chain",
]

STALE = "stale"
"""The code of the refusal of a change that was made against an older version."""
OVER = "over"
"""The code of the refusal of a change that does not lead on from where the study stands."""
MOST_WAITING = 20
"""Studies that one organization, with all above and below it, may have waiting or running."""
_JOB = "study"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody asks for.

    Parameters
    ----------
    title : str
        What the study is called, at most 160 characters.
    kind : StudyKind
        What kind it is.
    parameters : mapping
        As `tenon.web.runs.configurations` describes them; ``chain`` is taken from ``chain_file``.
    chain_file : ChainFile, optional
        The chain's workbook, of the organization's own; the worked example where none is given.
    language : str
        Of the report: ``en`` or ``zh``.
    marking, reach : Marking, Reach
        How far it goes.
    made_from : Study, optional
        The study that this one repeats with changes, or whose chain it looks at.
    key : str
        Sent twice with one key, it is one study.
    """

    title: str
    kind: StudyKind
    parameters: Mapping[str, Any]
    chain_file: ChainFile | None = None
    language: str = "en"
    marking: Marking = Marking.AMBER
    reach: Reach = Reach.ORGANIZATION
    made_from: Study | None = None
    key: str = ""


def request(viewer: Viewer, owner: Organization, wanted: Wanted) -> Study:
    """Ask for a study; a worker takes it up.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    owner : Organization
        The organization acted for, or one below it.
    wanted : Wanted
        For what.

    Returns
    -------
    Study
        Stored, with its job in the queue; the earlier one where the same key was sent before.

    Raises
    ------
    PermissionDenied
        If the viewer's role runs no studies, or organization or workbook are not the viewer's.
    ValidationError
        If something is none that can be, or too many studies of the organization wait already.
    """
    if Capability.STUDY not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to run studies here."))
    if wanted.chain_file is not None and wanted.chain_file.owner_id not in viewer.own:
        raise PermissionDenied(_("This workbook belongs to another organization."))
    key = f"{_JOB}:{viewer.actor.user_id}:{wanted.key or uuid.uuid4().hex}"[:120]
    study = _made(viewer, owner, wanted)
    try:
        with transaction.atomic():
            _must_have_room(owner)
            study.job = leases.enqueue(
                _JOB,
                key,
                time_limit_seconds=settings.ENVIRONMENT.study_minutes * 60,
                memory_limit_mb=settings.ENVIRONMENT.study_memory_mb,
            )
            study.full_clean()
            study.save(force_insert=True)
            if study.marking == Marking.RED:
                _name(viewer, study)
            details = {
                "kind": study.kind,
                "parameters": study.parameters,
                "from": wanted.made_from and wanted.made_from.pk,
            }
            _record(viewer, "requested", study, details)
    except IntegrityError:
        earlier = selectors.studies_for(viewer).filter(job__idempotency_key=key).first()
        if earlier is None:
            raise
        return earlier
    return study


def _made(viewer: Viewer, owner: Organization, wanted: Wanted) -> Study:
    if not reach_allowed(wanted.reach, wanted.marking):
        raise ValidationError({"reach": _("This marking forbids this reach.")})
    parameters = dict(wanted.parameters)
    if wanted.kind is not StudyKind.TABLE_STRESS:
        parameters["chain"] = wanted.chain_file.digest if wanted.chain_file else EXAMPLE
    try:
        configuration = read_configuration(wanted.kind, parameters)
    except ParameterError as error:
        raise ValidationError(str(error)) from None
    return Study(
        owner=owner,
        title=wanted.title.strip(),
        kind=wanted.kind,
        parameters=as_values(configuration),
        chain_file=wanted.chain_file,
        language=wanted.language,
        marking=wanted.marking,
        reach=wanted.reach,
        made_from=wanted.made_from,
        created_by_id=viewer.actor.user_id,
    )


@as_platform()  # those that others of the organization marked red count, too
def _must_have_room(owner: Organization) -> None:
    """Keep one organization from filling the queue that all share."""
    waiting = Study.objects.filter(owner__root_id=owner.root_id, job__state__in=rules.UNFINISHED)
    if waiting.count() >= MOST_WAITING:
        raise ValidationError(
            _("%(most)s studies of your organization wait or run already. Wait for them, or call some off.")
            % {"most": MOST_WAITING}
        )


def _name(viewer: Viewer, study: Study) -> None:
    """Name whoever asked for a study marked red, who would lose sight of it otherwise."""
    Share.objects.create(
        subject_kind=kind_of(Study), subject_id=study.pk, user_id=viewer.actor.user_id, profile=Profile.READ
    )


def request_outage_cost(  # budget: whose, on which chain, what, for how long, and how it is kept
    viewer: Viewer, chain_study: Study, site: str, days: float, *, title: str = ""
) -> Study:
    """Ask what it costs if one site of a chain stops, on the chain of a study that was made before.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    chain_study : Study
        A study of a chain that the viewer may read, of the viewer's own organizations.
    site : str
        Label of the site in that chain.
    days : float, days, from 1 to 730
        How long it stops.
    title : str
        What the study is called; the site and the days where nothing is given.

    Returns
    -------
    Study
        Waiting, running or done: an earlier one with the same question where the viewer sees one that did not fail.

    Raises
    ------
    PermissionDenied
        If the viewer's role runs no studies, or the study belongs to another organization.
    ValidationError
        If the study is none of a chain, its chain has no such site, or the days are none that can be.
    """
    if not selectors.may_run(viewer, chain_study):
        raise PermissionDenied(_("Your role does not allow to run studies here."))
    if chain_study.kind == StudyKind.TABLE_STRESS:
        raise ValidationError(_("This is no study of a chain."))
    sites = chain_study.summary.get("sites", [])
    if sites and site not in sites:
        raise ValidationError({"site": _("The chain has no site of this name.") + f" {nearest(site, sites)}"})
    chain = chain_study.parameters["chain"]
    try:
        asked = as_values(ChainOutage(chain=chain, site=site, days=float(days)))
    except ParameterError as error:
        raise ValidationError(str(error)) from None
    earlier = selectors.same_question(viewer, chain_study, asked)
    if earlier is not None:
        return earlier
    wanted = Wanted(
        title=title or _("%(site)s stops for %(days)g days") % {"site": site[:100], "days": days},
        kind=StudyKind.CHAIN_OUTAGE,
        parameters=asked,
        chain_file=chain_study.chain_file,
        language=chain_study.language,
        marking=Marking(chain_study.marking),
        made_from=chain_study,
    )
    return request(viewer, chain_study.owner, wanted)


def cancel(viewer: Viewer, study: Study, version: int) -> Study:
    """Call a study off; its worker ends it when it next says how far it is.

    Parameters
    ----------
    viewer : Viewer
        Who calls it off.
    study : Study
        Which.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Study
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not run it.
    ValidationError
        If it changed meanwhile (with the code `STALE`) or is over.
    """
    with transaction.atomic():
        current = _current(viewer, study, version)
        _step(current, rules.cancelled, ended=timezone.now())
        _changed(current)
        _record(viewer, "cancelled", current, {})
    return current


def retry(viewer: Viewer, study: Study, version: int) -> Study:
    """Queue a study again that failed, was called off or given up.

    Parameters
    ----------
    viewer : Viewer
        Who wants it again.
    study : Study
        Which.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Study
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not run it.
    ValidationError
        If it changed meanwhile (with the code `STALE`), waits, runs or is done, or too many wait already.
    """
    with transaction.atomic():
        current = _current(viewer, study, version)
        _must_have_room(current.owner)
        fresh = {"reason": "", "stage": "", "done": 0, "total": 0, "started": None, "ended": None}
        _step(current, partial(rules.retried, now=timezone.now()), **fresh)
        _changed(current)
        _record(viewer, "retried", current, {})
    return current


def _current(viewer: Viewer, study: Study, version: int) -> Study:
    """Lock a study for a change by somebody who saw a version of it."""
    if not selectors.may_run(viewer, study):
        raise PermissionDenied(_("Your role does not allow to run studies here."))
    current = locked_row(Study.objects.select_related("owner"), study.pk)
    if current.version != version:
        raise ValidationError(
            _("This study has changed meanwhile. Nothing was changed by you; look at it again and repeat."), code=STALE
        )
    return current


def _step(study: Study, rule: Any, **fields: Any) -> Job:  # noqa: ANN401 - a rule of `rules`, and columns of a job
    try:
        job = leases.change(study.job_id, rule, **fields)
    except rules.LateWriterError:
        raise ValidationError(
            _("That is not possible any more in the state in which the study is."), code=OVER
        ) from None
    study.job = job
    return job


def _changed(study: Study) -> None:
    Study.objects.filter(pk=study.pk).update(version=F("version") + 1)
    study.refresh_from_db(fields=["version"])


def upload_chain(viewer: Viewer, owner: Organization, name: str, file: IO[bytes], size: int) -> ChainFile:
    """Keep the workbook of a chain for an organization.

    Parameters
    ----------
    viewer : Viewer
        Who uploads it.
    owner : Organization
        The organization acted for, or one below it.
    name : str
        Name of the file, for people.
    file : binary file
        The workbook.
    size : int
        Its bytes.

    Returns
    -------
    ChainFile
        Stored; the earlier one where the organization has the same content already.

    Raises
    ------
    PermissionDenied
        If the viewer's role runs no studies, or the organization is not the viewer's.
    ValidationError
        If it is no workbook, or too large.
    """
    if Capability.STUDY not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to run studies here."))
    try:
        check_workbook(file, size)
    except SourceError as error:
        raise ValidationError({"upload": str(error)}) from None
    digest, length = keep_workbook(file, folders.chains_folder())
    with transaction.atomic():
        made, is_new = ChainFile.objects.get_or_create(
            owner=owner,
            digest=digest,
            defaults={"name": name[-120:], "size": length, "uploaded_by_id": viewer.actor.user_id},
        )
        if is_new:
            chain = organization_chain(owner.pk)
            record(viewer.actor, "chain.uploaded", ("chainfile", made.pk), chain=chain, details={"sha256": digest})
    return made


def record_download(viewer: Viewer, study: Study, name: str) -> None:
    """Record that somebody takes a file of a study away.

    Parameters
    ----------
    viewer : Viewer
        Who.
    study : Study
        Of which.
    name : str
        The file.
    """
    with transaction.atomic():
        _record(viewer, "downloaded", study, {"file": name})


def _record(viewer: Viewer, action: str, study: Study, details: Mapping[str, Any]) -> None:
    record(
        viewer.actor,
        f"study.{action}",
        ("study", study.pk),
        chain=organization_chain(study.owner_id),
        details=details,
    )
