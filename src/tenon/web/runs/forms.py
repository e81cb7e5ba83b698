"""What people ask a study for, checked before a service sees it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations.labels import choices_of
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Marking, Reach
from tenon.web.organizations.selectors import organizations_for
from tenon.web.runs import selectors
from tenon.web.runs.configurations import EXAMPLE, LIMITS, StudyKind
from tenon.web.runs.library import scenario_choices, table_choices, text_language
from tenon.web.runs.models import ChainFile, Study

__all__ = ["FORMS", "ChainForm", "StudyForm"]


def _number(name: str, **options: Any) -> forms.FloatField:  # noqa: ANN401 - as Django's fields
    least, most = LIMITS[name]
    return forms.FloatField(min_value=least, max_value=most, **options)


def _whole_number(name: str, **options: Any) -> forms.IntegerField:  # noqa: ANN401 - as Django's fields
    least, most = LIMITS[name]
    return forms.IntegerField(min_value=int(least), max_value=int(most), **options)


class StudyForm(forms.Form):
    """What every study has: a title, the language of its report, and how far it goes."""

    kind: StudyKind
    parameters: tuple[str, ...] = ()

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title = forms.CharField(
        label=_("Title"), max_length=160, required=False, help_text=_("Left out, the title says what is run.")
    )
    language = forms.ChoiceField(label=_("Language of the report"), choices=[("en", "English"), ("zh", "中文")])

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        *,
        viewer: Viewer,
        made_from: Study | None = None,
    ) -> None:
        super().__init__(data, files, initial=self._initial(made_from))
        self.viewer = viewer
        self.fields["marking"] = forms.ChoiceField(
            label=_("Marking"), choices=choices_of(Marking), initial=Marking.AMBER.value
        )
        self.fields["reach"] = forms.ChoiceField(
            label=_("Reach"), choices=choices_of(Reach), initial=Reach.ORGANIZATION.value
        )
        if len(viewer.own) > 1:
            self.fields["owner"] = forms.ModelChoiceField(
                organizations_for(viewer),
                label=_("Organization"),
                empty_label=None,
                initial=viewer.actor.organization_id,
            )

    def _initial(self, made_from: Study | None) -> dict[str, Any]:
        own: dict[str, Any] = {
            "key": uuid.uuid4().hex,
            "language": text_language(),
        }
        if made_from is not None:
            own |= {name: made_from.parameters.get(name) for name in self.parameters}
            own |= {"title": made_from.title, "language": made_from.language}
            own |= {"marking": made_from.marking, "reach": made_from.reach, "owner": made_from.owner_id}
            if made_from.chain_file_id is not None:
                own["chain"] = str(made_from.chain_file_id)
        return own

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen for the parameters of the kind."""
        return {name: self.cleaned_data[name] for name in self.parameters if self.cleaned_data.get(name) is not None}


class ChainForm(StudyForm):
    """A study of a chain: the worked example, a workbook uploaded before, or a new one."""

    chain = forms.ChoiceField(label=_("Chain"))
    upload = forms.FileField(
        label=_("or a new workbook"),
        required=False,
        max_length=120,
        help_text=_(
            "An .xlsx file of at most 8 MB, as 'tenon chain template' writes it. It is kept for your organization."
        ),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as the form above
        super().__init__(*arguments, **options)
        self._files = {str(item.pk): item for item in selectors.chain_files_for(self.viewer)[:200]}
        listed: list[tuple[str, str | Promise]] = [
            (EXAMPLE, _("the worked example, a made-up maker of stainless plate"))
        ]
        listed += [(key, f"{item.name} · {item.owner.name}") for key, item in self._files.items()]
        self.fields["chain"] = forms.ChoiceField(label=_("Chain"), choices=listed)
        self.order_fields(
            ["key", "chain", "upload", *self.parameters, "title", "language", "owner", "marking", "reach"]
        )

    @property
    def chain_file(self) -> ChainFile | None:
        """The workbook that was chosen; none for the worked example."""
        return self._files.get(self.cleaned_data["chain"])


class ChainStressForm(ChainForm):
    """Every site, group, lane and passage of a chain is taken out."""

    kind = StudyKind.CHAIN_STRESS
    parameters = ("closure_days", "within_days", "follow")

    closure_days = _number("closure_days", label=_("Days for which lanes and passages close"), initial=30)
    within_days = _number(
        "within_days",
        label=_("Days within which an alternative must start"),
        initial=0,
        help_text=_("Sources that can be started up within this time count as alternatives."),
    )
    follow = _whole_number("follow", label=_("Outages followed from day to day"), initial=10)


class ChainOutageForm(ChainForm):
    """One site of a chain stops."""

    kind = StudyKind.CHAIN_OUTAGE
    parameters = ("site", "days")

    site = forms.CharField(
        label=_("Site that stops"), max_length=200, help_text=_("Its name as it stands in the chain's workbook.")
    )
    days = _number("outage_days", label=_("Days"), initial=30)


class TableStressForm(StudyForm):
    """A scenario of the library on a table."""

    kind = StudyKind.TABLE_STRESS
    parameters = ("table", "scenario", "days")

    days = _whole_number(
        "horizon_days",
        label=_("Days"),
        required=False,
        help_text=_("Length of the run; the scenario's own where it is left out."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - as the form above
        super().__init__(*arguments, **options)
        self.fields["scenario"] = forms.ChoiceField(label=_("Scenario"), choices=scenario_choices())
        self.fields["table"] = forms.ChoiceField(label=_("Table"), choices=table_choices())
        self.order_fields(["key", "scenario", "table", "days", "title", "language", "owner", "marking", "reach"])


FORMS: Mapping[StudyKind, type[StudyForm]] = {
    StudyKind.CHAIN_STRESS: ChainStressForm,
    StudyKind.CHAIN_OUTAGE: ChainOutageForm,
    StudyKind.TABLE_STRESS: TableStressForm,
}
