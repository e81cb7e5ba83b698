"""Forms about equipment, rounds, files, readings and reports from phones."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenon.web.organizations.forms import NamesForm
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.selectors import organizations_for
from tenon.web.rooms.attachment_rules import SIZE_MOST
from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_labels import equipment_choices
from tenon.web.rooms.equipment_rules import ITEMS_MOST, Answer, Criticality, EquipmentClass, ItemKind, Outcome
from tenon.web.rooms.equipment_selectors import own_equipment
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.models import ChecklistItem, Equipment, RoundAnswer
from tenon.web.rooms.rules import Channel, Hazard, Level, Severity, Urgency

_TABLE_MOST = 2**20
_DAYS_MOST = 3660
_OFFERED_MOST = 200


class CodeInput(forms.TextInput):
    """A code to type; the browser offers the first of those that there are."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__({"autocomplete": "off"})
        self.codes = codes

    def render(
        self,
        name: str,
        value: Any,  # noqa: ANN401 - as Django's widgets
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        """Draw the field with its list."""
        offered = f"{(attrs or {}).get('id', name)}_codes"
        field = super().render(name, value, {**(attrs or {}), "list": offered}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((code,) for code in self.codes))
        return format_html('{}<datalist id="{}">{}</datalist>', field, offered, options)


class CodeField(forms.CharField):
    """A piece of equipment of the viewer's own, by its code."""

    def __init__(self, equipment: QuerySet[Equipment], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's fields
        codes = list(equipment.values_list("code", flat=True)[:_OFFERED_MOST])
        super().__init__(max_length=40, widget=CodeInput(codes), **kwargs)
        self._equipment = equipment

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - as Django's fields
        """Find the equipment, or say that there is none or more than one."""
        code = super().clean(value)
        if not code:
            return None
        found = list(self._equipment.filter(code=code)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(_("Several of your organizations use this code. Act for one of them."))
        raise forms.ValidationError(_("No equipment of your organization has this code."))


class EquipmentForm(NamesForm):
    """A piece of equipment."""

    code = forms.CharField(
        label=pgettext_lazy("of equipment", "Code"), max_length=40, help_text=_("As it stands on the machine.")
    )
    equipment_class = forms.ChoiceField(label=_("Class"), choices=equipment_choices(EquipmentClass))
    criticality = forms.ChoiceField(
        label=_("Criticality: when it stops"), choices=equipment_choices(Criticality), initial=Criticality.B.value
    )
    channel = forms.ChoiceField(label=_("Channel"), choices=choices_of(Channel))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    site_name = forms.CharField(
        label=_("Site in the company's chain"),
        max_length=120,
        required=False,
        help_text=_("What stands below belongs to the same site unless it says another."),
    )
    arrangement = forms.ChoiceField(label=_("Its parts"), choices=equipment_choices(Arrangement))
    needed = forms.IntegerField(label=_("So many parts must run"), min_value=1, max_value=999, required=False)
    capacity_share = forms.FloatField(
        label=_("Share of the capacity"),
        min_value=1e-6,
        max_value=1,
        required=False,
        help_text=_("From 0 to 1, among parts that each carry a share; equal shares where empty."),
    )
    mtbf_hours = forms.FloatField(
        label=_("Mean time between failures, hours"), min_value=1e-6, max_value=1e9, required=False
    )
    mttr_hours = forms.FloatField(label=_("Mean time to repair, hours"), min_value=0, max_value=1e9, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    field_order = ("owner", "code", "name_en", "name_zh", "equipment_class", "criticality", "parent")

    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer, item: Equipment | None = None) -> None:
        super().__init__(data, initial=_values(item))
        possible = own_equipment(viewer)
        if item is not None:
            possible = possible.filter(owner=item.owner).exclude(path__startswith=item.path)
        elif len(viewer.own) > 1:
            self.fields["owner"] = forms.ModelChoiceField(
                organizations_for(viewer),
                label=_("Organization"),
                empty_label=None,
                initial=viewer.actor.organization_id,
            )
        self.fields["parent"] = CodeField(possible, label=_("Stands below"), required=False)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Refuse half of what belongs together."""
        cleaned = super().clean()
        if (cleaned.get("mtbf_hours") is None) != (cleaned.get("mttr_hours") is None):
            self.add_error("mttr_hours", _("Both failure figures or none."))
        if (cleaned.get("arrangement") == Arrangement.K_OF_N) != (cleaned.get("needed") is not None):
            self.add_error("needed", _("Say how many where so many must run, and only there."))
        return cleaned


def _values(item: Equipment | None) -> dict[str, object]:
    if item is None:
        return {}
    names = ("code", "name_en", "name_zh", "equipment_class", "criticality", "channel", "place", "site_name")
    figures = ("arrangement", "needed", "capacity_share", "mtbf_hours", "mttr_hours", "version")
    parent = "" if item.parent is None else item.parent.code
    return {**{name: getattr(item, name) for name in (*names, *figures)}, "parent": parent}


class BoundedFileField(forms.FileField):
    """A file of bounded size."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's fields
        super().__init__(**kwargs)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ANN401 - as Django's fields
        """Refuse a file that is too large, before anybody reads it."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.most:
            raise forms.ValidationError(
                _("This file is too large; it has at most %(most)s KiB."), params={"most": self.most // 1024}
            )
        return file


class TreeFileForm(forms.Form):
    """A CSV file of equipment."""

    file = BoundedFileField(most=_TABLE_MOST, label=_("CSV file"), widget=forms.FileInput({"accept": ".csv,text/csv"}))

    def __init__(
        self, data: Mapping[str, Any] | None = None, files: Mapping[str, Any] | None = None, *, viewer: Viewer
    ) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]  # stubs ask for Django's own mapping
        if len(viewer.own) > 1:
            self.fields["owner"] = forms.ModelChoiceField(
                organizations_for(viewer),
                label=_("Organization"),
                empty_label=None,
                initial=viewer.actor.organization_id,
            )


class ChecklistForm(forms.Form):
    """The head of a checklist."""

    name = forms.CharField(label=_("Name"), max_length=120)
    every_days = forms.IntegerField(
        label=_("Comes back every so many days"), min_value=1, max_value=_DAYS_MOST, required=False
    )


class ChecklistLineForm(forms.Form):
    """One item of a checklist; a line without text is left out."""

    text = forms.CharField(label=_("What to look at"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("Answer"), choices=equipment_choices(ItemKind))
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    low = forms.FloatField(label=_("At least"), required=False)
    high = forms.FloatField(label=_("At most"), required=False)
    severity = forms.TypedChoiceField(
        label=_("If it fails"), coerce=int, choices=choices_of(Severity), initial=Severity.MODERATE.value
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a reading without unit or limit, and limits where nothing is read."""
        cleaned = super().clean() or {}
        if not cleaned.get("text"):
            return cleaned
        low, high = cleaned.get("low"), cleaned.get("high")
        if cleaned.get("kind") == ItemKind.READING:
            if not cleaned.get("unit"):
                self.add_error("unit", _("A reading has a unit."))
            if low is None and high is None:
                self.add_error("high", _("A reading has a limit, below or above."))
        elif cleaned.get("unit") or low is not None or high is not None:
            self.add_error("kind", _("Only a reading has a unit and limits."))
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The upper limit is below the lower one."))
        return cleaned


ChecklistLines = forms.formset_factory(
    ChecklistLineForm, extra=6, max_num=ITEMS_MOST, absolute_max=ITEMS_MOST, validate_max=True
)


class PlanForm(forms.Form):
    """A day for a round."""

    due = forms.DateField(label=_("Due"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class RoundForm(forms.Form):
    """The answers of a round: for each item what was found, a value or a tick, and a note."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Sequence[ChecklistItem],
        answers: Mapping[uuid.UUID, RoundAnswer],
        version: int,
    ) -> None:
        super().__init__(data, initial={"version": version})
        self._items = items
        for item in items:
            answer = answers.get(item.pk)
            if item.kind == ItemKind.READING:
                self.fields[f"value_{item.pk.hex}"] = forms.FloatField(
                    label=item.text,
                    required=False,
                    initial=None if answer is None else answer.value,
                    widget=forms.NumberInput({"inputmode": "decimal", "step": "any"}),
                )
            else:
                self.fields[f"outcome_{item.pk.hex}"] = forms.ChoiceField(
                    label=item.text,
                    required=False,
                    initial=None if answer is None else answer.outcome,
                    choices=equipment_choices(Outcome),
                    widget=forms.RadioSelect,
                )
            self.fields[f"note_{item.pk.hex}"] = forms.CharField(
                label=_("Note"), max_length=500, required=False, initial="" if answer is None else answer.note
            )

    def rows(self) -> list[tuple[ChecklistItem, forms.BoundField, forms.BoundField]]:
        """List each item with its field and its note."""
        return [
            (
                item,
                self[f"{'value' if item.kind == ItemKind.READING else 'outcome'}_{item.pk.hex}"],
                self[f"note_{item.pk.hex}"],
            )
            for item in self._items
        ]

    @property
    def answers(self) -> dict[uuid.UUID, Answer]:
        """What was entered, by item."""
        values = self.cleaned_data
        return {
            item.pk: Answer(
                outcome=Outcome(values[f"outcome_{item.pk.hex}"]) if values.get(f"outcome_{item.pk.hex}") else None,
                value=values.get(f"value_{item.pk.hex}"),
                note=values[f"note_{item.pk.hex}"],
            )
            for item in self._items
        }


class PhoneForm(forms.Form):
    """What somebody who holds a phone before a label writes."""

    title = forms.CharField(label=_("What is wrong?"), max_length=160)
    what = forms.CharField(
        label=_("What do you see, hear or smell?"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    photo = BoundedFileField(
        most=SIZE_MOST,
        label=_("Photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
    # People do not see it; whoever fills in everything is no person.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )


class AcceptForm(forms.Form):
    """A report from a phone as the finding that it becomes."""

    title = forms.CharField(label=_("What is wrong?"), max_length=160)
    description = forms.CharField(
        label=_("What was seen, where exactly, since when"), max_length=4000, required=False, widget=forms.Textarea
    )
    level = forms.ChoiceField(label=_("Found at"), choices=choices_of(Level), initial=Level.EQUIPMENT.value)
    channel = forms.ChoiceField(label=_("Channel"), choices=choices_of(Channel))
    hazard = forms.ChoiceField(label=_("Kind of hazard"), choices=choices_of(Hazard))
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=choices_of(Severity), initial=2)
    urgency = forms.TypedChoiceField(label=_("To be dealt with"), coerce=int, choices=choices_of(Urgency), initial=2)


class DiscardForm(forms.Form):
    """Why a report from a phone is discarded."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))


class FileForm(forms.Form):
    """A photo or a document of a finding."""

    file = BoundedFileField(
        most=SIZE_MOST,
        label=_("Photo or PDF"),
        help_text=_("JPEG, PNG or PDF, at most 8 MiB."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,application/pdf"}),
    )


class ReadingForm(forms.Form):
    """Something measured."""

    quantity = forms.CharField(label=_("Quantity"), max_length=160)
    value = forms.FloatField(label=_("Value"))
    unit = forms.CharField(label=_("Unit"), max_length=20)
    low = forms.FloatField(label=_("At least"), required=False)
    high = forms.FloatField(label=_("At most"), required=False)


class EquipmentOfFindingForm(forms.Form):
    """Which piece of equipment a finding is at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, viewer: Viewer, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="id_equipment_%s")
        self.fields["equipment"] = CodeField(own_equipment(viewer), label=_("Equipment: its code"), required=False)
