"""The personal data this part holds: what a customer said, as received and as parsed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from feedback.intake.models import Attachment, Feedback, Idempotency, Message, Rating, RawMessage
from users.profiles.holdings import Holding, Rows
from users.profiles.models import Customer
from users.profiles.services import hold_unerased

FEEDBACK_COLUMNS = (
    "public_id", "channel__slug", "subject", "topic_hint", "rating", "language", "app_version", "platform",
    "device", "page", "state", "received_at", "last_message_at",
)  # fmt: skip
MESSAGE_COLUMNS = (
    "public_id", "feedback__public_id", "direction", "author_name", "text", "html", "is_automatic", "sent_at",
    "received_at",
)  # fmt: skip
FILE_COLUMNS = ("public_id", "message__public_id", "filename", "content_type", "size_bytes", "sha256")


def export_feedback(customer: Customer) -> Rows:
    return Feedback.objects.filter(customer=customer).order_by("pk").values(*FEEDBACK_COLUMNS)


def erase_feedback(customer: Customer, at: datetime) -> None:
    """Clear what identifies a person; version and platform are kept, as they only serve statistics."""
    Feedback.objects.filter(customer=customer).update(subject="", device="", page="", address=None)


def export_messages(customer: Customer) -> Rows:
    return Message.objects.filter(feedback__customer=customer).order_by("pk").values(*MESSAGE_COLUMNS)


def erase_messages(customer: Customer, at: datetime) -> None:
    """Blank messages in both directions, since our answers quote the customer.

    ``external_id`` stays, or the next mailbox poll would bring the message back.
    """
    messages = Message.objects.filter(feedback__customer=customer, erased_at=None)
    RawMessage.objects.filter(pk__in=messages.values("raw")).update(content=b"")
    Idempotency.objects.filter(message__in=messages).delete()
    messages.update(text="", html="", author_name="", danger_hits=[], erased_at=at)


def unerased(messages: Iterable[Message]) -> set[int]:
    """Return the keys of ``messages`` whose customer is not erased, blocking erasure until the transaction ends.

    For callers that read the messages earlier and are about to write text that quotes them. One query, plus one
    for each ``feedback`` that is not yet loaded.
    """
    customers = {message.pk: message.feedback.customer_id for message in messages}
    left = hold_unerased(set(customers.values()))
    return {message for message, customer in customers.items() if customer in left}


def export_files(customer: Customer) -> Rows:
    files = Attachment.objects.filter(message__feedback__customer=customer)
    return files.order_by("pk").values(*FILE_COLUMNS)


def erase_files(customer: Customer, at: datetime) -> None:
    Attachment.objects.filter(message__feedback__customer=customer).update(
        filename="", content=b"", sha256="", content_type="application/octet-stream"
    )


def export_ratings(customer: Customer) -> Rows:
    ratings = Rating.objects.filter(feedback__customer=customer)
    return ratings.order_by("pk").values("feedback__public_id", "score", "comment", "at")


def erase_ratings(customer: Customer, at: datetime) -> None:
    Rating.objects.filter(feedback__customer=customer).update(comment="")


HOLDINGS = (
    Holding("feedback", ("feedback.Feedback",), export_feedback, erase_feedback),
    Holding(
        "messages",
        ("feedback.Message", "feedback.RawMessage", "feedback.Idempotency"),
        export_messages,
        erase_messages,
    ),
    Holding("attachments", ("feedback.Attachment",), export_files, erase_files),
    Holding("ratings", ("feedback.Rating",), export_ratings, erase_ratings),
)
