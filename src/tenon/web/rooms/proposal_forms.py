"""How the values of a finding are entered, and how proposals for them are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Hidden
from tenon.web.rooms import proposal_services, selectors, services
from tenon.web.rooms.labels import LABELS, choices_of
from tenon.web.rooms.models import Finding, Proposal
from tenon.web.rooms.rules import Severity, Urgency

FIELDS = {
    "severity": gettext_lazy("Severity"),
    "urgency": gettext_lazy("To be dealt with"),
    "measure": gettext_lazy("Measure"),
    "means": gettext_lazy("Means: money, people, parts"),
    "deadline": gettext_lazy("Deadline"),
    "fallback": gettext_lazy("Fallback plan until it is gone"),
}


class ValuesForm(forms.Form):
    """The values of a finding, the reason to change them, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    severity = forms.TypedChoiceField(label=FIELDS["severity"], coerce=int, choices=choices_of(Severity))
    urgency = forms.TypedChoiceField(label=FIELDS["urgency"], coerce=int, choices=choices_of(Urgency))
    measure = forms.CharField(
        label=FIELDS["measure"], max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    means = forms.CharField(label=FIELDS["means"], max_length=4000, required=False, widget=forms.Textarea({"rows": 3}))
    deadline = forms.DateTimeField(
        label=FIELDS["deadline"],
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    fallback = forms.CharField(
        label=FIELDS["fallback"], max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )
    note = forms.CharField(label=gettext_lazy("Reason"), max_length=4000, widget=forms.Textarea({"rows": 3}))

    def changed_values(self) -> dict[str, Any]:
        """Return what was changed on the page: a time that was shown to the minute is not changed by that."""
        return {name: self.cleaned_data[name] for name in services.REVISABLE if name in self.changed_data}


def values_shown(finding: Finding) -> dict[str, Any]:
    """Return the values that a form begins with; pages show times to the minute."""
    values = {name: getattr(finding, name) for name in services.REVISABLE}
    if finding.deadline is not None:
        values["deadline"] = finding.deadline.replace(second=0, microsecond=0)
    return {"version": finding.version, **values}


def proposals_context(viewer: Viewer, seen: selectors.Shown) -> dict[str, Any]:
    """Prepare what the page of a finding shows of proposals."""
    found = seen.finding
    decides = services.may_revise(viewer, found)
    given = list(proposal_services.proposals_of(found))
    return {
        "proposals": [
            {
                "item": item,
                "values": _said(found, item),
                "may_decide": decides and item.outcome == "open" and item.user_id != viewer.actor.user_id,
                "is_older": item.outcome == "open" and item.seen != found.version,
                "name": "" if Hidden.NAMES in seen.hidden else item.user.name,
            }
            for item in given
        ],
        "values_action": _("Change values") if decides else _("Propose other values"),
        "may_change_values": decides or proposal_services.may_propose(viewer, found),
    }


def _said(finding: Finding, proposal: Proposal) -> list[dict[str, object]]:
    """Say each proposed value, and what stands now where that still matters."""
    words = {"severity": LABELS[Severity], "urgency": LABELS[Urgency]}
    is_open = proposal.outcome == "open"
    return [
        {
            "name": FIELDS[name],
            "value": words[name][value] if name in words else value,
            "now": _now(finding, name, words) if is_open else None,
        }
        for name, value in proposal_services.values_of(proposal).items()
    ]


def _now(finding: Finding, name: str, words: Mapping[str, Mapping[str | int, str | Promise]]) -> object:
    value = getattr(finding, name)
    return words[name][value] if name in words else value
