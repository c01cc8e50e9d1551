"""Readers' opinions on whether articles help, counted by day and never by person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.knowledge.models import ArticleText, Opinion

#: Older opinions are about an article that has probably changed since.
LOOKED_BACK = timedelta(days=180)


@transaction.atomic
def note_opinion(text: ArticleText, *, helped: bool, at: datetime) -> None:
    """Count a reader's opinion on whether ``text`` helped. The caller decides who may give one, and how often."""
    opinion, _created = Opinion.objects.get_or_create(text=text, given_date=timezone.localdate(at))
    count = "helped_count" if helped else "not_helped_count"
    Opinion.objects.filter(pk=opinion.pk).update(**{count: F(count) + 1})
