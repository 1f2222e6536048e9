"""Splits, merges and renumberings: which features of a change set come from which."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PassageKind(models.TextChoices):
    SPLIT = "split", _("Split")
    MERGE = "merge", _("Merge")
    RENUMBER = "renumber", _("Renumber")


class Passage(models.Model):
    """Land that passes from features to others: a split has one parent, a merge one child, a renumbering one of each.

    Parents and children are items of the same change set, which retires the parents and adds the children. `remeasured`
    is the reason why areas on paper need not add up, in words for everybody; empty where they do.
    """

    change_set = models.ForeignKey("changes.ChangeSet", models.CASCADE, related_name="passages")
    kind = models.CharField(_("kind"), max_length=8, choices=PassageKind.choices)
    remeasured = models.CharField(_("why it was measured anew"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("split or merge")
        verbose_name_plural = _("splits and merges")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=PassageKind.values), name="passage_kind_known")]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.kind}"


class Descent(models.Model):
    """That in a passage one feature comes from another, by their refs."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="descents")
    parent = models.CharField(_("it came from"), max_length=64)
    child = models.CharField(_("it became"), max_length=64)

    class Meta:
        verbose_name = _("descent")
        verbose_name_plural = _("descents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "parent", "child"], name="descent_once"),
            models.CheckConstraint(condition=~Q(parent=F("child")), name="descent_of_another"),
        ]
        indexes = [
            models.Index(fields=["parent"], name="descent_by_parent"),
            models.Index(fields=["child"], name="descent_by_child"),
        ]

    def __str__(self) -> str:
        return f"{self.parent} {self.child}"
