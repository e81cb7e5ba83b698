"""Forms about organizations: what people enter, checked before a service sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations import selectors
from tenon.web.organizations.labels import choices_of
from tenon.web.organizations.models import Organization, Role, SharingGroup
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking, OrganizationKind, OrganizationLevel
from tenon.web.organizations.token_services import DAYS


class NamesForm(forms.Form):
    """A name in English, one in Chinese, or both."""

    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a form without any name."""
        cleaned = super().clean() or {}
        if not cleaned.get("name_en") and not cleaned.get("name_zh"):
            raise forms.ValidationError(_("A name is required, in at least one of the languages."))
        return cleaned


class OrganizationForm(NamesForm):
    """A new organization."""

    kind = forms.ChoiceField(label=_("Kind"))
    level = forms.ChoiceField(label=_("Level"))
    country = forms.RegexField(
        r"^[A-Z]{2}$", label=_("Country"), help_text=_("Two capital letters, ISO 3166-1: CN, ID, DE."), max_length=2
    )
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's forms
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=choices_of(OrganizationKind))
        self.fields["level"] = forms.ChoiceField(label=_("Level"), choices=choices_of(OrganizationLevel))


class FoundingForm(OrganizationForm):
    """A new organization that stands below no other, with its first administrator."""

    administrator = forms.EmailField(label=_("E-mail address of its first administrator"))


class InvitationForm(forms.Form):
    """An invitation."""

    email = forms.EmailField(label=_("E-mail address"))
    role: forms.ModelChoiceField[Role] = forms.ModelChoiceField(None, label=_("Role"), empty_label=None)

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:  # noqa: ANN401 - as Django's forms
        super().__init__(*args, **kwargs)
        self.fields["role"] = forms.ModelChoiceField(
            selectors.roles().filter(pk__in=[role.pk for role in roles]), label=_("Role"), empty_label=None
        )


class JoinForm(forms.Form):
    """A new account for an invited person."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a sentence is easier to remember than a word with signs."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )


class GroupForm(NamesForm):
    """A new sharing group."""

    open_history = forms.BooleanField(label=_("Those who join later see what was shared before"), required=False)


class GroupMemberForm(forms.Form):
    """An organization to bring into a group."""

    organization: forms.ModelChoiceField[Organization] = forms.ModelChoiceField(
        None, label=_("Organization"), empty_label=None
    )

    def __init__(self, *args: Any, group: SharingGroup, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's forms
        super().__init__(*args, **kwargs)
        self.fields["organization"] = forms.ModelChoiceField(
            selectors.outside_of(group), label=_("Organization"), empty_label=None
        )


class CeilingForm(forms.Form):
    """A ceiling for what passes to another organization."""

    receiver: forms.ModelChoiceField[Organization] = forms.ModelChoiceField(
        None, label=_("Organization"), empty_label=None
    )
    marking = forms.ChoiceField(label=_("Strictest marking that passes"))

    def __init__(self, *args: Any, giver: Organization, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's forms
        super().__init__(*args, **kwargs)
        others = selectors.directory().filter(parent__isnull=True).exclude(pk=giver.pk)
        self.fields["receiver"] = forms.ModelChoiceField(others, label=_("Organization"), empty_label=None)
        self.fields["marking"] = forms.ChoiceField(
            label=_("Strictest marking that passes"), choices=choices_of(Marking)
        )


class TokenForm(forms.Form):
    """A new access token."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scope = forms.MultipleChoiceField(label=_("Programs may"), widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(
        label=_("Days that it counts"), coerce=int, choices=[(days, str(days)) for days in DAYS], initial=30
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        offered = [item for item in choices_of(Capability) if viewer.can(item[0])]
        self.fields["scope"] = forms.MultipleChoiceField(
            label=_("Programs may"),
            choices=offered,
            initial=[Capability.READ.value],
            widget=forms.CheckboxSelectMultiple,
        )
