"""Send one page to one recipient, on the first road that works. The outbox handler of ``page.send``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import formatdate

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from prometheus_client import Counter

from config.kit.egress import EgressFailed, EgressRefused, post
from config.kit.mails import mail_domain, mail_goes_nowhere
from config.kit.outbox.claims import claim
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import MOST_ATTEMPTS
from config.kit.signatures import signed
from tickets.crisis.escalation import hasten
from tickets.crisis.models import LOST, About, PageDelivery, PageDeliveryState, RoadKind
from tickets.crisis.notices import Notice, notice_of, teller_of
from tickets.crisis.paging import PAGE_SEND, deliveries_like, waiting_like
from tickets.crisis.recipients import Recipient, Road, roads_of

log = structlog.get_logger(__name__)

pages_sent = Counter("earshot_pages_sent_total", "Pages that left.", ["road"])
roads_failed = Counter("earshot_page_roads_failed_total", "Tries of a road that failed.", ["road"])

#: Each road may run into its timeouts, and all of them must finish within the lease.
MOST_ROADS = 4


class RoadFailed(Exception):
    """The recipient cannot be reached on this road now; the message contains no address."""


class NobodyReached(Exception):
    """All roads failed: the outbox retries the same delivery."""


@dataclass(frozen=True)
class Outcome:
    """How a delivery ended: SENT, FAILED or SKIPPED."""

    state: PageDeliveryState
    detail: str = ""


def send_page(delivery_id: int, at: datetime) -> Outcome | None:
    """Try the recipient's roads in order, once each; return None when there is nothing left to send.

    Running twice is harmless: `sending` is committed before anything leaves, and a row left `sending` by a
    crash is resent under the same id. Raises NobodyReached, and NotNow when another worker sent it meanwhile.
    """
    delivery = PageDelivery.objects.select_related("page", "event", "user", "team").get(pk=delivery_id)
    if delivery.state not in (PageDeliveryState.PENDING, PageDeliveryState.SENDING):
        return None
    if not is_needed(delivery):
        return Outcome(PageDeliveryState.SKIPPED)
    delivery.was_resent = delivery.state == PageDeliveryState.SENDING
    recipient = Recipient(user=delivery.user, team=delivery.team)
    notice = notice_of(delivery, language=recipient.language, at=at)
    errors = []
    for road in roads_of(recipient)[:MOST_ROADS]:
        _mark_sending(delivery, road, at=at)
        try:
            take_road(road, notice, delivery=delivery, at=at)
        except RoadFailed as error:
            roads_failed.labels(road=road.kind).inc()
            errors.append(f"{road.kind}: {error}")
        else:
            pages_sent.labels(road=road.kind).inc()
            return Outcome(PageDeliveryState.SENT, detail="; ".join(errors))
    return _put_back(delivery, detail="; ".join(errors) or "no road leads there", at=at)


def is_needed(delivery: PageDelivery) -> bool:
    """Whether what ``delivery`` is about still waits, and no newer delivery notifies the same recipient of it."""
    page = delivery.page
    if (teller := teller_of(page)) is not None:
        return teller.is_needed(page)
    if page.about == About.FINDING:
        return page.findings.open().exists()
    newer = deliveries_like(page).filter(user=delivery.user, team=delivery.team, pk__gt=delivery.pk)
    return waiting_like(page).exists() and not newer.exclude(state__in=LOST).exists()


def take_road(road: Road, notice: Notice, *, delivery: PageDelivery, at: datetime) -> None:
    """Send ``notice`` on ``road``, waiting at most 5 s for each response. Raises RoadFailed."""
    if road.kind == RoadKind.MAIL:
        _send_mail(road, notice, delivery=delivery, at=at)
    else:
        _call_webhook(road, notice, delivery=delivery, at=at)


def _send_mail(road: Road, notice: Notice, *, delivery: PageDelivery, at: datetime) -> None:
    if mail_goes_nowhere():
        raise RoadFailed("no mail server")
    mail = EmailMessage(
        notice.subject,
        notice.text,
        to=[road.target],
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT),
        headers={
            "Message-ID": f"<page.{delivery.public_id}@{mail_domain()}>",
            "Date": formatdate(at.timestamp()),
            "Auto-Submitted": "auto-generated",
            "Importance": "high",
        },
    )
    try:
        mail.send()
    except (OSError, ValueError) as error:
        # Every error of smtplib is an OSError; a ValueError means an invalid address.
        raise RoadFailed(type(error).__name__) from error


def _call_webhook(road: Road, notice: Notice, *, delivery: PageDelivery, at: datetime) -> None:
    if road.row is None:
        raise RoadFailed("a webhook has a row of its own")
    event_id = f"page_{delivery.public_id}"
    body = notice.as_json(event_id)
    signature = signed(body, event_id=event_id, at=at, receiver=road.row.public_id)
    try:
        answer = post(road.target, body=body, headers={"Content-Type": "application/json", **signature})
    except (EgressFailed, EgressRefused) as error:
        raise RoadFailed(type(error).__name__) from error
    if not answer.is_success:
        raise RoadFailed(f"answered {answer.status}")


def _mark_sending(delivery: PageDelivery, road: Road, *, at: datetime) -> None:
    open_states = (PageDeliveryState.PENDING, PageDeliveryState.SENDING)
    claim(
        PageDelivery.objects.filter(pk=delivery.pk, state__in=open_states),
        state=PageDeliveryState.SENDING,
        sending_at=at,
        road=road.row,
        road_kind=road.kind,
        was_resent=delivery.was_resent,
    )


def _put_back(delivery: PageDelivery, *, detail: str, at: datetime) -> Outcome:
    """Return a delivery to `pending` after all roads failed, or give it up after the last try."""
    log.error("page_reached_nobody", delivery=delivery.pk, tries=delivery.tries + 1)
    if delivery.tries + 1 >= MOST_ATTEMPTS:
        return Outcome(PageDeliveryState.FAILED, detail=detail)
    PageDelivery.objects.filter(pk=delivery.pk).update(
        state=PageDeliveryState.PENDING, tries=F("tries") + 1, last_error=detail[:300]
    )
    if delivery.event is not None and not _may_reach_others(delivery):
        hasten(delivery.event, at=at)
    raise NobodyReached


def _may_reach_others(delivery: PageDelivery) -> bool:
    """Whether another delivery of the same step was sent, or has not been tried yet."""
    others = PageDelivery.objects.filter(event=delivery.event).exclude(pk=delivery.pk)
    untried = others.filter(tries=0, state__in=(PageDeliveryState.PENDING, PageDeliveryState.SENDING))
    return others.filter(state=PageDeliveryState.SENT).exists() or untried.exists()


def mark_page(delivery_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record how the delivery ended."""
    if outcome is None:
        return
    is_sent = outcome.state == PageDeliveryState.SENT
    PageDelivery.objects.filter(pk=delivery_id).update(
        state=outcome.state,
        tries=F("tries") + int(outcome.state != PageDeliveryState.SKIPPED),
        sent_at=at if is_sent else None,
        last_error=outcome.detail[:300],
    )


PAGE_HANDLER = Handler(kind=PAGE_SEND, lane=Lane.PAGE, work=send_page, effect=mark_page)
