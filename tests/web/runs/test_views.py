from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from tenon.data import example_chain, write_chain
from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.runs import folders, outcome_services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.models import ChainFile, Study
from tenon.web.runs.rules import JobState
from tests.web.runs.building import asked, done, outage, taken_up
from tests.web.runs.conftest import Cast
from tests.web.runs.samples import TABLE
from tests.web.worlds import client_of, member

PLAIN = {"key": "k", "title": "", "language": "en", "marking": "TLP:AMBER", "reach": "organization"}
STRESS = {**PLAIN, "chain": "example", "closure_days": "30", "within_days": "0", "follow": "10"}


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.analyst_member)


def page(client: Client, study: Study) -> str:
    return client.get(reverse("study", args=[study.pk])).content.decode()


def test_a_stress_test_is_asked_for_from_a_page(client: Client) -> None:
    assert "stress test of a chain" in client.get(reverse("choose_study")).content.decode().lower()
    address = reverse("new_study", args=["chain-stress"])
    assert client.get(address).status_code == 200
    answer = client.post(address, STRESS)
    study = Study.objects.get()
    assert answer.headers["Location"] == reverse("study", args=[study.pk])
    assert study.title == "Stress test of the worked example"
    assert client.post(address, STRESS).headers["Location"] == answer.headers["Location"]
    assert Study.objects.count() == 1
    assert "It waits to be taken up." in page(client, study)


def test_a_scenario_on_a_table_is_asked_for(client: Client) -> None:
    sent = {**PLAIN, "table": "world-2022", "scenario": "tohoku-2011", "days": ""}
    client.post(reverse("new_study", args=["table-stress"]), sent)
    study = Study.objects.get()
    assert study.parameters == {"table": "world-2022", "scenario": "tohoku-2011"}
    assert study.title == "Great East Japan earthquake and tsunami, 2011"
    with override("zh-hans"):
        done(study, TABLE)
    client.cookies["django_language"] = "zh-hans"
    assert "日本" in page(client, study)


def test_a_workbook_is_uploaded_with_the_study(client: Client, tmp_path: Path) -> None:
    write_chain(example_chain(), tmp_path / "ours.xlsx")
    with (tmp_path / "ours.xlsx").open("rb") as file:
        answer = client.post(reverse("new_study", args=["chain-stress"]), {**STRESS, "upload": file})
    assert answer.status_code == 302
    study = Study.objects.get()
    assert study.chain_file == ChainFile.objects.get()
    assert study.title == "Stress test of ours.xlsx"


def test_what_is_no_workbook_comes_back_with_the_form(client: Client) -> None:
    wrong = io.BytesIO(b"no workbook")
    wrong.name = "ours.xlsx"
    answer = client.post(reverse("new_study", args=["chain-stress"]), {**STRESS, "upload": wrong})
    assert answer.status_code == 200
    assert "this is no workbook" in answer.content.decode()
    assert not Study.objects.exists()


