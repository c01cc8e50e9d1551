"""Notify the owner of a webhook by mail that it was switched off: the outbox handler of ``hook.off``."""

from __future__ import annotations

from datetime import datetime
from email.utils import formatdate, parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from feedback.channels.contract import SendState
from feedback.channels.email.kind import default_server
from feedback.channels.email.smtp import Envelope, hand_over
from tickets.hooks.models import Hook, OffReason
from users.accounts.models import Role, User

log = structlog.get_logger(__name__)

#: The outbox kind whose handler reports the webhook that a try switched off.
HOOK_OFF = "hook.off"


class NoticeNotTaken(Exception):
    """The mail server could not accept the mail now: the outbox tries again."""


def tell_owner(try_id: int, at: datetime) -> None:
    """Mail the owner of the webhook that this try switched off, or the administrators if the owner has no address.

    Twice is harmless: the notice is committed as sent before anything leaves, so a crash loses the notice, which the
    admin and the API show as well. Raises NoticeNotTaken.
    """
    hook = Hook.objects.select_related("owner").get(deliveries__tries=try_id)
    server, readers = default_server(), _readers(hook)
    untold = Hook.objects.filter(pk=hook.pk, is_enabled=False, off_told_at=None)
    if server is None or not readers or not untold.update(off_told_at=at):
        return
    mail = notice_of(hook, readers, at=at)
    content = mail.message().as_bytes()
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    results = [hand_over(server, Envelope(sender, reader.email, content)) for reader in readers]
    if all(result.state is SendState.TRY_LATER for result in results):
        Hook.objects.filter(pk=hook.pk, off_told_at=at).update(off_told_at=None)
        raise NoticeNotTaken


def _readers(hook: Hook) -> list[User]:
    if hook.owner.email:
        return [hook.owner]
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(email="")
    return list(administrators.order_by("pk")[:5])


def notice_of(hook: Hook, readers: list[User], *, at: datetime) -> EmailMessage:
    """Return the mail that explains to ``readers`` why ``hook`` was switched off, in the first one's language."""
    with translation.override(readers[0].language):
        if hook.off_reason == OffReason.GONE:
            why = _("The other side answered that it is gone (410).")
        else:
            why = _("No delivery has succeeded for days.")
        text = _(
            "The webhook “%(webhook)s” to %(host)s was switched off. %(why)s\n\n"
            "What happens meanwhile is not told there. Once the other side works again, switch the webhook on, and\n"
            "have sent again what failed before."
        ) % {"webhook": hook, "host": hook.host, "why": why}
        return EmailMessage(
            _("Webhook switched off: %(webhook)s") % {"webhook": hook},
            f"{text}\n",
            to=[reader.email for reader in readers],
            headers={"Date": formatdate(at.timestamp()), "Auto-Submitted": "auto-generated"},
        )


def nothing_to_write(try_id: int, result: None, at: datetime) -> None:
    """Do nothing: the work has already recorded that they were notified."""


HOOK_OFF_HANDLER = Handler(kind=HOOK_OFF, lane=Lane.DEFAULT, work=tell_owner, effect=nothing_to_write)
