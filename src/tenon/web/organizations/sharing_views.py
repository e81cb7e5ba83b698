"""What pages answer when somebody shares, widens or takes back: the same for everything that is shared."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.models import Shared
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.organizations.selectors import shares_of
from tenon.web.organizations.sharing_forms import ReachForm, ShareForm


def share_as_asked(request: HttpRequest, item: Shared) -> None:
    """Share an object that the viewer may read, as the form says, and leave a message."""
    viewer = cast("ViewerRequest", request).viewer
    form = ShareForm(request.POST, viewer=viewer)
    if not form.is_valid():
        raise Http404
    hides = [Hidden(part) for part in form.cleaned_data["hides"]]
    try:
        sharing.share(viewer, item, form.chosen, Profile(form.cleaned_data["profile"]), hides)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Shared with %(name)s.") % {"name": form.chosen.name})


def reach_as_asked(request: HttpRequest, item: Shared) -> None:
    """Set how far an object goes, as the form says, and leave a message."""
    viewer = cast("ViewerRequest", request).viewer
    form = ReachForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        sharing.set_reach(viewer, item, Reach(form.cleaned_data["reach"]), Marking(form.cleaned_data["marking"]))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Done."))


def revoke_as_asked(request: HttpRequest, item: Shared, share: uuid.UUID) -> None:
    """Take a share of an object back, and leave a message."""
    viewer = cast("ViewerRequest", request).viewer
    given = shares_of(item).filter(pk=share).first()
    if given is None:
        raise Http404
    sharing.revoke(viewer, item, given)
    messages.success(request, _("Taken back; it holds at once."))
