"""Set up webhooks, change their secrets, test them, and resend what did not arrive."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import owed
from config.kit.signatures import secret_of
from tickets.hooks.models import (
    Hook,
    HookDelivery,
    HookDeliveryState,
    HookEvent,
    HookTry,
)
from tickets.hooks.payloads import events_for
from tickets.hooks.spreading import HOOK_SEND, Happening, owe_deliveries, wanted
from users.accounts.models import User

#: Each event goes to every webhook: this limits the cost of one login.
MOST_HOOKS = 20
#: How long an old secret stays valid beside the new one.
OLD_SECRET_LASTS = timedelta(days=1)
#: How many deliveries one call can send again.
MOST_AGAIN = 1_000
#: How long the log is kept.
KEPT_FOR = timedelta(days=30)
MOST_PRUNED = 5_000


class TooManyHooks(Refused):
    code = "too_many"


class EventNotForYou(Refused):
    code = "not_for_you"
    field = "events"


class NotAnAddress(Refused):
    code = "invalid"
    field = "url"


class IsSwitchedOff(Refused):
    code = "switched_off"


class StillWaits(Refused):
    code = "still_waits"
    field = "delivery"


@transaction.atomic
def set_up(
    owner: User,
    *,
    url: str,
    events: Sequence[str],
    at: datetime,
    description: str = "",
    is_enabled: bool = True,
    with_text: bool = False,
    with_imports: bool = False,
) -> tuple[Hook, str]:
    """Send ``events`` to ``url`` from now on; return the webhook and its secret, which is shown only once.

    Raises TooManyHooks, EventNotForYou, NotAnAddress.
    """
    # The owner's row is the lock: when two are set up concurrently, the second counts the first.
    User.objects.select_for_update().get(pk=owner.pk)
    if Hook.objects.visible_to(owner).count() >= MOST_HOOKS:
        raise TooManyHooks(_("One login may have %(most)d webhooks.") % {"most": MOST_HOOKS})
    check_events(owner, events)
    hook = Hook(
        owner=owner,
        url=url,
        events=sorted(set(events)),
        description=description,
        is_enabled=is_enabled,
        with_text=with_text,
        with_imports=with_imports,
        created_at=at,
    )
    check_url(hook)
    hook.save(force_insert=True)
    wanted.forget()
    return hook, secret_of(hook.secret_id)


def check_events(owner: User, events: Sequence[str]) -> None:
    """Raise EventNotForYou when ``owner`` may never see one of ``events``."""
    known = events_for(owner)
    foreign = sorted({event for event in events if event not in known})
    if foreign or not events:
        raise EventNotForYou(
            _("This login may be told of: %(known)s.") % {"known": ", ".join(event.value for event in known)}
        )


def check_url(hook: Hook) -> None:
    """Raise NotAnAddress when nothing can be sent to the URL of ``hook``; where it leads is checked when sending."""
    try:
        hook.clean_fields(exclude=[field.name for field in Hook._meta.fields if field.name != "url"])
    except ValidationError as error:
        raise NotAnAddress(" ".join(error.messages)) from error


@transaction.atomic
def change(hook: Hook, *, changes: dict[str, object]) -> Hook:
    """Apply ``changes`` to url, events, description, is_enabled, with_text or with_imports.

    Switching it on resets its failures. Raises EventNotForYou, NotAnAddress.
    """
    hook = Hook.objects.select_for_update(of=("self",)).select_related("owner").get(pk=hook.pk)
    for name, value in changes.items():
        setattr(hook, name, value)
    check_events(hook.owner, hook.events)
    check_url(hook)
    hook.events = sorted(set(hook.events))
    fields = set(changes)
    if changes.get("is_enabled"):
        begin_anew(hook)
        fields |= set(BEGUN_ANEW)
    hook.save(update_fields=sorted(fields))
    wanted.forget()
    return hook


#: The state of a webhook that has just been switched on, whatever it was before.
BEGUN_ANEW = {
    "failures": 0,
    "failing_since": None,
    "resting_until": None,
    "off_reason": "",
    "off_at": None,
    "off_told_at": None,
}


def begin_anew(hook: Hook) -> None:
    """Reset the failures of ``hook``, which is being switched on; the caller saves it."""
    for name, value in BEGUN_ANEW.items():
        setattr(hook, name, value)


def remove(hook: Hook, *, at: datetime) -> None:
    """Stop sending to ``hook`` and hide it; its log is kept as long as any other."""
    Hook.objects.filter(pk=hook.pk, removed_at=None).update(removed_at=at, is_enabled=False)
    wanted.forget()


@transaction.atomic
def change_secret(hook: Hook, *, at: datetime) -> tuple[Hook, str]:
    """Give ``hook`` a new secret and return both; for a day, deliveries are signed with the old and the new one."""
    hook = Hook.objects.select_for_update().get(pk=hook.pk)
    hook.old_secret_id, hook.old_secret_until = hook.secret_id, at + OLD_SECRET_LASTS
    hook.secret_id = uuid.uuid4()
    hook.save(update_fields=["secret_id", "old_secret_id", "old_secret_until"])
    return hook, secret_of(hook.secret_id)


@transaction.atomic
def send_test(hook: Hook, *, at: datetime) -> HookDelivery:
    """Send ``hook`` a test event once, immediately, whatever its receiver did before. Raises IsSwitchedOff."""
    hook = Hook.objects.select_related("owner").get(pk=hook.pk)
    check_is_on(hook)
    hook.resting_until = None
    [delivery] = owe_deliveries([(hook, Happening(HookEvent.TEST, at, None))])
    return delivery


def check_is_on(hook: Hook) -> None:
    """Raise IsSwitchedOff when nothing is sent to ``hook``."""
    if not hook.is_on:
        raise IsSwitchedOff(_("This webhook is switched off."))


def send_again(delivery: HookDelivery, *, at: datetime) -> None:
    """Send ``delivery`` again under the same id, delivered or not. Raises IsSwitchedOff, StillWaits."""
    check_is_on(delivery.hook)
    ended = HookDelivery.objects.filter(pk=delivery.pk).exclude(state=HookDeliveryState.WAITING)
    if not _send_again(ended, at=at):
        raise StillWaits(_("It waits to be sent already."))


def send_lost_again(
    hook: Hook, *, at: datetime, since: datetime | None = None, until: datetime | None = None
) -> int:
    """Resend, oldest first, failed or unsent deliveries of events in [since, until); return how many.

    At most MOST_AGAIN: call again until it returns 0. Excludes tests. Raises IsSwitchedOff.
    """
    check_is_on(hook)
    lost = HookDelivery.objects.lost().filter(hook=hook).exclude(type=HookEvent.TEST)
    if since is not None:
        lost = lost.filter(happened_at__gte=since)
    if until is not None:
        lost = lost.filter(happened_at__lt=until)
    return _send_again(lost, at=at)


@transaction.atomic
def _send_again(deliveries: QuerySet[HookDelivery], *, at: datetime) -> int:
    """Schedule another try for each of ``deliveries`` that is not being resent concurrently. Four queries."""
    held = deliveries.select_for_update(skip_locked=True).order_by("happened_at", "pk")
    keys = list(held.values_list("pk", flat=True)[:MOST_AGAIN])
    HookDelivery.objects.filter(pk__in=keys).update(
        state=HookDeliveryState.WAITING, failures=0, ended_at=None
    )
    tries = HookTry.objects.bulk_create(HookTry(delivery_id=key, due_at=at) for key in keys)
    OutboxRow.objects.bulk_create(owed(HOOK_SEND, one.pk, at=at) for one in tries)
    return len(keys)


def prune(at: datetime) -> int:
    """Delete deliveries older than the log is kept, with their outbox rows; return how many.

    Works in batches, each in a separate transaction. Removed webhooks are deleted with the last of their log.
    """
    total = 0
    while part := _prune_some(at - KEPT_FOR):
        total += part
    Hook.objects.exclude(removed_at=None).filter(removed_at__lt=at - KEPT_FOR, deliveries=None).delete()
    return total


@transaction.atomic
def _prune_some(before: datetime) -> int:
    old = HookDelivery.objects.filter(happened_at__lt=before).exclude(state=HookDeliveryState.WAITING)
    keys = list(old.order_by("happened_at").values_list("pk", flat=True)[:MOST_PRUNED])
    tries = list(HookTry.objects.filter(delivery__in=keys).values_list("pk", flat=True))
    OutboxRow.objects.filter(kind=HOOK_SEND, subject_id__in=tries).delete()
    HookTry.objects.filter(pk__in=tries).delete()
    HookDelivery.objects.filter(pk__in=keys).delete()
    return len(keys)
