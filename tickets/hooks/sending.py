"""Send one try to its receiver: claim, send, mark. The outbox handler of ``hook.send``."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import F
from django.db.models.functions import Coalesce
from prometheus_client import Counter

from config.kit.egress import EgressFailed, EgressRefused, post
from config.kit.outbox.claims import claim
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler, NotNow
from config.kit.outbox.services import owe
from config.kit.signatures import signed
from config.kit.text import clean_text
from tickets.hooks.models import (
    Hook,
    HookDelivery,
    HookDeliveryState,
    HookEvent,
    HookTry,
    HookTryState,
    OffReason,
)
from tickets.hooks.notices import HOOK_OFF
from tickets.hooks.pauses import pause_after, rest_after
from tickets.hooks.payloads import body_of
from tickets.hooks.spreading import HOOK_SEND
from users.profiles.services import hold_unerased

log = structlog.get_logger(__name__)

tries_ended = Counter("earshot_webhook_tries_total", "Tries of webhook deliveries.", ["outcome"])

#: A webhook whose receiver fails for this long is switched off and its owner notified.
MAY_FAIL_FOR = timedelta(days=3)
#: How much of an answer is kept.
MOST_RESPONSE = 1024
GONE = 410
TOO_MANY = 429


@dataclass(frozen=True)
class Outcome:
    """How a try ended: SUCCEEDED, FAILED or SKIPPED; ``status`` is None when no answer came."""

    state: HookTryState
    status: int | None = None
    response: str = ""
    duration_ms: int | None = None
    error: str = ""

    @property
    def is_receivers_trouble(self) -> bool:
        """Whether the receiver should be left alone for a while, since other deliveries would fail as well."""
        is_silent = self.status is None or self.status == TOO_MANY or self.status >= 500
        return self.state == HookTryState.FAILED and is_silent


def send_try(try_id: int, at: datetime) -> Outcome | None:
    """Send a delivery once, within 5 s; return None when there is nothing left to send.

    Twice is harmless: `sending` is committed before anything leaves. A try found in `sending` may have arrived: it
    is sent once more under the same id; found so again, it counts as failed and is retried after a pause.
    Raises NotNow while the receiver is left alone, and when the state of the try changed meanwhile.
    """
    found = HookTry.objects.select_related(
        "delivery__hook__owner",
        "delivery__event__ticket",
        "delivery__event__actor",
        "delivery__rating",
        "delivery__summary",
    )
    this = found.get(pk=try_id)
    hook = this.delivery.hook
    if this.state not in (HookTryState.PENDING, HookTryState.SENDING):
        return None
    if this.state == HookTryState.SENDING and this.was_resent:
        return Outcome(HookTryState.FAILED, error="unknown whether it arrived: its sender stopped twice")
    if not hook.is_on:
        return Outcome(HookTryState.SKIPPED, error="the webhook is switched off")
    is_test = this.delivery.type == HookEvent.TEST
    if not is_test and hook.resting_until is not None and hook.resting_until > at:
        raise NotNow("the receiver is left alone", until=hook.resting_until)
    body = body_of(this.delivery)
    if body is None:
        return Outcome(HookTryState.SKIPPED, error="the owner of the webhook may not see it")
    seen = HookTry.objects.filter(pk=try_id, state=this.state, was_resent=this.was_resent)
    is_again = this.state == HookTryState.SENDING
    claim(seen, state=HookTryState.SENDING, sending_at=at, was_resent=is_again)
    return call(this.delivery, body, at=at)


def call(delivery: HookDelivery, body: bytes, *, at: datetime) -> Outcome:
    """Send ``body``, signed with the webhook's secret, to the receiver of ``delivery``, and return the outcome."""
    hook = delivery.hook
    signature = signed(
        body,
        event_id=str(delivery.public_id),
        at=at,
        receiver=hook.secret_id,
        formerly=hook.old_secret_at(at),
    )
    started = time.monotonic()
    try:
        answer = post(hook.url, body=body, headers={"Content-Type": "application/json", **signature})
    except (EgressFailed, EgressRefused) as error:
        return Outcome(HookTryState.FAILED, error=str(error)[:200], duration_ms=_since(started))
    return Outcome(
        HookTryState.SUCCEEDED if answer.is_success else HookTryState.FAILED,
        status=answer.status,
        response=clean_text(answer.body[:MOST_RESPONSE].decode(errors="replace")),
        duration_ms=_since(started),
    )


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def mark_try(try_id: int, outcome: Outcome | None, at: datetime) -> None:
    """Record how the try ended, schedule the next one if it failed, and update the state of the receiver."""
    if outcome is None:
        return
    delivery = HookDelivery.objects.select_related("event__ticket__feedback", "rating__feedback").get(
        tries=try_id
    )
    # This must come first: erasure locks the customer before it blanks the tries.
    may_keep = is_about_nobody_erased(delivery)
    HookTry.objects.filter(pk=try_id).update(
        state=outcome.state,
        status=outcome.status,
        response=outcome.response if may_keep else "",
        duration_ms=outcome.duration_ms,
        error=outcome.error,
    )
    tries_ended.labels(outcome=outcome.state).inc()
    match outcome.state:
        case HookTryState.SUCCEEDED:
            _end(delivery, HookDeliveryState.DELIVERED, at=at)
            failing = Hook.objects.filter(pk=delivery.hook_id).exclude(failures=0, resting_until=None)
            failing.update(failures=0, failing_since=None, resting_until=None)
        case HookTryState.SKIPPED:
            _end(delivery, HookDeliveryState.SKIPPED, at=at)
        case _:
            _go_on(delivery, outcome, at=at)
            _judge(delivery.hook_id, try_id, outcome, at=at)


