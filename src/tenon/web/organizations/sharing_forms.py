"""Forms about what is shared: with whom, how far, and how it is marked; every page of something shared uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations.labels import choices_of
from tenon.web.organizations.models import Organization, SharingGroup
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.organizations.selectors import directory, groups_of

__all__ = ["ReachForm", "ShareForm"]


class ShareForm(forms.Form):
    """With whom to share, what they may do, and what is kept back."""

    receiver = forms.ChoiceField(label=_("With"))
    profile = forms.ChoiceField(label=_("They may"), choices=choices_of(Profile))
    hides = forms.MultipleChoiceField(
        label=_("Kept back"),
        choices=choices_of(Hidden),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, viewer: Viewer) -> None:
        super().__init__(data)
        self._receivers: dict[str, Organization | SharingGroup] = {
            **{f"group:{item.pk}": item for item in groups_of(viewer)},
            **{f"organization:{item.pk}": item for item in directory().exclude(pk__in=viewer.own)},
        }
        choices = [(key, item.name) for key, item in self._receivers.items()]
        self.fields["receiver"] = forms.ChoiceField(label=_("With"), choices=choices)

    @property
    def chosen(self) -> Organization | SharingGroup:
        """Whom the form names."""
        return self._receivers[self.cleaned_data["receiver"]]


class ReachForm(forms.Form):
    """How far something goes and how it is marked."""

    marking = forms.ChoiceField(label=_("Marking"), choices=choices_of(Marking))
    reach = forms.ChoiceField(label=_("Reach"), choices=choices_of(Reach))
