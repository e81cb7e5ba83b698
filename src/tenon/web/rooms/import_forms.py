"""Forms on which files come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.selectors import organizations_for
from tenon.web.rooms import cap, imports

__all__ = ["FileForm", "MessageForm"]


class _UploadForm(forms.Form):
    """A file, and the organization whose hazards it holds."""

    most = 0

    def __init__(
        self,
        viewer: Viewer,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files, auto_id=f"id_{type(self).__name__}_%s")
        self.fields["owner"] = forms.ModelChoiceField(
            organizations_for(viewer),
            label=_("Organization"),
            empty_label=None,
            initial=viewer.actor.organization_id,
        )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse a file that is too large before it is read."""
        sent: UploadedFile[Any] = self.cleaned_data["file"]
        if (sent.size or 0) > self.most:
            raise ValidationError(_("The file is larger than %(most)s KiB."), params={"most": self.most // 1024})
        return sent


class FileForm(_UploadForm):
    """A table of findings."""

    most = imports.MAX_BYTES
    file = forms.FileField(label=_("Table (CSV)"), widget=forms.FileInput({"accept": ".csv,text/csv"}))


class MessageForm(_UploadForm):
    """A message of the Common Alerting Protocol."""

    most = cap.MAX_BYTES
    file = forms.FileField(label=_("Message (CAP 1.2, XML)"), widget=forms.FileInput({"accept": ".xml,.cap"}))
