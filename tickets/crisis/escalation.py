"""Escalation of unacknowledged urgent tickets, by the clock or by hand. PostgreSQL only; it never gives up."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter

from config.kit.errors import Refused
from tickets.crisis.models import Page
from tickets.crisis.paging import join_page, owe_deliveries, told_meanwhile
from tickets.crisis.recipients import audience_of
from tickets.desk.access import check_may_work_on
from tickets.desk.crisis_places import has_reacted, no_longer_waiting, restart
from tickets.desk.locks import hold
from tickets.desk.models import CrisisPlace, EventKind, TicketEvent
from tickets.queues.services import chain_of
from users.accounts.models import User

log = structlog.get_logger(__name__)

steps_taken = Counter("earshot_crisis_steps_total", "Escalation steps taken.", ["told"])
steps_failed = Counter("earshot_crisis_steps_failed_total", "Escalation steps that ended in an error.")


class CalledMeanwhile(Refused):
    code = "called_meanwhile"


class PagesNobody(Refused):
    code = "pages_nobody"


#: The most steps taken in one run; the rest come first in the next.
MOST_STEPS = 200


def take_due_steps(at: datetime) -> int:
    """Take the next step of each place where it is due, the longest due first; return how many were taken.

    Each step is its own transaction, and a failing one does not stop the others.
    """
    due = CrisisPlace.objects.due(at).order_by("next_step_at", "pk").values_list("pk", flat=True)
    taken = 0
    for place_id in due[:MOST_STEPS]:
        try:
            taken += take_step(place_id, at=at)
        except Exception:
            steps_failed.inc()
            log.exception("crisis_step_failed", place=place_id)
    return taken


@transaction.atomic
def take_step(place_id: int, *, at: datetime) -> bool:
    """Take the due step of the place; return False when none is due, or the place or its ticket is locked.

    A concurrent change of the ticket (acknowledging, answering, solving it) holds its lock: the step is
    then left to the next run instead of waiting, so that there is no deadlock.
    """
    place = (
        CrisisPlace.objects.due(at)
        .filter(pk=place_id)
        .select_related("ticket__queue")
        .select_for_update(skip_locked=True, of=("self", "ticket"))
        .first()
    )
    if place is None:
        return False
    if place.acknowledged_at is not None:
        if has_reacted(place):
            place.next_step_at = None
            place.save(update_fields=["next_step_at"])
            return False
        # The agent who took it has not reacted to the customer's new urgent message.
        restart(place, at=at)
    _tell(place, at=at)
    return True


@transaction.atomic
def call_next(place: CrisisPlace, *, taken: int, actor: User, at: datetime) -> TicketEvent:
    """Take the next step of ``place`` now, before it is due; return its event.

    ``taken`` is how many steps ``actor`` saw taken: a second click, or a click while the clock takes the step,
    does not page anyone twice. Later steps keep their times. Raises CannotWorkOn, CalledMeanwhile,
    PagesNobody, NotInCrisisQueue, AlreadyAcknowledged.
    """
    check_may_work_on(hold(place.ticket), actor)
    place = (
        CrisisPlace.objects.select_related("ticket__queue").select_for_update(of=("self",)).get(pk=place.pk)
    )
    if place.closed_at is not None or place.acknowledged_at is not None:
        raise no_longer_waiting(place)
    if not place.may_page:
        raise PagesNobody(_("This ticket did not come in live: nobody is paged for it."))
    if place.step != taken:
        raise CalledMeanwhile(_("The next person was called a moment ago."))
    return _tell(place, at=at, actor=actor)


def _tell(place: CrisisPlace, *, at: datetime, actor: User | None = None) -> TicketEvent:
    chain = chain_of(place.policy)
    notify = chain.step(place.step).notify
    audience = audience_of(notify, at=at, ticket=place.ticket)
    page, joined = join_page(place, at=at)
    told = told_meanwhile(page, _since_last_step(place, page, joined=joined))
    untold = [one for one in audience.recipients if one.key not in told]
    event = TicketEvent.objects.create(
        ticket=place.ticket,
        kind=EventKind.CRISIS_ESCALATED,
        at=at,
        actor=actor,
        new=str(place.step + 1),
        details={
            "place": place.pk,
            "page": page.pk,
            "notify": notify,
            "told": audience.told,
            "people": len(audience.recipients),
        },
    )
    owe_deliveries(page, untold, at=at, event=event, step=place.step + 1)
    alarmed_at = place.ack_due_at - chain.acknowledge_within
    place.step += 1
    place.next_step_at = chain.next_at(place.step, alarmed_at=alarmed_at, at=at)
    place.save()
    steps_taken.labels(told=audience.told).inc()
    if not audience.recipients:
        log.error("nobody_to_page", place=place.pk, notify=notify)
    return event


def _since_last_step(place: CrisisPlace, page: Page, *, joined: bool) -> Q:
    """Return the filter for deliveries that count as having notified about ``place`` already."""
    if place.step == 0:
        # A first step counts all deliveries since its page opened; a restarted alarm notifies everyone again.
        return Q(created_at__gte=page.opened_at) if joined else Q(pk=None)
    last = (
        place.ticket.events.filter(kind=EventKind.CRISIS_ESCALATED, details__place=place.pk)
        .order_by("-pk")
        .first()
    )
    return Q(created_at__gt=last.at) if last else Q(pk=None)


@transaction.atomic
def hasten(event: TicketEvent, *, at: datetime) -> bool:
    """Bring the next step forward to ``at`` when nobody notified in the step of ``event`` could be reached.

    Only while further steps are left: the repeated last one keeps its interval. Returns whether it was brought
    forward.
    """
    place = CrisisPlace.objects.waiting().select_for_update().filter(pk=event.details["place"]).first()
    if place is None or str(place.step) != event.new or chain_of(place.policy).is_last(place.step):
        return False
    if place.next_step_at is None or place.next_step_at <= at:
        return False
    place.next_step_at = at
    place.save(update_fields=["next_step_at"])
    return True
