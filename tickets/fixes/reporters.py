"""Find who reported a fixed problem, and which of them may be notified. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from config.kit.origins import Origin
from feedback.channels.registry import kind_reaching
from feedback.intake.models import ChannelKind, Direction, Message
from feedback.themes.corpus import SENSITIVE_FLAGS
from feedback.themes.figures import PERSON
from feedback.themes.models import Theme
from tickets.desk.models import CrisisPlace, Ticket
from tickets.fixes.models import Fix, Reason, Reporter, ReporterState
from tickets.fixes.versions import is_at_least, is_version
from tickets.replies.canned import language_of
from users.profiles.models import OptOut, Preferences
from users.profiles.services import person_by

#: Channels where people can read the conversation even when no mail reaches them.
READ_HERE = frozenset({ChannelKind.REST, ChannelKind.CHAT})
#: Origins whose messages may be answered, or in the demo shown as if. Imports are never answered.
ANSWERED = (Origin.LIVE, Origin.DEMO)


@dataclass(frozen=True)
class Report:
    """One message about the theme, with the facts that decide how its writer is notified."""

    person: int
    feedback: int
    at: datetime
    version: str
    language: str
    heard: str | None
    channel: str
    channel_language: str
    address_kind: str | None
    is_address_reachable: bool | None
    is_sensitive: bool

    @property
    def is_reachable(self) -> bool:
        has_address = bool(self.is_address_reachable) and kind_reaching(self.address_kind or "") is not None
        return has_address or self.channel in READ_HERE


def family_of(theme: Theme) -> QuerySet[Theme]:
    """Return ``theme`` and all themes merged into it."""
    return Theme.objects.filter(Q(pk=theme.pk) | Q(merged_into=theme.pk))


def reporters_of(fix: Fix) -> list[Reporter]:
    """Return one unsaved Reporter per person who wrote about the theme, at any time; those held back have a reason.

    Four queries; memory grows with the messages of the theme, a few hundred bytes each.
    """
    reports = _reports(fix)
    people = sorted({report.person for report in reports})
    wishes = {one.customer_id: one for one in Preferences.objects.filter(customer__in=people)}
    told = set(_told_before(fix))
    delicate = set(delicate_feedback(report.feedback for report in reports))
    by_person: dict[int, list[Report]] = {}
    for report in reports:
        by_person.setdefault(report.person, []).append(report)
    return [
        _reporter(fix, by_person[person], wishes.get(person), is_told=person in told, delicate=delicate)
        for person in people
    ]


def _reports(fix: Fix) -> list[Report]:
    if fix.problem is not None:
        about = Q(feedback__known_problem_report__problem=fix.problem)
    else:
        about = Q(theme_place__theme__in=_family(fix))
    written = Message.objects.filter(
        about, direction=Direction.IN, origin__in=ANSWERED, is_automatic=False, erased_at=None
    )
    rows = written.annotate(
        person=PERSON,
        is_delicate=Case(When(assessment__flags__overlap=SENSITIVE_FLAGS, then=True), default=Value(False)),
    ).values_list(
        "person",
        "feedback_id",
        "received_at",
        "feedback__app_version",
        "feedback__language",
        "assessment__language",
        "feedback__channel__kind",
        "feedback__channel__language",
        "feedback__address__kind",
        "feedback__address__is_reachable",
        "is_delicate",
    )
    return [Report(*row) for row in rows.order_by("id")]


def _family(fix: Fix) -> QuerySet[Theme]:
    """Return the themes that ``fix`` is about; none for a known problem without a theme."""
    theme = fix.problem.theme if fix.problem is not None else fix.theme
    return Theme.objects.none() if theme is None else family_of(theme.current())


def _told_before(fix: Fix) -> QuerySet[Reporter, Any]:
    """Return the people already notified that this is fixed in this version, through its theme or its problem."""
    family = _family(fix)
    same = Q(fix__theme__in=family) | Q(fix__problem__theme__in=family)
    told = Reporter.objects.filter(same, state=ReporterState.TOLD, fix__version=fix.version)
    person = person_by("customer")
    return told.exclude(fix=fix).annotate(person=person).values_list("person", flat=True)


def delicate_feedback(feedback_ids: Iterable[int]) -> QuerySet[Ticket, Any]:
    """Return those of ``feedback_ids`` that only a person may answer: sensitive or currently urgent threads."""
    urgent = CrisisPlace.objects.open().values("ticket")
    tickets = Ticket.objects.filter(Q(is_sensitive=True) | Q(pk__in=urgent), feedback__in=set(feedback_ids))
    return tickets.values_list("feedback_id", flat=True)


def _reporter(
    fix: Fix, reports: Sequence[Report], wish: Preferences | None, *, is_told: bool, delicate: set[int]
) -> Reporter:
    wished_channel = wish.channel if wish else ""
    best = max(reports, key=lambda one: (one.is_reachable, one.channel == wished_channel, one.at))
    reason = ""
    if is_told:
        reason = Reason.TOLD_BEFORE
    elif any(one.is_sensitive or one.feedback in delicate for one in reports):
        reason = Reason.SENSITIVE
    elif wish is not None and OptOut.UPDATES in wish.opt_outs:
        reason = Reason.OPTED_OUT
    elif is_version(fix.version) and any(is_at_least(one.version, fix.version) for one in reports):
        reason = Reason.SEEN_SINCE
    elif not best.is_reachable:
        reason = Reason.UNREACHABLE
    return Reporter(
        fix=fix,
        customer_id=best.person,
        feedback_id=best.feedback,
        state=ReporterState.HELD if reason else ReporterState.WAITING,
        reason=reason,
        language=language_of(wish.language if wish else "", best.language, best.heard, best.channel_language),
        channel=best.channel,
    )
