"""Letters about memberships."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tenon.web.organizations.models import Invitation
from tenon.web.organizations.services import INVITATION_DAYS

__all__ = ["send_invitation"]


def send_invitation(invitation: Invitation, address: str) -> None:
    """Send the letter of an invitation.

    Parameters
    ----------
    invitation : Invitation
        To whom.
    address : str
        The page that the letter leads to, with the token.
    """
    context = {"invitation": invitation, "address": address, "days": INVITATION_DAYS}
    text = render_to_string("organizations/invitation.txt", context)
    subject = _("Invitation to %(organization)s on tenon") % {"organization": invitation.organization.name}
    send_mail(" ".join(subject.split()), text, None, [invitation.email])
