"""What came in from other programs, and files that wait for somebody's decision."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization
from tenon.web.rooms.models.findings import Finding


class ImportedFinding(models.Model):
    """The name that another program gave to a finding: what came in once does not come in again."""

    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="rooms_importedfinding_once")]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.key}"


class ImportDraft(models.Model):
    """A file that somebody sent and looks over before anything of it is stored; deleted after that, or after a day."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    created = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.name}"
