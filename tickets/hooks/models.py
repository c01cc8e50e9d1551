"""Webhooks, their deliveries and tries, with the receivers' answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.intake.models import Rating
from tickets.desk.models import Ticket, TicketEvent
from tickets.summaries.models import Summary
from users.accounts.models import User


class HookEvent(models.TextChoices):
    """The events a webhook can subscribe to. Names never change; new ones may be added."""

    TICKET_OPENED = "ticket.opened", _("Ticket opened")
    TICKET_STATUS = "ticket.status_changed", _("Status changed")
    TICKET_PRIORITY = "ticket.priority_changed", _("Priority changed")
    TICKET_ASSIGNED = "ticket.assigned", _("Assigned")
    TICKET_QUEUE = "ticket.queue_changed", _("Queue changed")
    TICKET_MERGED = "ticket.merged", _("Merged")
    TICKET_UNMERGED = "ticket.unmerged", _("Merge undone")
    TICKET_URGENT = "ticket.urgent", _("Ticket is urgent")
    TICKET_ACKNOWLEDGED = "ticket.acknowledged", _("Urgent ticket acknowledged")
    TICKET_OVERDUE = "ticket.overdue", _("Deadline passed")
    FEEDBACK_STATE = "feedback.state_changed", _("What the customer is told of the state changed")
    FEEDBACK_RATED = "feedback.rated", _("Our handling was rated")
    MESSAGE_RECEIVED = "message.received", _("Customer wrote")
    REPLY_SENT = "reply.sent", _("Public reply")
    REPLY_FAILED = "reply.failed", _("The answer did not arrive")
    SUMMARY_PUBLISHED = "summary.published", _("Summary published")
    TEST = "webhook.test", _("Test")


class OffReason(models.TextChoices):
    """Why a webhook was switched off automatically."""

    FAILING = "failing", _("failed for days")
    GONE = "gone", _("the other side said that it is gone")


class HookQuerySet(models.QuerySet["Hook"]):
    def visible_to(self, user: User) -> HookQuerySet:
        """Return the webhooks that ``user`` set up and did not remove."""
        return self.filter(owner=user, removed_at=None)

    def on(self) -> HookQuerySet:
        """Return the webhooks that are currently sending."""
        return self.filter(is_enabled=True, removed_at=None, owner__is_active=True)


class Hook(models.Model):
    """A URL that a login wants certain events sent to. It receives only what its owner may see."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("login"),
        help_text=_("Only what this login may see is told."),
    )
    url = models.CharField(_("address"), max_length=500, validators=[URLValidator(schemes=["https", "http"])])
    events = ArrayField(
        models.CharField(max_length=30, choices=HookEvent.choices),
        verbose_name=pgettext_lazy("of a webhook", "tells of"),
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    is_enabled = models.BooleanField(_("switched on"), default=True)
    with_text = models.BooleanField(
        _("with what was said"),
        default=False,
        help_text=_("Texts of messages and comments go along, where the login may read them."),
    )
    with_imports = models.BooleanField(
        _("imports, too"), default=False, help_text=_("Also what happens to imported feedback.")
    )
    secret_id = models.UUIDField(
        _("secret"), default=uuid.uuid4, editable=False, help_text="What the signing secret is derived from."
    )
    old_secret_id = models.UUIDField(_("secret before"), null=True, editable=False)
    old_secret_until = models.DateTimeField(_("secret before, until"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    failures = models.PositiveIntegerField(
        _("failures in a row"), default=0, editable=False, help_text="Tries that failed since one succeeded."
    )
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    resting_until = models.DateTimeField(
        _("resting until"),
        null=True,
        editable=False,
        help_text="Nothing is sent before: the other side did not answer, or asked for a rest.",
    )
    off_reason = models.CharField(
        _("switched off because"), max_length=10, choices=OffReason.choices, blank=True, editable=False
    )
    off_at = models.DateTimeField(_("switched off by itself"), null=True, editable=False)
    off_told_at = models.DateTimeField(
        _("owner told"), null=True, editable=False, help_text="That it was switched off."
    )
    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)

    objects: ClassVar[HookQuerySet] = HookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        constraints = [
            models.CheckConstraint(
                condition=Q(off_reason="") | Q(off_reason__in=OffReason.values), name="hook_off_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.host

    @property
    def host(self) -> str:
        """The host of its URL, without the path, which may contain a secret."""
        return self.url.partition("//")[2].partition("/")[0].rpartition("@")[2]

    @property
    def is_on(self) -> bool:
        """Whether it currently sends anything; its owner must be loaded."""
        return self.is_enabled and self.removed_at is None and self.owner.is_active

    def old_secret_at(self, at: datetime) -> uuid.UUID | None:
        """Return the id of the previous secret while it is still valid, else None."""
        is_good = self.old_secret_until is not None and self.old_secret_until > at
        return self.old_secret_id if is_good else None


class HookDeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not sent")


class HookDeliveryQuerySet(models.QuerySet["HookDelivery"]):
    def visible_to(self, user: User) -> HookDeliveryQuerySet:
        """Return deliveries of any webhook, without those about what ``user`` may not read: answers may quote texts."""
        tickets = Ticket.objects.visible_to(user)
        return self.filter(
            Q(event=None) | Q(event__ticket__in=tickets.values("pk")),
            Q(rating=None) | Q(rating__feedback__in=tickets.values("feedback")),
        )

    def lost(self) -> HookDeliveryQuerySet:
        """Return the deliveries that the receiver did not get."""
        return self.filter(state__in=(HookDeliveryState.FAILED, HookDeliveryState.SKIPPED))


class HookDelivery(models.Model):
    """One event for one webhook; its ``public_id`` stays the same however often it is sent."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    hook = models.ForeignKey(
        Hook, on_delete=models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("webhook")
    )
    type = models.CharField(_("event"), max_length=30, choices=HookEvent.choices)
    event = models.ForeignKey(
        TicketEvent,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("event of the ticket"),
    )
    rating = models.ForeignKey(
        Rating,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("rating"),
    )
    summary = models.ForeignKey(
        Summary,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("summary"),
    )
    happened_at = models.DateTimeField(_("happened"))
    state = models.CharField(
        _("state"), max_length=9, choices=HookDeliveryState.choices, default=HookDeliveryState.WAITING
    )
    failures = models.PositiveSmallIntegerField(
        _("failures"),
        default=0,
        help_text=_("Since it was owed, or sent again by hand."),
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects: ClassVar[HookDeliveryQuerySet] = HookDeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=HookDeliveryState.values), name="hook_delivery_state_known"
            ),
            # Delivered once even if announced twice; also finds deliveries by their cause.
            models.UniqueConstraint(
                fields=["event", "hook", "type"],
                condition=Q(event__isnull=False),
                name="hook_delivery_once_per_event",
            ),
            models.UniqueConstraint(
                fields=["rating", "hook"],
                condition=Q(rating__isnull=False),
                name="hook_delivery_once_per_rating",
            ),
            models.UniqueConstraint(
                fields=["summary", "hook"],
                condition=Q(summary__isnull=False),
                name="hook_delivery_once_per_summary",
            ),
        ]
        indexes = [
            # The log of a webhook, newest first.
            models.Index(fields=["hook", "-id"], name="hook_delivery_newest"),
            # Deliveries that can be sent again.
            models.Index(
                fields=["hook", "happened_at"],
                name="hook_delivery_lost",
                condition=Q(state__in=("failed", "skipped")),
            ),
            # Deliveries old enough to be pruned.
            models.Index(fields=["happened_at"], name="hook_delivery_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"


class HookTryState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not sent")


class HookTry(models.Model):
    """One attempt to send a delivery: claimed, sent, marked, with the answer."""

    delivery = models.ForeignKey(HookDelivery, on_delete=models.PROTECT, related_name="tries")
    state = models.CharField(
        _("state"), max_length=9, choices=HookTryState.choices, default=HookTryState.PENDING
    )
    due_at = models.DateTimeField(_("due"))
    sending_at = models.DateTimeField(_("sent"), null=True)
    was_resent = models.BooleanField(_("sent again after a crash"), default=False)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, help_text="None: no answer came.")
    response = models.TextField(_("text of the answer"), blank=True, help_text="The first kilobyte.")
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("try of a webhook delivery")
        verbose_name_plural = _("tries of webhook deliveries")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HookTryState.values), name="hook_try_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.state}"
