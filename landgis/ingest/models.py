"""What is known of suppliers of files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SupplierProfile(models.Model):
    """How the files of one supplier are read into one dataset; named, saved from a load that went well."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    dataset = models.CharField(_("dataset"), max_length=64)
    columns = models.JSONField(_("columns"), default=dict, help_text=_("Heading of the file: field of the dataset."))
    notations = models.JSONField(
        _("notations"),
        default=dict,
        blank=True,
        help_text=_("Heading of the file: how its numbers or days are written."),
    )
    codes = models.JSONField(
        _("codes of values"),
        default=dict,
        blank=True,
        help_text=_("Field of the dataset: value of the file: its code."),
    )
    encoding = models.CharField(_("encoding"), max_length=32, blank=True)
    srid = models.IntegerField(_("coordinate system"), null=True, blank=True)
    fix = models.CharField(_("mistake of the coordinates"), max_length=32, blank=True)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        db_table = "ingest_profile"
        verbose_name = _("supplier profile")
        verbose_name_plural = _("supplier profiles")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
