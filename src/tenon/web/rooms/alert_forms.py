"""Forms about alerts and escalation chains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.organizations.models import Organization, Role
from tenon.web.organizations.selectors import roles
from tenon.web.rooms.alert_labels import WAYS, WISHES
from tenon.web.rooms.alert_rules import REPEATS, SUBSCRIBED, AlertKind, Plan, Way
from tenon.web.rooms.alert_selectors import people_to_call, ways_of
from tenon.web.rooms.alert_services import Choice
from tenon.web.rooms.chain_services import StepPlan
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.models import AlertChoice
from tenon.web.rooms.rules import Severity

# A form offers so many steps; a program may set up more.
STEPS_IN_FORM = 4


class ChoicesForm(forms.Form):
    """What one wants to be told, and how: for each kind its ways, and from which severity on."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, chosen: Mapping[AlertKind, AlertChoice], webhook: bool
    ) -> None:
        super().__init__(data)
        ways = [(way.value, WAYS[way]) for way in Way if webhook or way is not Way.WEBHOOK]
        for kind, label in WISHES.items():
            choice = chosen.get(kind)
            self.fields[kind.value] = forms.MultipleChoiceField(
                label=label,
                choices=ways,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=sorted(ways_of(choice, kind)),
            )
            if kind in SUBSCRIBED:
                self.fields[f"{kind.value}_severity"] = forms.TypedChoiceField(
                    label=_("from this severity on"),
                    coerce=int,
                    choices=choices_of(Severity),
                    initial=choice.severity if choice else Severity.MINOR.value,
                )

    def choices(self) -> dict[AlertKind, Choice]:
        """Return what was chosen."""
        said = self.cleaned_data
        return {
            kind: Choice(
                frozenset(Way(way) for way in said[kind.value]), Severity(said.get(f"{kind.value}_severity", 1))
            )
            for kind in WISHES
        }


class WebhookForm(forms.Form):
    """Where alerts go as messages between programs."""

    url = forms.CharField(label=_("Address"), max_length=500, help_text=_("https://, and reachable from the Internet."))


class ChainForm(forms.Form):
    """An escalation chain with a few steps; a step without a wait is left out."""

    name = forms.CharField(label=_("Name"), max_length=120)
    severity = forms.TypedChoiceField(label=_("From this severity on"), coerce=int, choices=choices_of(Severity))
    remind_hours = forms.IntegerField(
        label=_("Reminder before the deadline, hours"), min_value=0, max_value=720, initial=24
    )
    repeats = forms.IntegerField(label=_("How often the chain begins again"), min_value=0, max_value=REPEATS, initial=0)

    def __init__(self, data: Mapping[str, Any] | None = None, *, organization: Organization) -> None:
        super().__init__(data)
        self._receivers: dict[str, Role | User] = {
            **{f"role:{item.pk}": item for item in roles()},
            **{f"person:{item.pk}": item for item in people_to_call(organization)},
        }
        receivers = [("", _("nobody")), *((key, item.name) for key, item in self._receivers.items())]
        for number in range(1, STEPS_IN_FORM + 1):
            numbered = {"number": number}
            self.fields[f"wait_{number}"] = forms.IntegerField(
                label=_("Step %(number)s waits, hours") % numbered, min_value=0, max_value=720, required=False
            )
            self.fields[f"call_{number}"] = forms.ChoiceField(
                label=_("Step %(number)s calls") % numbered, choices=receivers, required=False
            )
            self.fields[f"escalate_{number}"] = forms.BooleanField(
                label=_("Step %(number)s escalates") % numbered, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Refuse a step that calls or escalates but does not say when."""
        said: dict[str, Any] = self.cleaned_data
        for number in range(1, STEPS_IN_FORM + 1):
            does = said.get(f"call_{number}") or said.get(f"escalate_{number}")
            if does and said.get(f"wait_{number}") is None and f"wait_{number}" not in self.errors:
                self.add_error(f"wait_{number}", ValidationError(_("Say how long this step waits.")))
        return said

    def plan(self) -> tuple[Plan, list[StepPlan]]:
        """Return times and steps as the services take them."""
        said = self.cleaned_data
        steps = [
            StepPlan(
                said[f"wait_{number}"],
                self._receivers.get(said[f"call_{number}"]),
                escalates=said[f"escalate_{number}"],
            )
            for number in range(1, STEPS_IN_FORM + 1)
            if said[f"wait_{number}"] is not None
        ]
        return Plan(said["remind_hours"], tuple(step.wait_hours for step in steps), said["repeats"]), steps
