"""Errors that readers report on a feature. What they write, and who they are, is for officers alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    BOUNDARY = "boundary", _("The boundary is wrong")
    FACT = "fact", _("A fact is wrong or out of date")
    PLACE = "place", _("It lies somewhere else")
    PICTURE = "picture", _("The image or map does not fit")
    PERSONAL = "personal", _("It shows something private")
    OTHER = "other", _("Something else")


class ReportStatus(models.TextChoices):
    RECEIVED = "received", _("Received")
    IN_REVIEW = "in-review", _("Being looked into")
    CORRECTED = "corrected", _("Corrected")
    NO_CHANGE = "no-change", _("Looked into, nothing to change")
    SET_ASIDE = "set-aside", _("Set aside: no report of an error")


OPEN = (ReportStatus.RECEIVED, ReportStatus.IN_REVIEW)


class Report(models.Model):
    """One report. `sender_key` tells senders of one day apart and cannot be turned back into an address."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    revision = models.BigIntegerField(_("revision that was shown"))
    kind = models.CharField(_("what is wrong"), max_length=20, choices=ReportKind.choices)
    text = models.TextField(_("what was written"), max_length=2000)
    contact = models.CharField(_("how to reach the sender"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5)
    sender_key = models.CharField(_("key of the sender"), max_length=32)
    made_at = models.DateTimeField(_("received at"))
    status = models.CharField(_("status"), max_length=20, choices=ReportStatus.choices, default=ReportStatus.RECEIVED)
    status_at = models.DateTimeField(_("in this status since"))

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["dataset", "ref"], name="report_feature"),
            models.Index(fields=["made_at"], name="report_made_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=ReportStatus.values), name="report_status_known"),
            models.CheckConstraint(condition=models.Q(kind__in=ReportKind.values), name="report_kind_known"),
        ]

    def __str__(self) -> str:
        return self.number
