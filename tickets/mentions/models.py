"""Who follows a ticket, and who was mentioned in a note."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.desk.models import Ticket, TicketEvent
from tickets.replies.models import DeliveryState
from users.accounts.models import User


class Follower(models.Model):
    """A user who follows the progress of a ticket, whoever works on it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.user_id}"


class MentionQuerySet(models.QuerySet["Mention"]):
    def unread_by(self, user: User) -> MentionQuerySet:
        """Return the mentions that ``user`` has not seen yet, on tickets that they may still read."""
        return self.filter(user=user, read_at=None, ticket__in=Ticket.objects.visible_to(user).order_by())


class Mention(models.Model):
    """A mention of a user in a note; ``state`` is that of its mail, empty when none is sent."""

    event = models.ForeignKey(TicketEvent, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[MentionQuerySet] = MentionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="mention_once_in_a_note"),
            models.CheckConstraint(
                condition=Q(state__in=["", *DeliveryState.values]), name="mention_state_known"
            ),
        ]
        indexes = [
            # The count in the navigation: few rows, however many were read.
            models.Index(fields=["user"], name="mention_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.user_id}"
