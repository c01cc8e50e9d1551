"""What the feedback endpoints take and answer. ``...In`` is what may come, ``...Out`` what goes."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from config.kit.fields import Line, StrictSerializer, Text
from feedback.api.submission import Named, Submission
from feedback.intake.incoming import MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, IncomingFile
from feedback.intake.models import FeedbackState, Topic

LANGUAGE_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"


class Base64Content(serializers.Field[bytes, str, str, Any]):
    """A file's content in base64; ``max_bytes`` is of the content, not of its base64."""

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
    filename = Line(max_length=200)
    content = Base64Content(help_text="Base64.")


class CustomerIn(StrictSerializer):
    """Whom an integration speaks for, or where an anonymous sender wants the answer."""

    account = Line(
        max_length=200, required=False, help_text="Your id of the person; needs the scope feedback:act-for."
    )
    email = serializers.EmailField(max_length=254, required=False)
    name = Line(max_length=200, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Named:
        return Named(**super().to_internal_value(data))


class ContextIn(StrictSerializer):
    """Where it happened."""

    app_version = Line(max_length=40, required=False, allow_blank=True)
    platform = Line(max_length=40, required=False, allow_blank=True)
    device = Line(max_length=100, required=False, allow_blank=True)
    page = Line(max_length=300, required=False, allow_blank=True)


class MessageIn(StrictSerializer):
    """One utterance: a text, files, or both."""

    text = Text(required=False, allow_blank=True, default="", help_text="At most 20,000 characters.")
    attachments = serializers.ListField(
        child=FileIn(), required=False, max_length=MOST_ATTACHMENTS, help_text="In forms: files of this name."
    )

    def submission(self, *, files: tuple[IncomingFile, ...], raw: bytes | None) -> Submission:
        """Return what was said; call after ``is_valid``. ``files`` are those of a form."""
        values = dict(self.validated_data)
        files += tuple(IncomingFile(**file) for file in values.pop("attachments", ()))
        return Submission(values["text"], files, self.described(values), raw)

    def described(self, values: dict[str, Any]) -> dict[str, Any]:
        return {}


class FeedbackIn(MessageIn):
    """A new feedback. A text, a rating or a file is needed; all else is optional."""

    subject = Line(max_length=300, required=False, allow_blank=True)
    rating = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    topic = serializers.ChoiceField(choices=Topic.choices, required=False, help_text="A hint; we check.")
    language = serializers.RegexField(
        LANGUAGE_TAG, max_length=10, required=False, help_text="Of the text, such as en or zh-Hans."
    )
    customer = CustomerIn(required=False)
    context = ContextIn(required=False)  # type: ignore[assignment]

    def described(self, values: dict[str, Any]) -> dict[str, Any]:
        names = {"subject": "subject", "rating": "rating", "topic": "topic_hint", "language": "language"}
        fields = {ours: values[theirs] for theirs, ours in names.items() if values.get(theirs) is not None}
        return fields | dict(values.get("context", {}))


class HelpLineOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class FirstAnswerOut(serializers.Serializer[Any]):
    """Approved words for someone in danger. Show them at once, and do not reword them."""

    kind = serializers.ChoiceField(choices=["self_harm", "danger"])
    language = serializers.CharField()
    text = serializers.CharField()
    lines = HelpLineOut(many=True)
    version = serializers.CharField()


class NextOut(serializers.Serializer[Any]):
    code = serializers.ChoiceField(choices=["in_line", "looked_at_first", "reopens"])
    text = serializers.CharField(help_text="For the person, in the language of Accept-Language.")
    answer_due_at = serializers.DateTimeField(allow_null=True)


class ReceiptOut(serializers.Serializer[Any]):
    """That the message is stored, and how to follow it."""

    id = serializers.UUIDField(help_text="Of the feedback.")
    number = serializers.CharField(help_text="To quote in conversations, such as E-10042.")
    message_id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=FeedbackState.choices)
    received_at = serializers.DateTimeField()
    status_url = serializers.CharField(help_text="A secret: whoever has it reads and answers this feedback.")
    next = NextOut()
    first_answer = FirstAnswerOut(allow_null=True)
