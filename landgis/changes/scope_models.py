"""Whose a change set is: the units that it touches, and how it went from one territory to another."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class TouchedUnit(models.Model):
    """A unit of administration in which features of a change set lie, before or after, or into which they reach.

    `unit` is its ref, empty for features of which it is not known. Somebody has to let each part in: `approver`.
    """

    change_set = models.ForeignKey("changes.ChangeSet", models.CASCADE, related_name="touched_units")
    unit = models.CharField(_("unit reference"), max_length=64, blank=True)
    features = models.BigIntegerField(_("features"))
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approver")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True)

    class Meta:
        verbose_name = _("touched unit")
        verbose_name_plural = _("touched units")
        constraints = [
            models.UniqueConstraint(fields=["change_set", "unit"], name="touchedunit_once"),
            models.CheckConstraint(
                condition=Q(approver=None, approved_at=None) | Q(approver__isnull=False, approved_at__isnull=False),
                name="touchedunit_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["unit", "change_set"], name="touchedunit_of_unit")]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.unit}"


class HandOver(models.Model):
    """That a change set was handed from one territory to another, by their refs, and what these answered."""

    change_set = models.ForeignKey("changes.ChangeSet", models.CASCADE, related_name="hand_overs")
    given_by = models.CharField(_("handed over by"), max_length=40)
    given_to = models.CharField(_("handed over to"), max_length=40)
    note = models.CharField(_("note"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("at"), db_default=Now())
    is_taken_on = models.BooleanField(_("taken on"), null=True)
    answer = models.CharField(_("reason"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change_set"], condition=Q(is_taken_on=None), name="handover_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(is_taken_on=None, answered_by=None, answered_at=None)
                | Q(is_taken_on__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="handover_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(note__regex=r"\S") & (~Q(is_taken_on=False) | Q(answer__regex=r"\S")),
                name="handover_has_reasons",
            ),
        ]
        indexes = [models.Index(fields=["given_to"], name="handover_waiting", condition=Q(is_taken_on=None))]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.given_by} {self.given_to}"
