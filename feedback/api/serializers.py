"""Serializers of the feedback endpoints: ``...In`` for requests, ``...Out`` for responses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kit.documentation import ProblemOut
from config.kit.fields import Choice, LanguageTag, Line, StrictSerializer, Text
from config.kit.pagination import encode_cursor
from feedback.api.conversation import Conversation, author_of
from feedback.api.submission import Named, Submission
from feedback.intake.bounds import MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS
from feedback.intake.incoming import IncomingFile
from feedback.intake.links import status_link
from feedback.intake.models import Attachment, Feedback, FeedbackState, Message, Topic
from feedback.intake.ratings import MOST_COMMENT

MOST_BATCH_ITEMS = 100


@extend_schema_field({"type": "string", "contentEncoding": "base64"})
class Base64Content(serializers.Field[bytes, str, str, Any]):
    """A file's content in base64; the size limit applies to the content, not to its base64."""

    default_error_messages = {
        "not_text": _("Give the content as a text in base64."),
        "not_base64": _("This is not base64."),
        "file_too_large": _("A file may have %(most)d MB at most.")
        % {"most": MOST_ATTACHMENT_BYTES // 1024**2},
    }

    def to_internal_value(self, data: Any) -> bytes:
        if not isinstance(data, str):
            self.fail("not_text")
        if len(data) > MOST_ATTACHMENT_BYTES * 4 // 3 + 4:
            self.fail("file_too_large")
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            self.fail("not_base64")


class FileIn(StrictSerializer):
    """A file: its name and its content in base64."""

    filename = Line(max_length=200)
    content = Base64Content(help_text="Base64.")


class CustomerIn(StrictSerializer):
    """The customer an integration submits for, or the address at which an anonymous sender wants the answer."""

    account = Line(
        max_length=200, required=False, help_text="Your id of the person; needs the scope feedback:act-for."
    )
    email = serializers.EmailField(max_length=254, required=False)
    name = Line(max_length=200, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Named:
        return Named(**super().to_internal_value(data))


class ContextIn(StrictSerializer):
    """Where it happened: the version of the app, the platform, the device and the page."""

    app_version = Line(max_length=40, required=False, allow_blank=True)
    platform = Line(max_length=40, required=False, allow_blank=True)
    device = Line(max_length=100, required=False, allow_blank=True)
    page = Line(max_length=300, required=False, allow_blank=True)


class MessageIn(StrictSerializer):
    """A message: text, files, or both."""

    text = Text(required=False, allow_blank=True, default="", help_text="At most 20,000 characters.")
    attachments = serializers.ListField(
        child=FileIn(), required=False, max_length=MOST_ATTACHMENTS, help_text="In forms: files of this name."
    )


class FeedbackIn(MessageIn):
    """New feedback. A text, a rating or a file is required; everything else is optional."""

    subject = Line(max_length=300, required=False, allow_blank=True)
    rating = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    topic = Choice(choices=Topic.choices, required=False, help_text="A hint; we check.")
    language = LanguageTag(required=False, help_text="Of the text, such as en or zh-Hans.")
    customer = CustomerIn(required=False)
    context = ContextIn(required=False)  # type: ignore[assignment]


class BatchItemIn(FeedbackIn):
    """One feedback of a batch, with an idempotency key of its own."""

    idempotency_key = serializers.CharField(max_length=200, required=False, help_text="As the header.")


@extend_schema_field(BatchItemIn(many=True))
class BatchItems(serializers.ListField):
    """Items documented as BatchItemIn but accepted as any JSON, so that a wrong one does not reject the others."""

    child = serializers.JSONField(allow_null=True)


class BatchIn(StrictSerializer):
    """Feedback to submit together. Each item is validated, and accepted or rejected, on its own."""

    items = BatchItems(min_length=1, max_length=MOST_BATCH_ITEMS)


def submission_of(
    values: Mapping[str, Any], *, files: tuple[IncomingFile, ...], raw: bytes | None
) -> Submission:
    """Return the submission in the validated ``values`` of a serializer; ``files`` are those of a form."""
    files += tuple(IncomingFile(**file) for file in values.get("attachments", ()))
    names = {"subject": "subject", "rating": "rating", "topic": "topic_hint", "language": "language"}
    fields = {ours: values[theirs] for theirs, ours in names.items() if values.get(theirs) is not None}
    return Submission(values["text"], files, fields | dict(values.get("context", {})), raw)


class RatingIn(StrictSerializer):
    """How satisfied the customer is with the handling of the feedback."""

    score = serializers.IntegerField(min_value=1, max_value=5, help_text="1 very bad .. 5 very good")
    comment = Text(required=False, allow_blank=True, default="", max_length=MOST_COMMENT)


class HelpLineOut(serializers.Serializer[Any]):
    """A help line to call or visit; ``phone`` or ``url`` may be empty."""

    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class FirstAnswerOut(serializers.Serializer[Any]):
    """An approved answer for someone in danger. Show it immediately and do not reword it."""

    kind = serializers.ChoiceField(choices=["self_harm", "danger"])
    language = serializers.CharField()
    text = serializers.CharField()
    lines = HelpLineOut(many=True)
    version = serializers.CharField()


class NextOut(serializers.Serializer[Any]):
    """What happens next: a code for programs, a sentence for people, and when an answer is due."""

    code = serializers.ChoiceField(choices=["in_line", "looked_at_first", "reopens"])
    text = serializers.CharField(help_text="For the person, in the language of Accept-Language.")
    answer_due_at = serializers.DateTimeField(allow_null=True)


class ReceiptOut(serializers.Serializer[Any]):
    """Confirmation that the message is stored, and how to follow it."""

    id = serializers.UUIDField(help_text="Of the feedback.")
    number = serializers.CharField(help_text="To quote in conversations, such as E-10042.")
    message_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=FeedbackState.choices)
    received_at = serializers.DateTimeField()
    status_url = serializers.CharField(help_text="A secret: whoever has it reads and answers this feedback.")
    next = NextOut()
    first_answer = FirstAnswerOut(allow_null=True)


class FeedbackOut(serializers.Serializer[Any]):
    """A feedback as shown in a list."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    subject = serializers.CharField()
    state = serializers.ChoiceField(choices=FeedbackState.choices)
    topic = serializers.CharField(source="topic_hint", help_text="As its sender gave it, or empty.")
    rating = serializers.IntegerField(allow_null=True, help_text="As its sender gave it with the feedback.")
    language = serializers.CharField()
    received_at = serializers.DateTimeField()
    last_message_at = serializers.DateTimeField()
    handled_with = serializers.CharField(
        source="handled_with_number", allow_null=True, help_text="See the single feedback."
    )


class FeedbackPageOut(serializers.Serializer[Any]):
    results = FeedbackOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class AttachmentOut(serializers.Serializer[Any]):
    """A file of a message, and where to download it."""

    id = serializers.UUIDField(source="public_id")
    filename = serializers.CharField()
    content_type = serializers.CharField(help_text="Found from the content.")
    size_bytes = serializers.IntegerField()
    url = serializers.SerializerMethodField()

    def get_url(self, file: Attachment) -> str:
        return f"{self.context['address']}/attachments/{file.public_id}"


class UtteranceOut(serializers.Serializer[Any]):
    """A message without its files."""

    id = serializers.UUIDField(source="public_id")
    author = serializers.SerializerMethodField()
    author_name = serializers.CharField()
    text = serializers.CharField()
    sent_at = serializers.DateTimeField()
    is_erased = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["customer", "agent", "automatic"]))
    def get_author(self, message: Message) -> str:
        return author_of(message)

    def get_is_erased(self, message: Message) -> bool:
        return message.erased_at is not None


class MessageOut(UtteranceOut):
    """A message with its files."""

    attachments = AttachmentOut(many=True, source="attachments.all")


class MessagePageOut(serializers.Serializer[Any]):
    results = MessageOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")


class SatisfactionOut(serializers.Serializer[Any]):
    """A rating of the handling."""

    score = serializers.IntegerField()
    comment = serializers.CharField()
    at = serializers.DateTimeField()


class PartOut(serializers.Serializer[Any]):
    """Another feedback that was split from this one, or that this one was split from."""

    id = serializers.UUIDField(source="public_id")
    number = serializers.CharField()
    status_url = serializers.SerializerMethodField(help_text="A secret, as in the receipt.")

    def get_status_url(self, feedback: Feedback) -> str:
        return status_link(feedback)


class ConversationOut(serializers.Serializer[Any]):
    """A feedback with its newest messages, in chronological order."""

    id = serializers.UUIDField(source="feedback.public_id")
    number = serializers.CharField(source="feedback.number")
    subject = serializers.CharField(source="feedback.subject")
    state = serializers.ChoiceField(choices=FeedbackState.choices, source="feedback.state")
    topic = serializers.CharField(source="feedback.topic_hint")
    rating = serializers.IntegerField(source="feedback.rating", allow_null=True)
    language = serializers.CharField(source="feedback.language")
    received_at = serializers.DateTimeField(source="feedback.received_at")
    last_message_at = serializers.DateTimeField(source="feedback.last_message_at")
    messages = MessageOut(many=True)
    earlier_messages = serializers.SerializerMethodField()
    satisfaction = SatisfactionOut(source="newest_rating", allow_null=True)
    may_be_rated = serializers.BooleanField()
    handled_with = serializers.CharField(
        source="feedback.handled_with_number",
        allow_null=True,
        help_text="Number of another feedback of the same person: both are worked on as one, answers are in both.",
    )
    part_of = PartOut(
        allow_null=True, help_text="The feedback out of which we took this one, being another matter."
    )
    parts = PartOut(many=True, help_text="What we took out of this one: some of its messages are there now.")

    @extend_schema_field(serializers.CharField(allow_null=True, help_text="Address of the older messages."))
    def get_earlier_messages(self, conversation: Conversation) -> str | None:
        if not conversation.has_earlier:
            return None
        cursor = encode_cursor(conversation.messages[0].pk)
        return f"{self.context['address']}/messages?cursor={cursor}"


class BatchResultOut(serializers.Serializer[Any]):
    """The result of one item: a receipt (status 201, or 200 if it was stored before), or a problem."""

    index = serializers.IntegerField()
    status = serializers.IntegerField()
    receipt = ReceiptOut(allow_null=True)
    problem = ProblemOut(allow_null=True)


class BatchOut(serializers.Serializer[Any]):
    """One result per item, in the order of the items."""

    results = BatchResultOut(many=True)


class HistoryEntryOut(serializers.Serializer[Any]):
    """A message of yours (``said``), an answer to you (``answered``) or a rating of yours (``rated``)."""

    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["said", "answered", "rated"])
    feedback_id = serializers.UUIDField()
    number = serializers.CharField()
    text = serializers.CharField()
    score = serializers.IntegerField(allow_null=True, help_text="Of a rating; null otherwise.")


class HistoryOut(serializers.Serializer[Any]):
    results = HistoryEntryOut(many=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null at the end.")