def is_about_nobody_erased(delivery: HookDelivery) -> bool:
    """Return whether the answer, which may quote the body, may be kept; blocks erasure until the transaction ends."""
    of_rating = delivery.rating.feedback if delivery.rating else None
    feedback = delivery.event.ticket.feedback if delivery.event else of_rating
    return feedback is None or bool(hold_unerased({feedback.customer_id}))


def _end(delivery: HookDelivery, state: HookDeliveryState, *, at: datetime) -> None:
    HookDelivery.objects.filter(pk=delivery.pk).update(state=state, ended_at=at)


def _go_on(delivery: HookDelivery, outcome: Outcome, *, at: datetime) -> None:
    """Schedule the next try of ``delivery``, or end it: after the last try, a test (its sender is watching) or 410."""
    failures = delivery.failures + 1
    HookDelivery.objects.filter(pk=delivery.pk).update(failures=failures)
    pause = pause_after(failures, chance=random.random())
    if pause is None or delivery.type == HookEvent.TEST or outcome.status == GONE:
        _end(delivery, HookDeliveryState.FAILED, at=at)
        return
    again = HookTry.objects.create(delivery=delivery, due_at=at + pause)
    owe(HOOK_SEND, again.pk, at=at, due_at=again.due_at)


def _judge(hook_id: int, try_id: int, outcome: Outcome, *, at: datetime) -> None:
    """Leave a failing receiver alone for a while; switch off a webhook that is gone or has failed for days."""
    Hook.objects.filter(pk=hook_id).update(
        failures=F("failures") + 1, failing_since=Coalesce("failing_since", at)
    )
    hook = Hook.objects.get(pk=hook_id)
    if outcome.is_receivers_trouble:
        Hook.objects.filter(pk=hook_id).update(resting_until=at + rest_after(hook.failures))
    if outcome.status == GONE:
        _switch_off(hook, try_id, reason=OffReason.GONE, at=at)
    elif hook.failing_since is not None and hook.failing_since <= at - MAY_FAIL_FOR:
        _switch_off(hook, try_id, reason=OffReason.FAILING, at=at)


def _switch_off(hook: Hook, try_id: int, *, reason: OffReason, at: datetime) -> None:
    # The WHERE clause is the lock: when two tries fail concurrently, only one notifies the owner.
    if Hook.objects.filter(pk=hook.pk, is_enabled=True).update(
        is_enabled=False, off_reason=reason, off_at=at
    ):
        log.warning("webhook_switched_off", webhook=str(hook.public_id), reason=reason.value)
        owe(HOOK_OFF, try_id, at=at)


HOOK_HANDLER = Handler(kind=HOOK_SEND, lane=Lane.HOOK, work=send_try, effect=mark_try)
