"""Make, publish and follow up summaries."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.happenings import happened
from feedback.analysis.assess import Assessed
from feedback.analysis.encoder import ENCODER, one_thread
from feedback.analysis.services import assess_messages, store
from feedback.intake.holdings import unerased
from feedback.intake.models import Message
from feedback.themes.cluster import SAMPLE_ABOVE
from feedback.themes.corpus import Corpus, join, read_corpus, said_between
from feedback.themes.figures import Counted, count_by_theme, count_period
from feedback.themes.grouping import Progress
from feedback.themes.models import Theme
from feedback.themes.rank import FORMULA
from feedback.themes.services import grouping_alone, helped, place_near, regroup
from feedback.themes.trend import USUAL_SPREAD
from tickets.fixes.services import prepare_fix
from tickets.summaries.counting import (
    PRAISE_SENTIMENT,
    Measured,
    measure,
    overview_of,
    releases_of,
)
from tickets.summaries.folding import as_stored, in_order, outbreaks_of
from tickets.summaries.models import FollowUp, FollowUpStatus, Kind, PainPoint, Quote, State, Summary
from tickets.summaries.periods import Period
from tickets.summaries.urgent import crises_between
from users.accounts.models import User

#: A period is compared with this many before it.
PAST_PERIODS = 6
#: A draft that no lead has published is published automatically after this long.
PUBLISHED_AFTER = timedelta(days=3)
MODEL_VERSION = f"{ENCODER}; themes/1"
#: How far back earlier messages are read to group a period with, and the bounds of how many.
GROUND = timedelta(days=184)
_MOST_GROUND = (5_000, 30_000)
_ASSESSED_AT_ONCE = 256
# A vanished theme is worth a line if it had at least this share of the people in the period before.
_WORTH_MISSING = 0.005


class NothingToSummarise(Refused):
    code = "nothing_to_summarise"


class NotADraft(Refused):
    code = "not_a_draft"


def summarise(
    period: Period,
    *,
    at: datetime,
    actor: User | None,
    origins: Sequence[str],
    seed: int = 0,
    on_progress: Progress = lambda step, share: None,
) -> Summary:
    """Group and count the messages of ``period``, store them as a draft with its pain points, and return the draft.

    Messages not yet assessed are assessed first. An existing draft of the same period is replaced; once published,
    a new revision is made. The same messages give the same numbers each time. ``on_progress`` is called with the
    step and its share, 0..1. Raises NothingToSummarise, BeingGrouped.
    """
    origins = sorted(set(origins))
    _assess_missing(period, origins, at=at, on_progress=on_progress)
    messages = said_between(period.start, period.end, origins).count()
    with grouping_alone(), helped(messages), one_thread():
        count = _count(period, origins, at=at, seed=seed, on_progress=on_progress)
        on_progress("store", 0.0)
        summary = _store(period, count, origins=origins, at=at, actor=actor)
        on_progress("store", 1.0)
    return summary


@dataclass(frozen=True)
class _Count:
    """A period in numbers; ``late_count`` messages of ``corpus`` belong to the period before."""

    corpus: Corpus
    late_count: int
    measured: Sequence[Measured]
    overview: dict[str, Any]


def _count(period: Period, origins: list[str], *, at: datetime, seed: int, on_progress: Progress) -> _Count:
    """Read, group and count the messages of ``period``. Raises NothingToSummarise."""
    on_progress("read", 0.0)
    corpus, late_count = _read(period, origins)
    if not len(corpus):
        raise NothingToSummarise(_("Nothing was said in this period, or not of this origin."))
    before = period.past(PAST_PERIODS)
    recent = _read_past(period, len(corpus), origins)
    on_progress("read", 1.0)
    themes = regroup(corpus, recent, at=at, seed=seed, on_progress=on_progress)
    _place_past(before, origins, at=at)
    on_progress("count", 0.0)
    past = [count_by_theme(one.start, one.end, origins) for one in before]
    past_totals = [count_period(one.start, one.end, origins) for one in before]
    measured = measure(corpus, themes, period=period, past=past, past_totals=past_totals)
    outbreaks = outbreaks_of(measured, corpus, period=period)
    measured = in_order(measured, outbreaks)
    overview = {
        **overview_of(corpus, period=period, past=before, past_totals=past_totals),
        "releases": releases_of(corpus, recent, period=period),
        "gone": _gone(measured, past, past_totals),
        "crises": crises_between(period, origins),
        "spread": measured[0].change.spread if measured else USUAL_SPREAD,
        "outbreaks": as_stored(outbreaks, measured, before, origins),
    }
    return _Count(corpus, late_count, measured, overview)


def _assess_missing(period: Period, origins: Sequence[str], *, at: datetime, on_progress: Progress) -> None:
    missing = said_between(period.start, period.end, origins).filter(assessment=None).order_by("id")
    ids = list(missing.values_list("id", flat=True))
    for start in range(0, len(ids), _ASSESSED_AT_ONCE):
        on_progress("assess", start / len(ids))
        here = ids[start : start + _ASSESSED_AT_ONCE]
        batch = list(Message.objects.select_related("feedback", "channel").filter(pk__in=here))
        found = list(zip(batch, assess_messages(batch), strict=True))
        with transaction.atomic():
            store_unerased(found, at=at)


def store_unerased(found: Sequence[tuple[Message, Assessed]], *, at: datetime) -> None:
    """Store the assessments, except those of people erased meanwhile; in the caller's transaction."""
    left = unerased(message for message, _assessed in found)
    for message, assessed in found:
        if message.pk in left:
            store(message, assessed, at=at)


