"""The work on one feedback: its ticket, its history, its place in the crisis queue."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.kit.happenings import happened
from config.kit.live import Note, tell
from config.kit.origins import Origin
from feedback.analysis.models import CrisisCategory, UrgencyLane
from feedback.intake.models import Feedback, StoredFile, Topic
from tickets.queues.models import Priority, Queue
from users.accounts.models import User


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_ON_CUSTOMER = "waiting_customer", _("Waiting on customer")
    WAITING_ON_US = "waiting_us", _("Waiting on us")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


#: Tickets that an agent still has to act on.
ACTIVE = (Status.NEW, Status.OPEN, Status.WAITING_ON_US)
#: Tickets that are neither solved nor closed.
UNSOLVED = (*ACTIVE, Status.WAITING_ON_CUSTOMER, Status.ON_HOLD)


#: A later deadline (the customer wrote again, the first answer was given) may pass in turn.
UNESCALATED = Q(escalated_due_at=None) | Q(escalated_due_at__lt=F("due_at"))


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """Tickets that ``user`` may read: by queue, and sensitive ones only for the crisis team."""
        if not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        tickets = self if user.sees_sensitive else self.filter(is_sensitive=False)
        if user.is_administrator or user.is_lead:
            return tickets
        return tickets.filter(queue__in=Queue.objects.visible_to(user).values("pk"))

    def active(self) -> TicketQuerySet:
        """Tickets waiting for us."""
        return self.filter(status__in=ACTIVE)

    def unsolved(self) -> TicketQuerySet:
        return self.filter(status__in=UNSOLVED)

    def worked_on_as(self, top: int) -> TicketQuerySet:
        """The ticket ``top`` and those merged into it."""
        return self.filter(Q(pk=top) | Q(merged_into=top))

    def overdue(self, at: datetime) -> TicketQuerySet:
        """Active tickets whose next deadline passed before ``at``."""
        return self.active().filter(due_at__lt=at)

    def unescalated(self) -> TicketQuerySet:
        """Tickets whose current deadline has not been escalated, whether or not it has passed."""
        return self.filter(UNESCALATED)

    def snoozed_out(self, at: datetime) -> TicketQuerySet:
        """Tickets on hold until ``at`` or earlier."""
        return self.filter(snoozed_until__lte=at)


class Ticket(models.Model):
    """The work on one feedback. Its number is the feedback's; only ``move()`` and merging change its status."""

    feedback = models.OneToOneField(
        Feedback, on_delete=models.PROTECT, related_name="+", verbose_name=_("feedback")
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+", verbose_name=_("queue"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    tags: models.ManyToManyField[Tag, Any] = models.ManyToManyField(
        "Tag", related_name="+", blank=True, verbose_name=_("tags")
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices, default=Topic.OTHER)
    language = models.CharField(_("language"), max_length=10, blank=True)
    urgency = models.FloatField(_("urgency"), default=0)
    lane = models.CharField(
        _("urgency lane"), max_length=5, choices=UrgencyLane.choices, default=UrgencyLane.NONE
    )
    category = models.CharField(
        _("crisis category"), max_length=12, choices=CrisisCategory.choices, blank=True
    )
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    sentiment = models.FloatField(_("sentiment"), default=0)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.LIVE)
    opened_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("changed"))
    last_customer_at = models.DateTimeField(_("customer wrote"))
    last_agent_at = models.DateTimeField(_("we wrote"), null=True)
    clock_started_at = models.DateTimeField(
        null=True,
        help_text="When it became ours again and the deadlines began anew; None: they run from the opening.",
    )
    first_reply_due_at = models.DateTimeField(_("first reply due"), null=True)
    first_replied_at = models.DateTimeField(_("first reply"), null=True)
    solve_due_at = models.DateTimeField(_("solution due"), null=True)
    due_at = models.DateTimeField(
        _("due"), null=True, help_text="The next deadline: what the inbox sorts by."
    )
    escalated_due_at = models.DateTimeField(
        null=True, help_text="The last deadline that passed and was acted upon."
    )
    snoozed_until = models.DateTimeField(
        _("on hold until"), null=True, help_text="When it comes back by itself; None: when somebody does."
    )
    solved_at = models.DateTimeField(_("solved"), null=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    version = models.PositiveIntegerField(
        default=0, help_text="Counts changes; a save from an older page is refused."
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="ticket_status_known"),
            models.CheckConstraint(condition=Q(priority__in=Priority.values), name="ticket_priority_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="ticket_origin_known"),
            models.CheckConstraint(
                condition=Q(snoozed_until=None) | Q(status=Status.ON_HOLD.value),
                name="ticket_snoozed_on_hold",
            ),
        ]
        indexes = [
            # The deadline loop: snoozed tickets that are due back.
            models.Index(
                fields=["snoozed_until"], name="ticket_snoozed", condition=Q(snoozed_until__isnull=False)
            ),
            # The inbox: a queue's active tickets by urgency and deadline.
            models.Index(
                fields=["queue", "priority", "due_at", "id"],
                name="ticket_inbox",
                condition=Q(status__in=ACTIVE),
            ),
            # "My tickets".
            models.Index(
                fields=["assignee", "priority", "due_at", "id"],
                name="ticket_of_assignee",
                condition=Q(status__in=UNSOLVED),
            ),
            # Missed deadlines.
            models.Index(fields=["due_at"], name="ticket_due", condition=Q(status__in=ACTIVE)),
            # Missed deadlines not escalated yet: few, however many tickets are late.
            models.Index(
                fields=["due_at"], name="ticket_unescalated", condition=Q(status__in=ACTIVE) & UNESCALATED
            ),
            # The inbox over several queues, by urgency and deadline.
            models.Index(
                fields=["priority", "due_at", "id"],
                name="ticket_by_urgency",
                condition=Q(status__in=ACTIVE),
            ),
            # Tickets that wait for others or are over, latest change first.
            models.Index(fields=["status", "-updated_at", "-id"], name="ticket_by_change"),
            # All tickets, newest first, by keyset.
            models.Index(fields=["-opened_at", "-id"], name="ticket_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The feedback's public number, without a query."""
        return Feedback.number_of(self.feedback_id)

    @property
    def top_id(self) -> int:
        """The ticket that is worked on: this one, or the one it was merged into. Merges are never chained."""
        return self.merged_into_id or self.pk


class EventKind(models.TextChoices):
    OPENED = "opened", _("Opened")
    MOVED = "moved", _("Status changed")
    MESSAGE_IN = "message_in", _("Customer wrote")
    REPLIED = "replied", _("Public reply")
    NOTED = "noted", _("Internal note")
    ASSIGNED = "assigned", _("Assigned")
    QUEUED = "queued", _("Queue changed")
    PRIORITISED = "prioritised", _("Priority changed")
    OVERDUE = "overdue", _("Deadline passed")
    TAGGED = "tagged", _("Tagged")
    MACRO = "macro", _("Macro applied")
    CRISIS_ENTERED = "crisis_entered", _("Entered the crisis queue")
    CRISIS_ACKNOWLEDGED = "crisis_acknowledged", _("Acknowledged")
    CRISIS_ESCALATED = "crisis_escalated", _("Escalated")
    CRISIS_FALSE_ALARM = "crisis_false_alarm", _("False alarm")
    CRISIS_AGAIN = "crisis_again", _("Urgent again")
    CRISIS_LEFT = "crisis_left", _("Left the crisis queue")
    LINKED = "linked", _("Linked")
    UNLINKED = "unlinked", _("Link removed")
    MERGED = "merged", _("Merged")
    UNMERGED = "unmerged", _("Merge undone")
    SPLIT = "split", _("Split")
    CORRECTED = "corrected", _("Analysis corrected")
    DELIVERY_FAILED = "delivery_failed", _("The answer did not arrive")
    SENT_AGAIN = "sent_again", _("The answer is sent again")
    REMINDED = "reminded", _("Customer reminded")
    UNANSWERED = "unanswered", _("No answer from the customer")


#: The events that team figures are counted from.
COUNTED = (
    EventKind.OPENED,
    EventKind.MOVED,
    EventKind.MESSAGE_IN,
    EventKind.REPLIED,
    EventKind.QUEUED,
    EventKind.MERGED,
    EventKind.UNMERGED,
    EventKind.CRISIS_ENTERED,
    EventKind.CRISIS_AGAIN,
    EventKind.CRISIS_ACKNOWLEDGED,
    EventKind.CRISIS_FALSE_ALARM,
)


class TicketEventQuerySet(models.QuerySet["TicketEvent"]):
    def create(self, **fields: Any) -> TicketEvent:  # type: ignore[override]
        """Write an event, announce it, and notify open pages after the commit."""
        event = super().create(**fields)
        happened(TicketEvent, [event])
        tell(event.note_to_pages())
        return event

    def create_all(self, events: Iterable[TicketEvent]) -> list[TicketEvent]:
        """Write ``events`` in one query, announce them, and notify open pages of each after the commit."""
        written: list[TicketEvent] = self.bulk_create(events)  # type: ignore[arg-type, assignment]
        happened(TicketEvent, written)
        tell(*(event.note_to_pages() for event in written))
        return written


class TicketEvent(models.Model):
    """One thing that happened to a ticket: history, statistics and outbox subject at once. Append-only."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=20, choices=EventKind.choices)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    old = models.CharField(_("was"), max_length=100, blank=True)
    new = models.CharField(_("is"), max_length=100, blank=True)
    note = models.TextField(_("note"), blank=True, help_text="An internal note or a person's reason.")
    details = models.JSONField(default=dict, blank=True)

    objects: ClassVar[TicketEventQuerySet] = TicketEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="event_kind_known"),
        ]
        indexes = [
            models.Index(fields=["ticket", "id"], name="event_of_ticket"),
            # Team figures: events in a period, only of the kinds they count.
            models.Index(fields=["at", "id"], name="event_counted", condition=Q(kind__in=COUNTED)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket_id}"

    def note_to_pages(self) -> Note:
        """Return the note about this event that is sent to open pages."""
        return Note(self.kind, self.ticket_id, self.pk, self.actor_id or 0)


class CrisisPlaceQuerySet(models.QuerySet["CrisisPlace"]):
    def visible_to(self, user: User) -> CrisisPlaceQuerySet:
        """Places of tickets that ``user`` may read."""
        return self.filter(ticket__in=Ticket.objects.visible_to(user).order_by().values("pk"))

    def open(self) -> CrisisPlaceQuerySet:
        """Places of tickets that are still in the crisis queue."""
        return self.filter(closed_at=None)

    def waiting(self) -> CrisisPlaceQuerySet:
        """Open places that are not acknowledged yet."""
        return self.filter(closed_at=None, acknowledged_at=None)

    def due(self, at: datetime) -> CrisisPlaceQuerySet:
        """Places whose next step is due at ``at``."""
        return self.filter(next_step_at__lte=at)


class CrisisPlace(models.Model):
    """A ticket's place in the crisis queue, with its next escalation step until someone acknowledges it.

    An alarm starts at entry, and again when a new message is urgent as ``tickets.desk.crisis_places.enter``
    describes. It began ``acknowledge_within`` before ``ack_due_at``.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="crisis_places", verbose_name=_("ticket")
    )
    category = models.CharField(
        _("crisis category"), max_length=12, choices=CrisisCategory.choices, blank=True
    )
    lane = models.CharField(_("lane"), max_length=5, choices=UrgencyLane.choices)
    policy = models.JSONField(
        _("escalation policy"), help_text=_("The escalation policy as it was at entry.")
    )
    step = models.PositiveSmallIntegerField(_("step"), default=0, help_text=_("How many steps were taken."))
    entered_at = models.DateTimeField(_("entered"))
    ack_due_at = models.DateTimeField(_("to be acknowledged by"))
    next_step_at = models.DateTimeField(
        _("next step"),
        null=True,
        help_text=_(
            "Set while nobody took it, and while whoever took it has not reacted to a new urgent message."
        ),
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("acknowledged by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    false_alarm_reason = models.CharField(_("false alarm because"), max_length=300, blank=True)
    may_page = models.BooleanField(
        _("may page people"), default=True, help_text=_("False for imports and the demo.")
    )

    objects: ClassVar[CrisisPlaceQuerySet] = CrisisPlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("place in the crisis queue")
        verbose_name_plural = _("places in the crisis queue")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(closed_at=None), name="crisis_place_one_open"
            ),
            # Promise 2: no open crisis lacks a next step.
            models.CheckConstraint(
                condition=Q(next_step_at__isnull=False)
                | Q(acknowledged_at__isnull=False)
                | Q(closed_at__isnull=False)
                | Q(may_page=False),
                name="crisis_place_has_next_step",
            ),
        ]
        indexes = [
            # The sweeper: places whose next step is due.
            models.Index(
                fields=["next_step_at"], name="crisis_place_due", condition=Q(next_step_at__isnull=False)
            ),
            # The crisis queue's page: open places, nearest deadline first.
            models.Index(fields=["ack_due_at", "id"], name="crisis_place_open", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} {self.get_category_display()}"


class Tag(models.Model):
    name = models.CharField(_("name"), max_length=50, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class LinkKind(models.TextChoices):
    RELATED = "related", _("Related to")
    DUPLICATE = "duplicate", _("Duplicate of")
    FOLLOWS = "follows", _("Follow-up of")
    SPLIT = "split", _("Split off from")


class TicketLink(models.Model):
    """A link between two tickets."""

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=LinkKind.choices, default=LinkKind.RELATED)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="ticket_link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="ticket_link_not_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class LastSeen(models.Model):
    """When an agent last opened a ticket: anything later is unread."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("last seen")
        verbose_name_plural = _("last seen")
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="last_seen_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.user_id}"


class Draft(models.Model):
    """Text that an agent has typed and not sent, saved at every pause in typing."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="drafts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_internal = models.BooleanField(default=False)
    text = models.TextField()
    then = models.CharField(
        max_length=20,
        choices=Status.choices,
        blank=True,
        default="",
        # The previous release still writes drafts during a deployment.
        db_default="",
        help_text="What the ticket is to become once it is sent: a macro's wish, or that of an answer taken back.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="In which an answer that was taken back was written; empty: as the customer reads.",
    )
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["ticket", "author", "is_internal"], name="draft_one_per_author")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}"


#: The longest undo delay of an answer, in seconds: more would only keep customers waiting.
MOST_UNDO_SECONDS = 60
MOST_SILENT_DAYS = 366


class DeskSettings(models.Model):
    """Settings that administrators choose for all agents. One row."""

    undo_seconds = models.PositiveSmallIntegerField(
        _("seconds in which an answer can be taken back"),
        default=10,
        validators=[MaxValueValidator(MOST_UNDO_SECONDS)],
        help_text=_(
            "A public reply waits this long before it leaves, so that its author can undo it; 0: it leaves at "
            "once. Urgent tickets are answered at once in any case."
        ),
    )
    remind_after_days = models.PositiveSmallIntegerField(
        _("days after which a silent customer is reminded"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(MOST_SILENT_DAYS)],
        help_text=_("Once, on tickets that wait for the customer and never were urgent; 0: never."),
    )
    solve_after_days = models.PositiveSmallIntegerField(
        _("days of silence after which it is solved"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(MOST_SILENT_DAYS)],
        help_text=_("The same tickets, counted from the last message; a reply opens them again. 0: never."),
    )

    class Meta:
        verbose_name = _("settings of the desk")
        verbose_name_plural = _("settings of the desk")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="desk_settings_one_row"),
            models.CheckConstraint(
                condition=Q(undo_seconds__lte=MOST_UNDO_SECONDS), name="desk_settings_undo_seconds"
            ),
            models.CheckConstraint(
                condition=Q(solve_after_days=0) | Q(remind_after_days__lt=models.F("solve_after_days")),
                name="desk_settings_reminds_before_it_solves",
                violation_error_message=_("Remind earlier than the ticket is solved."),
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("About to leave")
    SENT = "sent", _("Sent")
    UNDONE = "undone", _("Taken back")
    HELD = "held", _("Held back")


class WaitingReplyQuerySet(models.QuerySet["WaitingReply"]):
    def leaving(self) -> WaitingReplyQuerySet:
        """Replies that are about to leave."""
        return self.filter(state=WaitingState.WAITING)

    def shown_to(self, author: Any) -> WaitingReplyQuerySet:
        """Replies of ``author`` that every page shows: about to leave, or held back and not seen yet."""
        return self.filter(SHOWN, author=author)


#: Held back, and not yet seen by its author.
UNSEEN = Q(state="held", seen_at=None)
#: Few at any time, however many have been sent.
SHOWN = Q(state="waiting") | UNSEEN


class WaitingReply(models.Model):
    """A public reply that its author can still take back. The outbox sends it at ``due_at``.

    It keeps its text only while it waits, or until its author has seen that it was held back. After that the text
    is in a message, or in the draft again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="waiting_replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10)
    then = models.CharField(
        max_length=20, choices=Status.choices, blank=True, help_text="Empty: the status stays as it is."
    )
    pressed_at = models.DateTimeField(help_text="When it was sent, as its author sees it: clocks stop then.")
    due_at = models.DateTimeField()
    seen_event = models.BigIntegerField(
        help_text="The newest event of the ticket then: what others did after it, the author has not seen."
    )
    state = models.CharField(max_length=8, choices=WaitingState.choices, default=WaitingState.WAITING)
    settled_at = models.DateTimeField(null=True)
    held_because = models.CharField(
        max_length=40, blank=True, help_text="The code of the refusal when it was to leave."
    )
    seen_at = models.DateTimeField(null=True, help_text="When its author saw that it was held back.")

    objects: ClassVar[WaitingReplyQuerySet] = WaitingReplyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("waiting reply")
        verbose_name_plural = _("waiting replies")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=WaitingState.values), name="waiting_reply_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | (Q(settled_at__isnull=False) & (Q(text="") | UNSEEN)) & ~Q(state="waiting"),
                name="waiting_reply_keeps_no_text",
            ),
        ]
        indexes = [
            # Every page of the desk: replies the reader can take back, and those held back.
            models.Index(fields=["author"], name="waiting_reply_shown", condition=SHOWN),
            # The conversation, deadlines and erasure: replies about to leave.
            models.Index(fields=["ticket"], name="waiting_reply_leaving", condition=Q(state="waiting")),
            # The beat: replies settled long ago.
            models.Index(
                fields=["settled_at"], name="waiting_reply_settled", condition=Q(settled_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.state}"


class DraftFile(StoredFile):
    """A file attached to an answer that is not sent yet. Notes carry none."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="draft_files")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    waiting = models.ForeignKey(
        WaitingReply,
        on_delete=models.CASCADE,
        null=True,
        related_name="files",
        help_text="The answer with which it is about to leave; None: it is still the draft's.",
    )

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
