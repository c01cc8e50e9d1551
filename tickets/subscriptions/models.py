"""Which staff get summaries by mail, and the mails sent to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.replies.models import DeliveryState
from tickets.summaries.models import Kind, Summary

#: The kinds that can be subscribed to; summaries of other periods are made on request and read at once.
KINDS = [(kind.value, kind.label) for kind in (Kind.MONTH, Kind.WEEK)]


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def active(self) -> SubscriptionQuerySet:
        """Return the subscriptions of people who still work here and have an address."""
        return self.filter(is_active=True, user__is_active=True, user__is_staff=True).exclude(user__email="")


class Subscription(models.Model):
    """A staff member's subscription to all summaries of one kind by mail."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=6, choices=KINDS)
    language = models.CharField(_("language"), max_length=10)
    is_active = models.BooleanField(_("active"), default=True)
    changed_at = models.DateTimeField(_("changed"))

    objects: ClassVar[SubscriptionQuerySet] = SubscriptionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="subscription_once_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[Kind.MONTH, Kind.WEEK]), name="subscription_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"


class SummaryMail(models.Model):
    """One summary for one subscriber: at most one row, even when code runs twice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="+")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="mails")
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    created_at = models.DateTimeField(_("created"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mailed summary")
        verbose_name_plural = _("mailed summaries")
        constraints = [
            models.UniqueConstraint(fields=["summary", "subscription"], name="summary_mailed_once"),
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="summary_mail_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} {self.subscription_id}"