def _read(period: Period, origins: list[str]) -> tuple[Corpus, int]:
    """Read the period, plus the messages that came too late for the published summary of the period before."""
    corpus = read_corpus(said_between(period.start, period.end, origins))
    before = period.before()
    published = (
        Summary.objects.published()
        .filter(start_at=before.start, end_at=before.end, origins=origins)
        .aggregate(made_at=Max("made_at"))["made_at"]
    )
    if published is None:
        return corpus, 0
    late = read_corpus(said_between(before.start, before.end, origins).filter(received_at__gte=published))
    return join(corpus, late), len(late)


def _read_past(period: Period, present: int, origins: list[str]) -> Corpus:
    """Read the newest messages of the half year before: small themes of a month show up only among more messages.

    Measured on six months of feedback on thirty subjects: with the three months before it, a month's themes agree
    with the subjects at ARI .85, alone at .71.
    """
    start = period.start - GROUND
    newest = said_between(start, period.start, origins).order_by("-id").values_list("pk", flat=True)
    most = int(np.clip(SAMPLE_ABOVE - present, *_MOST_GROUND))
    # As a list: given a subquery, PostgreSQL scans all messages to find these.
    return read_corpus(Message.objects.filter(pk__in=list(newest[:most])))


def _place_past(before: Sequence[Period], origins: list[str], *, at: datetime) -> None:
    """Assign past messages that were never grouped to current themes, so that there is a past to compare with."""
    for one in before:
        never_placed = said_between(one.start, one.end, origins).filter(theme_place=None)
        place_near(read_corpus(never_placed), at=at)


def _gone(
    measured: Sequence[Measured], past: Sequence[dict[int | None, Counted]], past_totals: Sequence[Counted]
) -> list[dict[str, Any]]:
    """Return the themes that hurt in the period before and were not raised in this one, largest first."""
    if not past or not past_totals[-1].people:
        return []
    present = {one.found.theme.pk for one in measured}
    least = max(3, _WORTH_MISSING * past_totals[-1].people)
    missing = {
        theme: counted
        for theme, counted in past[-1].items()
        if theme is not None
        and theme not in present
        and counted.people >= least
        and counted.sentiment < PRAISE_SENTIMENT
    }
    themes = Theme.objects.shown().in_bulk(list(missing))
    return [
        {
            "theme": str(themes[theme].public_id),
            "labels": themes[theme].labels,
            "main_language": themes[theme].main_language,
            "glosses": themes[theme].glosses,
            "name_en": themes[theme].name_en,
            "name_zh": themes[theme].name_zh,
            "people": counted.people,
        }
        for theme, counted in sorted(missing.items(), key=lambda pair: -pair[1].people)
        if theme in themes
    ]


@transaction.atomic
def _store(period: Period, count: _Count, *, origins: list[str], at: datetime, actor: User | None) -> Summary:
    corpus, measured = count.corpus, count.measured
    same = Summary.objects.filter(start_at=period.start, end_at=period.end, origins=origins)
    draft = same.filter(state=State.DRAFT).select_for_update().first()
    if draft is None:
        revision = (same.aggregate(last=Max("revision"))["last"] or 0) + 1
        draft = Summary(start_at=period.start, end_at=period.end, origins=origins, revision=revision)
    else:
        Quote.objects.filter(pain_point__summary=draft).delete()
        PainPoint.objects.filter(summary=draft).delete()
    draft.kind, draft.time_zone = period.kind, period.time_zone
    draft.made_at, draft.made_by = at, actor
    draft.message_count, draft.people_count = len(corpus), len(np.unique(corpus.people))
    draft.other_count = len(corpus) - sum(one.messages for one in measured)
    draft.late_count, draft.covered = count.late_count, period.covered(at)
    draft.sentiment, draft.overview = float(corpus.sentiment.mean()), count.overview
    draft.formula, draft.model_version = FORMULA, MODEL_VERSION
    draft.save()
    points = [_pain_point(draft, rank, one, corpus) for rank, one in enumerate(measured, start=1)]
    PainPoint.objects.bulk_create(points, batch_size=200)
    quotes = [
        Quote(
            pain_point=point,
            message_id=int(corpus.ids[quoted.row]),
            place=place,
            language=quoted.language,
            text=quoted.text,
        )
        for point, one in zip(points, measured, strict=True)
        for place, quoted in enumerate(one.quotes)
    ]
    # People may have been erased while the count ran.
    quoted_messages = Message.objects.filter(pk__in=[quote.message_id for quote in quotes])
    left = unerased(quoted_messages.only("feedback__customer").select_related("feedback"))
    Quote.objects.bulk_create(quote for quote in quotes if quote.message_id in left)
    return draft


