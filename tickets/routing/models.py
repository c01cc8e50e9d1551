"""Routing rules that administrators keep in the database."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.analysis.models import CrisisCategory, UrgencyLane
from feedback.intake.models import ChannelKind, Topic
from tickets.queues.models import Priority, Queue
from users.profiles.models import Segment


def _any_of(choices: type[models.TextChoices], label: Any) -> ArrayField[Any, Any]:
    return ArrayField(
        models.CharField(max_length=20, choices=choices.choices),
        verbose_name=label,
        default=list,
        blank=True,
        help_text=_("Empty: any."),
    )


class Rule(models.Model):
    """When all conditions hold, the actions apply. Rules run in order; the first that sets a value wins."""

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    channel_kinds = _any_of(ChannelKind, _("channels"))
    topics = _any_of(Topic, _("topics"))
    categories = _any_of(CrisisCategory, _("crisis categories"))
    lanes = _any_of(UrgencyLane, _("urgency lanes"))
    segments = _any_of(Segment, _("customer segments"))
    languages = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("Codes such as en, zh-Hans. Empty: any."),
    )
    urgency_from = models.FloatField(_("urgency from"), null=True, blank=True, help_text=_("0 to 1"))
    sentiment_up_to = models.FloatField(_("sentiment up to"), null=True, blank=True, help_text=_("-1 to 1"))

    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("to queue")
    )
    priority = models.PositiveSmallIntegerField(
        _("with priority"), choices=Priority.choices, null=True, blank=True
    )
    tags = ArrayField(models.CharField(max_length=50), verbose_name=_("add tags"), default=list, blank=True)
    assigns = models.BooleanField(_("assign to whoever has the least open work"), default=False)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return self.name
