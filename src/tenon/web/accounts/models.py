"""The people who sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.audit.identifiers import new_identifier


class UserManager(BaseUserManager["User"]):
    """Finds people by their address, whatever its letters' case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person with an account. Nobody is deleted: an account that is no longer used is closed."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    # In small letters, so that one address is one person.
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    # Runs the platform: makes organizations and their first administrators. It opens no organization's content.
    is_operator = models.BooleanField(default=False)
    created = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="accounts_user_email_small")]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name