def _pain_point(summary: Summary, rank: int, one: Measured, corpus: Corpus) -> PainPoint:
    theme, change, split = one.found.theme, one.change, one.split
    has_past = not math.isnan(change.ratio)
    return PainPoint(
        summary=summary,
        theme=theme,
        rank=rank,
        is_praise=one.is_praise,
        is_hidden=theme.is_hidden,
        labels=theme.labels,
        main_language=theme.main_language,
        glosses=theme.glosses,
        name_en=theme.name_en,
        name_zh=theme.name_zh,
        verdict=one.verdict,
        parents=list(one.found.parents),
        message_count=one.messages,
        people_count=one.people,
        urgent_count=one.urgent,
        share=one.people / summary.people_count,
        share_low=one.interval[0],
        share_high=one.interval[1],
        expected_people=change.expected if has_past else None,
        ratio=change.ratio if has_past else None,
        ratio_low=change.low if has_past else None,
        ratio_high=change.high if has_past else None,
        chance=change.chance if has_past else None,
        last_people=one.last.people if one.last else None,
        last_share=_last_share(one, summary),
        change=split.change if split else None,
        change_volume=split.volume if split else None,
        change_share=split.share if split else None,
        change_severity=split.severity if split else None,
        change_new=split.new if split else None,
        sentiment=one.sentiment,
        severity=one.severity,
        score=one.score.score,
        reach=one.score.reach,
        trend=one.score.trend,
        figures=one.figures,
        map_x=one.place[0],
        map_y=one.place[1],
        message_ids=corpus.ids[one.found.rows].tolist(),
    )


def _last_share(one: Measured, summary: Summary) -> float | None:
    past = summary.overview["past"]
    return one.last.people / past[-1]["people"] if one.last and past and past[-1]["people"] else None


@transaction.atomic
def publish(summary: Summary, *, actor: User | None, at: datetime) -> Summary:
    """Publish a draft, after which the database refuses any change to it. Raises NotADraft."""
    changed = Summary.objects.filter(pk=summary.pk, state=State.DRAFT).update(
        state=State.PUBLISHED, published_at=at, published_by=actor
    )
    if not changed:
        raise NotADraft(_("This summary is published already."))
    summary.refresh_from_db()
    happened(Summary, [summary])
    return summary


def show_in_drafts(theme: Theme) -> int:
    """Copy the given names of ``theme`` and whether it is hidden to its pain points in drafts; return how many.

    Published summaries keep theirs. Running it twice is harmless. One query.
    """
    drafts = PainPoint.objects.filter(theme=theme, summary__state=State.DRAFT)
    return drafts.update(name_en=theme.name_en, name_zh=theme.name_zh, is_hidden=theme.is_hidden)


def publish_due(at: datetime) -> list[Summary]:
    """Publish the drafts made by the beat that no lead published within three days; return them.

    Drafts of a period that was not yet over when counted keep waiting.
    """
    due = Summary.objects.filter(
        state=State.DRAFT,
        kind__in=[Kind.MONTH, Kind.WEEK],
        made_by=None,
        covered__gte=1,
        made_at__lte=at - PUBLISHED_AFTER,
    )
    return [publish(summary, actor=None, at=at) for summary in due]


@transaction.atomic
def follow_up(
    theme: Theme,
    *,
    actor: User,
    at: datetime,
    status: str = FollowUpStatus.OPEN,
    owner: User | None = None,
    issue_url: str = "",
    fixed_in: str = "",
    note: str = "",
) -> FollowUp:
    """Set who does what about ``theme``; applies to every summary it is in, published ones too.

    When it is fixed in a version, prepares the message to everyone who reported it without sending it yet.
    """
    found, _created = FollowUp.objects.update_or_create(
        theme=theme,
        defaults={
            "status": status,
            "owner": owner,
            "issue_url": issue_url,
            "fixed_in": fixed_in,
            "note": note,
            "updated_at": at,
            "updated_by": actor,
        },
    )
    if status == FollowUpStatus.FIXED and fixed_in.strip():
        prepare_fix(theme, version=fixed_in, actor=actor, at=at)
    return found
