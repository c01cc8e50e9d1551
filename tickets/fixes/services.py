"""Notify everyone who reported a problem that it is fixed: prepare, start, pause, resume, cancel, record answers."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Max, Min, Q
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.languages import nearest_language
from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from feedback.analysis.search import index_messages
from feedback.intake.services import record_answer
from feedback.knowledge.models import KnownProblem, ProblemState
from feedback.themes.models import Theme
from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.fixes.models import (
    Answer,
    Fix,
    FixState,
    FixWording,
    Reason,
    Reporter,
    ReporterState,
    TellingRound,
)
from tickets.fixes.reporters import READ_HERE, delicate_feedback, reporters_of
from tickets.fixes.wording import first_wordings, text_for
from tickets.replies.services import address_of, deliver
from users.accounts.models import User
from users.profiles.models import OptOut, Preferences
from users.profiles.services import current, opt_out, person_by

log = structlog.get_logger(__name__)

#: The outbox kind whose handler notifies the next people.
TELL = "fix.tell"
PEOPLE_A_ROUND = 100


class CannotBeDoneNow(Refused):
    code = "not_now"


class NobodyToTell(Refused):
    code = "nobody_to_tell"


class NotSolved(Refused):
    code = "not_solved"


@transaction.atomic
def prepare_fix(theme: Theme, *, version: str, actor: User | None, at: datetime) -> tuple[Fix, bool]:
    """Return the fix of ``theme`` in ``version``, created with initial wordings, and whether it is new.

    Notifies no one yet. A merged theme counts as its target. Calling it again changes nothing.
    """
    fix, created = Fix.objects.get_or_create(
        theme=theme.current(),
        version=version.strip()[:40],
        defaults={"prepared_at": at, "prepared_by": actor},
    )
    if created:
        _begin_with_wordings(fix)
    return fix, created


@transaction.atomic
def prepare_solution(problem: KnownProblem, *, actor: User | None, at: datetime) -> tuple[Fix, bool]:
    """Return the fix of a solved known problem, for those who said "me too", and whether it is new.

    Notifies no one yet. Calling it again changes nothing. Raises NotSolved.
    """
    if problem.state != ProblemState.RESOLVED:
        raise NotSolved(_("It is not marked as solved yet."))
    fix, created = Fix.objects.get_or_create(
        problem=problem, defaults={"version": problem.fixed_in, "prepared_at": at, "prepared_by": actor}
    )
    if created:
        _begin_with_wordings(fix)
    return fix, created


def _begin_with_wordings(fix: Fix) -> None:
    wordings = first_wordings(fix)
    FixWording.objects.bulk_create(
        FixWording(fix=fix, language=language, text=text) for language, text in wordings.items()
    )


@transaction.atomic
def start(fix: Fix, *, actor: User, at: datetime) -> Fix:
    """Start notifying, in turn, everyone who has reported it so far. Raises CannotBeDoneNow, NobodyToTell."""
    fix = _turn(fix, {FixState.DRAFT}, FixState.TELLING)
    if not any(one.state == ReporterState.WAITING for one in reporters_of(fix)):
        raise NobodyToTell(_("There is nobody to tell."))
    fix.started_at, fix.started_by = at, actor
    fix.save(update_fields=["started_at", "started_by"])
    _next_round(fix, at=at, due_at=at)
    return fix


@transaction.atomic
def pause(fix: Fix) -> Fix:
    """Stop notifying until resumed; mails already handed over are still sent. Raises CannotBeDoneNow."""
    return _turn(fix, {FixState.TELLING}, FixState.PAUSED)


@transaction.atomic
def go_on(fix: Fix, *, at: datetime) -> Fix:
    """Resume after a pause. Raises CannotBeDoneNow."""
    fix = _turn(fix, {FixState.PAUSED}, FixState.TELLING)
    _next_round(fix, at=at, due_at=at)
    return fix


@transaction.atomic
def cancel(fix: Fix) -> Fix:
    """Stop notifying for good; those already notified stay so. Raises CannotBeDoneNow."""
    fix = _turn(fix, {FixState.DRAFT, FixState.TELLING, FixState.PAUSED}, FixState.CANCELLED)
    fix.reporters.filter(state=ReporterState.WAITING).update(
        state=ReporterState.HELD, reason=Reason.CANCELLED
    )
    return fix


def _turn(fix: Fix, allowed: set[FixState], to: FixState) -> Fix:
    """Lock ``fix`` and move it; when two run concurrently, the second is refused."""
    fix = Fix.objects.select_for_update(of=("self",)).select_related("theme", "problem__theme").get(pk=fix.pk)
    if fix.state not in allowed:
        raise CannotBeDoneNow(
            _("This cannot be done now: it is “%(state)s”.") % {"state": fix.get_state_display()}
        )
    fix.state = to
    fix.save(update_fields=["state"])
    return fix


def _next_round(fix: Fix, *, at: datetime, due_at: datetime) -> TellingRound:
    last = fix.rounds.aggregate(last=Max("number"))["last"] or 0
    round_ = TellingRound.objects.create(fix=fix, number=last + 1)
    owe(TELL, round_.pk, at=at, due_at=due_at)
    return round_


def tell(round_id: int, _nothing: None, at: datetime) -> None:
    """Notify up to a hundred people who are due, and schedule the next round while others are waiting.

    Runs in the outbox's transaction and sends nothing itself: each mail is a separate delivery. Twice is
    harmless: the fix is locked, so its rounds run one after another, and people already notified no longer wait.
    """
    found = TellingRound.objects.get(pk=round_id)
    fix = (
        Fix.objects.select_for_update(of=("self",))
        .select_related("theme", "problem__theme", "started_by")
        .get(pk=found.fix_id)
    )
    if fix.state != FixState.TELLING:
        return
    if not fix.is_planned:
        Reporter.objects.bulk_create(reporters_of(fix), batch_size=1_000, ignore_conflicts=True)
        fix.is_planned = True
        fix.save(update_fields=["is_planned"])
    waiting = fix.reporters.filter(state=ReporterState.WAITING)
    due = waiting.filter(Q(not_before=None) | Q(not_before__lte=at)).select_related(
        "customer__merged_into", "feedback__channel", "feedback__customer", "feedback__address"
    )
    turn = list(due.order_by(F("not_before").asc(nulls_first=True), "id")[:PEOPLE_A_ROUND])
    _tell_all(turn, fix=fix, at=at)
    _go_on_or_end(fix, at=at)


def _tell_all(turn: list[Reporter], *, fix: Fix, at: datetime) -> None:
    people = {one.pk: current(one.customer) for one in turn}
    wishes = {one.customer_id: one for one in Preferences.objects.filter(customer__in=people.values())}
    told = fix.reporters.filter(state=ReporterState.TOLD).annotate(person=person_by("customer"))
    here = told.filter(person__in=[person.pk for person in people.values()])
    heard = set(here.values_list("person", flat=True))
    delicate = set(delicate_feedback(one.feedback_id for one in turn))
    tickets = {
        ticket.feedback_id: ticket
        for ticket in Ticket.objects.filter(feedback__in=[one.feedback_id for one in turn])
    }
    wordings = dict(fix.wordings.values_list("language", "text"))
    for reporter in turn:
        person = people[reporter.pk]
        wish = wishes.get(person.pk)
        reason = _reason_now(
            reporter, wish, is_told=person.pk in heard, is_delicate=reporter.feedback_id in delicate
        )
        if reason:
            reporter.state, reporter.reason = ReporterState.HELD, reason
            reporter.save(update_fields=["state", "reason"])
        elif wish is not None and (end := wish.quiet_end(at)):
            reporter.not_before = end
            reporter.save(update_fields=["not_before"])
        else:
            _tell_one(reporter, tickets.get(reporter.feedback_id), fix=fix, wordings=wordings, at=at)
            heard.add(person.pk)


def _reason_now(
    reporter: Reporter, wish: Preferences | None, *, is_told: bool, is_delicate: bool
) -> Reason | None:
    """Return why this person must not be notified after all, since much may have changed since planning, else None."""
    if reporter.feedback.customer.erased_at or reporter.customer.erased_at:
        return Reason.ERASED
    if is_told:
        return Reason.TOLD_BEFORE
    if is_delicate:
        return Reason.SENSITIVE
    if wish is not None and OptOut.UPDATES in wish.opt_outs:
        return Reason.OPTED_OUT
    if address_of(reporter.feedback) is None and reporter.channel not in READ_HERE:
        return Reason.UNREACHABLE
    return None


def _tell_one(
    reporter: Reporter, ticket: Ticket | None, *, fix: Fix, wordings: dict[str, str], at: datetime
) -> None:
    language = nearest_language(reporter.language, wordings) or "en"
    message = record_answer(
        reporter.feedback,
        text=text_for(reporter, fix=fix, language=language, text=wordings[language]),
        author=fix.started_by,
        author_name=fix.started_by.name if fix.started_by else "",
        at=at,
    )
    index_messages([message])
    if ticket is not None:
        TicketEvent.objects.create(
            ticket_id=ticket.top_id,
            kind=EventKind.REPLIED,
            at=at,
            actor=fix.started_by,
            details={"message": message.pk, "fix": fix.pk},
        )
    deliver(message, language=language, at=at, priority=Priority.BULK)
    reporter.state, reporter.message, reporter.told_at = ReporterState.TOLD, message, at
    reporter.save(update_fields=["state", "message", "told_at"])


def _go_on_or_end(fix: Fix, *, at: datetime) -> None:
    waiting = fix.reporters.filter(state=ReporterState.WAITING)
    if not waiting.exists():
        fix.state = FixState.DONE
        fix.save(update_fields=["state"])
        log.info("fix_told", fix=fix.pk)
        return
    if waiting.filter(Q(not_before=None) | Q(not_before__lte=at)).exists():
        due_at = at
    else:
        due_at = waiting.aggregate(first=Min("not_before"))["first"] or at + timedelta(hours=1)
    _next_round(fix, at=at, due_at=due_at)


@transaction.atomic
def answer(reporter: Reporter, *, said: Answer, at: datetime) -> Reporter:
    """Record whether it works now for a person who was notified; the last answer counts. Raises CannotBeDoneNow."""
    changed = Reporter.objects.filter(pk=reporter.pk, state=ReporterState.TOLD).update(
        answer=said, answered_at=at
    )
    if not changed:
        raise CannotBeDoneNow(_("This link is no longer valid."))
    reporter.refresh_from_db()
    return reporter


def tell_no_more(reporter: Reporter, *, at: datetime) -> Preferences:
    """Send this person no more news about what they reported. Idempotent."""
    return opt_out(current(reporter.customer), OptOut.UPDATES, at=at)


TELL_HANDLER = Handler(kind=TELL, lane=Lane.BULK, effect=tell)
