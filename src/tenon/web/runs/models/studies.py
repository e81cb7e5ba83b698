"""Studies, and the workbooks of chains that organizations uploaded for them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization, Shared
from tenon.web.runs.configurations import Configuration, StudyKind, read_configuration
from tenon.web.runs.models.jobs import Job


class ChainFile(models.Model):
    """A workbook of a chain; its content is kept once, under its SHA-256, whoever uploaded it."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-uploaded"]
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="runs_chainfile_once")]

    def __str__(self) -> str:
        return self.name


class Study(Shared):
    """A study that somebody asked for, and what came of it."""

    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in StudyKind])
    parameters = models.JSONField(default=dict, blank=True)
    chain_file = models.ForeignKey(ChainFile, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(_("language of the report"), max_length=2, choices=[("en", "en"), ("zh", "zh")])
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    job = models.OneToOneField(Job, models.PROTECT, related_name="study")
    # The main figures, and the sizes of the files by name; both empty until it is done.
    summary = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=dict, blank=True)

    if TYPE_CHECKING:
        created_by_id: uuid.UUID | None

    class Meta(Shared.Meta):
        ordering = ["-created"]
        verbose_name_plural = "studies"
        indexes = [
            models.Index(fields=["owner", "-created"], name="runs_study_owner"),
            models.Index(fields=["reach", "-created"], name="runs_study_reach"),
            models.Index(fields=["-created", "-id"], name="runs_study_created"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def configuration(self) -> Configuration:
        return read_configuration(StudyKind(self.kind), self.parameters)
