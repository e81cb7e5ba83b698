"""Forms of rooms: each belongs to one action, and offers what the viewer can choose there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenon.web.organizations.labels import choices_of as organization_choices
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach, reach_allowed
from tenon.web.organizations.selectors import inside, organizations_for
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.models import Finding, Participant, Room
from tenon.web.rooms.room_report_services import MEASURES_AT_MOST
from tenon.web.rooms.room_rules import Affected, Part, TaskState
from tenon.web.rooms.room_selectors import (
    Candidate,
    affected_by,
    attachable,
    candidates,
    organizations_outside,
    participants_of,
)
from tenon.web.rooms.room_study_selectors import attachable_studies
from tenon.web.rooms.rules import Channel, Hazard, Severity

_MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any) -> forms.DateTimeField:  # noqa: ANN401 - a text that is translated when it is shown
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT))


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ParticipantField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no parameter at run time
    """Somebody who takes part in a room."""

    def label_from_instance(self, obj: Participant) -> str:
        """Name the person and the organization."""
        return f"{obj.user.name} · {obj.organization.name}"


class LongSelect(forms.Select):
    """A list of many choices, written at once: a template for each of them takes longer than the rest of the page."""

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - as Django's widgets
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,  # noqa: ARG002 - as Django's widgets
    ) -> SafeString:
        """Draw the field."""
        chosen = set(self.format_value(value))
        offered = ((str(key), " selected" if str(key) in chosen else "", label) for key, label in self.choices)
        options = format_html_join("", '<option value="{}"{}>{}</option>', offered)
        given = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", given, options)


class FindingField(forms.ModelChoiceField):  # type: ignore[type-arg]  # the same
    """A finding of any organization."""

    def label_from_instance(self, obj: Finding) -> str:
        """Name the organization, number and title."""
        return f"{obj.owner.name} {obj}"


class OpenForm(forms.Form):
    """A new room."""

    title = forms.CharField(label=_("What is it about?"), max_length=160)
    description = forms.CharField(label=pgettext_lazy("of a room", "What happened"), max_length=8000, widget=_area(5))
    channel = forms.ChoiceField(label=_("Channel"), choices=choices_of(Channel))
    hazard = forms.ChoiceField(label=_("Kind of hazard"), choices=choices_of(Hazard))
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=choices_of(Severity), initial=3)
    since = _moment(_("Since"))
    marking = forms.ChoiceField(label=_("Marking"), initial=Marking.AMBER.value)

    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer) -> None:
        super().__init__(data, initial={"since": timezone.localtime().strftime(_MOMENT)})
        passing = [item for item in organization_choices(Marking) if reach_allowed(Reach.ROOM, Marking(item[0]))]
        self.fields["marking"] = forms.ChoiceField(label=_("Marking"), choices=passing, initial=Marking.AMBER.value)
        if len(viewer.own) > 1:
            self.fields["owner"] = forms.ModelChoiceField(
                organizations_for(viewer),
                label=_("Organization"),
                empty_label=None,
                initial=viewer.actor.organization_id,
            )


class RoomForm(forms.Form):
    """A form of one action in a room; several stand on one page, each with identifiers of its own."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, room: Room, viewer: Viewer, action: str = "") -> None:
        super().__init__(data, auto_id=f"id_{action.replace(' ', '_')}_%s")
        self.fields["action"] = forms.CharField(widget=forms.HiddenInput, initial=action)
        self.offer(room, viewer)

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Fill in what can be chosen; most forms have nothing to choose."""


class VersionedForm(RoomForm):
    """A change of the room itself, made against the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=_area())

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Remember the version."""
        self.initial["version"] = room.version


class ReviseForm(VersionedForm):
    """What happened, said anew."""

    title = forms.CharField(label=_("What is it about?"), max_length=160)
    description = forms.CharField(label=pgettext_lazy("of a room", "What happened"), max_length=8000, widget=_area(5))
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=choices_of(Severity))
    field_order = ("title", "description", "severity", "reason")

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Begin with what stands there."""
        super().offer(room, viewer)
        self.initial.update(title=room.title, description=room.description, severity=room.severity)


class WriteForm(RoomForm):
    """A message or a fact."""

    text = forms.CharField(label=_("Text"), max_length=8000, widget=_area())


class DecideForm(RoomForm):
    """A decision."""

    text = forms.CharField(label=_("What was decided"), max_length=8000, widget=_area())
    reasons = forms.CharField(label=_("Reasons"), max_length=4000, widget=_area())
    alternatives = forms.CharField(label=_("What else was considered"), max_length=4000, widget=_area(), required=False)

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Offer those who can have decided."""
        leading = participants_of(room).filter(part=Part.COMMANDER.value).first()
        self.fields["by"] = ParticipantField(
            participants_of(room), label=_("Who decided"), empty_label=None, initial=leading
        )


class TaskForm(RoomForm):
    """A new task."""

    title = forms.CharField(label=pgettext_lazy("of a task", "What"), max_length=200)
    due = _moment(_("Until"))

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Offer those who can do it."""
        self.fields["to"] = ParticipantField(
            participants_of(room), label=pgettext_lazy("of a task", "Who"), empty_label=None
        )


