"""Summaries: immutable snapshots of a period's themes in numbers, and the work that follows from them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kit.naming import page_language
from config.kit.origins import Origin
from feedback.intake.models import Message
from feedback.themes.models import Named, Theme
from tickets.desk.models import Ticket
from tickets.summaries.periods import Period
from users.accounts.models import User


class Kind(models.TextChoices):
    MONTH = "month", _("Month")
    WEEK = "week", _("Week")
    CUSTOM = "custom", _("Other period")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, user: User | None) -> SummaryQuerySet:
        """All summaries for product leads, published ones for other staff, none for anyone else."""
        if user is None or not user.is_authenticated or not user.is_active or not user.is_staff:
            return self.none()
        return self if user.is_lead else self.filter(state=State.PUBLISHED)

    def published(self) -> SummaryQuerySet:
        return self.filter(state=State.PUBLISHED)

    def newest(self) -> SummaryQuerySet:
        return self.order_by("-start_at", "-revision", "-id")


class OfPeriod:
    """Mixin for models about the messages of some origins in a period."""

    kind: Any
    start_at: Any
    end_at: Any
    time_zone: Any
    origins: Any

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The period in words."""
        return Period(self.kind, self.start_at, self.end_at, self.time_zone).title

    @property
    def origin_names(self) -> list[str]:
        """The display names of the origins it counts."""
        return [str(Origin(origin).label) for origin in self.origins]


class Summary(OfPeriod, models.Model):
    """The messages of some origins in [``start_at``, ``end_at``), grouped into themes and counted at ``made_at``.

    A draft may be counted again; a published summary never changes (a database trigger enforces it), and a later
    count of the same period is stored as a new revision.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    start_at = models.DateTimeField(_("from"))
    end_at = models.DateTimeField(_("to"), help_text=_("Not included."))
    time_zone = models.CharField(_("time zone"), max_length=60)
    origins = ArrayField(models.CharField(max_length=10, choices=Origin.choices), verbose_name=_("origins"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField(_("counted"), help_text=_("Messages that came later are not in it."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="None: by itself, three days after the draft.",
    )
    message_count = models.PositiveIntegerField(_("messages"))
    people_count = models.PositiveIntegerField(_("people"))
    other_count = models.PositiveIntegerField(
        _("in no theme"), help_text="Messages that resemble too few others."
    )
    late_count = models.PositiveIntegerField(
        _("late"), default=0, help_text="Messages of earlier periods that came after those were published."
    )
    covered = models.FloatField(
        default=1, help_text="Which part of the period had passed when it was counted."
    )
    sentiment = models.FloatField(_("sentiment"))
    overview = models.JSONField(
        default=dict, help_text="Days, channels, versions, platforms, languages, segments, past periods."
    )
    formula = models.CharField(max_length=200)
    model_version = models.CharField(max_length=120)

    objects: ClassVar[SummaryQuerySet] = SummaryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = [
            models.UniqueConstraint(
                fields=["start_at", "end_at", "origins", "revision"], name="summary_once_per_period"
            ),
            models.CheckConstraint(condition=Q(end_at__gt=F("start_at")), name="summary_period_in_order"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="summary_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="summary_kind_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, published_at=None)
                | Q(state=State.PUBLISHED, published_at__isnull=False),
                name="summary_published_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["-start_at", "-revision"], name="summary_newest")]

    @property
    def local_start(self) -> datetime:
        return self.start_at.astimezone(ZoneInfo(self.time_zone))


class Verdict(models.TextChoices):
    """How a pain point changed against the periods before; worse and better only if it is unlikely to be chance."""

    NEW = "new", pgettext_lazy("theme", "New")
    WORSE = "worse", _("Worse")
    BETTER = "better", _("Better")
    SAME = "same", _("As before")
    FIRST = "first", _("No past to compare")


class PainPoint(Named, models.Model):
    """One theme in one summary, with its numbers and name as of the count."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.ForeignKey(Summary, on_delete=models.PROTECT, related_name="pain_points")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField(_("rank"))
    is_praise = models.BooleanField(
        _("praise"), default=False, help_text="What people like; ranked behind what hurts."
    )
    is_hidden = models.BooleanField(default=False)
    labels = models.JSONField(default=dict)
    main_language = models.CharField(max_length=10, blank=True, default="")
    glosses = models.JSONField(default=dict)
    name_en = models.CharField(max_length=120, blank=True)
    name_zh = models.CharField(max_length=120, blank=True)
    verdict = models.CharField(_("change"), max_length=6, choices=Verdict.choices)
    parents = ArrayField(
        models.BigIntegerField(), default=list, help_text="Themes that merged into it, or that it split from."
    )
    message_count = models.PositiveIntegerField(_("messages"))
    people_count = models.PositiveIntegerField(_("people"))
    urgent_count = models.PositiveIntegerField(_("urgent messages"), default=0)
    share = models.FloatField(_("share of people"))
    share_low = models.FloatField()
    share_high = models.FloatField()
    expected_people = models.FloatField(null=True, help_text="As many as in the past, for as many writers.")
    ratio = models.FloatField(null=True, help_text="Share of people against the past; 1 = as before.")
    ratio_low = models.FloatField(null=True)
    ratio_high = models.FloatField(null=True)
    chance = models.FloatField(null=True, help_text="Probability of such a change by chance.")
    last_people = models.PositiveIntegerField(_("people in the period before"), null=True)
    last_share = models.FloatField(null=True)
    change = models.FloatField(null=True, help_text="Of people times severity against the period before.")
    change_volume = models.FloatField(null=True)
    change_share = models.FloatField(null=True)
    change_severity = models.FloatField(null=True)
    change_new = models.FloatField(null=True)
    sentiment = models.FloatField(_("sentiment"))
    severity = models.FloatField(_("severity"))
    score = models.FloatField(_("score"))
    reach = models.FloatField()
    trend = models.FloatField()
    figures = models.JSONField(
        default=dict, help_text="Per day, past periods, by channel, version, ...; what stands out."
    )
    map_x = models.FloatField(default=0)
    map_y = models.FloatField(default=0)
    message_ids = ArrayField(models.BigIntegerField(), help_text="The messages behind the numbers.")

    class Meta:
        verbose_name = _("pain point")
        verbose_name_plural = _("pain points")
        constraints = [
            models.UniqueConstraint(fields=["summary", "rank"], name="pain_point_one_per_rank"),
            models.UniqueConstraint(fields=["summary", "theme"], name="pain_point_one_per_theme"),
            models.CheckConstraint(
                condition=Q(share_low__lte=F("share") + 1e-9, share_high__gte=F("share") - 1e-9),
                name="pain_point_share_in_interval",
            ),
        ]

    def __str__(self) -> str:
        return self.name_for(page_language())


