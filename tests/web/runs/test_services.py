from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenon.data import example_chain, write_chain
from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.runs import folders, outcome_services, selectors, services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.models import ChainFile, Job, Study
from tenon.web.runs.rules import JobState, LateWriterError
from tests.web.runs.building import FILES, MINUTE, asked, done, outage, taken_up
from tests.web.runs.conftest import Cast
from tests.web.runs.samples import CHAIN
from tests.web.worlds import member, organization, viewer


def actions(study: Study) -> list[str]:
    return list(Entry.objects.filter(subject_id=str(study.pk)).order_by("number").values_list("action", flat=True))


def test_a_study_goes_from_its_request_to_its_end(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    assert study.parameters == {"chain": "example", "closure_days": 30.0, "within_days": 0.0, "follow": 10}
    after = done(study)
    assert (after.job.state, after.summary, after.files, after.version) == (JobState.DONE, CHAIN, FILES, 2)
    assert actions(study) == ["study.requested", "study.taken_up", "study.done"]
    assert find_fault(organization_chain(cast.plant.pk)) is None


def test_who_runs_no_studies_or_elsewhere_is_refused(cast: Cast) -> None:
    for by, owner in ((cast.reader, cast.plant), (cast.stranger, cast.plant), (cast.analyst, cast.port)):
        with pytest.raises(PermissionDenied, match="does not allow to run studies here"):
            asked(by, owner)
    assert not Job.objects.exists()


def test_one_key_is_one_study(cast: Cast) -> None:
    first = asked(cast.analyst, cast.plant, key="a")
    assert asked(cast.analyst, cast.plant, key="a").pk == first.pk
    assert asked(cast.coordinator, cast.plant, key="a").pk != first.pk
    assert Job.objects.count() == Study.objects.count() == 2


def test_what_cannot_be_run_is_not_stored(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="follow must be a whole number"):
        asked(cast.analyst, cast.plant, parameters={"follow": 1000})
    with pytest.raises(ValidationError, match="forbids this reach"):
        asked(cast.analyst, cast.plant, marking=Marking.AMBER, reach=Reach.COMMUNITY)
    with pytest.raises(ValidationError, match="title"):
        asked(cast.analyst, cast.plant, title=" ")
    assert not Job.objects.exists()
    assert not Study.objects.exists()


def test_one_organization_does_not_fill_the_queue(cast: Cast) -> None:
    unit = organization("Unit", cast.plant)
    below = viewer(member(unit, "analyst"))
    for _ in range(services.MOST_WAITING):
        asked(below, unit)
    with pytest.raises(ValidationError, match="20 studies of your organization wait"):
        asked(cast.analyst, cast.plant)
    asked(cast.stranger, cast.port)


def test_a_study_is_called_off_and_its_worker_is_too_late(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    job = taken_up()
    services.cancel(cast.coordinator, study, study.version)
    writes: list[Callable[[], None]] = [
        partial(outcome_services.complete, job, CHAIN, FILES),
        partial(outcome_services.refuse, job, "no"),
        partial(outcome_services.attempt_broke_off, job, "no"),
        partial(outcome_services.give_back, job),
    ]
    for write in writes:
        with pytest.raises(LateWriterError, match="too late"):
            write()
    after = Study.objects.select_related("job").get()
    assert (after.job.state, after.summary, after.version) == (JobState.CANCELLED, {}, 2)
    assert outcome_services.take_up(MINUTE) is None


def test_a_change_against_an_older_version_is_refused(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    seen = study.version
    done(study)
    for change in (services.cancel, services.retry):
        with pytest.raises(ValidationError, match="has changed meanwhile") as refused:
            change(cast.analyst, study, seen)
        assert refused.value.code == services.STALE
    with pytest.raises(ValidationError, match="not possible any more"):
        services.cancel(cast.analyst, study, seen + 1)


def test_who_may_not_run_it_does_not_change_it(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    for by in (cast.reader, cast.stranger):
        for change in (services.cancel, services.retry):
            with pytest.raises(PermissionDenied, match="does not allow to run studies here"):
                change(by, study, study.version)


def test_a_failed_study_is_tried_again_from_the_page(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    outcome_services.refuse(taken_up(), "the chain lacks a site")
    failed = Study.objects.select_related("job").get()
    assert (failed.job.state, failed.job.reason) == (JobState.FAILED, "the chain lacks a site")
    again = services.retry(cast.analyst, study, failed.version)
    assert (again.job.state, again.job.reason, again.job.attempts) == (JobState.QUEUED, "", 0)
    assert taken_up().fence == 2


def test_an_attempt_that_breaks_off_is_repeated_and_then_given_up(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    for _ in range(5):
        Job.objects.update(run_at=timezone.now() - MINUTE)
        outcome_services.attempt_broke_off(taken_up(), "its process ended with signal 9.")
    assert Job.objects.get().state == JobState.DEAD
    assert outcome_services.take_up(MINUTE) is None
    assert actions(study).count("study.broke_off") == 5


def test_the_job_of_a_lost_worker_is_taken_up_again_and_at_last_buried(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    first = taken_up()
    assert outcome_services.take_up(MINUTE) is None
    for number in range(4):
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert outcome_services.bury_lost() == 0
        assert taken_up().fence == number + 2
    with pytest.raises(LateWriterError, match="under number 5; whoever writes under 1 is too late"):
        outcome_services.complete(first, CHAIN, FILES)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outcome_services.take_up(MINUTE) is None
    assert outcome_services.bury_lost() == 1
    assert outcome_services.bury_lost() == 0
    assert Job.objects.get().state == JobState.DEAD
    assert actions(study)[-1] == "study.broke_off"


def test_a_job_given_back_has_not_been_tried(cast: Cast) -> None:
    asked(cast.analyst, cast.plant)
    outcome_services.give_back(taken_up())
    assert taken_up().attempts == 1


def test_the_database_refuses_jobs_that_cannot_be(cast: Cast) -> None:
    asked(cast.analyst, cast.plant)
    for wrong in ({"state": "leased"}, {"state": "gone"}, {"attempts": 6}, {"lease_until": timezone.now()}):
        with pytest.raises(IntegrityError, match="runs_job"), transaction.atomic():
            Job.objects.update(**wrong)


def uploaded(cast: Cast) -> ChainFile:
    path = folders.chains_folder().parent / "ours.xlsx"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        write_chain(example_chain(), path)
    content = path.read_bytes()
    return services.upload_chain(cast.analyst, cast.plant, "ours.xlsx", io.BytesIO(content), len(content))


def test_a_workbook_is_kept_once_and_for_its_organization(cast: Cast) -> None:
    file = uploaded(cast)
    assert uploaded(cast) == file
    assert folders.chain_path(file.digest).exists()
    assert list(selectors.chain_files_for(cast.coordinator)) == [file]
    assert not selectors.chain_files_for(cast.reader).exists()
    assert selectors.chain_file_for(cast.stranger, file.pk) is None
    study = asked(cast.analyst, cast.plant, chain_file=file)
    assert study.parameters["chain"] == file.digest
    with pytest.raises(PermissionDenied, match="belongs to another organization"):
        asked(cast.stranger, cast.port, chain_file=file)
    assert Entry.objects.filter(action="chain.uploaded").count() == 1


def test_what_is_no_workbook_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="this is no workbook"):
        services.upload_chain(cast.analyst, cast.plant, "ours.xlsx", io.BytesIO(b"x"), 1)
    with pytest.raises(PermissionDenied, match="does not allow"):
        services.upload_chain(cast.reader, cast.plant, "ours.xlsx", io.BytesIO(b"x"), 1)


def test_strangers_see_no_study_until_it_is_shared(cast: Cast) -> None:
    study = done(asked(cast.coordinator, cast.plant))
    assert selectors.study_for(cast.stranger, study.pk) is None
    assert selectors.totals(selectors.studies_for(cast.stranger))["all"] == 0
    sharing.set_reach(cast.coordinator, study, Reach.GROUP, Marking.AMBER)
    sharing.share(cast.coordinator, study, cast.port, Profile.READ, [Hidden.COST])
    found = selectors.study_for(cast.stranger, study.pk)
    assert found is not None
    (seen,) = selectors.shown(cast.stranger, [found])
    assert seen.summary["followed"]["loss"] is None
    assert seen.summary["sentences"] == {}
    assert seen.summary["worst"][0]["stock_days"] == 28.5
    assert seen.files == {}
    assert not seen.may_run
    (own,) = selectors.shown(cast.reader, [found])
    assert (own.summary, own.files, own.may_run) == (CHAIN, FILES, False)


def test_a_study_marked_red_is_seen_by_whoever_asked_for_it(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant, marking=Marking.RED)
    assert selectors.study_for(cast.analyst, study.pk) == study
    assert selectors.study_for(cast.coordinator, study.pk) is None
    with pytest.raises(PermissionDenied, match="does not allow to run studies here"):
        services.cancel(cast.coordinator, study, 1)


def test_what_an_outage_costs_is_asked_once_and_told(cast: Cast) -> None:
    chain_study = done(asked(cast.analyst, cast.plant))
    asked_for = services.request_outage_cost(cast.coordinator, chain_study, "Ghent melt shop", 30)
    again = services.request_outage_cost(cast.analyst, chain_study, "Ghent melt shop", 30.0)
    assert again.pk == asked_for.pk
    assert services.request_outage_cost(cast.analyst, chain_study, "Genk works", 30).pk != asked_for.pk
    waits = selectors.outage_cost_for(cast.reader, asked_for.pk)
    assert waits is not None
    assert (waits.state, waits.site, waits.days, waits.loss) == (JobState.QUEUED, "Ghent melt shop", 30.0, None)
    done(asked_for)
    cost = selectors.outage_cost_for(cast.reader, asked_for.pk)
    assert cost is not None
    assert (cost.state, cost.stock_days, cost.stock_lasts) == (JobState.DONE, 28.5, False)
    assert (cost.first_customer, cost.first_day, cost.over_day) == ("household goods makers", 12.0, 103.0)
    assert (cost.loss_a_day, cost.loss, cost.currency) == (182420.0, 1824200.0, "USD")
    assert asked_for.made_from == chain_study


def test_a_cost_is_not_told_to_strangers_and_without_what_is_kept_back(cast: Cast) -> None:
    study = done(outage(cast.coordinator, cast.plant))
    assert selectors.outage_cost_for(cast.stranger, study.pk) is None
    sharing.set_reach(cast.coordinator, study, Reach.GROUP, Marking.AMBER)
    sharing.share(cast.coordinator, study, cast.port, Profile.READ, [Hidden.COST, Hidden.PLACES])
    cost = selectors.outage_cost_for(cast.stranger, study.pk)
    assert cost is not None
    assert (cost.site, cost.first_customer, cost.loss, cost.loss_a_day) == (None, None, None, None)
    assert (cost.stock_days, cost.first_day) == (28.5, 12.0)


def test_a_question_that_failed_is_asked_again(cast: Cast) -> None:
    chain_study = done(asked(cast.analyst, cast.plant))
    first = services.request_outage_cost(cast.analyst, chain_study, "Genk works", 7)
    outcome_services.refuse(taken_up(), "no")
    assert services.request_outage_cost(cast.analyst, chain_study, "Genk works", 7).pk != first.pk


def test_questions_that_make_no_sense_are_refused(cast: Cast) -> None:
    chain_study = done(asked(cast.analyst, cast.plant))
    with pytest.raises(ValidationError, match=r"no site of this name\. did you mean 'Genk works'"):
        services.request_outage_cost(cast.analyst, chain_study, "Genk work", 30)
    with pytest.raises(ValidationError, match="outage_days must be a number from 1 to 730"):
        services.request_outage_cost(cast.analyst, chain_study, "Genk works", 0)
    table = asked(
        cast.analyst,
        cast.plant,
        kind=StudyKind.TABLE_STRESS,
        parameters={"table": "world-2022", "scenario": "tohoku-2011"},
    )
    with pytest.raises(ValidationError, match="no study of a chain"):
        services.request_outage_cost(cast.analyst, table, "Genk works", 30)
    for by in (cast.reader, cast.stranger):
        with pytest.raises(PermissionDenied, match="does not allow to run studies here"):
            services.request_outage_cost(by, chain_study, "Genk works", 30)


def test_the_sites_of_a_chain_are_known_from_its_stress_test(cast: Cast) -> None:
    assert selectors.known_sites(cast.analyst, "example") == []
    done(asked(cast.analyst, cast.plant))
    assert selectors.known_sites(cast.analyst, "example") == ["Genk works", "Ghent melt shop"]
    assert selectors.known_sites(cast.stranger, "example") == []


def test_it_is_said_where_nobody_is_at_work(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    assert not selectors.is_nobody_at_work(study.job)
    study.job.run_at -= MINUTE
    assert selectors.is_nobody_at_work(study.job)
    asked(cast.analyst, cast.plant)
    taken_up()
    assert not selectors.is_nobody_at_work(study.job)
