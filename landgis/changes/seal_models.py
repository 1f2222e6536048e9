"""The chain over the audit."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """A link: `digest` is of the link before it, of the line `entry`, and of the sum of its reason (`changes.seals`).

    With the `salt` the sum says whether the reason is as it was; without it, it says nothing of a value that was taken out.
    """

    entry = models.BigIntegerField(_("audit entry"), unique=True)
    salt = models.CharField(max_length=32, blank=True)
    reason_sum = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("seal of the audit")
        verbose_name_plural = _("seals of the audit")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.entry} {self.digest[:8]}"
