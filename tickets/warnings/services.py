"""Keep one warning per cause up to date with what was found, and record what people decide about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from prometheus_client import Counter

from config.kit.errors import Refused
from config.kit.models import JobRun
from config.kit.origins import Origin
from feedback.intake.models import Topic
from tickets.crisis.models import About, Page
from tickets.crisis.paging import owe_deliveries
from tickets.crisis.recipients import audience_of
from tickets.queues.escalation import ON_CALL
from tickets.warnings.causes import ALL, THEME, TOPIC, Reading
from tickets.warnings.looking import MOST_MESSAGES, Found
from tickets.warnings.models import LIVE, DismissalReason, EarlyWarning, Severity, State
from tickets.warnings.surge import HOUR, WINDOWS
from users.accounts.models import User

log = structlog.get_logger(__name__)

#: The name of the periodic job and of its outbox kind.
LOOK = "warnings.look"
#: The detector version, stored with each warning.
DETECTOR = "surge/1"
#: A live warning that is calm for this long is over.
OVER_AFTER = timedelta(hours=6)
#: A cause that comes back within this time continues the same warning.
SAME_AGAIN_WITHIN = timedelta(hours=24)
#: A dismissed warning reopens within SAME_AGAIN_WITHIN when its people reach this many times its peak.
_GROWN = 2
_MOST_HOURS = 14 * 24
_LONG, _SHORT = WINDOWS.index(24 * HOUR), WINDOWS.index(2 * HOUR)
_LOCK = 0x5E7A11

warned = Counter("earshot_warnings_total", "Warnings of surges.", ["kind"])


class NotLive(Refused):
    code = "warning_not_live"


class ReasonMissing(Refused):
    code = "reason_missing"


def last_look() -> datetime | None:
    """Return the slot of the last look, None before the first one. One query."""
    return JobRun.objects.filter(job=LOOK).aggregate(last=Max("slot"))["last"]


@transaction.atomic
def record(found: Sequence[Found], *, at: datetime, origin: str = Origin.LIVE) -> list[EarlyWarning]:
    """Open, continue or end warnings so that the live ones match ``found``; return the new ones.

    Concurrent processes run one after the other and see what the first wrote, so that each cause has one live warning.
    Only live feedback pages anyone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, Origin.values.index(origin)])
    rows = EarlyWarning.objects.filter(origin=origin).select_for_update(of=("self",)).order_by("pk")
    # Live warnings come first, so that one dismissed yesterday does not take their updates.
    known = [*rows.live(), *rows.filter(seen_at__gt=at - SAME_AGAIN_WITHIN).exclude(state__in=LIVE)]
    new = []
    for one in found:
        same = next((warning for warning in known if warning.cause.is_same(one.reading.cause)), None)
        if same is not None:
            if _goes_on(same, one):
                _continue(same, one, at=at)
        elif one.reading.surge is not None:
            if vague := _vaguer_warnings_of(one, known):
                _narrow(vague, one, at=at)
            else:
                warning = _open(one, at=at, origin=origin)
                known.append(warning)
                new.append(warning)
    _end_what_is_calm(at=at, origin=origin)
    return new


def _goes_on(warning: EarlyWarning, found: Found) -> bool:
    """Whether ``found`` continues ``warning``; a dismissed warning stays dismissed until it has grown."""
    if warning.is_live:
        return True
    if found.reading.surge is None:
        return False
    if warning.state == State.RESOLVED:
        return not _is_calm(found.reading)
    return found.reading.people[_LONG] >= _GROWN * warning.peak_people


def _is_calm(reading: Reading) -> bool:
    """Whether hardly more people than usual speak of it in the short window, whatever the day was like."""
    return reading.people[_SHORT] <= max(1.0, 1.5 * reading.expected[_SHORT])


def _vaguer_warnings_of(found: Found, known: Sequence[EarlyWarning]) -> list[EarlyWarning]:
    """Return the live warnings of broader causes, half of whose people ``found`` alone accounts for by now."""
    by_window = dict(zip(WINDOWS, found.reading.people, strict=True))
    return [
        warning
        for warning in known
        if warning.is_live
        and warning.cause.width > found.reading.cause.width
        and 2 * by_window[warning.window] >= warning.people
    ]


def _narrow(vague: Sequence[EarlyWarning], found: Found, *, at: datetime) -> None:
    """Change the first of ``vague`` to be about ``found``, and end the others: all were signs of it.

    Nobody is paged again.
    """
    first, *others = vague
    _name(first, found)
    first.message_ids = []
    _continue(first, found, at=at)
    for warning in others:
        warning.state, warning.resolved_at = State.RESOLVED, at
        warning.save(update_fields=["state", "resolved_at"])


def _name(warning: EarlyWarning, found: Found) -> None:
    cause = found.reading.cause
    warning.kind = cause.kind
    warning.theme_id = int(cause.key) if cause.kind == THEME else None
    warning.topic = cause.key if cause.kind == TOPIC else ""
    warning.centre = None if cause.centre is None else cause.centre.tolist()
    warning.labels, warning.main_language = found.labels, next(iter(found.labels), "")


