"""Pages: which urgent messages share one, and to whom it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.services import owe
from tickets.crisis.models import LOST, About, Page, PageDelivery, PagePlace
from tickets.crisis.recipients import Recipient
from tickets.desk.models import CrisisPlace, TicketEvent

#: The outbox kind whose handler sends one delivery.
PAGE_SEND = "page.send"
#: How long after a page opens further urgent messages of its kind join it.
WINDOW = timedelta(minutes=10)


def join_page(place: CrisisPlace, *, at: datetime) -> tuple[Page, bool]:
    """Return the page about ``place`` and whether ``place`` has just joined it.

    It joins the open page of its kind while that is recent and any of its tickets still waits: once all were taken,
    the next message needs a page of its own. Runs in the transaction of the step.
    """
    if place.step and (page := place.pages.order_by("-pk").first()) is not None:
        return page, False
    page = Page.objects.select_for_update().filter(**_kind(place), closed_at=None).first()
    if page is not None and not _takes(page, place, at=at):
        page.closed_at = at
        page.save(update_fields=["closed_at"])
        page = None
    page = page or _open_page(place, at=at)
    _row, joined = PagePlace.objects.get_or_create(page=page, place=place, defaults={"joined_at": at})
    return page, joined


def _takes(page: Page, place: CrisisPlace, *, at: datetime) -> bool:
    if at >= page.opened_at + WINDOW:
        return False
    return page.places.waiting().exclude(pk=place.pk).exists()


def _open_page(place: CrisisPlace, *, at: datetime) -> Page:
    try:
        with transaction.atomic():
            return Page.objects.create(**_kind(place), opened_at=at)
    except IntegrityError:
        # Another sweeper opened it first.
        return Page.objects.select_for_update().get(**_kind(place), closed_at=None)


def _kind(place: CrisisPlace) -> dict[str, str]:
    return {
        "about": About.URGENT,
        "category": place.category,
        "lane": place.lane,
        "origin": place.ticket.origin,
    }


def waiting_like(page: Page) -> QuerySet[CrisisPlace]:
    """Return all unacknowledged places of the kind of ``page``, including those of other pages."""
    return CrisisPlace.objects.waiting().filter(
        category=page.category, lane=page.lane, ticket__origin=page.origin, may_page=True
    )


def deliveries_like(page: Page) -> QuerySet[PageDelivery]:
    """Return the deliveries of all pages of the kind of ``page``."""
    return PageDelivery.objects.filter(
        page__about=About.URGENT,
        page__category=page.category,
        page__lane=page.lane,
        page__origin=page.origin,
    )


def told_meanwhile(page: Page, since: Q) -> set[tuple[int | None, int | None]]:
    """Return who was notified of this kind, as (user, team), by deliveries that ``since`` selects by age.

    Each delivery covers everything of its kind that waits, so nobody needs two in one interval.
    """
    told = deliveries_like(page).filter(since).exclude(state__in=LOST)
    return set(told.values_list("user", "team"))


def owe_deliveries(
    page: Page,
    recipients: Sequence[Recipient],
    *,
    at: datetime,
    event: TicketEvent | None = None,
    step: int = 1,
) -> None:
    """Create a delivery for each recipient and owe its sending, in the caller's transaction."""
    for recipient in recipients:
        delivery = PageDelivery.objects.create(
            page=page, event=event, step=step, user=recipient.user, team=recipient.team, created_at=at
        )
        owe(PAGE_SEND, delivery.pk, at=at, lane=Lane.PAGE, priority=Priority.URGENT)
