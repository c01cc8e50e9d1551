"""Warnings that more people than usual speak of something: what, how many, since when, and what was decided."""

from __future__ import annotations

import uuid
from typing import ClassVar

import numpy as np
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from config.kit.naming import page_language
from config.kit.origins import Origin
from feedback.analysis.models import DIMENSIONS
from feedback.intake.models import Topic
from feedback.themes.models import Theme, theme_name
from tickets.crisis.models import Page
from tickets.warnings import causes
from users.accounts.models import User


class CauseKind(models.TextChoices):
    """What a warning is about; the same values as in ``causes``."""

    THEME = causes.THEME, _("Known theme")
    CROWD = causes.CROWD, _("Something new")
    TOPIC = causes.TOPIC, _("Topic")
    ALL = causes.ALL, _("All feedback")


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a warning", "Open")
    CONFIRMED = "confirmed", pgettext_lazy("of a warning", "Confirmed")
    DISMISSED = "dismissed", pgettext_lazy("of a warning", "Dismissed")
    RESOLVED = "resolved", pgettext_lazy("of a warning", "Over")


#: Warnings that someone should look at, or is working on.
LIVE = (State.OPEN, State.CONFIRMED)


class Severity(models.IntegerChoices):
    """How severe it may be, in doubt the more severe: red, orange, yellow, blue."""

    SEV1 = 1, "SEV1"
    SEV2 = 2, "SEV2"
    SEV3 = 3, "SEV3"
    SEV4 = 4, "SEV4"


class DismissalReason(models.TextChoices):
    """Why a warning was dismissed."""

    EXPECTED = "expected", _("Expected: a release, a campaign, a known event")
    MINOR = "minor", _("True, but nothing to act on")
    SPAM = "spam", _("Spam, or one person many times")
    MIXED = "mixed", _("The messages are not about one thing")


class EarlyWarningQuerySet(models.QuerySet["EarlyWarning"]):
    def visible_to(self, user: User | None) -> EarlyWarningQuerySet:
        """All warnings for staff, none for anyone else.

        They contain a name and numbers; the messages behind them have their own access rules.
        """
        if user is None or not user.is_authenticated or not user.has_staff_role:
            return self.none()
        return self

    def live(self) -> EarlyWarningQuerySet:
        """Warnings that someone should look at, or is working on."""
        return self.filter(state__in=LIVE)

    def named(self) -> EarlyWarningQuerySet:
        """Warnings with the rows that their names, and those of who decided, are read from."""
        return self.select_related("theme", "decided_by")

    def past(self) -> EarlyWarningQuerySet:
        """Warnings that are over or were dismissed."""
        return self.exclude(state__in=LIVE)


class EarlyWarning(models.Model):
    """One cause that more people than usual spoke of. One live row per cause, updated while it goes on."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("about"), max_length=5, choices=CauseKind.choices)
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("theme")
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices, blank=True)
    centre = HalfVectorField(
        dimensions=DIMENSIONS, null=True, help_text="Of a theme or crowd: the unit mean of what is said."
    )
    labels = models.JSONField(default=dict, help_text="What a crowd calls it: {language: phrases}.")
    main_language = models.CharField(max_length=10, blank=True, default="")
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity.choices)
    opened_at = models.DateTimeField(_("warned at"))
    began_at = models.DateTimeField(_("first message"))
    seen_at = models.DateTimeField(_("last above the usual"))
    calm_since = models.DateTimeField(_("calm since"), null=True)
    resolved_at = models.DateTimeField(_("over since"), null=True)
    window = models.PositiveIntegerField(_("window"), help_text="Seconds: in which it was clearest at first.")
    people = models.PositiveIntegerField(_("people"), help_text="In that window, at the warning.")
    expected = models.FloatField(_("usual"), help_text="People in such a window.")
    surprise = models.FloatField(help_text="-log10 of the chance of it, at the warning.")
    peak_people = models.PositiveIntegerField(_("most people in 24 hours"))
    now = models.JSONField(
        default=list, help_text="[[people, expected], ...] in each window, at the last look."
    )
    hours = models.JSONField(
        default=dict, help_text="{seconds since 1970: [people, expected]}, hour by hour."
    )
    repeated = models.PositiveIntegerField(default=0, help_text="Messages that equal another word for word.")
    urgent = models.PositiveIntegerField(default=0, help_text="Messages read as urgent.")
    message_ids = ArrayField(models.BigIntegerField(), help_text="The newest of the messages behind it.")
    page = models.ForeignKey(Page, on_delete=models.PROTECT, null=True, related_name="warnings")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text="None: nobody, or it went by.",
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    because = models.CharField(_("reason"), max_length=8, choices=DismissalReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    model_version = models.CharField(max_length=40)

    objects: ClassVar[EarlyWarningQuerySet] = EarlyWarningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CauseKind.values), name="warning_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="warning_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="warning_severity_known"),
            models.UniqueConstraint(
                fields=["kind", "theme", "topic", "origin"],
                condition=Q(state__in=["open", "confirmed"]) & ~Q(kind="crowd"),
                nulls_distinct=False,
                name="warning_one_live_per_cause",
            ),
        ]
        indexes = [
            # The list of past warnings, newest first.
            models.Index(fields=["-opened_at"], name="warning_newest"),
            models.Index(
                fields=["severity"], condition=Q(state__in=["open", "confirmed"]), name="warning_live"
            ),
        ]

    def __str__(self) -> str:
        return self.name_for(page_language())

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def cause(self) -> causes.Cause:
        """What it is about, as a cause of the watch."""
        key = {CauseKind.THEME: str(self.theme_id), CauseKind.TOPIC: self.topic}.get(CauseKind(self.kind), "")
        centre = None if self.centre is None else np.array(self.centre, np.float32)
        return causes.Cause(self.kind, key, centre)

    @property
    def times(self) -> float:
        """How many times the usual it was when the warning opened."""
        return self.people / max(self.expected, 0.1)

    def name_for(self, language: str) -> str:
        """Return what it is about, in ``language``."""
        if self.theme is not None:
            return self.theme.name_for(language)
        if self.kind == CauseKind.CROWD:
            return theme_name(self.labels, language, main_language=self.main_language)
        if self.kind == CauseKind.TOPIC:
            return gettext("Topic: %(topic)s") % {"topic": Topic(self.topic).label}
        return gettext("All feedback")