def test_a_request_that_is_too_large_is_cut_off(client: Client) -> None:
    large = io.BytesIO(b"\0" * (17 * 2**20))
    large.name = "ours.xlsx"
    answer = client.post(reverse("new_study", args=["chain-stress"]), {**STRESS, "upload": large})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [{"follow": "51"}, {"closure_days": "nan"}, {"chain": "0" * 64}, {"reach": "community"}, {"marking": "TLP:BLUE"}],
)
def test_a_form_with_a_mistake_comes_back(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(reverse("new_study", args=["chain-stress"]), {**STRESS, **wrong})
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not Study.objects.exists()


def test_a_study_is_repeated_with_changes(client: Client, cast: Cast) -> None:
    first = outage(cast.analyst, cast.plant)
    address = reverse("new_study", args=["chain-outage"]) + f"?from={first.pk}"
    assert 'value="Ghent melt shop"' in client.get(address).content.decode()
    client.post(address, {**PLAIN, "chain": "example", "site": "Genk works", "days": "7"})
    assert Study.objects.exclude(pk=first.pk).get().made_from == first
    theirs = asked(cast.stranger, cast.port)
    for other in (str(theirs.pk), "nonsense"):
        assert client.get(reverse("new_study", args=["chain-stress"]) + f"?from={other}").status_code == 404
    assert client.get(reverse("new_study", args=["magic"])).status_code == 404


def test_the_state_refreshes_itself_and_then_the_page(client: Client, cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    address = reverse("state_of_study", args=[study.pk])
    job = taken_up()
    waiting = client.get(address)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "HX-Refresh" not in waiting.headers
    assert "no-store" in waiting.headers["Cache-Control"]
    outcome_services.refuse(job, "outage names a site, which the chain lacks")
    over = client.get(address)
    assert "hx-trigger" not in over.content.decode()
    assert over.headers["HX-Refresh"] == "true"
    assert "which the chain lacks" in page(client, study)


def test_a_study_is_called_off_and_tried_again(client: Client, cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    assert client.post(reverse("cancel_study", args=[study.pk]), {"version": "1"}).status_code == 302
    assert Study.objects.get().job.state == JobState.CANCELLED
    stale = client.post(reverse("retry_study", args=[study.pk]), {"version": "1"})
    assert stale.status_code == 409
    assert "has changed meanwhile" in stale.content.decode()
    assert client.post(reverse("retry_study", args=[study.pk]), {"version": "2"}).status_code == 302
    assert Study.objects.get().job.state == JobState.QUEUED
    assert client.post(reverse("cancel_study", args=[study.pk]), {"version": "x"}).status_code == 404


def test_what_came_of_it_is_shown_and_handed_out(client: Client, cast: Cast) -> None:
    study = done(asked(cast.analyst, cast.plant))
    shown = page(client, study)
    for words in ("household goods makers", "USD 1.82 million", "<polyline", "Ghent melt shop", "over 365 days"):
        assert words in shown, words
    assert " style=" not in shown
    report = folders.report_file(study.pk, "report.html")
    report.parent.mkdir(parents=True)
    report.write_text("<script>alert(1)</script>", encoding="utf-8")
    answer = client.get(reverse("file_of_study", args=[study.pk, "report.html"]))
    assert answer.getvalue() == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Entry.objects.filter(action="study.downloaded").count() == 1
    for name in ("outages.csv", "job.json", "..%2Fjob.json", "summary.json"):
        assert client.get(f"/studies/{study.pk}/files/{name}").status_code == 404, name


def test_a_table_study_is_shown(client: Client, cast: Cast) -> None:
    study = done(
        asked(
            cast.analyst,
            cast.plant,
            kind=StudyKind.TABLE_STRESS,
            parameters={"table": "world-2022", "scenario": "tohoku-2011"},
        ),
        TABLE,
    )
    shown = page(client, study)
    for words in ("Japan", "0.14%", "Great East Japan earthquake", "it is not over when the run ends"):
        assert words in shown, words


def test_the_cost_of_one_site_is_asked_for_in_a_stress_test(client: Client, cast: Cast) -> None:
    study = done(asked(cast.analyst, cast.plant))
    answer = client.post(reverse("outage_in_study", args=[study.pk]), {"site": "Genk works", "days": "7"})
    made = Study.objects.exclude(pk=study.pk).get()
    assert answer.headers["Location"] == reverse("study", args=[made.pk])
    assert made.title == "Genk works stops for 7 days"
    client.post(reverse("outage_in_study", args=[study.pk]), {"site": "Nowhere", "days": "7"})
    assert client.post(reverse("outage_in_study", args=[study.pk]), {"site": "x", "days": "?"}).status_code == 404
    assert Study.objects.count() == 2


ADDRESSES = [
    "study",
    "state_of_study",
    "cancel_study",
    "retry_study",
    "outage_in_study",
    "share_study",
    "reach_of_study",
]


def test_what_is_not_visible_is_not_there(cast: Cast) -> None:
    study = done(asked(cast.coordinator, cast.plant, title="Secret chain"))
    stranger = client_of(member(cast.port, "administrator"))
    for name in ADDRESSES:
        method = stranger.get if name in {"study", "state_of_study"} else stranger.post
        answer = method(reverse(name, args=[study.pk]), {"version": "2"})
        assert answer.status_code == 404, name
        assert "Secret chain" not in answer.content.decode()
    assert stranger.get(reverse("file_of_study", args=[study.pk, "report.html"])).status_code == 404
    assert "Secret chain" not in stranger.get(reverse("studies")).content.decode()


def test_who_reads_does_not_run(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    reader = client_of(member(cast.plant, "observer"))
    shown = page(reader, study)
    assert "Call it off" not in shown
    assert "Run it again" not in shown
    for name in ("cancel_study", "retry_study"):
        assert reader.post(reverse(name, args=[study.pk]), {"version": "1"}).status_code == 403
    assert reader.post(reverse("share_study", args=[study.pk]), {}).status_code == 404
    for name, arguments in (("choose_study", []), ("new_study", ["chain-stress"])):
        assert reader.get(reverse(name, args=arguments)).status_code == 403
    assert reader.post(reverse("new_study", args=["chain-stress"]), STRESS).status_code == 403


def test_files_are_not_handed_out_where_parts_are_kept_back(cast: Cast) -> None:
    study = done(asked(cast.coordinator, cast.plant))
    sharing.set_reach(cast.coordinator, study, Reach.GROUP, Marking.AMBER)
    given = sharing.share(cast.coordinator, study, cast.port, Profile.READ, [Hidden.COST])
    stranger = client_of(member(cast.port, "administrator"))
    shown = page(stranger, study)
    assert "household goods makers" in shown
    assert "1.82" not in shown
    assert "report.html" not in shown
    assert stranger.get(reverse("file_of_study", args=[study.pk, "report.html"])).status_code == 403
    assert stranger.post(reverse("revoke_study", args=[study.pk, given.pk])).status_code == 403
    owner = client_of(member(cast.plant, "coordinator"))
    other = done(asked(cast.coordinator, cast.plant))
    assert owner.post(reverse("revoke_study", args=[other.pk, given.pk])).status_code == 404
    assert owner.post(reverse("revoke_study", args=[study.pk, given.pk])).status_code == 302
    assert stranger.get(reverse("study", args=[study.pk])).status_code == 404


def test_a_study_is_shared_from_its_page(cast: Cast) -> None:
    study = done(asked(cast.coordinator, cast.plant))
    owner = client_of(member(cast.plant, "coordinator"))
    owner.post(reverse("reach_of_study", args=[study.pk]), {"marking": "TLP:AMBER", "reach": "group"})
    sent = {"receiver": f"organization:{cast.port.pk}", "profile": "read"}
    owner.post(reverse("share_study", args=[study.pk]), sent)
    assert "Port" in page(owner, study)
    assert page(client_of(member(cast.port, "observer")), study)


def test_without_signing_in_there_is_nothing(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    for name, arguments in (("studies", []), ("study", [study.pk]), ("state_of_study", [study.pk])):
        assert Client().get(reverse(name, args=arguments)).status_code == 302


def test_queries_do_not_grow_with_rows(client: Client, cast: Cast, django_assert_max_num_queries: object) -> None:
    for _ in range(15):
        asked(cast.analyst, cast.plant)
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a context manager of pytest-django
        client.get(reverse("studies"))
    study = Study.objects.first()
    assert study is not None
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a context manager of pytest-django
        client.get(reverse("study", args=[study.pk]))
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a context manager of pytest-django
        client.get(reverse("state_of_study", args=[study.pk]))
