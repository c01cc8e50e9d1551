"""Whether articles help: what their readers say, counted by day and never by person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from feedback.knowledge.models import ArticleText, Opinion

#: What was said longer ago is of an article that has probably changed.
LOOKED_BACK = timedelta(days=180)


@transaction.atomic
def note_opinion(text: ArticleText, *, helped: bool, at: datetime) -> None:
    """Count that a reader of ``text`` said whether it helped. Who may say so, and how often, the caller decides."""
    opinion, _created = Opinion.objects.get_or_create(text=text, given_date=timezone.localdate(at))
    count = "helped_count" if helped else "not_helped_count"
    Opinion.objects.filter(pk=opinion.pk).update(**{count: F(count) + 1})
