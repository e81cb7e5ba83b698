"""Pages about studies."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Hidden, Marking, Permission, Reach
from tenon.web.organizations.selectors import shares_of
from tenon.web.organizations.sharing_forms import ReachForm, ShareForm
from tenon.web.organizations.sharing_views import reach_as_asked, revoke_as_asked, share_as_asked
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods
from tenon.web.runs import folders, selectors, services
from tenon.web.runs.configurations import EXAMPLE, StudyKind
from tenon.web.runs.forms import FORMS, ChainForm, StudyForm
from tenon.web.runs.labels import LEADS
from tenon.web.runs.library import scenario_title, text_language
from tenon.web.runs.models import ChainFile, Study
from tenon.web.runs.pictures import bar_shares, curve
from tenon.web.runs.services import Wanted

_ROWS = 50


def _viewer(request: HttpRequest) -> Viewer:
    return cast("ViewerRequest", request).viewer


def visible_study(request: HttpRequest, pk: uuid.UUID) -> Study:
    """Find a study that the viewer may read, or answer that there is none."""
    found = selectors.study_for(_viewer(request), pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    """Show the studies that one may see, the newest first."""
    viewer = _viewer(request)
    everything = selectors.studies_for(viewer)
    page = Paginator(everything, _ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "totals": selectors.totals(everything),
        "may_run": Capability.STUDY in viewer.capabilities,
    }
    return render(request, "runs/studies.html", context)


@login_required
@require_safe
def choose_study(request: HttpRequest) -> HttpResponse:
    """Choose what kind of study to run."""
    _must_run(_viewer(request))
    return render(request, "runs/choose.html", {"kinds": [(slug_of(kind), kind) for kind in StudyKind]})


def _must_run(viewer: Viewer) -> None:
    if Capability.STUDY not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied(_("Your role does not allow to run studies here."))


def slug_of(kind: StudyKind) -> str:
    """Write a kind as it stands in addresses."""
    return kind.value.replace(" ", "-")


@login_required
@require_form_methods
def new_study(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a study; ``?from=`` names one that it repeats with changes."""
    viewer = _viewer(request)
    _must_run(viewer)
    wanted = next((item for item in StudyKind if slug_of(item) == kind), None)
    if wanted is None:
        raise Http404
    made_from = _made_from(viewer, request.GET.get("from"))
    form = FORMS[wanted](request.POST or None, request.FILES or None, viewer=viewer, made_from=made_from)
    if request.method == "POST" and form.is_valid():
        try:
            made = _request(request, form, made_from)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, _("The study waits to be run."))
            return redirect("study", pk=made.pk)
    context = {
        "form": form,
        "title": _("New study"),
        "lead": LEADS[wanted],
        "action": _("Run it"),
        "back": {"url": reverse("choose_study"), "name": _("New study")},
    }
    return render(request, "pages/form.html", context)


def _made_from(viewer: Viewer, text: str | None) -> Study | None:
    """Find the study that another repeats: one of the viewer's own organizations."""
    if not text:
        return None
    try:
        found = selectors.study_for(viewer, uuid.UUID(text))
    except ValueError:
        raise Http404 from None
    if found is None or found.owner_id not in viewer.own:
        raise Http404
    return found


def _request(request: HttpRequest, form: StudyForm, made_from: Study | None) -> Study:
    viewer, sent = form.viewer, form.cleaned_data
    owner = sent.get("owner") or own_organization(request, cast("uuid.UUID", viewer.actor.organization_id))
    chain_file = _chain_file(viewer, owner, form) if isinstance(form, ChainForm) else None
    wanted = Wanted(
        title=sent["title"].strip() or _title(form, chain_file),
        kind=form.kind,
        parameters=form.chosen,
        chain_file=chain_file,
        language=sent["language"],
        marking=Marking(sent["marking"]),
        reach=Reach(sent["reach"]),
        made_from=made_from,
        key=sent["key"],
    )
    return services.request(viewer, owner, wanted)


def _chain_file(viewer: Viewer, owner: Organization, form: ChainForm) -> ChainFile | None:
    upload = form.cleaned_data.get("upload")
    if not upload:
        return form.chain_file
    return services.upload_chain(viewer, owner, upload.name or "", upload.file, upload.size or 0)


def _title(form: StudyForm, chain_file: ChainFile | None) -> str:
    if form.kind is StudyKind.TABLE_STRESS:
        return scenario_title(form.chosen["scenario"])[:160]
    if form.kind is StudyKind.CHAIN_OUTAGE:
        return _("%(site)s stops for %(days)g days") % {"site": form.chosen["site"][:100], "days": form.chosen["days"]}
    return _("Stress test of %(chain)s") % {"chain": chain_file.name if chain_file else _("the worked example")}


