"""Errors that readers report on a feature. What they write, and who they are, is for officers alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from landgis.changes.models import ChangeSet


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
    ANSWERED = "answered", _("Answered")
    CORRECTED = "corrected", _("Corrected")
    NO_CHANGE = "no-change", _("Looked into, nothing to change")
    SET_ASIDE = "set-aside", _("Set aside: no report of an error")


OPEN = (ReportStatus.RECEIVED, ReportStatus.IN_REVIEW)
WITH_ANSWER = (ReportStatus.ANSWERED, ReportStatus.CORRECTED, ReportStatus.NO_CHANGE)  # no end of these without words


class Report(models.Model):
    """One report.

    `sender_key` and `address_key` tell browsers and addresses of one day apart and cannot be turned back into those. Whoever
    has the `code` reads the answer; the number, which can be guessed, only leads to the status. `told` counts the mails.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    code = models.CharField(_("code of the sender"), max_length=14, unique=True, null=True, blank=True)
    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    revision = models.BigIntegerField(_("revision that was shown"))
    kind = models.CharField(_("what is wrong"), max_length=20, choices=ReportKind.choices)
    text = models.TextField(_("what was written"), max_length=2000)
    contact = models.CharField(_("how to reach the sender"), max_length=120, blank=True)
    wants_mail = models.BooleanField(_("wants mail"), default=False)
    language = models.CharField(_("language"), max_length=5)
    sender_key = models.CharField(_("key of the sender"), max_length=32)
    address_key = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField(_("received at"))
    status = models.CharField(_("status"), max_length=20, choices=ReportStatus.choices, default=ReportStatus.RECEIVED)
    status_at = models.DateTimeField(_("in this status since"))
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    change_set = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("change set")
    )
    told = models.PositiveSmallIntegerField(default=0)

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

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class ReportPicture(models.Model):
    """What a reader attached, drawn anew by us (WebP, two megapixels at most). For officers alone, and deleted in time."""

    report = models.OneToOneField(Report, models.CASCADE, related_name="picture", verbose_name=_("error report"))
    content = models.BinaryField(_("picture"))

    class Meta:
        verbose_name = _("picture of a report")
        verbose_name_plural = _("pictures of reports")

    def __str__(self) -> str:
        return f"{self.report_id}"
