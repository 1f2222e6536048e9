"""Change sets and what belongs to them: the only road by which a feature changes."""

from typing import Any

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from landgis.changes import item_models, passage_models, scope_models, seal_models  # noqa: F401  # Django looks for models here


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    APPLIED = "applied", _("Applied")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Door(models.TextChoices):
    """By which way the change set came in."""

    COMMAND_LINE = "command line", _("Command line")
    FILE = "file", _("Uploaded file")
    OFFICER = "officer", _("Officer's edits")


class Action(models.TextChoices):
    """What an item would do to its feature."""

    ADD = "add", _("Add")
    CHANGE = "change", _("Change")
    RETIRE = "retire", _("Retire")
    UNCHANGED = "unchanged", _("Unchanged")
    LEFT_OUT = "left out", _("Left out")


class Since(models.TextChoices):
    """What happens to features that changed here after the day the source describes."""

    ASK = "ask", _("Stop and ask")
    KEEP = "keep", _("Keep what is here")
    TAKE = "take", _("Take what the file says")


class Severity(models.TextChoices):
    STOP = "stop", _("Error")
    WARN = "warn", _("Warning")


class RedactionState(models.TextChoices):
    ASKED = "asked", _("Waits for a second person")
    DONE = "done", _("Taken out")
    DECLINED = "declined", _("Declined")


class Fate(models.TextChoices):
    """What becomes of the kept files that held a redacted value."""

    SEAL = "seal", _("Seal them: only the office can restore them")
    DESTROY = "destroy", _("Destroy them")


def _person(label: Any, related_name: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name=related_name, verbose_name=label
    )