@login_required
@require_safe
def study(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a study: how far it is, then what came of it."""
    viewer, found = _viewer(request), visible_study(request, pk)
    sharing.record_reading(viewer, found)
    return render(request, "runs/study.html", _context(viewer, found))


def _context(viewer: Viewer, found: Study) -> dict[str, Any]:
    (seen,) = selectors.shown(viewer, [found])
    may_share = Permission.SHARE in seen.may
    return {
        **_state(seen),
        **_figures(seen),
        "seen": seen,
        "slug": slug_of(StudyKind(found.kind)),
        "parameters": seen.parameters,
        "names_hidden": Hidden.NAMES in seen.hidden,
        "shares": shares_of(found) if may_share else [],
        "share": ShareForm(viewer=viewer) if may_share else None,
        "reach": ReachForm(initial={"marking": found.marking, "reach": found.reach}) if may_share else None,
    }


def _state(seen: selectors.Shown) -> dict[str, Any]:
    job = seen.study.job
    return {
        "study": seen.study,
        "job": job,
        "before": selectors.jobs_before(job) if job.state == "queued" else 0,
        "nobody": selectors.is_nobody_at_work(job),
        "is_example": seen.study.parameters.get("chain") == EXAMPLE,
        "seen": seen,
    }


def _figures(seen: selectors.Shown) -> dict[str, Any]:
    """Lay out the main figures for drawing."""
    summary = seen.summary
    followed = summary.get("followed") or {}
    rows = {name: summary.get(name, []) for name in ("worst", "regions", "sectors")}
    return {
        "summary": summary,
        "followed": followed,
        "losses": curve(followed.get("losses"), zero=True),
        "output": curve(summary.get("output"), zero=False),
        "sentences": summary.get("sentences", {}).get(text_language(), []),
        **{
            f"{name}_rows": list(zip(listed, bar_shares([row["loss"] for row in listed]), strict=True))
            for name, listed in rows.items()
        },
    }


@login_required
@require_safe
def state(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how far a study is: a piece of its page, which asks for it again and again until it is over."""
    viewer, found = _viewer(request), visible_study(request, pk)
    (seen,) = selectors.shown(viewer, [found])
    answer = render(request, "runs/state.html", _state(seen))
    if not found.job.is_unfinished:
        answer["HX-Refresh"] = "true"  # the whole page has more to show now
    add_never_cache_headers(answer)
    return answer


@login_required
@require_POST
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Call a study off."""
    return _changed(request, pk, services.cancel, _("Called off."))


@login_required
@require_POST
def retry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Queue a study again."""
    return _changed(request, pk, services.retry, _("The study waits to be run."))


def _changed(
    request: HttpRequest, pk: uuid.UUID, change: Callable[[Viewer, Study, int], Study], said: str
) -> HttpResponse:
    viewer, found = _viewer(request), visible_study(request, pk)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit()):
        raise Http404
    try:
        change(viewer, found, int(version))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        again = _context(viewer, visible_study(request, pk))
        return render(
            request, "runs/study.html", again, status=409 if error.code in {services.STALE, services.OVER} else 200
        )
    messages.success(request, said)
    return redirect("study", pk=pk)


@login_required
@require_POST
def outage(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask what it costs if one of the sites of a stressed chain stops."""
    viewer, found = _viewer(request), visible_study(request, pk)
    try:
        days = float(request.POST.get("days", ""))
    except ValueError:
        raise Http404 from None
    try:
        made = services.request_outage_cost(viewer, found, request.POST.get("site", "")[:200], days)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("study", pk=pk)
    return redirect("study", pk=made.pk)


@login_required
@require_safe
def download(request: HttpRequest, pk: uuid.UUID, name: str) -> HttpResponseBase:
    """Hand out a file of a report, as an attachment: its page carries scripts that must not run here."""
    viewer, found = _viewer(request), visible_study(request, pk)
    (seen,) = selectors.shown(viewer, [found])
    if seen.hidden:
        raise PermissionDenied(_("Parts of this study are kept back from you, and its files hold them."))
    if name not in seen.files:
        raise Http404
    try:
        file = folders.report_file(found.pk, name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    services.record_download(viewer, found, name)
    # Of unknown type on purpose: no browser shows it as part of this site.
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")


@login_required
@require_POST
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Share a study."""
    share_as_asked(request, visible_study(request, pk))
    return redirect("study", pk=pk)


@login_required
@require_POST
def reach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say how far a study goes."""
    reach_as_asked(request, visible_study(request, pk))
    return redirect("study", pk=pk)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID, share: uuid.UUID) -> HttpResponse:
    """Take a share back."""
    viewer, found = _viewer(request), visible_study(request, pk)
    if Permission.SHARE not in selectors.shown(viewer, [found])[0].may:
        raise PermissionDenied
    revoke_as_asked(request, found, share)
    return redirect("study", pk=pk)
