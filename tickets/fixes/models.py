"""Fixes of themes in a version, solutions of known problems, and which reporters were notified."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from feedback.analysis.models import Assessment
from feedback.intake.models import ChannelKind, Direction, Feedback, Message, Rating
from feedback.knowledge.models import KnownProblem
from feedback.knowledge.services import wording_for
from feedback.themes.models import Theme

#: A later reply with at least this sentiment counts as content, with at most its negative as discontent.
_CLEAR_MOOD = 0.2


class FixState(models.TextChoices):
    DRAFT = "draft", _("Not sent yet")
    TELLING = "telling", _("Being sent")
    PAUSED = "paused", _("Paused")
    DONE = "done", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")


class Fix(models.Model):
    """The fix of ``theme`` in ``version``, or of a solved ``problem``, and the progress of notifying its reporters."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("theme")
    )
    problem = models.ForeignKey(
        KnownProblem,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Then those who said “me too” are told."),
        verbose_name=_("known problem"),
    )
    version = models.CharField(
        _("fixed in version"), max_length=60, blank=True, help_text=_("Of a problem: or a date, or empty.")
    )
    state = models.CharField(_("state"), max_length=9, choices=FixState.choices, default=FixState.DRAFT)
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("prepared by"),
    )
    started_at = models.DateTimeField(
        _("started"), null=True, help_text=_("Who reported it later is not told.")
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Whose message it is."),
        verbose_name=_("started by"),
    )
    is_planned = models.BooleanField(
        _("recipients listed"), default=False, help_text=_("Its reporters are written down.")
    )

    class Meta:
        verbose_name = _("fix")
        verbose_name_plural = _("fixes")
        constraints = [
            # Announcing the same fix in the same version twice makes one row.
            models.UniqueConstraint(fields=["theme", "version"], name="fix_once_per_version"),
            models.UniqueConstraint(fields=["problem"], name="fix_once_per_problem"),
            models.CheckConstraint(
                condition=Q(theme__isnull=False, problem=None) | Q(theme=None, problem__isnull=False),
                name="fix_of_theme_or_problem",
            ),
            models.CheckConstraint(condition=Q(state__in=FixState.values), name="fix_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id or self.problem_id} {self.version}"

    def name_for(self, language: str) -> str:
        """Return the name of what is fixed, for readers of ``language``. One query for a problem."""
        if self.problem is not None:
            return wording_for(self.problem, language).title
        assert self.theme is not None, "held by fix_of_theme_or_problem"
        return self.theme.name_for(language)


class FixWording(models.Model):
    """The text sent to readers of one language. Variables from a fixed list are replaced."""

    fix = models.ForeignKey(Fix, on_delete=models.PROTECT, related_name="wordings")
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("wording of a fix")
        verbose_name_plural = _("wordings of fixes")
        constraints = [
            models.UniqueConstraint(fields=["fix", "language"], name="fix_wording_per_language"),
        ]

    def __str__(self) -> str:
        return f"{self.fix_id} {self.language}"


class ReporterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    TOLD = "told", _("Told")
    HELD = "held", _("Held back")


class Reason(models.TextChoices):
    """Why a reporter is not notified."""

    OPTED_OUT = "opted_out", _("Wants no news about what they reported")
    UNREACHABLE = "unreachable", _("No channel reaches them")
    TOLD_BEFORE = "told_before", _("Was told of this fix before")
    SENSITIVE = "sensitive", _("Sensitive or urgent: a person must answer")
    SEEN_SINCE = "seen_since", _("Reported it in this version or a later one")
    ERASED = "erased", _("Was erased")
    CANCELLED = "cancelled", _("Cancelled before their turn")


class Answer(models.TextChoices):
    YES = "yes", _("Works now")
    NO = "no", _("Still broken")


class Echo(models.TextChoices):
    """The reaction of a person who was notified."""

    CONFIRMED = "confirmed", _("Confirmed")
    DENIED = "denied", _("Not fixed for them")
    REPLIED = "replied", _("Replied")
    SILENT = "silent", _("Nothing yet")


class ReporterQuerySet(models.QuerySet["Reporter"]):
    def with_echo(self) -> models.QuerySet[Any]:
        """Annotate ``echo``, an Echo, or "" for those who were not notified.

        An explicit answer (the link, then a rating) takes precedence over the sentiment of later messages.
        Computed from the messages and ratings themselves, so that none can be missed.
        """
        later = Message.objects.filter(
            feedback=OuterRef("feedback"),
            direction=Direction.IN,
            is_automatic=False,
            received_at__gt=OuterRef("told_at"),
        )
        rating = Rating.objects.filter(feedback=OuterRef("feedback"), at__gt=OuterRef("told_at"))
        mood = Assessment.objects.filter(
            message__feedback=OuterRef("feedback"),
            message__direction=Direction.IN,
            message__is_automatic=False,
            message__received_at__gt=OuterRef("told_at"),
        )
        known = self.annotate(
            has_reply=Exists(later),
            later_rating=Subquery(rating.order_by("-id").values("score")[:1]),
            later_mood=Subquery(mood.order_by("message_id").values("sentiment")[:1]),
        )
        return known.annotate(
            echo=Case(
                When(told_at=None, then=Value("")),
                When(answer=Answer.YES, then=Value(Echo.CONFIRMED)),
                When(answer=Answer.NO, then=Value(Echo.DENIED)),
                When(later_rating__gte=4, then=Value(Echo.CONFIRMED)),
                When(later_rating__lte=2, then=Value(Echo.DENIED)),
                When(later_mood__gte=_CLEAR_MOOD, then=Value(Echo.CONFIRMED)),
                When(later_mood__lte=-_CLEAR_MOOD, then=Value(Echo.DENIED)),
                When(has_reply=True, then=Value(Echo.REPLIED)),
                default=Value(Echo.SILENT),
                output_field=models.CharField(),
            )
        )


class Reporter(models.Model):
    """One person who reported the fixed problem: waiting, notified, or held back with a reason."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fix = models.ForeignKey(Fix, on_delete=models.PROTECT, related_name="reporters")
    customer = models.ForeignKey("users.Customer", on_delete=models.PROTECT, related_name="+")
    feedback = models.ForeignKey(
        Feedback, on_delete=models.PROTECT, related_name="+", help_text="The thread they are told in."
    )
    state = models.CharField(
        _("state"), max_length=7, choices=ReporterState.choices, default=ReporterState.WAITING
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices, blank=True)
    language = models.CharField(_("language"), max_length=10, help_text="The one they read.")
    channel = models.CharField(_("channel"), max_length=20, choices=ChannelKind.choices)
    not_before = models.DateTimeField(_("not before"), null=True, help_text="The end of their quiet hours.")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(_("told"), null=True)
    answer = models.CharField(_("answer"), max_length=3, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects: ClassVar[ReporterQuerySet] = ReporterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")
        constraints = [
            models.UniqueConstraint(fields=["fix", "customer"], name="reporter_once_per_fix"),
            models.CheckConstraint(
                condition=Q(state=ReporterState.TOLD, message__isnull=False, told_at__isnull=False)
                | (~Q(state=ReporterState.TOLD) & Q(message=None, told_at=None)),
                name="reporter_told_has_message",
            ),
            models.CheckConstraint(
                condition=(Q(state=ReporterState.HELD) & ~Q(reason=""))
                | (~Q(state=ReporterState.HELD) & Q(reason="")),
                name="reporter_held_has_reason",
            ),
            models.CheckConstraint(condition=Q(state__in=ReporterState.values), name="reporter_state_known"),
        ]
        indexes = [
            # Who is to be notified next.
            models.Index(
                F("fix"),
                F("not_before").asc(nulls_first=True),
                F("id"),
                name="reporter_waiting",
                condition=Q(state="waiting"),
            ),
            # The list on the fix's page.
            models.Index(fields=["fix", "id"], name="reporter_of_fix"),
        ]

    def __str__(self) -> str:
        return f"{self.fix_id} {self.customer_id}"


class TellingRound(models.Model):
    """One round of notifications: it notifies those who are due and schedules the next. Subject of an outbox row."""

    fix = models.ForeignKey(Fix, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("round of telling")
        verbose_name_plural = _("rounds of telling")
        constraints = [models.UniqueConstraint(fields=["fix", "number"], name="telling_round_once")]

    def __str__(self) -> str:
        return f"{self.fix_id}.{self.number}"