class QuoteQuerySet(models.QuerySet["Quote"]):
    def shown(self) -> QuoteQuerySet:
        """Quotes that were not erased and whose ticket is not (or has not become since) sensitive."""
        sensitive = Ticket.objects.filter(is_sensitive=True).values("feedback")
        return self.exclude(text="").exclude(message__feedback__in=sensitive)


class Quote(models.Model):
    """Words of a customer, scrubbed of personal data; the only part of a published snapshot that erasure may blank."""

    pain_point = models.ForeignKey(PainPoint, on_delete=models.PROTECT, related_name="quotes")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    text = models.TextField(blank=True, help_text="Empty once the person was erased.")

    objects: ClassVar[QuoteQuerySet] = QuoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [models.UniqueConstraint(fields=["pain_point", "place"], name="quote_one_per_place")]
        indexes = [models.Index(fields=["message"], name="quote_of_message")]

    def __str__(self) -> str:
        return f"{self.pain_point_id}.{self.place}"


class FollowUpStatus(models.TextChoices):
    OPEN = "open", _("Not looked at")
    LOOKING = "looking", _("Being looked at")
    PLANNED = "planned", _("Planned")
    IN_WORK = "in_work", _("In work")
    FIXED = "fixed", _("Fixed")
    WONT_FIX = "wont_fix", _("Will not be done")


class FollowUp(models.Model):
    """Who does what about a theme. It continues from month to month, so it belongs to the theme, not to a snapshot."""

    theme = models.OneToOneField(Theme, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=FollowUpStatus.choices, default=FollowUpStatus.OPEN
    )
    issue_url = models.URLField(_("issue"), max_length=500, blank=True)
    fixed_in = models.CharField(_("fixed in version"), max_length=40, blank=True)
    note = models.TextField(_("note"), blank=True)
    updated_at = models.DateTimeField(_("changed"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=FollowUpStatus.values), name="follow_up_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id}: {self.status}"


#: Display names of the steps of a count, in order (``runs.STEPS`` holds the share of time each takes).
STEP_NAMES = {
    "": _("waiting for a worker"),
    "assess": _("judging messages"),
    "read": _("reading"),
    "group": _("grouping by subject"),
    "name": _("naming themes"),
    "write": _("writing down themes"),
    "count": _("counting"),
    "store": _("storing"),
}


class SummaryRunQuerySet(models.QuerySet["SummaryRun"]):
    def open(self) -> SummaryRunQuerySet:
        """Runs that are neither finished nor cancelled, oldest first."""
        return self.filter(finished_at=None, cancelled_at=None).order_by("id")

    def refused(self, since: datetime) -> SummaryRunQuerySet:
        """Runs requested by a user that ended in a refusal at or after ``since``, newest first."""
        return self.filter(finished_at__gte=since).exclude(refusal="").exclude(asked_by=None).order_by("-id")


class SummaryRun(OfPeriod, models.Model):
    """A request to count a period: who asked, the progress, and the result."""

    kind = models.CharField(max_length=6, choices=Kind.choices)
    start_at = models.DateTimeField(_("from"))
    end_at = models.DateTimeField(_("to"))
    time_zone = models.CharField(max_length=60)
    origins = ArrayField(models.CharField(max_length=10, choices=Origin.choices))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    step = models.CharField(max_length=10, blank=True, help_text="What is being done.")
    share = models.FloatField(default=0, help_text="Of the whole work, 0..1.")
    finished_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True, help_text="Why nothing came of it.")
    summary = models.ForeignKey(Summary, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[SummaryRunQuerySet] = SummaryRunQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("count of a summary")
        verbose_name_plural = _("counts of summaries")
        constraints = [
            # Asking twice for the same period gives one count.
            models.UniqueConstraint(
                fields=["start_at", "end_at", "origins"],
                condition=Q(finished_at=None, cancelled_at=None),
                name="summary_run_one_open",
            ),
        ]

    @property
    def per_cent(self) -> int:
        return round(100 * self.share)

    @property
    def step_name(self) -> str:
        """The display name of the current step."""
        return str(STEP_NAMES.get(self.step, self.step))


class SummaryPart(models.Model):
    """A block of a run's messages that one worker assesses; a killed worker loses only one block."""

    run = models.ForeignKey(SummaryRun, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    message_ids = ArrayField(models.BigIntegerField())
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("part of a count")
        verbose_name_plural = _("parts of counts")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="summary_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.number}"