def _continue(warning: EarlyWarning, found: Found, *, at: datetime) -> None:
    reading = found.reading
    if not warning.is_live:
        if warning.state == State.DISMISSED:
            _tell(warning, at=at)
        warning.state, warning.because = State.OPEN, ""
        warning.resolved_at = warning.decided_at = warning.decided_by = None
    if reading.surge is not None:
        warning.seen_at = at
    warning.calm_since = (warning.calm_since or at) if _is_calm(reading) else None
    warning.peak_people = max(warning.peak_people, reading.people[_LONG])
    warning.severity = min(warning.severity, severity_of(found))
    warning.urgent, warning.repeated = (
        max(warning.urgent, found.urgent),
        max(warning.repeated, found.repeated),
    )
    warning.message_ids = sorted({*warning.message_ids, *found.message_ids})[-MOST_MESSAGES:]
    _note_numbers(warning, reading)
    warning.save()


def _note_numbers(warning: EarlyWarning, reading: Reading) -> None:
    warning.now = [
        [people, round(expected, 2)]
        for people, expected in zip(reading.people, reading.expected, strict=True)
    ]
    hours = {**warning.hours, **{str(begin): [people, usual] for begin, people, usual in reading.hours}}
    warning.hours = dict(sorted(hours.items(), key=lambda item: int(item[0]))[-_MOST_HOURS:])


def _open(found: Found, *, at: datetime, origin: str) -> EarlyWarning:
    reading, surge = found.reading, found.reading.surge
    assert surge is not None
    warning = EarlyWarning(
        origin=origin,
        severity=severity_of(found),
        opened_at=at,
        began_at=found.began_at,
        seen_at=at,
        window=int(surge.window),
        people=surge.people,
        expected=surge.expected,
        surprise=surge.surprise,
        peak_people=reading.people[_LONG],
        repeated=found.repeated,
        urgent=found.urgent,
        message_ids=list(found.message_ids),
        model_version=DETECTOR,
    )
    _name(warning, found)
    _note_numbers(warning, reading)
    _tell(warning, at=at)
    warning.save()
    warned.labels(kind=warning.kind).inc()
    log.warning("surge", kind=warning.kind, people=surge.people, expected=round(surge.expected, 2))
    return warning


def _tell(warning: EarlyWarning, *, at: datetime) -> None:
    """Owe the on-call a page about ``warning``, which the caller saves; for live feedback only."""
    if warning.origin == Origin.LIVE:
        warning.page = Page.objects.create(about=About.WARNING, opened_at=at)
        owe_deliveries(warning.page, audience_of(ON_CALL, at=at).recipients, at=at)


def severity_of(found: Found) -> Severity:
    """Return how severe it may be, in doubt the more severe.

    SEV1: several people in danger. SEV2: two urgent messages, money or accounts, fifty people, or all feedback
    together. SEV4: fewer than ten people. SEV3: the rest.
    """
    people, cause = found.reading.people[_LONG], found.reading.cause
    # All feedback together always contains some danger to life and some urgent messages.
    if cause.kind == ALL:
        return Severity.SEV2
    if found.is_about_life:
        return Severity.SEV1
    if found.urgent >= 2 or cause.key in (Topic.PAYMENT, Topic.ACCOUNT) or people >= 50:
        return Severity.SEV2
    return Severity.SEV4 if people < 10 else Severity.SEV3


def _end_what_is_calm(*, at: datetime, origin: str) -> None:
    calm = EarlyWarning.objects.filter(origin=origin, calm_since__lte=at - OVER_AFTER).live()
    calm.update(state=State.RESOLVED, resolved_at=at)


def confirm(warning: EarlyWarning, *, actor: User, at: datetime, note: str = "") -> EarlyWarning:
    """Confirm ``warning``: it is true and ``actor`` is working on it. Raises NotLive."""
    return _decide(warning, State.CONFIRMED, actor=actor, at=at, note=note)


def dismiss(
    warning: EarlyWarning, *, because: str, actor: User, at: datetime, note: str = ""
) -> EarlyWarning:
    """Dismiss ``warning`` with a reason; its cause must be stronger to warn again. Raises NotLive, ReasonMissing."""
    if because not in DismissalReason.values:
        raise ReasonMissing(_("Say why it is no warning: choose one of the reasons."))
    return _decide(warning, State.DISMISSED, actor=actor, at=at, note=note, because=because)


def resolve(warning: EarlyWarning, *, actor: User, at: datetime, note: str = "") -> EarlyWarning:
    """Mark ``warning`` as over. Raises NotLive."""
    return _decide(warning, State.RESOLVED, actor=actor, at=at, note=note)


@transaction.atomic
def _decide(
    warning: EarlyWarning, state: State, *, actor: User, at: datetime, note: str, because: str = ""
) -> EarlyWarning:
    warning = EarlyWarning.objects.select_for_update(of=("self",)).get(pk=warning.pk)
    if not warning.is_live:
        raise NotLive(
            _("This warning is “%(state)s” already: somebody was faster, or it went by.")
            % {"state": warning.get_state_display()}
        )
    warning.state, warning.decided_by, warning.decided_at = state, actor, at
    warning.because, warning.note = because, note.strip()[:500] or warning.note
    if state == State.RESOLVED:
        warning.resolved_at = at
    warning.save()
    return warning
