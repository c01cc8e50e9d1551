"""Feedback and its messages, by customer and channel, written once by ``receive()``."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from config.kit.origins import Origin
from feedback.intake.files import PICTURES
from users.accounts.models import Role, User
from users.profiles.models import Address, AddressKind


class ChannelKind(models.TextChoices):
    REST = "rest", _("App and website")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")
    FORUM = "forum", _("Forum")
    COMMUNITY = "community", _("Community board")
    SURVEY = "survey", _("Survey")
    REVIEWS = "reviews", _("Store reviews")
    TABLE = "table", _("Table import")


class Topic(models.TextChoices):
    BUG = "bug", _("Bug")
    PERFORMANCE = "performance", _("Performance")
    PAYMENT = "payment", _("Payment")
    ACCOUNT = "account", _("Account")
    CONTENT = "content", _("Content")
    SUGGESTION = "suggestion", _("Suggestion")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class Channel(models.Model):
    """A configured way in and out: one mailbox, one integration, one forum."""

    slug = models.SlugField(_("short name"), unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ChannelKind.choices)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Assumed where a message does not tell.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("integration"),
        help_text=_("The integration that submits here and reads what came in here."),
    )
    config = models.JSONField(
        _("settings"),
        default=dict,
        blank=True,
        help_text=_(
            "Settings of this kind of channel. Secrets are named here and read from the environment."
        ),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="channel_kind_known"),
        ]

    def __str__(self) -> str:
        """Return the name, or the name of its kind when the channel was never given one."""
        return str(self.get_kind_display()) if self.name == self.kind else self.name

    @property
    def confirms(self) -> bool:
        """Whether senders get an acknowledgement: by default on mail channels, elsewhere only if switched on."""
        return bool(self.config.get("acknowledge", self.kind == ChannelKind.EMAIL))


# A submission pays for every index on its rows. So a foreign key has no index of its own when it is the first
# column of a constraint or index below, and a partial one when it is mostly NULL.


class RawMessage(models.Model):
    """The bytes as they arrived, stored before any parsing."""

    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("channel")
    )
    external_id = models.CharField(_("id at the sender"), max_length=400)
    digest = models.CharField(_("checksum"), max_length=64, help_text=_("SHA-256 of the content."))
    content = models.BinaryField(_("content"))
    media_type = models.CharField(_("media type"), max_length=100)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE)
    received_at = models.DateTimeField(_("received"))
    handled_at = models.DateTimeField(
        _("handled"),
        null=True,
        blank=True,
        help_text=_("When it became a message, or was set aside with a reason."),
    )
    set_aside = models.CharField(
        _("set aside"), max_length=60, blank=True, help_text=_("Why no message came of it.")
    )

    class Meta:
        verbose_name = _("raw message")
        verbose_name_plural = _("raw messages")
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id", "digest"], name="raw_message_once"),
        ]
        indexes = [
            # For the auditor: messages that were stored and never became feedback.
            models.Index(fields=["received_at"], name="raw_unhandled", condition=Q(handled_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.external_id}"


class FeedbackState(models.TextChoices):
    """The state shown to the customer; agents work with the ticket's status."""

    RECEIVED = "received", _("Received")
    IN_PROGRESS = "in_progress", _("In progress")
    ANSWERED = "answered", _("Answered")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")


def _where_set(field: str, *, name: str) -> models.Index:
    return models.Index(fields=[field], name=name, condition=Q(**{f"{field}__isnull": False}))


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User | None) -> FeedbackQuerySet:
        """Feedback that ``user`` gave or, for an integration, received through its channels; otherwise none.

        Staff read messages through tickets, never through this method.
        """
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        if user.role == Role.INTEGRATION:
            return self.filter(channel__owner=user)
        own = Q(customer__user=user) | Q(customer__merged_into__user=user)
        return self.filter(own)

    def of_account(self, account: str) -> FeedbackQuerySet:
        """Feedback of the person whom its channel's integration calls ``account``, including merged customers."""
        named = Address.objects.filter(
            kind=AddressKind.ACCOUNT, namespace=OuterRef("channel__slug"), normalised=account, is_proven=True
        )
        person = Q(customer=Subquery(named.values("customer"))) | Q(
            customer__merged_into=Subquery(named.values("customer"))
        )
        return self.filter(person)


