"""Mail that waits to be sent, was sent, or could not be. Addresses are for the queue alone, and leave it in time."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waits to be sent")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given-up", _("Given up")
    DROPPED = "dropped", _("No longer wanted")


class Mail(models.Model):
    """One mail to one person.

    `about` names what it tells; `to_key` stands for the address, and outlives it: together they are there once, so that
    nobody is told the same thing twice. A mail whose sending is cut stays waiting until `next_at`, which the sender moved
    on before it began. `subscriber` says for whose wish it is sent, and the `stop_token` ends that wish.
    """

    purpose = models.CharField(_("purpose"), max_length=20)
    about = models.CharField(_("what it tells"), max_length=100)
    to = models.CharField(_("receiver"), max_length=254, blank=True)
    to_key = models.CharField(max_length=32)
    subject = models.CharField(_("subject of the mail"), max_length=200)
    text = models.TextField(_("text of the mail"), blank=True)
    language = models.CharField(_("language"), max_length=5)
    message_id = models.CharField(max_length=200, unique=True)
    subscriber = models.CharField(max_length=64, blank=True)
    stop_token = models.CharField(max_length=43, null=True, blank=True, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    next_at = models.DateTimeField(_("next attempt"), db_default=Now())
    until = models.DateTimeField(_("tried until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    error = models.CharField(
        _("error"), max_length=20, blank=True, help_text=_("A code; its text is made in the reader's language.")
    )
    reply = models.CharField(_("answer of the mail server"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], name="mail_due", condition=models.Q(state="waiting")),
            models.Index(fields=["purpose", "subscriber"], name="mail_subscriber"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["about", "to_key"], name="mail_told_once"),
            models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="mail_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.purpose}"
