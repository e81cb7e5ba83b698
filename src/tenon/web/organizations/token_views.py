"""Pages about one's own access tokens."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.accounts.models import User
from tenon.web.organizations import selectors, token_services
from tenon.web.organizations.forms import TokenForm
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.rules import Capability
from tenon.web.pages.methods import require_form_methods


@login_required
@require_safe
def tokens_of_person(request: HttpRequest) -> HttpResponse:
    """Show one's own access tokens."""
    mine = selectors.tokens_of(cast("User", request.user))
    return render(request, "organizations/tokens.html", {"tokens": mine})


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth leaves its decorators untyped
@require_form_methods
def new_token(request: HttpRequest) -> HttpResponse:
    """Make an access token, and show it this once."""
    viewer = cast("ViewerRequest", request).viewer
    if viewer.actor.organization_id is None:
        raise PermissionDenied
    form = TokenForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        scope = {Capability(item) for item in form.cleaned_data["scope"]}
        try:
            made, secret = token_services.make_token(
                viewer, form.cleaned_data["name"], scope, form.cleaned_data["days"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            answer = render(request, "organizations/token_made.html", {"token": made, "secret": secret})
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "title": _("New access token"), "action": _("Make it")}
    return render(request, "pages/form.html", context)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an access token back."""
    found = selectors.token_for(cast("User", request.user), pk)
    if found is None:
        raise Http404
    token_services.revoke_token(cast("ViewerRequest", request).viewer, found)
    messages.success(request, _("Taken back; it holds at once."))
    return redirect("tokens")
