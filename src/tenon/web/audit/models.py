"""The tables of the record. Nothing but `tenon.web.audit.services` writes them; triggers refuse every change."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Chain(models.Model):
    """The end of a chain: how long it is and the digest of its last entry. A cut-off end shows against it."""

    name = models.CharField(max_length=80, primary_key=True)
    length = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.name} ({self.length})"


class Entry(models.Model):  # budget: an entry says all of what happened in one row
    """One act: who, when, what, to what, and the digest of the entry before."""

    chain = models.CharField(max_length=80)
    number = models.BigIntegerField()
    time = models.DateTimeField(db_index=True)
    user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True, db_index=True)
    on_behalf_of = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    details = models.TextField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="audit_entry_place")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject")]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.action}"


class DailyRoot(models.Model):
    """One digest for all chains as they ended on a day, and how far each went; the record itself names the digest."""

    day = models.DateField(primary_key=True)
    root = models.CharField(max_length=64)
    # Names and lengths: which entries the digest stands for, whatever the clock said since.
    lengths = models.JSONField()
    made = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.day}: {self.root}"
