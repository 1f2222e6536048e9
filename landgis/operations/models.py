"""What the installation notes of its own health."""

from django.db import models
from django.db.models.functions import Now
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


class DataCheck(models.Model):
    """How far the look at the rows of a dataset has come that goes on a little each minute."""

    dataset = models.CharField(_("dataset"), max_length=64, primary_key=True)
    row = models.BigIntegerField(_("row"), default=0)
    revision = models.BigIntegerField(_("revision"), default=0)
    began_at = models.DateTimeField(_("began at"), db_default=Now())
    whole_at = models.DateTimeField(_("whole at"), null=True, blank=True)

    class Meta:
        verbose_name = _("check of the data")
        verbose_name_plural = _("checks of the data")

    def __str__(self) -> str:
        return self.dataset


class Damage(models.Model):
    """What is not as it was written, until `manage.py verify` finds it whole again."""

    kind = models.CharField(_("kind of damage"), max_length=20)
    place = models.CharField(_("what is damaged"), max_length=300)
    found_at = models.DateTimeField(_("found at"), db_default=Now())

    class Meta:
        verbose_name = _("damage")
        verbose_name_plural = _("damages")
        ordering = ["kind", "place"]
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="damage_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place}"
