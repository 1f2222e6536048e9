"""What the installation notes of its own health."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishedCheck(models.Model):
    """The outcome of comparing `published` with what is in force, after a revision."""

    revision = models.BigIntegerField(_("revision"), primary_key=True)
    dataset = models.CharField(_("dataset"), max_length=64)
    checked_at = models.DateTimeField(_("checked at"), auto_now_add=True)
    differences = models.BigIntegerField(_("differences"))

    class Meta:
        verbose_name = _("check of what is published")
        verbose_name_plural = _("checks of what is published")

    def __str__(self) -> str:
        return f"{self.revision}"