class ChangeSet(models.Model):
    """A proposal to change features of one dataset, from one file or one officer."""

    dataset = models.CharField(_("dataset"), max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    door = models.CharField(_("came in by"), max_length=12, choices=Door.choices)
    author = _person(_("author"), "authored")
    submitted_by = _person(_("submitted by"), "submitted")
    editors = ArrayField(models.BigIntegerField(), verbose_name=_("people who edited it"), default=list, blank=True)
    approver = _person(_("approver"), "decided")
    # Territories, by their refs: who received it, and who works on it. Empty where nobody has handed it over.
    received_by = models.CharField(_("received by"), max_length=40, blank=True)
    responsible = models.CharField(_("responsible"), max_length=40, blank=True)
    base_revision = models.BigIntegerField(_("base revision"))
    revision = models.BigIntegerField(_("revision"), null=True, blank=True, unique=True)
    is_complete = models.BooleanField(
        _("complete"), default=False, help_text=_("The source holds every feature; what it lacks is retired.")
    )
    is_made_up = models.BooleanField(_("made up"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Shown to the public."))
    source_as_of = models.DateField(_("source as of"), null=True, blank=True)
    since = models.CharField(_("changed since"), max_length=4, choices=Since.choices, default=Since.ASK)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    file_sha256 = models.CharField(_("checksum of the file"), max_length=64, blank=True)
    reading = models.JSONField(_("read with"), default=dict, blank=True)
    brings = models.JSONField(
        _("fields it brings"), default=list, blank=True, help_text=_("The others stay as they are in force.")
    )
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        ordering = ["-id"]
        constraints = [
            # Only the operator's command line may do without people, and so without a second pair of eyes.
            models.CheckConstraint(
                condition=Q(door=Door.COMMAND_LINE)
                | (
                    Q(author__isnull=False)
                    & (Q(approver=None) | ~Q(approver=F("author")))
                    & (~Q(state__in=[State.APPROVED, State.APPLIED]) | Q(approver__isnull=False))
                ),
                name="changeset_four_eyes",
            ),
            # Whoever made it, edited it or handed it in is one pair of eyes; the other is somebody else's, whatever may
            # be allowed to them.
            models.CheckConstraint(
                condition=Q(submitted_by=None) | Q(approver=None) | ~Q(approver=F("submitted_by")),
                name="changeset_submitter_other",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | ~Q(editors__contains=[F("approver")]), name="changeset_editor_other"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="changeset_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.APPLIED, revision__isnull=False, applied_at__isnull=False)
                | (~Q(state=State.APPLIED) & Q(revision=None, applied_at=None)),
                name="changeset_applied_has_revision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.REJECTED, State.WITHDRAWN]) | Q(reason__regex=r"\S"),
                name="changeset_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.dataset}"


class Proposed(models.Model):
    """A staging row of a change set: a typed copy of what was read, and `raw` for what did not parse.

    `base_revision` is the from_revision of the feature it would change; if the feature has moved on
    by the time of the apply, nothing is overwritten.
    """

    id = models.BigAutoField(primary_key=True)
    # No rule and no index of its own: only `stage` writes items, and a rule is looked up for each of a million rows.
    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    row = models.BigIntegerField(null=True)
    ref = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=10, choices=Action.choices, null=True)
    base_revision = models.BigIntegerField(null=True)
    raw = models.JSONField(null=True)

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["change_set", "ref"], name="%(class)s_ref")]


class Issue(models.Model):
    """One finding of a check. Its text is made from code and parameters in the reader's language."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="issues")
    code = models.CharField(_("code"), max_length=40)
    severity = models.CharField(_("severity"), max_length=4, choices=Severity.choices)
    row = models.BigIntegerField(_("row"), null=True, blank=True)
    ref = models.CharField(_("reference"), max_length=64, blank=True)
    field = models.CharField(_("field"), max_length=64, blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        indexes = [models.Index(fields=["change_set", "code", "row"], name="issue_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.row or self.ref}"


class LogEntry(models.Model):
    """What one revision changed of a dataset and where, hidden features too: followers read these in order.

    Which they were is read from the in-force rows; `refs` are others that it hid, showed or gave another state.
    """

    revision = models.BigIntegerField(_("revision"))
    dataset = models.CharField(_("dataset"), max_length=64)
    added = models.BigIntegerField(_("added"))
    changed = models.BigIntegerField(_("changed"))
    retired = models.BigIntegerField(_("retired"))
    extent = models.GeometryField(_("extent"), srid=4326, null=True, spatial_index=False)
    refs = ArrayField(models.CharField(max_length=64), verbose_name=_("references"), null=True)
    begun_sum = models.BigIntegerField(_("checksums of the rows begun"), db_default=0)
    ended_sum = models.BigIntegerField(_("checksums of the rows ended"), db_default=0)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log")
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["revision", "dataset"], name="logentry_once")]
        indexes = [models.Index(fields=["dataset", "-revision"], name="logentry_newest")]

    def __str__(self) -> str:
        return f"{self.revision}"


class Position(models.Model):
    """How far a follower of the log has come with a dataset, revisions and ticks, and from what it makes its part."""

    follower = models.CharField(_("follower"), max_length=40)
    dataset = models.CharField(_("dataset"), max_length=64)
    revision = models.BigIntegerField(_("revision"))
    tick = models.BigIntegerField(_("tick"), db_default=0)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("position of a follower")
        verbose_name_plural = _("positions of followers")
        constraints = [models.UniqueConstraint(fields=["follower", "dataset"], name="position_once")]

    def __str__(self) -> str:
        return f"{self.follower} {self.dataset} {self.revision}"


class AuditEntry(models.Model):
    """Who did what and when. Text, no foreign keys, so that it outlives what it describes."""

    at = models.DateTimeField(_("at"), db_default=Now())
    by = models.CharField(_("by"), max_length=150)
    verb = models.CharField(_("act"), max_length=40)
    subject = models.CharField(_("subject"), max_length=100)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class Redaction(models.Model):
    """A value that is taken out of all that is kept, with what is left of it: when and why, never the value itself.

    Meant is what a field of a feature said in the revision `seen_in`. `revisions` are those with which the rows began
    that said so, `checksums` the kept files that brought it.
    """

    dataset = models.CharField(_("dataset"), max_length=64)
    ref = models.CharField(_("reference"), max_length=64)
    field = models.CharField(_("field"), max_length=64)
    seen_in = models.BigIntegerField(_("seen in revision"))
    reason = models.TextField(_("reason"))
    public_reason = models.CharField(_("reason in public words"), max_length=200)
    fate = models.CharField(_("files that held it"), max_length=8, choices=Fate.choices)
    state = models.CharField(_("state"), max_length=8, choices=RedactionState.choices, default=RedactionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    revisions = ArrayField(models.BigIntegerField(), default=list)
    checksums = ArrayField(models.CharField(max_length=64), default=list)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RedactionState.DONE)
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="redaction_two_people",
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S", public_reason__regex=r"\S"), name="redaction_has_reasons"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RedactionState.values, fate__in=Fate.values), name="redaction_words_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.dataset} {self.ref} {self.field}"
