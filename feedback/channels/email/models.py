"""The state of each mailbox between polls, and the bounces of our mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.intake.models import Channel, Message, RawMessage


class MailboxState(models.Model):
    """How far a mailbox has been read, and whether reading works. One row per e-mail channel."""

    channel = models.OneToOneField(
        Channel, on_delete=models.CASCADE, related_name="+", verbose_name=_("channel")
    )
    uid_validity = models.BigIntegerField(
        _("UID validity"),
        null=True,
        help_text=_("The server's name for the numbering; another one means: begin again."),
    )
    last_uid = models.BigIntegerField(
        _("last UID"), default=0, help_text=_("Everything up to this number is stored.")
    )
    troubled_uids = models.JSONField(
        _("UIDs with trouble"),
        default=dict,
        help_text=_("Mails the server could not hand over: number to how often it was tried."),
    )
    polled_at = models.DateTimeField(_("asked last"), null=True)
    succeeded_at = models.DateTimeField(_("read last"), null=True)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    next_poll_at = models.DateTimeField(_("asked next"), null=True)
    lease_until = models.DateTimeField(_("held until"), null=True, help_text=_("A process reads it now."))
    received_count = models.BigIntegerField(_("mails received"), default=0)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return f"{self.channel}"


class Bounce(models.Model):
    """A failure of one of our mails to reach one of its recipients."""

    raw = models.ForeignKey(
        RawMessage, on_delete=models.PROTECT, related_name="+", verbose_name=_("original message")
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="+", verbose_name=_("our message")
    )
    email = models.CharField(_("recipient"), max_length=320)
    status = models.CharField(_("status"), max_length=12, blank=True, help_text=_("RFC 3463, as 5.1.1."))
    diagnostic = models.CharField(_("what the server said"), max_length=500, blank=True)
    is_permanent = models.BooleanField(_("permanent"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        constraints = [models.UniqueConstraint(fields=["raw", "email"], name="bounce_once_per_notice")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.status}"