class Feedback(models.Model):
    """What one customer raised: a thread of messages with one public number."""

    _FIRST_NUMBER = 10_000

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="+", verbose_name=_("channel"), db_index=False
    )
    customer = models.ForeignKey(
        "users.Customer",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("customer"),
        db_index=False,
    )
    address = models.ForeignKey(
        "users.Address",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("answer to"),
        help_text="Where answers go besides the API; none for an anonymous sender.",
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The thread this one mentions without having proved to belong to it.",
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="parts",
        db_index=False,
        help_text="The thread out of which the first messages of this one were taken.",
    )
    handled_with = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The thread of the same person with which this one is worked on as one.",
    )
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    topic_hint = models.CharField(_("topic given"), max_length=12, choices=Topic.choices, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True)
    language = models.CharField(_("language given"), max_length=10, blank=True)
    app_version = models.CharField(_("app version"), max_length=40, blank=True)
    platform = models.CharField(_("platform"), max_length=40, blank=True)
    device = models.CharField(_("device"), max_length=100, blank=True)
    page = models.CharField(_("page"), max_length=300, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE)
    state = models.CharField(
        _("state"), max_length=12, choices=FeedbackState.choices, default=FeedbackState.RECEIVED
    )
    received_at = models.DateTimeField(_("received"))
    last_message_at = models.DateTimeField(_("last message"))

    objects: ClassVar[FeedbackQuerySet] = FeedbackQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="feedback_origin_known"),
            models.CheckConstraint(condition=Q(state__in=FeedbackState.values), name="feedback_state_known"),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="feedback_rating_1_to_5"
            ),
        ]
        indexes = [
            # A customer's own list, newest first.
            models.Index(fields=["customer", "-id"], name="feedback_of_customer"),
            # An integration's list, newest first.
            models.Index(fields=["channel", "-id"], name="feedback_of_channel"),
            # Erasing an address; finding related threads.
            _where_set("address", name="feedback_of_address"),
            _where_set("follows", name="feedback_that_follow"),
            _where_set("part_of", name="feedback_parts"),
            _where_set("handled_with", name="feedback_handled_with"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The public number that people quote: ``E-10042``."""
        return self.number_of(self.pk)

    @property
    def handled_with_number(self) -> str | None:
        """The number of the thread that this one is handled together with. No query."""
        return self.number_of(self.handled_with_id) if self.handled_with_id else None

    @property
    def part_of_number(self) -> str | None:
        """The number of the thread that this one was split from. No query."""
        return self.number_of(self.part_of_id) if self.part_of_id else None

    @classmethod
    def number_of(cls, key: int) -> str:
        return f"E-{cls._FIRST_NUMBER + key}"

    @classmethod
    def key_of(cls, number: int) -> int:
        """Return the primary key of the feedback with the digits ``number``; it need not exist."""
        return number - cls._FIRST_NUMBER


class Direction(models.TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")


class Message(models.Model):
    """One utterance in a feedback. Immutable except for erasure."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="messages", db_index=False)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.IN)
    external_id = models.CharField(max_length=400, help_text="The channel's own name of this message.")
    content_hash = models.CharField(max_length=64)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True, help_text="As received, sanitised when shown.")
    author_name = models.CharField(_("author"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The agent who wrote an outgoing message; None for the customer and for automatic ones.",
    )
    is_automatic = models.BooleanField(default=False)
    raw = models.ForeignKey(RawMessage, on_delete=models.PROTECT, null=True, related_name="+")
    danger_hits = models.JSONField(
        default=list, help_text="What the quick screen found at intake: [{category, text, start, end}]."
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.LIVE)
    sent_at = models.DateTimeField(_("sent"), help_text="When the sender says it was sent.")
    received_at = models.DateTimeField(_("received"))
    erased_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id", "content_hash"], name="message_once"),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="message_direction_known"
            ),
        ]
        indexes = [
            # A conversation in order.
            models.Index(fields=["feedback", "id"], name="message_of_feedback"),
            _where_set("author", name="message_of_author"),
            # The month of a summary; imports count by the time they were sent.
            models.Index(
                fields=["received_at", "id"], name="message_in_by_received", condition=Q(direction="in")
            ),
            models.Index(fields=["sent_at", "id"], name="message_in_by_sent", condition=Q(direction="in")),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class StoredFile(models.Model):
    """A file kept in the database, so that it is as durable as the row it belongs to."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    filename = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(
        _("type"), max_length=100, help_text="Found from the content, not claimed."
    )
    size_bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.filename

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it inside a page."""
        return self.content_type in PICTURES


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unerased(self) -> AttachmentQuerySet:
        """Files whose message was not erased; erased ones are only an empty row."""
        return self.filter(message__erased_at=None)


class Attachment(StoredFile):
    """A file received or sent with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    is_inline = models.BooleanField(default=False)

    objects: ClassVar[AttachmentQuerySet] = AttachmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")


class Rating(models.Model):
    """A customer's rating of how their feedback was handled; the newest one counts."""

    feedback = models.ForeignKey(Feedback, on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("score"), help_text="1 very bad .. 5 very good")
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rating of our handling")
        verbose_name_plural = _("ratings of our handling")
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_1_to_5"),
        ]
        indexes = [
            models.Index(fields=["feedback", "-id"], name="rating_newest"),
            # Team figures: those of a period.
            models.Index(fields=["at"], name="rating_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.score}"


class LinkRequest(models.Model):
    """A request for the private links to the feedback answered at an address; deleted soon after it expires."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    value = models.CharField(_("address"), max_length=320)
    normalised = models.CharField(max_length=320, editable=False)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("expires"))
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    class Meta:
        verbose_name = _("request for links")
        verbose_name_plural = _("requests for links")
        indexes = [
            # Recent requests for an address; requests to delete.
            models.Index(fields=["normalised", "-asked_at"], name="link_request_of_address"),
            models.Index(fields=["expires_at"], name="link_request_by_expiry"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Idempotency(models.Model):
    """A used idempotency key and the message it created, so that a retry gets the same response."""

    principal = models.CharField(
        max_length=80, help_text="Who sent the key: user:7, or anonymous with a digest."
    )
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
