"""Serializers of tickets and of what API clients send."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from config.kit.fields import Choice, LanguageTag, Line, StrictSerializer, Text
from feedback.api.serializers import MessageOut, UtteranceOut
from feedback.intake.bounds import MOST_ATTACHMENTS, MOST_TEXT
from tickets.desk.models import CrisisPlace, Status, Ticket
from tickets.queues.models import Priority
from tickets.workbench.actions import ACTIONS


class TicketNameOut(serializers.Serializer[Any]):
    """The id and number of a ticket; the caller may lack permission to read it."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()


class PersonOut(serializers.Serializer[Any]):
    """The customer who gave the feedback."""

    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField(source="display_name", help_text="Empty when nobody said it.")


class TicketOut(serializers.Serializer[Any]):
    """A ticket, without its conversation."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField(help_text="The same as of the feedback.")
    feedback_id = serializers.UUIDField(source="feedback.public_id")
    subject = serializers.CharField()
    customer = PersonOut(source="feedback.customer")
    channel = serializers.CharField(source="feedback.channel.slug")
    app_version = serializers.CharField(source="feedback.app_version")
    platform = serializers.CharField(source="feedback.platform")
    status = serializers.ChoiceField(choices=Status.choices)
    priority = serializers.SerializerMethodField()
    queue = serializers.CharField(source="queue.slug")
    assignee = serializers.CharField(source="assignee.username", default=None, allow_null=True)
    topic = serializers.CharField()
    language = serializers.CharField()
    sentiment = serializers.FloatField(help_text="-1 bad .. 1 good")
    urgency = serializers.FloatField(help_text="0..1")
    lane = serializers.CharField(help_text="red, amber or none")
    category = serializers.CharField(help_text="Crisis category; empty for ordinary tickets.")
    flags = serializers.ListField(child=serializers.CharField())
    is_sensitive = serializers.BooleanField()
    origin = serializers.CharField()
    opened_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True, help_text="The next deadline; null while others act.")
    snoozed_until = serializers.DateTimeField(allow_null=True, help_text="Put aside until then.")
    first_replied_at = serializers.DateTimeField(allow_null=True)
    solved_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    merged_into = TicketNameOut(
        allow_null=True, help_text="The ticket in which this one goes on; it is closed, and worked on there."
    )
    split_from = serializers.CharField(
        source="feedback.part_of_number",
        allow_null=True,
        help_text="Number of the ticket it was taken out of.",
    )

    def get_priority(self, ticket: Ticket) -> str:
        return Priority(ticket.priority).code


class ReplyIn(StrictSerializer):
    """A reply to the customer: text, files, or both."""

    text = Text(required=False, allow_blank=True, default="", help_text="At most 20,000 characters.")
    files = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_ATTACHMENTS,
        help_text="Ids of files put to the ticket before.",
    )
    language = LanguageTag(required=False, help_text="Of the text; the customer's own if absent.")
    then = Choice(
        choices=Status.choices,
        default=Status.WAITING_ON_CUSTOMER,
        allow_null=True,
        help_text="The ticket's status afterwards; null leaves it.",
    )
    version = serializers.IntegerField(
        required=False, help_text="Of the ticket as it was read: if it changed since, nothing is sent."
    )


class NoteIn(StrictSerializer):
    """An internal note, which customers never see."""

    text = Text(help_text="At most 20,000 characters.", max_length=MOST_TEXT)


class ActionIn(StrictSerializer):
    """One action on a ticket. Its ``value`` depends on the action:

    - ``take``: empty, or the user name of the current assignee
    - ``assign``: a user name; empty for nobody
    - ``status``, ``queue``, ``priority``: the new one, by its code or slug
    - ``tag``, ``untag``: the tag
    - ``snooze``: until when, in ISO 8601
    - ``raise``: a crisis category
    - ``acknowledge``: empty
    - ``false_alarm``: empty; needs a ``reason``
    - ``correct``: ``field:new``
    - ``link``: ``kind:ticket id``
    - ``macro``: its number
    """

    action = Choice(choices=sorted(ACTIONS))
    value = Line(required=False, allow_blank=True, default="", max_length=200)
    reason = Text(required=False, allow_blank=True, default="", max_length=MOST_TEXT)
    version = serializers.IntegerField(
        required=False, help_text="Of the ticket as it was read: if it changed since, nothing is done."
    )


class DraftFileOut(serializers.Serializer[Any]):
    """A file uploaded for a reply."""

    id = serializers.UUIDField(source="public_id")
    filename = serializers.CharField()
    content_type = serializers.CharField(help_text="Found from the content.")
    size_bytes = serializers.IntegerField()


class RepliedOut(serializers.Serializer[Any]):
    """The reply as a message, and the ticket after it."""

    message = UtteranceOut()
    ticket = TicketOut()


class TicketPageOut(serializers.Serializer[Any]):
    results = TicketOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class TicketEventOut(serializers.Serializer[Any]):
    """An event in the history of a ticket; ``note`` is internal."""

    kind = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor.username", default=None, allow_null=True)
    old = serializers.CharField()
    new = serializers.CharField()
    note = serializers.CharField()


class WholeTicketOut(serializers.Serializer[Any]):
    """A ticket with the newest messages of its conversation and its newest events, oldest first."""

    ticket = TicketOut()
    merged = TicketNameOut(many=True, help_text="Tickets that go on in this one; their messages are here.")
    tags = serializers.ListField(child=serializers.CharField())
    messages = MessageOut(many=True)
    events = TicketEventOut(many=True)


class CrisisPlaceOut(serializers.Serializer[Any]):
    """A ticket in the crisis queue, waiting or acknowledged."""

    ticket = TicketOut()
    category = serializers.CharField()
    lane = serializers.CharField()
    entered_at = serializers.DateTimeField()
    ack_due_at = serializers.DateTimeField(help_text="To be acknowledged by then.")
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(source="acknowledged_by.username", default=None, allow_null=True)
    steps_taken = serializers.IntegerField(source="step", help_text="Of the escalation.")
    next_step_at = serializers.DateTimeField(allow_null=True)
    is_overdue = serializers.SerializerMethodField()

    def get_is_overdue(self, place: CrisisPlace) -> bool:
        return place.acknowledged_at is None and place.ack_due_at < timezone.now()


class CrisisQueueOut(serializers.Serializer[Any]):
    """The open places of the crisis queue, the first due first; at most 200."""

    waiting = serializers.IntegerField(help_text="How many nobody acknowledged yet.")
    results = CrisisPlaceOut(many=True)
