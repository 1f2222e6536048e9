"""What the background works on for officers."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from landgis.changes.models import ChangeSet
from landgis.changes.passage_models import Passage

UNANSWERED = (
    "answers-missing",
    "dataset-unsaid",
    "said-wrongly",
)  # errors of a run of whose file something has to be said first


class Work(models.TextChoices):
    STAGE = "stage", _("Reading a file")
    APPLY = "apply", _("Publishing")


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", pgettext_lazy("run", "Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Run(models.Model):
    """One piece of background work: a kept file into a change set, or an approved change set into force.

    What it makes is one transaction that also ends the run, so that a run which is cut has made nothing and can begin
    anew. While it works, its process holds the advisory lock (actions.RUN_LOCK, id): a running run whose lock is free
    has lost its process. One that is `planned_for` a time of the database's clock comes into the queue then.
    """

    work = models.CharField(_("work"), max_length=8, choices=Work.choices, default=Work.STAGE)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.WAITING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    dataset = models.CharField(_("dataset"), max_length=64, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    file_sha256 = models.CharField(_("checksum of the file"), max_length=64, blank=True)
    choices = models.JSONField(_("choices"), default=dict, blank=True)
    replaces = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("replaces")
    )
    change_set = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, blank=True, related_name="runs", verbose_name=_("change set")
    )
    seen = models.JSONField(_("seen in the file"), default=dict, blank=True)
    rows_done = models.BigIntegerField(_("rows done"), default=0)
    rows_total = models.BigIntegerField(_("rows in all"), default=0)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    cancel_asked = models.BooleanField(_("asked to stop"), default=False)
    error = models.TextField(_("error"), blank=True, help_text=_("A code; its text is made in the reader's language."))
    error_params = models.JSONField(default=dict, blank=True)
    planned_for = models.DateTimeField(_("planned for"), null=True, blank=True)
    is_queued = models.BooleanField(_("in the queue"), default=True, db_default=True)
    job_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=RunState.values), name="run_state_known")]

    def __str__(self) -> str:
        return f"{self.pk} {self.work}"

    @property
    def is_open(self) -> bool:
        return self.state in (RunState.WAITING, RunState.RUNNING)

    @property
    def outcome(self) -> str:
        """The state in words: a file of which something has to be said first has not failed."""
        return str(_("Waits for answers") if self.error in UNANSWERED else self.get_state_display())


class SupplierState(models.TextChoices):
    READ = "read", _("Read: see its report")
    UNCHANGED = "unchanged", _("Unchanged since it was read")
    ARRIVING = "arriving", _("Still arriving: it is read once it is whole")
    LINK = "link", _("A link, which is not followed")
    TOO_LARGE = "too large", _("Larger than what may be handed in")
    NOBODY = "nobody", _("Not read: no officer is named who answers for the folder")
    UNREADABLE = "unreadable", _("Not read: the server may not open it")


class SupplierFile(models.Model):
    """A file in the folder of a supplier as it was last seen, and the run that read it."""

    profile = models.CharField(_("supplier"), max_length=64)
    name = models.CharField(_("file"), max_length=255)
    state = models.CharField(_("state"), max_length=12, choices=SupplierState.choices, default=SupplierState.ARRIVING)
    stamp = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(_("checksum of the file"), max_length=64, blank=True)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("run"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of a supplier")
        verbose_name_plural = _("files of suppliers")
        ordering = ["profile", "name"]
        constraints = [models.UniqueConstraint(fields=["profile", "name"], name="supplier_file_once")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.name}"


class Told(models.Model):
    """That an approver was told by mail of a change set that waits: once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "change_set"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.change_set_id}"


class EditKind(models.TextChoices):
    CHANGE = "change", _("Change")
    ADD = "add", _("Add")
    RETIRE = "retire", _("Retire")


class Edit(models.Model):
    """What an officer writes of one feature, kept as it was typed, in a change set that is made of such.

    `facts` hold of each field that was touched either its `text` (of a list the rows, each a list of texts), with the
    reading that was chosen where there are several, or the revision `as_of` which it is taken, or `of` which others. What they do not name
    stays as it is in force. `base_revision` is the state that the officer saw, None where none was in force. Only what
    `is_ready` counts: its author has seen how it was read. The edits of a `passage`, a split or merge, belong together.
    """

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="edits", verbose_name=_("change set"))
    kind = models.CharField(_("kind"), max_length=8, choices=EditKind.choices, default=EditKind.CHANGE)
    ref = models.CharField(_("reference"), max_length=64, blank=True)
    base_revision = models.BigIntegerField(_("base revision"), null=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_ready = models.BooleanField(_("ready"), default=False)
    saves = models.PositiveIntegerField(_("saves"), default=0)
    refused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("rejected by")
    )
    refusal = models.CharField(_("reason of the rejection"), max_length=500, blank=True)
    passage = models.ForeignKey(
        Passage, models.SET_NULL, null=True, blank=True, related_name="edits", verbose_name=_("split or merge")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["change_set", "ref"], condition=~models.Q(ref=""), name="edit_once_in_change_set"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=EditKind.values), name="edit_kind_known"),
            models.CheckConstraint(
                condition=models.Q(refused_by=None) | models.Q(refusal__regex=r"\S"), name="edit_refusal_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.ref}"


class Receipt(models.Model):
    """That what a person sent under a `key` is kept: written in the transaction that keeps it, so that each stands for the other.

    `path` is where it was sent to, `digest` of what was sent, `address` where it can be seen; `saves` counts those of an edit.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField()
    at = models.DateTimeField(db_default=Now(), db_index=True)
    code = models.CharField(max_length=9)
    path = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    address = models.CharField(max_length=300)
    saves = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="receipt_once")]

    def __str__(self) -> str:
        return self.code
