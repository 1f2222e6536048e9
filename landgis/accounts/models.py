"""People who sign in.

A custom user model from the first migration on, because it cannot be exchanged later.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do; each role is a Django group of the same name."""

    OFFICER = "officer", _("Officer")
    APPROVER = "approver", _("Approver")
    PUBLISHER = "publisher", _("Publisher")
    ANALYST = "analyst", _("Analyst")
    ADMINISTRATOR = "administrator", _("Administrator")


AT_WORK = (Role.OFFICER, Role.APPROVER, Role.PUBLISHER, Role.ANALYST)  # those that concern the data


class User(AbstractUser):
    """One person. Names and addresses of people are never public."""

    told_of_waiting = models.BooleanField(
        _("mail of what waits"), default=True, help_text=_("Approvers get a mail of change sets that wait for them.")
    )
    mail_language = models.CharField(
        _("language of mails"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True, editable=False)
    # Another one ends every session of the person at once (factors.end_sessions).
    session_salt = models.CharField(max_length=22, blank=True, editable=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    @property
    def is_administrator(self) -> bool:
        """Whether the person is led to the pages of people; whether they open is asked of the territories."""
        return self.is_superuser or self.has_role(Role.ADMINISTRATOR)

    def has_role(self, role: Role) -> bool:
        return self.is_active and self.groups.filter(name=role.value).exists()

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """What every session of the person has to carry: it changes with the password and with the salt."""
        value = self.password + self.session_salt
        return salted_hmac("landgis.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()
