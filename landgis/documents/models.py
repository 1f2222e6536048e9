"""Documents and photographs that go with a change set."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from landgis.changes.models import ChangeSet


class Enclosure(models.Model):
    """A file of the store that goes with a change set: about one of its features by `ref`, or about all of it.

    Whoever sees the change set sees it. One that `is_public` is shown to readers beside each feature that it is about,
    from when the change set is applied.
    """

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="enclosures")
    ref = models.CharField(_("about"), max_length=64, blank=True)
    name = models.CharField(_("file"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    is_public = models.BooleanField(_("shown to readers"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("added by"))
    at = models.DateTimeField(_("added at"), db_default=Now())

    class Meta:
        verbose_name = _("enclosed document")
        verbose_name_plural = _("enclosed documents")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change_set", "ref", "name"], name="enclosure_once")]
        indexes = [models.Index(fields=["name"], name="enclosure_by_name")]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.title}"
