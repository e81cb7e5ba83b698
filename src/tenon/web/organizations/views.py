"""Pages about organizations, their people and their record."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.accounts.models import User
from tenon.web.organizations import letters, selectors, services
from tenon.web.organizations.forms import FoundingForm, InvitationForm, JoinForm, OrganizationForm
from tenon.web.organizations.middleware import ORGANIZATION, ViewerRequest, actor_of
from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.rules import Capability, MembershipState, may_grant
from tenon.web.pages.methods import require_form_methods

_ROWS = 50


def own_organization(request: HttpRequest, pk: uuid.UUID) -> Organization:
    """Find an organization of the viewer's own, or answer that there is none."""
    found = selectors.organization_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def organizations(request: HttpRequest) -> HttpResponse:
    """Show the organizations one acts for, and the directory of all others."""
    viewer = cast("ViewerRequest", request).viewer
    everybody = list(selectors.directory())
    own = [item for item in everybody if item.pk in viewer.own]
    others = [item for item in everybody if item.pk not in viewer.own]
    user = cast("User", request.user)
    return render(request, "organizations/list.html", {"own": own, "others": others, "may_found": user.is_operator})


@login_required
@require_safe
def organization(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an organization of one's own: its place in the tree, its people, and who waits."""
    viewer = cast("ViewerRequest", request).viewer
    found = own_organization(request, pk)
    administers = Capability.ADMINISTER in viewer.capabilities
    context = {
        "organization": found,
        "below": selectors.tree_below(found).exclude(pk=found.pk),
        "people": selectors.people_of(found),
        "administers": administers,
        "invitations": selectors.open_invitations(found) if administers else [],
        "waiting": selectors.guests_to_consent(found) if administers else [],
        "ceilings": selectors.ceilings_of(found) if administers else [],
    }
    return render(request, "organizations/detail.html", context)


@login_required
@require_form_methods
def found(request: HttpRequest) -> HttpResponse:
    """Make an organization that stands below no other, and invite its first administrator."""
    if not cast("User", request.user).is_operator:
        raise PermissionDenied
    form = FoundingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        made, invitation, token = services.found_organization(actor_of(request), fields, fields.pop("administrator"))
        letters.send_invitation(invitation, request.build_absolute_uri(reverse("join", args=[token])))
        said = _("%(name)s was made; the invitation is on its way to %(email)s.")
        messages.success(request, said % {"name": made.name, "email": invitation.email})
        return redirect("organizations")
    context = {"form": form, "title": _("New organization"), "action": _("Make it")}
    return render(request, "pages/form.html", context)


@login_required
@require_form_methods
def new_below(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make an organization below one that the viewer administers."""
    viewer = cast("ViewerRequest", request).viewer
    parent = own_organization(request, pk)
    if Capability.ADMINISTER not in viewer.capabilities:
        raise PermissionDenied
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.create_organization(viewer.actor, form.cleaned_data, parent)
        messages.success(request, _("%(name)s was made.") % {"name": made.name})
        return redirect("organization", pk=made.pk)
    context = {
        "form": form,
        "title": _("New organization"),
        "lead": _("It stands below %(name)s.") % {"name": parent.name},
        "action": _("Make it"),
        "back": {"url": reverse("organization", args=[parent.pk]), "name": parent.name},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_form_methods
def invite(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Invite somebody by e-mail."""
    viewer = cast("ViewerRequest", request).viewer
    found = own_organization(request, pk)
    grantable = [role for role in selectors.roles() if may_grant(viewer.capabilities, role.allows)]
    if not grantable:
        raise PermissionDenied
    form = InvitationForm(request.POST or None, roles=grantable)
    if request.method == "POST" and form.is_valid():
        try:
            made, token = services.invite(viewer, found, form.cleaned_data["email"], form.cleaned_data["role"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            letters.send_invitation(made, request.build_absolute_uri(reverse("join", args=[token])))
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": made.email})
            return redirect("organization", pk=found.pk)
    context = {
        "form": form,
        "title": _("Invite somebody"),
        "action": _("Send the invitation"),
        "back": {"url": reverse("organization", args=[found.pk]), "name": found.name},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an invitation back."""
    viewer = cast("ViewerRequest", request).viewer
    found = selectors.invitation_for(viewer, pk)
    if found is None:
        raise Http404
    services.withdraw_invitation(viewer, found)
    messages.success(request, _("The invitation was taken back."))
    return redirect("organization", pk=found.organization_id)


@require_form_methods
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation, with a new account or with the one that is signed in."""
    invitation = selectors.invitation_with(token)
    if invitation is None:
        raise Http404
    if request.user.is_authenticated:
        return _join_signed_in(request, token)
    if selectors.has_account(invitation.email):
        return redirect(f"{reverse('account_login')}?next={request.path}")
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.join_with_account(actor_of(request), invitation, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Welcome. Sign in with your address and your new password."))
            return redirect("account_login")
    context = {
        "form": form,
        "title": _("Join %(name)s") % {"name": invitation.organization.name},
        "lead": _("As %(role)s, with the address %(email)s.")
        % {"role": invitation.role.name, "email": invitation.email},
        "action": _("Make the account"),
    }
    return render(request, "pages/form.html", context)


def _join_signed_in(request: HttpRequest, token: str) -> HttpResponse:
    invitation = selectors.invitation_with(token)
    if invitation is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            made = services.accept_invitation(actor_of(request), invitation, cast("User", request.user))
        except ValidationError as error:
            refusal = " ".join(error.messages)
        else:
            waits = made.state == MembershipState.AWAITING_CONSENT
            said = _("Your own organization must consent first.") if waits else _("You belong to it now.")
            messages.success(request, said)
            return redirect("organizations")
    return render(request, "organizations/join.html", {"invitation": invitation, "refusal": refusal})


@login_required
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Choose the organization that one acts for."""
    mine = selectors.memberships_of(cast("User", request.user))
    chosen = request.POST.get("organization", "")
    if chosen not in {str(item.organization_id) for item in mine}:
        raise Http404
    request.session[ORGANIZATION] = chosen
    return redirect("home")


@login_required
@require_POST
def membership(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a membership: another role, suspended, resumed, ended, or the consent to one elsewhere."""
    viewer = cast("ViewerRequest", request).viewer
    found = selectors.membership_for(viewer, pk)
    if found is None:
        raise Http404
    try:
        _change(request, found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The membership was changed."))
    there = found.organization_id if found.organization_id in viewer.own else None
    return redirect("organization", pk=there) if there else redirect("organizations")


def _change(request: HttpRequest, found: Membership) -> None:
    viewer = cast("ViewerRequest", request).viewer
    wanted = request.POST.get("change", "")
    if wanted in {"consent", "refuse"}:
        services.consent(viewer, found, agreed=wanted == "consent")
    elif wanted in {MembershipState.ACTIVE, MembershipState.SUSPENDED, MembershipState.ENDED}:
        services.move_membership(viewer, found, MembershipState(wanted))
    else:
        role = selectors.roles().filter(key=request.POST.get("role", "")).first()
        if role is None:
            raise Http404
        services.change_role(viewer, found, role)


@login_required
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show what the record says about the organization acted for."""
    viewer = cast("ViewerRequest", request).viewer
    if Capability.AUDIT not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied
    found = own_organization(request, viewer.actor.organization_id)
    page = Paginator(selectors.entries_about(found), _ROWS).get_page(request.GET.get("page"))
    people = selectors.names_of([entry.user_id for entry in page if entry.user_id])
    rows = [(entry, people.get(entry.user_id, "") if entry.user_id else "") for entry in page]
    return render(request, "organizations/record.html", {"organization": found, "page": page, "rows": rows})
