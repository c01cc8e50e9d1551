"""Deliveries of answers to customers, acknowledgements and canned replies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.languages import own_name
from config.kit.naming import name_for_page
from feedback.intake.models import Message
from feedback.knowledge.models import Passage


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")
    HELD = "held", _("Held back")


class Delivery(models.Model):
    """One outgoing message to one address: claimed, sent, marked. A row left `sending` was cut off by a crash."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    address = models.ForeignKey("users.Address", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    created_at = models.DateTimeField(_("created"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    external_id = models.CharField(
        max_length=400, blank=True, help_text="The Message-ID it carries, the same at each try."
    )
    was_resent = models.BooleanField(_("sent again after a crash"), default=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["message", "address"], name="delivery_once_per_address"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
        ]
        indexes = [
            # The auditor: deliveries that are stuck.
            models.Index(fields=["sending_at"], name="delivery_sending", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Acknowledgement(models.Model):
    """One acknowledgement to an address on one day; limited, so that the victim of a forged sender gets few."""

    recipient = models.CharField(max_length=64, help_text="SHA-256 of the address: nobody's to read.")
    day = models.DateField(help_text="In UTC.")
    # The previous release still writes rows during a deployment.
    number = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="How many that makes today; mail is answered by the first alone."
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "day", "number"], name="acknowledged_seldom")
        ]
        # The budget of the last hour.
        indexes = [models.Index(fields=["at"], name="acknowledgement_by_time")]

    def __str__(self) -> str:
        return f"{self.day}"


class CannedReply(models.Model):
    """A prepared answer with a wording per language."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    shortcut = models.CharField(_("shortcut"), max_length=20, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")

    def __str__(self) -> str:
        return name_for_page(self.name, self.name_zh)


class CannedReplyText(models.Model):
    """The wording in one language. Variables come from a fixed list; no template engine is involved."""

    reply = models.ForeignKey(CannedReply, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))
    passages: models.ManyToManyField[Passage, models.Model] = models.ManyToManyField(
        Passage,
        related_name="+",
        editable=False,
        help_text="What it says, as vectors; none until it is indexed.",
    )

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["reply", "language"], name="canned_reply_text_per_language")
        ]

    def __str__(self) -> str:
        return own_name(self.language)
