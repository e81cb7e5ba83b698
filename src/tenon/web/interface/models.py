"""Answers that are kept for a day, so that a request which is sent again changes nothing again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Answer(models.Model):
    """What was answered to a request that carried an ``Idempotency-Key``."""

    # Of the access token; two programs may choose the same key.
    token_id = models.UUIDField()
    key = models.CharField(max_length=128)
    # SHA-256 of method, address and body: the same key with another request is a mistake of the program.
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    made = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="interface_answer_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.status}"
