"""Queues, which teams may see them, and how long tickets may wait."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.naming import name_for_page
from feedback.analysis.models import CrisisCategory
from users.accounts.models import User


class Priority(models.IntegerChoices):
    """How soon a ticket needs an agent; lower goes first."""

    URGENT = 0, _("Urgent")
    HIGH = 1, _("High")
    NORMAL = 2, _("Normal")
    LOW = 3, _("Low")

    @property
    def code(self) -> str:
        """The name used on pages and in the API; the number is only the order."""
        return self.name.lower()


class QueueQuerySet(models.QuerySet["Queue"]):
    def visible_to(self, user: User) -> QueueQuerySet:
        """Queues whose tickets ``user`` may read: by team, the crisis queue for its team, all for admins and leads."""
        if not user.is_active:
            return self.none()
        if user.is_administrator or user.is_lead:
            return self
        if not user.is_agent:
            return self.none()
        through_team = Q(accesses__team__members=user)
        crisis = Q(is_crisis=True) if user.is_crisis_team else Q(pk=None)
        return self.filter(through_team | crisis).distinct()


class Queue(models.Model):
    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    is_crisis = models.BooleanField(_("crisis queue"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=50)

    objects: ClassVar[QueueQuerySet] = QueueQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints = [
            models.UniqueConstraint(
                fields=["is_crisis"], condition=Q(is_crisis=True), name="queue_one_for_crises"
            ),
        ]

    def __str__(self) -> str:
        return name_for_page(self.name, self.name_zh)


class AccessLevel(models.TextChoices):
    READ = "read", _("Read")
    WORK = "work", _("Work")


class QueueAccess(models.Model):
    """The access of a team to a queue: to read its tickets, or to work on them."""

    team = models.ForeignKey("users.Team", on_delete=models.PROTECT, related_name="+", verbose_name=_("team"))
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, related_name="accesses", verbose_name=_("queue")
    )
    level = models.CharField(_("level"), max_length=5, choices=AccessLevel.choices, default=AccessLevel.WORK)

    class Meta:
        verbose_name = _("queue access")
        verbose_name_plural = _("queue accesses")
        constraints = [models.UniqueConstraint(fields=["team", "queue"], name="queue_access_once")]

    def __str__(self) -> str:
        return f"{self.team} · {self.queue}"


class BusinessCalendar(models.Model):
    """The hours in which SLA clocks run."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    hours = models.JSONField(
        _("hours"),
        default=dict,
        help_text=_('Weekday (0 = Monday) to slots: {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}'),
    )
    holidays = ArrayField(models.DateField(), verbose_name=_("holidays"), default=list, blank=True)

    class Meta:
        verbose_name = _("business calendar")
        verbose_name_plural = _("business calendars")

    def __str__(self) -> str:
        return self.name


class SlaPolicy(models.Model):
    """How soon tickets of a priority must be answered and solved."""

    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, unique=True)
    first_reply_within = models.DurationField(_("first reply within"))
    solve_within = models.DurationField(_("solved within"))
    calendar = models.ForeignKey(
        BusinessCalendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("calendar"),
        help_text=_("Without one the clock runs day and night."),
    )

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")

    def __str__(self) -> str:
        return self.get_priority_display()


class EscalationPolicy(models.Model):
    """Whom to page, in which order, until an urgent ticket is acknowledged. Each place keeps a frozen copy."""

    category = models.CharField(
        _("crisis category"), max_length=12, blank=True, unique=True, help_text=_("Empty: for all others.")
    )
    acknowledge_within = models.DurationField(_("acknowledge within"))
    steps = models.JSONField(
        _("steps"),
        help_text=_(
            'In order: [{"after_minutes": 0, "notify": "on_call"}, {"after_minutes": 5, "notify": "backup"}, '
            '{"after_minutes": 10, "notify": "crisis_team"}]. The last one is repeated until someone takes it. '
            "A team is named team:its-slug."
        ),
    )
    repeat_every = models.DurationField(_("repeat the last step every"))

    class Meta:
        verbose_name = _("escalation policy")
        verbose_name_plural = _("escalation policies")

    def __str__(self) -> str:
        names = dict(CrisisCategory.choices)
        return str(names.get(self.category, self.category) or _("All others"))
