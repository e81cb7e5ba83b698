"""Forms about findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations.labels import choices_of as organization_choices
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Marking, Reach
from tenon.web.organizations.selectors import directory
from tenon.web.rooms.equipment_forms import CodeField
from tenon.web.rooms.equipment_selectors import own_equipment
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action, Channel, FindingState, Hazard, Level, Severity, Urgency
from tenon.web.rooms.selectors import eligible_for, findings_for

_MOMENT = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ReportForm(forms.Form):
    """A new finding."""

    title = forms.CharField(label=_("What is wrong?"), max_length=160)
    description = forms.CharField(
        label=_("What was seen, where exactly, since when"), max_length=8000, required=False, widget=forms.Textarea
    )
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    level = forms.TypedChoiceField(label=_("Found at"), choices=choices_of(Level), initial=Level.EQUIPMENT.value)
    channel = forms.TypedChoiceField(label=_("Channel"), choices=choices_of(Channel))
    hazard = forms.TypedChoiceField(label=_("Kind of hazard"), choices=choices_of(Hazard))
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=choices_of(Severity), initial=2)
    urgency = forms.TypedChoiceField(label=_("To be dealt with"), coerce=int, choices=choices_of(Urgency), initial=2)
    cost = forms.DecimalField(
        label=_("Estimated cost of leaving it"), max_digits=16, decimal_places=2, min_value=0, required=False
    )
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    marking = forms.ChoiceField(label=_("Marking"), initial=Marking.AMBER.value)
    reach = forms.ChoiceField(label=_("Reach"), initial=Reach.ORGANIZATION.value)

    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer, equipment: str = "") -> None:
        super().__init__(data, initial={"equipment": equipment})
        self.fields["equipment"] = CodeField(own_equipment(viewer), label=_("Equipment: its code"), required=False)
        self.order_fields(("title", "description", "equipment"))
        self.fields["marking"] = forms.ChoiceField(
            label=_("Marking"), choices=organization_choices(Marking), initial=Marking.AMBER.value
        )
        self.fields["reach"] = forms.ChoiceField(
            label=_("Reach"), choices=organization_choices(Reach), initial=Reach.ORGANIZATION.value
        )
        own = directory().filter(pk__in=viewer.own)
        if len(viewer.own) > 1:
            self.fields["owner"] = forms.ModelChoiceField(
                own, label=_("Organization"), empty_label=None, initial=viewer.actor.organization_id
            )


class StepForm(forms.Form):
    """One step of a finding: the fields that the rules ask for, and the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    action = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, finding: Finding, action: Action, viewer: Viewer
    ) -> None:
        initial = {"version": finding.version, "action": action.value, **_values(finding)}
        # Several steps stand on one page; each has identifiers of its own.
        super().__init__(data, initial=initial, auto_id=f"id_{action.value}_%s")
        for name, field in _fields(finding, action, viewer).items():
            self.fields[name] = field


def _values(finding: Finding) -> dict[str, object]:
    names = ("severity", "urgency", "responsible", "measure", "means", "deadline", "fallback")
    return {name: getattr(finding, name) for name in names}


def _fields(finding: Finding, action: Action, viewer: Viewer) -> dict[str, forms.Field]:
    text = forms.Textarea({"rows": 3})
    note = forms.CharField(label=_("Reason"), max_length=8000, widget=text)
    if action is Action.TRIAGE:
        return {
            "severity": forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=choices_of(Severity)),
            "urgency": forms.TypedChoiceField(label=_("To be dealt with"), coerce=int, choices=choices_of(Urgency)),
            "note": forms.CharField(label=_("Reason"), max_length=8000, required=False, widget=text),
        }
    if action is Action.ASSIGN:
        return {
            "responsible": forms.ModelChoiceField(eligible_for(viewer, finding), label=_("Responsible")),
            "measure": forms.CharField(label=_("Measure"), max_length=4000, widget=text),
            "means": forms.CharField(label=_("Means: money, people, parts"), max_length=4000, widget=text),
            "deadline": forms.DateTimeField(label=_("Deadline"), widget=_MOMENT),
            "fallback": forms.CharField(label=_("Fallback plan until it is gone"), max_length=4000, widget=text),
        }
    if action is Action.MERGE:
        others = findings_for(viewer).filter(owner=finding.owner).exclude(pk=finding.pk)
        others = others.exclude(state=FindingState.DUPLICATE)
        return {"merged_into": forms.ModelChoiceField(others, label=_("Duplicate of"))}
    if action is Action.CLOSE:
        return {"note": forms.CharField(label=_("What was learnt"), max_length=8000, required=False, widget=text)}
    if action is Action.ELIMINATE:
        note.label = _("What was done")
    if action is Action.VERIFY:
        note.label = _("How it was verified")
    return {"note": note}


class CommentForm(forms.Form):
    """Something to say."""

    note = forms.CharField(label=_("Comment"), max_length=8000, widget=forms.Textarea({"rows": 3}))