class TaskStateForm(RoomForm):
    """Where a task stands."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("It is"), choices=choices_of(TaskState))
    note = forms.CharField(label=_("What was done, or what blocks it"), max_length=4000, widget=_area())


class HandTaskForm(RoomForm):
    """Who does a task from now on."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Offer those who can do it."""
        self.fields["to"] = ParticipantField(
            participants_of(room), label=pgettext_lazy("of a task", "Who"), empty_label=None
        )


class AffectedForm(RoomForm):
    """Something that is affected."""

    kind = forms.ChoiceField(label=_("Kind"), choices=choices_of(Affected))
    name = forms.CharField(label=_("Name"), max_length=120)


class AttachForm(RoomForm):
    """A finding to attach."""

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Offer the findings that the viewer can share."""
        self.fields["finding"] = FindingField(
            attachable(viewer, room), label=_("Hazard"), empty_label=None, widget=LongSelect
        )
        self.fields["profile"] = forms.ChoiceField(
            label=_("The others may"), choices=organization_choices(Profile), initial=Profile.PROPOSE.value
        )


class AttachStudyForm(RoomForm):
    """A study to attach, and what of it is kept back."""

    hides = forms.MultipleChoiceField(
        label=_("Kept back"),
        choices=organization_choices(Hidden),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("action", "study", "hides")

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Offer the studies that the viewer can share."""
        self.fields["study"] = forms.ModelChoiceField(
            attachable_studies(viewer, room), label=_("Study"), empty_label=None
        )
        self.order_fields(self.field_order)


class DetachForm(RoomForm):
    """Why a finding leaves the room."""

    reason = forms.CharField(label=_("Reason"), max_length=4000, widget=_area())


class SituationForm(RoomForm):
    """A situation report."""

    assessment = forms.CharField(label=_("What it means, and what is needed"), max_length=8000, widget=_area(4))


class CloseForm(RoomForm):
    """The closing report."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    happened = forms.CharField(label=_("What happened, from beginning to end"), max_length=8000, widget=_area(6))
    learnt = forms.CharField(label=_("What was learnt"), max_length=8000, widget=_area(6))
    measures = forms.CharField(
        label=_("Measures, one a line; each becomes a hazard to deal with"),
        max_length=4000,
        required=False,
        widget=_area(4),
    )

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Remember the version."""
        self.initial["version"] = room.version

    def clean_measures(self) -> list[str]:
        """Take one measure a line."""
        measures = [line.strip() for line in self.cleaned_data["measures"].splitlines() if line.strip()]
        if len(measures) > MEASURES_AT_MOST:
            raise forms.ValidationError(_("At most %(most)s measures.") % {"most": MEASURES_AT_MOST})
        return measures


class BringInForm(RoomForm):
    """An organization to bring in."""

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Offer those that are not in it."""
        self.fields["organization"] = forms.ModelChoiceField(
            organizations_outside(room), label=_("Organization"), empty_label=None
        )


class SendForm(RoomForm):
    """Somebody to send."""

    part = forms.ChoiceField(
        label=_("As"),
        choices=[choice for choice in choices_of(Part) if choice[0] != Part.COMMANDER],
        initial=Part.LIAISON.value,
    )

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Offer the people of the own organizations in the room."""
        self.people: dict[str, Candidate] = {item.key: item for item in candidates(viewer, room)}
        choices = [(key, f"{item.user.name} · {item.organization.name}") for key, item in self.people.items()]
        self.fields["person"] = forms.ChoiceField(label=_("Person"), choices=choices)
        self.order_fields(("person", "part"))

    @property
    def chosen(self) -> Candidate:
        """Whom the form names."""
        return self.people[self.cleaned_data["person"]]


class HandOverForm(VersionedForm):
    """Who takes command."""

    def offer(self, room: Room, viewer: Viewer) -> None:
        """Offer all but the commander."""
        super().offer(room, viewer)
        others = participants_of(room).exclude(part=Part.COMMANDER.value)
        self.fields["participant"] = ParticipantField(others, label=_("Who takes command"), empty_label=None)
        self.order_fields(("participant", "reason"))


class ParticipantForm(RoomForm):
    """A row of the table of participants."""

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Take participants of this room alone."""
        self.fields["participant"] = ParticipantField(participants_of(room))


class PartForm(ParticipantForm):
    """A row of the table of participants, with another part."""

    part = forms.ChoiceField(choices=choices_of(Part))


class TakeOutForm(RoomForm):
    """A row of the table of organizations."""

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Take organizations of this room alone."""
        self.fields["organization"] = forms.ModelChoiceField(inside(room.group))


class SpareForm(RoomForm):
    """A row of what is affected."""

    def offer(self, room: Room, viewer: Viewer) -> None:  # noqa: ARG002 - as its parent
        """Take what this room names alone."""
        self.fields["place"] = forms.ModelChoiceField(affected_by(room))
