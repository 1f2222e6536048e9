"""People who sign in.

A custom user model from the first migration on, because it cannot be exchanged later.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; each role is a Django group of the same name."""

    OFFICER = "officer", _("Officer")
    APPROVER = "approver", _("Approver")
    PUBLISHER = "publisher", _("Publisher")
    ANALYST = "analyst", _("Analyst")


class User(AbstractUser):
    """One person. Names and addresses of people are never public."""

    told_of_waiting = models.BooleanField(
        _("mail of what waits"), default=True, help_text=_("Approvers get a mail of change sets that wait for them.")
    )
    mail_language = models.CharField(
        _("language of mails"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def has_role(self, role: Role) -> bool:
        return self.is_active and self.groups.filter(name=role.value).exists()


class Attempt(models.Model):
    """One attempt to sign in that failed or is being looked at: when, and keys of the name and the address."""

    name_key = models.CharField(max_length=32)
    address_key = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name_key", "at"], name="attempt_name"),
            models.Index(fields=["address_key", "at"], name="attempt_address"),
        ]

    def __str__(self) -> str:
        return f"{self.at}"
